"""Terminals that can do little: fewer characters, no colours, and everything still to be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from snomtui.presence import Availability
from snomtui.skin import find_skins, load
from snomtui.ui.app import PhoneApp
from snomtui.ui.simpler import Characters, Colorless, ascii_of, console_of, filters, plain_glyphs
from snomtui.ui.terminal import Terminal
from tests.ui.people import CONTACTS, SNAPSHOTS, Border

BLACK = Color(0, 0, 0)


@given(st.text(max_size=40))
def test_text_keeps_its_width_in_fewer_characters(text: str) -> None:
    printable = "".join(one for one in text if one.isprintable() and cell_len(one))
    assert ascii_of(printable).isascii()
    assert len(ascii_of(printable)) == cell_len(printable)
    assert cell_len(console_of(printable)) == cell_len(printable)


def test_names_stay_readable() -> None:
    assert ascii_of("Bartholomäus Núñez") == "Bartholomaus Nunez"
    assert ascii_of("Kenji 田中") == "Kenji ????"
    assert console_of("Núñez ─ ● ╭ ✓") == "Núñez ─ ■ ┌ V"


@pytest.mark.parametrize("skin", find_skins())
def test_states_keep_shapes_of_their_own(skin: str) -> None:
    glyphs = plain_glyphs(dict(load(skin).glyphs))
    shapes = [glyphs[one.value] for one in Availability]
    assert len(set(shapes)) == len(shapes) and "".join(shapes).isascii()
    lamps = [glyphs[name] for name in ("lit", "off", "blink_lit", "blink_dark")]
    assert len(set(lamps)) == 4


def test_colours_go_and_what_is_bold_or_inverted_stays() -> None:
    style = Style(color="red", bgcolor="blue", bold=True, reverse=True)
    (segment,) = Colorless().apply([Segment("x", style)], BLACK)
    assert segment == Segment("x", Style(bold=True, reverse=True))


def test_only_what_is_needed_is_made_simpler() -> None:
    kinds = [[type(one) for one in filters(Terminal(charset=charset, colors=colors))] for charset, colors in CASES]
    assert kinds == [[], [Colorless], [Characters], [Characters, Colorless]]


CASES = [("full", True), ("full", False), ("console", True), ("ascii", False)]


@pytest.mark.parametrize("size", [(80, 24), (120, 45)])
@pytest.mark.parametrize("skin", find_skins())
async def test_phone_is_drawn_in_ascii_with_its_important_words(skin: str, size: tuple[int, int]) -> None:
    app = PhoneApp(Border(SNAPSHOTS["ringing"]), load(skin), terminal=Terminal(charset="ascii", colors=False))
    async with app.run_test(size=size):
        lines = ["".join(segment.text for segment in line) for line in app.screen._compositor.render_strips(app.size)]
        text = "\n".join(lines)
        assert text.isascii()
        assert "answer" in text.lower() and "Jan" in text and "quit" in text


async def test_without_colours_the_row_under_the_cursor_is_inverted() -> None:
    app = PhoneApp(Border(CONTACTS), load("snom370"), blinking=False, terminal=Terminal(colors=False))
    async with app.run_test(size=(80, 24)):
        segments = [one for line in app.screen._compositor.render_strips(app.size) for one in line]
        assert any("Jan Dierich" in one.text and one.style and one.style.reverse for one in segments)
        assert all(one.style is None or (one.style.color is None and one.style.bgcolor is None) for one in segments)


async def test_light_theme_changes_the_desk_and_not_the_phone_itself() -> None:
    app = PhoneApp(Border(), load("snom370"), blinking=False, terminal=Terminal(theme="light"))
    async with app.run_test(size=(120, 45)) as pilot:
        light = app.export_screenshot()
        app.set_theme("dark")
        await pilot.pause()
        dark = app.export_screenshot()
        app.set_theme("light")
        await pilot.pause()
        assert light != dark
        assert set(re.findall("#[0-9a-f]{6}", app.export_screenshot())) == set(re.findall("#[0-9a-f]{6}", light))


@pytest.mark.parametrize(
    ("theme", "light", "dark"),
    [("auto", None, True), ("auto", True, False), ("auto", False, True), ("dark", True, True), ("light", False, False)],
)
def test_auto_follows_the_terminal_and_a_wish_comes_first(theme: str, light: bool | None, dark: bool) -> None:
    app = PhoneApp(Border(), load("snom370"), terminal=Terminal(theme=theme, light=light))
    assert app.skin.dark is dark
