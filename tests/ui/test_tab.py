"""Several apps in one loop: tabs of a browser beside each other and beside a terminal, all on one phone."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import weakref
from base64 import b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyte
import pytest
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual._context import active_app
from textual.color import Color

from snomtui.phone.intents import Intent, Press, Refusal
from snomtui.phone.snapshot import Page, Row, Snapshot
from snomtui.skin import load
from snomtui.trace.chronicle import Kept
from snomtui.ui.apart import OwnStyles
from snomtui.ui.app import PhoneApp
from snomtui.ui.tab import IN_A_ROW, MOST_TYPED, Tab
from tests.ui.people import IDLE

PATIENCE = 20.0
"""Seconds; a machine that runs other tests at the same time is slow."""


class SharedPhone:
    """Stands in for the phone: shows what was typed, and notes in whose context it works."""

    def __init__(self) -> None:
        self.now = replace(IDLE, page=Page("entry", "Enter number", entry="", mode="123"))
        self.listeners: list[Callable[[Snapshot], None]] = []
        self.apps: list[object] = []

    def snapshot(self) -> Snapshot:
        """As it is."""
        return self.now

    def do(self, intent: Intent) -> Refusal | None:
        """Type digits."""
        self.apps.append(active_app.get(None))
        if isinstance(intent, Press) and intent.key.isdigit():
            self.show((self.now.page.entry or "") + intent.key)
        return None

    def show(self, entry: str) -> None:
        """Something else was typed."""
        self.now = replace(self.now, page=replace(self.now.page, entry=entry))
        for listener in list(self.listeners):
            listener(self.now)

    def listen(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Add a listener."""
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback)


class Reader:
    """The page of a tab: draws what comes on a terminal of its own."""

    def __init__(self, phone: SharedPhone, size: tuple[int, int], **given: Any) -> None:
        self.troubles: list[str] = []
        self.screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self.screen)
        self.said: list[str] = []
        self.kinds: list[str] = []
        self.tab = Tab(phone, load("snom370"), size, copy_context(), self.troubles.append, blinking=False, **given)

    async def sees(self, text: str) -> None:
        """Read until this is on the screen."""
        async with asyncio.timeout(PATIENCE):
            while not any(text in line for line in self.screen.display):
                assert await self.take(), f"it ended: {self.troubles}"

    async def take(self) -> str:
        """Read one piece."""
        piece = await self.tab.get()
        self.kinds.append(piece[:1])
        if piece.startswith("A"):
            self._stream.feed(piece[1:])
        elif piece.startswith("D"):
            self.said.append(piece[1:])
        return piece


@asynccontextmanager
async def reading(phone: SharedPhone, size: tuple[int, int] = (110, 36), **given: Any) -> AsyncIterator[Reader]:
    """A tab that is closed at the end."""
    made = Reader(phone, size, **given)
    try:
        yield made
    finally:
        await made.tab.close()
    assert not made.troubles


async def test_two_tabs_of_different_sizes_show_one_phone() -> None:
    phone = SharedPhone()
    async with reading(phone) as large, reading(phone, (60, 20)) as small:
        await large.sees("Enter number")
        await small.sees("Enter number")
        large.tab.put("4")
        await small.sees("4")
        small.tab.put("2")
        await large.sees("42")
    assert phone.listeners == []


async def test_phone_works_in_its_own_context_and_each_app_in_its_own() -> None:
    phone = SharedPhone()
    terminal = PhoneApp(phone, load("snom370"), blinking=False)
    async with terminal.run_test(size=(110, 36)) as pilot, reading(phone) as tab:
        await tab.sees("Enter number")
        tab.tab.put("7")
        await tab.sees("7")
        await pilot.press("8")
        await tab.sees("78")
        await pilot.pause()
        assert terminal.front is not None and terminal.front.snapshot.page.entry == "78"
    assert tab.tab.app not in phone.apps


async def test_closing_one_tab_ends_its_app_and_nothing_else() -> None:
    phone = SharedPhone()
    async with reading(phone) as one:
        await one.sees("Enter number")
        async with reading(phone) as other:
            await other.sees("Enter number")
        phone.show("99")
        await one.sees("99")


async def test_tabs_that_end_in_any_order_leave_stdout_and_stderr_alone() -> None:
    before = sys.stdout, sys.stderr
    phone = SharedPhone()
    first, second = Reader(phone, (80, 24)), Reader(phone, (80, 24))
    await first.sees("Enter number")
    await second.sees("Enter number")
    await first.tab.close()
    await second.tab.close()
    assert (sys.stdout, sys.stderr) == before


def test_tab_has_its_own_colours_whatever_the_terminal_beside_it_can_show() -> None:
    """Rich remembers in a style how it was written first, and how pieces with wide characters were cut."""
    shared = Style(color="#123456", bgcolor="#fedcba", bold=True)
    beside = shared.render("x", color_system=ColorSystem.EIGHT_BIT)
    assert "38;5;" in beside
    (drawn,) = OwnStyles().apply([Segment("x", shared)], Color(0, 0, 0))
    assert drawn.style is not None
    assert drawn.style.render("x", color_system=ColorSystem.TRUECOLOR) == (
        "\x1b[1;38;2;18;52;86;48;2;254;220;186mx\x1b[0m"
    )
    assert shared.render("x", color_system=ColorSystem.EIGHT_BIT) == beside
    assert drawn.style != shared


async def test_key_that_quits_closes_the_tab_and_not_the_phone() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("Enter number")
        tab.tab.put("\x11")  # ctrl+q
        async with asyncio.timeout(PATIENCE):
            while await tab.take():
                pass
        assert tab.kinds[-2:] == ["X", ""]
    assert phone.apps == []


async def test_file_that_is_saved_in_a_tab_goes_to_the_browser_and_not_to_the_disk_of_the_phone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    phone, kept = SharedPhone(), Kept()
    came = {"at": 1.0, "peer": "127.0.0.1", "method": "GET", "target": "/command.htm?key=OK", "status": 200, "did": []}
    kept.chronicle.note({"event": "command", **came})
    async with reading(phone, (160, 40), desk=lambda: kept) as tab:
        await tab.sees("Enter number")
        tab.tab.put("\x1b[18~")  # F7, the desk
        await tab.sees("HTTP")
        tab.tab.put("\tHS\x15./all.txt")
        await tab.sees("Save as (.txt): ./all.txt")
        tab.tab.put("\r")
        async with asyncio.timeout(PATIENCE):
            while not (piece := await tab.take()).startswith("F"):
                assert piece
    told = json.loads(piece[1:])
    assert told["name"] == "all.txt" and b"/command.htm?key=OK" in b64decode(told["data"])
    assert list(tmp_path.iterdir()) == []


async def test_picture_that_is_saved_in_a_tab_goes_to_the_browser_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(SharedPhone()) as tab:
        await tab.sees("Enter number")
        tab.tab.put(":picture of the screen\r")
        async with asyncio.timeout(PATIENCE):
            while not (piece := await tab.take()).startswith("F"):
                assert piece
    told = json.loads(piece[1:])
    assert told["name"] == "snomtui.svg" and b64decode(told["data"]).startswith(b"<svg")
    assert list(tmp_path.iterdir()) == []


async def test_tab_that_changes_its_size_is_drawn_anew() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("Redial")
        tab.screen.resize(24, 80)
        tab.screen.reset()
        tab.tab.resize(80, 24)
        await tab.sees("Enter number")


async def test_slow_tab_is_drawn_whole_when_it_reads_again() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("Enter number")
        tab.tab.wire.write("x" * 300_000)
        await tab.sees("Redial")
        phone.show("55")
        await tab.sees("55")
        tab.screen.reset()
        tab.tab.wire.write("x" * 300_000)
        await tab.sees("Redial")


async def test_clicked_cap_is_pressed() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("5 JKL")
        tab.tab.put(_click(tab, "5 JKL"))
        async with asyncio.timeout(PATIENCE):
            while phone.now.page.entry != "5":
                await asyncio.sleep(0.01)


async def test_clicks_and_keys_of_a_fast_program_arrive_in_their_order() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("5 JKL")
        for digit in "5353":
            tab.tab.put(_click(tab, {"5": "5 JKL", "3": "3 DEF"}[digit]) + "1")
        async with asyncio.timeout(PATIENCE):
            while len(phone.now.page.entry or "") < 8:
                await asyncio.sleep(0.01)
        assert phone.now.page.entry == "51315131"


async def test_flood_of_keys_leaves_the_phone_its_turn() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("5 JKL")
        tab.tab.put("5" * 400)
        typed = []  # how many have arrived each time that the loop comes round
        async with asyncio.timeout(PATIENCE):
            while len(phone.now.page.entry or "") < 400:
                typed.append(len(phone.now.page.entry or ""))
                await asyncio.sleep(0)
        assert max(after - before for before, after in zip(typed, typed[1:], strict=False)) <= IN_A_ROW


async def test_what_is_typed_far_too_fast_is_lost_and_not_kept() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("5 JKL")
        tab.tab.put("4" * (MOST_TYPED + 1))
        tab.tab.put("5")
        async with asyncio.timeout(PATIENCE):
            while not phone.now.page.entry:
                await asyncio.sleep(0.01)
        assert phone.now.page.entry == "5"


async def test_empty_text_does_not_end_the_typing() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("5 JKL")
        tab.tab.put("")
        tab.tab.put("5")
        async with asyncio.timeout(PATIENCE):
            while not phone.now.page.entry:
                await asyncio.sleep(0.01)
        assert phone.now.page.entry == "5"


async def test_closed_tab_is_forgotten() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("5 JKL")
        tab.tab.put("5")
        async with asyncio.timeout(PATIENCE):
            while not phone.now.page.entry:
                await asyncio.sleep(0.01)
        app = weakref.ref(tab.tab.app)
    del tab
    await asyncio.sleep(0)
    gc.collect()
    assert app() is None


def _click(tab: Reader, label: str) -> str:
    """The sequences of a click in the middle of a cap."""
    y = next(y for y, line in enumerate(tab.screen.display) if label in line)
    place = f"{tab.screen.display[y].index(label) + 1};{y + 1}"
    return f"\x1b[<35;{place}M\x1b[<0;{place}M\x1b[<0;{place}m"


async def test_screen_reader_hears_what_the_display_says() -> None:
    phone = SharedPhone()
    async with reading(phone) as tab:
        await tab.sees("Enter number")
        phone.now = replace(phone.now, page=Page("list", "Contacts", (Row("Jan"),), cursor=0))
        phone.show("")
        async with asyncio.timeout(PATIENCE):
            while not any(json.loads(each)["title"] == "Contacts" for each in tab.said):
                await tab.take()
