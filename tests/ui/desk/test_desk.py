"""The desk around the phone, as a person uses it: open, look, filter, copy, save, go back to the phone."""

from __future__ import annotations

from dataclasses import replace
from os import mkfifo
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from snomtui.kit.box import Heard, Send, Up
from snomtui.phone.snapshot import Snapshot
from snomtui.skin import load
from snomtui.trace.chronicle import Kept
from snomtui.trace.decode import records_in
from snomtui.ui.app import PhoneApp
from snomtui.ui.desk.desk import Desk
from snomtui.ui.desk.eventtabs import HttpTab
from snomtui.ui.desk.keys import ACTIONS, KEYS
from snomtui.ui.display import Display
from tests.trace.samples import PEER6, PHONE, PHONE6, SERVER, conversation
from tests.ui.people import IDLE, RINGING, Border

WIDE, TALL, SMALL = (150, 45), (100, 60), (80, 24)
LOG = [
    "[5]23/11/2026 15:20:00: sip::send_register: reregister timer",
    "[8]23/11/2026 15:20:01: Send Packet REGISTER",
    "[2]23/11/2026 15:20:02: Registered at registrar",
]


def kept() -> Kept:
    """A sign-in, a refused call, two commands, one call with audio."""
    made = Kept()
    made.trace.linked(1, Up("tls", PHONE, SERVER))
    made.trace.linked(2, Up("udp", PHONE6, PEER6))
    for one in conversation():
        if one.out:
            made.trace.sent(Send(one.conn, one.data), one.at)
        else:
            made.trace.heard(Heard(one.conn, one.data, one.at, None, one.verdict))
    command = {"event": "command", "at": 1795447200.0, "method": "GET", "peer": "127.0.0.1:5"}
    dialled = {"do": "dial", "number": "+4930123456"}
    made.chronicle.note({**command, "target": "/command.htm?number=%2B4930123456", "status": 302, "did": [dialled]})
    made.chronicle.note({**command, "target": "/command.htm?key=NO", "status": 400, "did": [], "why": "unknown key"})
    figures = {"codec": "PCMA", "sent": 512, "received": 510, "lost": 2, "jitter_ms": 1.25, "mos": 4.41}
    made.chronicle.note({"event": "media", "at": 1795447200.0, "id": "1-1", "remote": "Jan Dierich", **figures})
    return made


class Bench:
    """A phone with a desk, in a terminal."""

    def __init__(self, snapshot: Snapshot = IDLE, skin: str = "snom370") -> None:
        self.border, self.kept = Border(snapshot), kept()
        self.app = PhoneApp(
            self.border, load(skin), blinking=False, desk=lambda: self.kept, log_lines=lambda: list(LOG)
        )

    @property
    def desk(self) -> Desk:
        """The open desk."""
        return self.app.screen.query_one(Desk)

    @property
    def lines(self) -> list[str]:
        """What stands on it."""
        return [self.desk.render_line(y).text for y in range(self.desk.size.height)]

    @property
    def text(self) -> str:
        """The same in one text."""
        return "\n".join(self.lines)


async def opened(pilot: Pilot[None], *keys: str) -> None:
    """Open the desk, give it the keys, and press some."""
    await pilot.press("w")
    await pilot.pause()
    desk = pilot.app.screen.query_one(Desk)
    if not desk.has_focus:
        await pilot.press("tab")
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize(
    ("size", "where"), [(WIDE, "-beside"), (TALL, "-below"), (SMALL, "-over"), ((110, 36), "-over")]
)
async def test_desk_goes_where_there_is_room_and_away_again(size: tuple[int, int], where: str) -> None:
    bench = Bench()
    async with bench.app.run_test(size=size) as pilot:
        await opened(pilot)
        assert bench.desk.has_class(where)
        assert "401 Unauthorized" in bench.text and "486 Busy Here" in bench.text
        display = bench.app.screen.query_one(Display)
        assert where == "-over" or not bench.desk.region.overlaps(display.region)
        await pilot.press("w")
        await pilot.pause()
        assert not bench.app.screen.query(Desk)


async def test_terminal_that_grows_gets_the_desk_beside_the_phone() -> None:
    bench = Bench()
    async with bench.app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert bench.desk.has_class("-beside") and not bench.desk.has_class("-over")
        assert bench.desk.size.width == 50


@pytest.mark.parametrize("size", [(40, 10), (20, 6), (8, 3), (1, 1)])
async def test_desk_survives_any_size_of_the_terminal(size: tuple[int, int]) -> None:
    bench = Bench()
    async with bench.app.run_test(size=size) as pilot:
        await opened(pilot, "enter", "down", "slash", "a", "enter", "L", "H", "M", "question_mark")
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert "Jan Dierich" in bench.text


async def test_keys_go_to_the_phone_until_the_desk_has_the_focus() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await pilot.press("w", "5", "n")
        assert bench.border.pressed == ["5", "DND"]
        assert not bench.desk.has_focus and "to the desk" in bench.lines[-1]
        await pilot.press("tab", "6", "n", "f1", "m")
        assert bench.desk.has_focus and bench.border.pressed == ["5", "DND"]
        assert bench.lines[0].startswith("▸")
        await pilot.press("escape", "escape", "7")
        assert bench.border.pressed[-1] == "7"


async def test_keys_typed_in_one_go_never_fall_to_the_other_side() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await pilot.press("w")
        await pilot.pause()
        for key in ("tab", "home", "n", "5"):  # pasted, or typed while the machine was busy
            bench.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        assert "1/6" in bench.lines[0] and bench.border.pressed == []
        await pilot.press("escape")
        for key in ("end", "tab", "7"):
            bench.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        await pilot.pause()
        assert "6/6" in bench.lines[0] and bench.border.pressed == ["7"]


async def test_click_on_the_phone_takes_the_keys_back() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await pilot.click("#key-1")
        await pilot.pause()
        assert not bench.desk.has_focus and bench.border.pressed == ["1"]
        await pilot.click(Desk, offset=(5, 4))
        assert bench.desk.has_focus


async def test_esc_on_a_small_terminal_shows_the_phone_again() -> None:
    bench = Bench()
    async with bench.app.run_test(size=SMALL) as pilot:
        await opened(pilot, "escape")
        assert not bench.app.screen.query(Desk) and bench.border.pressed == []


async def test_whoever_rings_behind_the_desk_is_named() -> None:
    bench = Bench()
    async with bench.app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        bench.border.show(replace(RINGING, calls=tuple(replace(one, state="offered") for one in RINGING.calls)))
        await pilot.pause(0.2)
        assert "calls: Esc shows the phone" in bench.lines[-1]


async def test_message_under_the_cursor_is_told_in_words() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "home", "down")
        assert "server challenge" not in bench.text  # there is little room
        await pilot.press("enter")
        await pilot.press(*["down"] * 12)
        assert "0123456789abcdef" in bench.text
        await pilot.press("escape", "down", "down")
        assert "Signature" in bench.text and "valid" in bench.text


async def test_new_messages_are_followed_unless_one_reads_others() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        one = conversation()[0]
        for number in range(40):
            bench.kept.trace.sent(Send(1, one.data), one.at + number)
        await pilot.pause(0.3)
        assert "46/46" in bench.lines[0]
        await pilot.press("up")
        bench.kept.trace.sent(Send(1, one.data), one.at)
        await pilot.pause(0.3)
        assert "45/47" in bench.lines[0]
        await pilot.press("end")
        assert "47/47" in bench.lines[0]


async def test_filter_works_while_it_is_typed_and_esc_takes_it_away() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "slash", *"busy")
        assert "Filter: busy_" in bench.lines[-1] and "1/1" in bench.lines[0]
        await pilot.press("backspace", "backspace", "backspace", "backspace", *"nothing like it")
        assert "Nothing fits." in bench.text
        await pilot.press("escape")
        assert "6/6" in bench.lines[0]
        await pilot.press("slash", *"busy", "enter")
        assert "filter busy" in bench.lines[-1]
        await pilot.press("escape")
        assert "6/6" in bench.lines[0] and bench.desk.has_focus


async def test_search_goes_to_the_next_and_the_one_before() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "home", "s", *"register", "enter")
        assert "2/6" in bench.lines[0]
        await pilot.press("n")
        assert "3/6" in bench.lines[0]
        await pilot.press("N", "N")
        assert "1/6" in bench.lines[0]
        await pilot.press("s", *"nowhere", "enter")
        assert "Nowhere: nowhere" in bench.lines[-1]


async def test_one_dialog_alone_and_dialog_after_dialog() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "d")
        assert "one dialog" in bench.lines[-1] and "2/2" in bench.lines[0]
        await pilot.press("d", "g")
        assert "INVITE jan: 2 messages" in bench.text and "8/8" in bench.lines[0]


async def test_message_and_log_line_are_copied() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "y")
        assert bench.app.clipboard.startswith("Received from udp:[::1]:5060")
        assert "SIP/2.0 486 Busy Here" in bench.app.clipboard and "Copied: " in bench.lines[-1]
        await pilot.press("L", "y")
        assert bench.app.clipboard == LOG[-1]


@pytest.mark.parametrize("name", ["trace.pcap", "trace.txt", "my trace.CAP"])
async def test_what_is_shown_is_saved_and_can_be_decoded(tmp_path: Path, name: str) -> None:
    bench, file = Bench(), tmp_path / name
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "S", "ctrl+u", *str(file), "enter")
        assert "Saved: " in bench.lines[-1]
    assert [one.data for one in records_in(file.read_bytes())] == [one.data for one in conversation()]


async def test_file_that_is_there_is_replaced_only_if_the_person_says_so(tmp_path: Path) -> None:
    bench, file = Bench(), tmp_path / "a.txt"
    file.write_text("mine", encoding="utf-8")
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "S", "ctrl+u", *str(file), "enter")
        assert "Replace a.txt? y/n" in bench.lines[-1]
        await pilot.press("n")
        assert file.read_text("utf-8") == "mine" and "Not saved." in bench.lines[-1]
        await pilot.press("S", "ctrl+u", *str(file), "enter", "y")
        assert "486 Busy Here" in file.read_text("utf-8")


async def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "S", "ctrl+u", *str(tmp_path / "no" / "a.txt"), "enter")
        assert "Not saved: " in bench.lines[-1]
        await pilot.press("S", "ctrl+u", *str(tmp_path), "enter")
        assert "is a folder" in bench.lines[-1] or "Not saved" in bench.lines[-1]
        await pilot.press("S", "ctrl+u", *"~nobody-of-that-name/a.txt", "enter")
        assert "Not saved: ~nobody-of-that-name/a.txt" in bench.lines[-1]
        mkfifo(tmp_path / "pipe")
        await pilot.press("S", "ctrl+u", *str(tmp_path / "pipe"), "enter")
        assert "Not saved: " in bench.lines[-1] and "Replace" not in bench.lines[-1]


async def test_log_is_narrowed_by_level_and_text() -> None:
    bench = Bench()
    async with bench.app.run_test(size=SMALL) as pilot:
        await pilot.press("L")
        await pilot.pause()
        assert "Send Packet REGISTER" in bench.text and "[Logbook]" in bench.lines[0]
        await pilot.press("5")
        assert "Send Packet REGISTER" not in bench.text and "level 0 to 5" in bench.lines[-1]
        await pilot.press("9", "slash", *"registrar")
        assert "1/1" in bench.lines[0]


async def test_commands_are_told_with_what_they_did_or_why_not() -> None:
    bench = Bench()
    async with bench.app.run_test(size=(190, 45)) as pilot:
        await opened(pilot, "H")
        assert "302 dial +4930123456" in bench.text and "400 refused: unknown key" in bench.text
        await pilot.press("up")
        assert "127.0.0.1:5" in bench.text


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_media_of_a_call_is_told_in_figures_and_in_a_word(size: tuple[int, int]) -> None:
    bench = Bench()
    async with bench.app.run_test(size=size) as pilot:
        await opened(pilot, "M")
        assert "Jan Dierich" in bench.text and "512" in bench.text and "good" in bench.text and "4.4" in bench.text


async def test_everything_on_the_desk_can_be_clicked() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        for title in ("HTTP", "Media", "Logbook", "Trace"):
            await pilot.click(Desk, offset=(bench.lines[0].index(title) + 1, 0))
            assert f"[{title}]" in bench.lines[0]
        row = next(y for y, line in enumerate(bench.lines) if "401 Unauthorized" in line)
        await pilot.click(Desk, offset=(20, row))
        assert bench.lines[row].startswith("▸") and "2/6" in bench.lines[0]
        await pilot.click(Desk, offset=(bench.lines[-1].index("filter"), len(bench.lines) - 1))
        assert "Filter:" in bench.lines[-1]
        await pilot.press("escape")
        await pilot.click(Desk, offset=(bench.lines[0].index("[x]") + 1, 0))
        await pilot.pause()
        assert not bench.app.screen.query(Desk)


async def test_pasted_text_never_reaches_the_phone() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "slash")
        bench.desk.post_message(events.Paste("bu\nsy"))
        await pilot.pause()
        assert "Filter: busy_" in bench.lines[-1]
        await pilot.press("escape")
        bench.desk.post_message(events.Paste("+4930"))
        await pilot.pause()
        assert bench.border.pressed == []


async def test_keys_of_the_desk_are_shown_on_it() -> None:
    bench = Bench()
    async with bench.app.run_test(size=SMALL) as pilot:
        await opened(pilot, "question_mark")
        assert "Copy the line or message" in bench.text
        await pilot.press("escape")
        assert "Copy the line or message" not in bench.text


async def test_desk_speaks_german_with_the_phone() -> None:
    bench = Bench(replace(IDLE, language="Deutsch"))
    async with bench.app.run_test(size=SMALL) as pilot:
        await opened(pilot, "home", "end")
        assert "[Mitschnitt]" in bench.lines[0] and "Telefon" in bench.lines[1] and "Signatur" in bench.text


async def test_desk_of_a_poor_terminal_is_plain_text() -> None:
    bench = Bench(skin="plain")
    async with bench.app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        assert bench.text.isascii() and "->" in bench.text


async def test_another_skin_leaves_the_desk_as_it_is() -> None:
    bench = Bench()
    async with bench.app.run_test(size=WIDE) as pilot:
        await opened(pilot, "slash", *"busy", "enter")
        bench.app.put_on(load("plain"))
        await pilot.pause(0.3)
        assert "filter busy" in bench.lines[-1] and bench.desk.has_focus


async def test_desk_that_was_opened_before_the_phone_was_there_wakes_with_it() -> None:
    made: list[Kept] = []
    app = PhoneApp(Border(), load("snom370"), blinking=False, desk=lambda: made[0] if made else None)
    async with app.run_test(size=SMALL) as pilot:
        await opened(pilot)
        desk = app.screen.query_one(Desk)
        assert "No SIP message" in desk.render_line(1).text + desk.render_line(2).text
        made.append(kept())
        await pilot.pause(0.3)
        assert "6/6" in desk.render_line(0).text


def test_no_key_of_the_desk_has_two_meanings() -> None:
    keys = [key for one in KEYS for key in one.keys.split(",")]
    assert len(keys) == len(set(keys)) == len(ACTIONS)


def test_command_is_shown_with_who_asked_and_with_the_faults_on_purpose() -> None:
    chronicle = Kept().chronicle
    event = {"event": "command", "at": 1795447200.0, "method": "POST", "target": "/index.htm", "peer": "192.0.2.9:1"}
    chronicle.note({**event, "status": 0, "did": [], "why": "cut", "user": "heiko", "body": "NUMBER=1"})
    tab = HttpTab(lambda text, **values: text.format(**values), chronicle)
    assert tab.poll() and not tab.poll() and tab.heading(80) == ""
    facts = {fact.name: fact.value for fact in tab.facts(tab.rows[0])}
    assert (facts["Login"], facts["Form"], facts["Refused"]) == ("heiko", "NUMBER=1", "cut")
    assert "192.0.2.9:1 heiko POST /index.htm NUMBER=1 -> 0 refused: cut" in tab.text(tab.rows[0])
    chronicle.note_fault("cut@index.htm")
    assert tab.poll() and tab.heading(80) == "Faults on purpose: cut@index.htm"


def test_action_urls_stand_among_the_commands_with_what_became_of_them() -> None:
    chronicle = Kept().chronicle
    told = {"event": "action", "at": 1795447200.0, "setting": "action_hold", "url": "http://x/hold", "why": ""}
    chronicle.note({**told, "status": 200})
    chronicle.note({**told, "status": 0, "why": "The server does not answer in time"})
    tab = HttpTab(lambda text, **values: text.format(**values), chronicle)
    assert tab.poll()
    good, bad = tab.rows
    assert "".join(text for text, _ in tab.draw(good, 80)).endswith("200 action_hold  GET http://x/hold")
    assert "--- action_hold: The server does not answer in time" in "".join(text for text, _ in tab.draw(bad, 80))
    assert tab.facts(bad)[-1].style == "bad"
    assert "http://x/hold" in tab.text(good)
