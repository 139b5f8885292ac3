"""The demo in terminals that can do little, read by a screen that knows only what it is sent."""

from __future__ import annotations

import pytest

from tests.bench.screen import DEMO, is_registered
from tests.bench.terminal import Terminal

KINDS = {
    "16 colours": (["TERM=xterm-16color", "COLORTERM="], set("▐▌○●▲")),
    "a Linux console": (["TERM=linux", "COLORTERM="], set("▐▌▀")),
    "a VT100": (["TERM=vt100", "COLORTERM="], set()),
    "the C locale": (["LC_ALL=C"], set()),
    "no colours": (["NO_COLOR=1"], set("▐▌○●▲")),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", KINDS)
def test_phone_is_readable_in(kind: str) -> None:
    environment, signs = KINDS[kind]
    with Terminal(("env", *environment, *DEMO)) as terminal:
        terminal.until(is_registered)
        terminal.press("s")
        terminal.until(lambda text: "Missed" in text)
        text, cells = terminal.text, terminal.cells()
        terminal.quit()
    assert signs <= set(text)
    if not signs:
        assert text.isascii()
    for word in ("Redial", "Speaker", "4 GHI", "Bert Kowalski", "Dialled calls", "Enter OK", "? keys", "q quit"):
        assert word in text
    unreadable = [cell for cell in cells if cell.data.isalnum() and cell.fg == cell.bg != "default"]
    assert unreadable == []
    inverted = {cell.data for cell in cells if cell.reverse}
    if kind in ("a VT100", "no colours"):
        assert {(cell.fg, cell.bg) for cell in cells} == {("default", "default")}
        assert "M" in inverted  # the row under the cursor


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("options", "on"), [((), True), (("--no-mouse",), False)])
def test_mouse_is_left_to_the_terminal_if_that_is_wanted(options: tuple[str, ...], on: bool) -> None:
    with Terminal((*DEMO, *options)) as terminal:
        terminal.until(is_registered)
        assert terminal.is_on(1000) is on
        terminal.quit()
