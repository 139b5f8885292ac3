"""What `y` copies, the bytes that do it, and numbers that are pasted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.phone.snapshot import IdentityState
from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from snomtui.ui.copying import clipboard, number_in, text_at_cursor
from snomtui.ui.hint import Hint
from snomtui.ui.terminal import Terminal
from tests.ui.people import CONTACTS, ENTERING, IDLE, TALKING, Border

OWN = IdentityState(1, "heiko.riedel@ucc.de", "Heiko", "registered", active=True)
PLAIN = "\x1b]52;c;SmFu\a"


def test_what_the_cursor_is_on_is_copied() -> None:
    assert text_at_cursor(ENTERING) == "+4930123"
    assert text_at_cursor(CONTACTS) == "Jan Dierich"
    assert text_at_cursor(TALKING) == "+49301234599"
    assert text_at_cursor(replace(IDLE, identities=(OWN,))) == "heiko.riedel@ucc.de"
    assert text_at_cursor(replace(CONTACTS, page=replace(CONTACTS.page, cursor=None))) == "Contacts"


def test_text_goes_to_the_clipboard_by_osc_52() -> None:
    assert clipboard("Jan") == PLAIN
    assert clipboard("Müller") == "\x1b]52;c;TcO8bGxlcg==\a"


def test_inside_tmux_it_is_wrapped_for_the_terminal_around_it_as_well() -> None:
    assert clipboard("Jan", "tmux") == PLAIN + "\x1bPtmux;\x1b\x1b]52;c;SmFu\a\x1b\\"


def test_inside_screen_it_is_handed_on_in_pieces_that_are_short_enough() -> None:
    assert clipboard("Jan", "screen") == f"\x1bP{PLAIN}\x1b\\"
    pieces = clipboard("x" * 2000, "screen").split("\x1b\\")
    assert len(pieces) > 3 and all(len(piece) < 768 for piece in pieces)


async def test_screen_says_what_it_copied_and_when_there_is_nothing() -> None:
    border = Border(CONTACTS)
    app = PhoneApp(border, load("plain"), blinking=False, terminal=Terminal())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("y")
        hint = app.screen.query_one(Hint)
        assert (app.clipboard, hint.alert) == ("Jan Dierich", "Copied: Jan Dierich")
        border.show(IDLE)
        await pilot.pause(0.1)
        await pilot.press("y")
        assert (app.clipboard, hint.alert) == ("Jan Dierich", "There is nothing to copy here")


@pytest.mark.parametrize(
    ("pasted", "number"),
    [
        ("+49 (30) 12-3\n", "+4930123"),
        ("+49 (0)30 / 123", "+4930123"),
        ("(0)30 123", "030123"),
        (" 030/123.456 \nnext line 5", "030123456"),
        ("tel:+49-30-123;ext=5", "+4930123"),
        ("1+1", "11"),
        ("*72#", "*72#"),
        ("no number", ""),
        ("", ""),
    ],
)
def test_number_is_found_in_what_people_write(pasted: str, number: str) -> None:
    assert number_in(pasted) == number
