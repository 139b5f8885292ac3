"""What waits for a tab is bounded, in order, and ends."""

from __future__ import annotations

import asyncio

from snomtui.ui.wire import MOST, Wire


async def test_what_was_written_between_two_looks_leaves_in_one_piece() -> None:
    wire = Wire()
    wire.write("a")
    wire.write("b")
    assert await wire.get() == "Aab"


async def test_newest_display_wins_and_comes_after_the_picture() -> None:
    wire = Wire()
    wire.tell("old")
    wire.tell("new")
    wire.write("picture")
    assert [await wire.get(), await wire.get()] == ["Apicture", "Dnew"]


async def test_file_comes_after_picture_and_display() -> None:
    wire = Wire()
    wire.offer("a.pcap", b"\x00\xff")
    wire.tell("display")
    wire.write("picture")
    pieces = [await wire.get() for _ in range(3)]
    assert pieces == ["Apicture", "Ddisplay", 'F{"name": "a.pcap", "data": "AP8="}']


async def test_tab_that_reads_slowly_gets_a_new_drawing_instead_of_all_it_missed() -> None:
    wire = Wire()
    wire.draw_all = lambda: wire.write("whole")
    for _ in range(100):
        wire.write("x" * (MOST // 10))
    assert await wire.get() == "Awhole"


async def test_reader_waits_until_there_is_something() -> None:
    wire = Wire()
    reader = asyncio.create_task(wire.get())
    await asyncio.sleep(0)
    assert not reader.done()
    wire.write("now")
    assert await reader == "Anow"


async def test_end_is_told_after_all_else_and_as_lost_unless_the_person_closed_it() -> None:
    lost, closed = Wire(), Wire()
    lost.write("last")
    lost.end()
    assert [await lost.get(), await lost.get()] == ["Alast", ""]
    closed.close_page()
    closed.end()
    assert [await closed.get(), await closed.get()] == ["X", ""]
