"""Everything that can be clicked has a key, and everything that has a key can be clicked: every skin, every widget."""

from __future__ import annotations

import pytest
from textual.widget import Widget

from snomtui.skin import find_skins, load
from snomtui.ui.app import PhoneApp
from snomtui.ui.deeds import deeds
from snomtui.ui.hint import Hint
from snomtui.ui.keyboard import COMMANDS, LINES, SHORTCUTS, shown
from snomtui.ui.keycap import KeyCap
from tests.ui.people import TALKING, Border

SIZES = [(80, 24), (130, 45)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("skin", find_skins())
async def test_every_widget_that_can_be_clicked_stands_for_something_with_a_key(
    skin: str, size: tuple[int, int]
) -> None:
    app = PhoneApp(Border(TALKING), load(skin), blinking=False)
    async with app.run_test(size=size):
        for widget in app.screen.query(Widget):
            if not hasattr(widget, "on_click") or not widget.region:
                continue  # nothing to click, or nowhere on this face
            if isinstance(widget, KeyCap):
                name = widget.shape.name
                assert name in LINES or name in load(skin).shape.key_names, name
            else:
                # Rows and labels on the display are the arrows, OK and the soft keys; the bottom line has its own test.
                # The case itself only stands in for keys that are not widgets yet.
                assert widget.id in ("display", "hint", "handset"), widget


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("skin", find_skins())
async def test_every_key_and_command_can_be_clicked_on_the_case_or_in_the_palette(
    skin: str, size: tuple[int, int]
) -> None:
    app = PhoneApp(Border(TALKING), load(skin), blinking=False)
    async with app.run_test(size=size):
        caps = {cap.shape.name for cap in app.screen.query(KeyCap) if cap.region}
        assert app.front
        offered = {deed.keys.partition("  ")[0] for deed in deeds(app.front)}
        for one in SHORTCUTS:
            assert one.key in caps or _first(one.keys) in offered, one.key
        for command in COMMANDS:
            if command.name != "prefix":  # all that it leads to is checked above
                on_the_line = command.name == "palette" and "commands" in app.screen.query_one(Hint).usual
                assert on_the_line or _first(command.keys) in offered, command.name


def test_function_keys_have_a_second_way_and_no_other_needs_a_modifier() -> None:
    for one in LINES.values():
        keys = one.keys.split(",")
        if keys[0].startswith("f") and keys[0][1:].isdigit():
            assert any(len(key) == 1 for key in keys), one
        if keys[0].startswith("ctrl+"):
            assert keys == ["ctrl+z"], one


async def test_keys_of_an_expansion_module_are_pressed_by_p_p_and_two_digits() -> None:
    border = Border()
    async with PhoneApp(border, load("plain"), blinking=False).run_test(size=(80, 24)) as pilot:
        await pilot.press("p", "p", "1", "3", "p", "p", "0", "2", "p", "p", "x", "5")
    assert border.pressed == ["P13", "P2", "SNOM", "5"]


def _first(keys: str) -> str:
    return shown(keys.partition(",")[0])
