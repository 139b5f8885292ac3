"""The display as a widget: every key on it can be clicked, and what it shows follows the snapshot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.geometry import Offset

from snomtui.phone.intents import Go, Press
from snomtui.phone.snapshot import GROUND, INK, Led, Pattern, Picture, Snapshot
from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from snomtui.ui.display import Display
from snomtui.ui.keycap import widget_id
from snomtui.ui.lcd import laid_out
from tests.ui.people import CALL, CONTACTS, IDLE, TALKING, Border

WIDE, NARROW, SMALL, LEAST = (100, 34), (80, 24), (60, 20), (42, 14)
TWO = replace(TALKING, calls=(CALL, replace(CALL, id="1-2", shown=False, state="holding")))


def app_with(border: Border, skin: str) -> PhoneApp:
    """The app at a stand-in phone, without blinking."""
    return PhoneApp(border, load(skin), blinking=False)


@pytest.mark.parametrize(
    ("skin", "size", "snapshot"),
    [
        *(("snom820", size, IDLE) for size in (WIDE, LEAST)),
        *(("snom870", size, IDLE) for size in (WIDE, NARROW, SMALL)),
        ("snom821", SMALL, IDLE),
        ("snom870", WIDE, TWO),
    ],
)
async def test_mouse_reaches_everything_on_the_screen(skin: str, size: tuple[int, int], snapshot: Snapshot) -> None:
    border = Border(snapshot)
    app = app_with(border, skin)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        display = app.screen.query_one(Display)
        spots = laid_out(snapshot, display.skin, *display.size, display.face).spots
        spots = tuple(spot for spot in spots if spot.kind != "row")
        for spot in spots:
            place = spot.place
            await pilot.click(Display, offset=Offset(place.x + place.width // 2, place.y + place.height // 2))
        await pilot.pause()
    ids = [call.id for call in snapshot.calls]
    wanted = [Go(f"call:{ids[int(spot.name)]}") if spot.kind == "call" else Press(spot.name) for spot in spots]
    assert border.wishes == wanted
    assert {"F1", "F2", "F3", "F4"} <= {spot.name for spot in spots}


@pytest.mark.parametrize(
    ("skin", "size"), [("snom820", WIDE), ("snom821", NARROW), ("snom870", WIDE), ("snom870", NARROW)]
)
async def test_mouse_reaches_every_key_of_the_case(skin: str, size: tuple[int, int]) -> None:
    border = Border()
    names = [key.name for key in load(skin).keys]
    async with app_with(border, skin).run_test(size=size) as pilot:
        for name in names:
            assert await pilot.click(f"#{widget_id('key', name)}"), name
        await pilot.pause()
    assert border.pressed == ["OFFHOOK" if name == "HANDSET" else name for name in names]


async def test_each_programmable_key_of_the_870_can_be_touched() -> None:
    border = Border()
    async with app_with(border, "snom870").run_test(size=WIDE) as pilot:
        for number in range(1, 16):
            await pilot.click(Display, offset=Offset(60, number))
    assert border.pressed == [f"P{number}" for number in range(1, 16)]


@pytest.mark.parametrize("skin", ["snom820", "snom870"])
async def test_row_is_clicked_where_it_is_drawn(skin: str) -> None:
    border = Border(CONTACTS)
    async with app_with(border, skin).run_test(size=WIDE) as pilot:
        await pilot.click(Display, offset=Offset(5, 6), times=1)
        await pilot.pause()
    row = CONTACTS.page.rows[5].intent
    assert border.wishes == [row]


@pytest.mark.parametrize("skin", ["snom820", "snom821", "snom870"])
async def test_redial_has_a_keyboard_key_though_the_case_has_none(skin: str) -> None:
    border = Border()
    async with app_with(border, skin).run_test(size=NARROW) as pilot:
        await pilot.press("r")
    assert border.pressed == ["REDIAL"]


async def test_change_of_one_row_changes_one_line() -> None:
    border = Border(CONTACTS)
    app = app_with(border, "snom870")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause(0.1)
        display = app.screen.query_one(Display)
        before = display.lines()
        rows = list(CONTACTS.page.rows)
        rows[2] = replace(rows[2], text="Carla Neu")
        border.show(replace(CONTACTS, page=replace(CONTACTS.page, rows=tuple(rows))))
        await pilot.pause(0.1)
        after = display.lines()
    assert [y for y, line in enumerate(after) if line != before[y]] == [3]


async def test_led_on_the_screen_blinks_with_those_on_the_case() -> None:
    app = app_with(Border(replace(IDLE, leds={"P1": Led("red", Pattern.FAST)})), "snom870")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        display = app.screen.query_one(Display)
        before = display.lines()[1]
        display.blink(1)
        assert "◉" in "".join(text for text, _ in before)
        assert "◌" in "".join(text for text, _ in display.lines()[1])


async def test_pixels_have_their_colours_and_those_of_the_display() -> None:
    picture = Picture(((0x123456, INK), (0x654321, GROUND)))
    app = app_with(Border(replace(IDLE, page=replace(IDLE.page, picture=picture))), "snom820")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        image = app.export_screenshot()
        palette = load("snom820").palette
    assert "#123456" in image and "#654321" in image and palette["lcd_ink"] in image


async def test_skin_without_colours_keeps_pictures_readable() -> None:
    picture = Picture(((INK,) * 6, (INK,) * 6))
    app = app_with(Border(replace(IDLE, page=replace(IDLE.page, picture=picture))), "plain")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.pause()
        text = "\n".join("".join(one for one, _ in line) for line in app.screen.query_one(Display).lines())
    assert "@@@@@@" in text
