"""The paper strips beside the programmable keys, on the phone and on its expansion module."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.snapshot import Led, Pattern
from snomtui.skin import Place, expanded, load
from snomtui.ui.app import PhoneApp
from snomtui.ui.keycap import KeyCap
from snomtui.ui.lamp import Lamp
from snomtui.ui.paper import Paper, slips
from tests.ui.people import IDLE, Border


def test_labels_whose_columns_touch_are_on_one_strip() -> None:
    (strip,) = slips(load("snom370").faces[0])
    assert (strip.place.x, strip.place.width, len(strip.labels)) == (81, 12, 12)
    face = replace(load("snom370").faces[0], labels={"P1": Place(0, 3, 9, 1), "P2": Place(30, 5, 9, 1)})
    assert [one.place for one in slips(face)] == [Place(0, 3, 9, 1), Place(30, 5, 9, 1)]


def test_module_has_a_strip_of_its_own() -> None:
    first, second = slips(expanded(load("snom360")).faces[0])
    assert first.place.x + first.place.width < second.place.x
    assert len(second.labels) == 42


async def test_keys_of_the_module_are_pressed_lit_and_named() -> None:
    border = Border(
        replace(IDLE, labels={**IDLE.labels, "P54": "Reception desk"}, leds={"P54": Led("orange", Pattern.ON)})
    )
    app = PhoneApp(border, expanded(load("snom360")), blinking=False)
    async with app.run_test(size=(140, 34)) as pilot:
        await pilot.pause()
        assert "Reception" in app.export_screenshot() and "Jan" in app.export_screenshot()
        lamp = app.query_one("#lamp-P54", Lamp)
        assert lamp.glyph == load("snom360").glyphs["lit"]
        await pilot.click("#key-P13")
        await pilot.click("#key-P54")
        await pilot.resize_terminal(100, 34)
        await pilot.pause()
        assert not app.query_one("#key-P13", KeyCap).region
        assert app.query_one("#paper-1", Paper).place is None
    assert border.pressed == ["P13", "P54"]
