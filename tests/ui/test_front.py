"""The screen with the phone: nothing ends by surprise, and an idle phone does nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual import events
from textual.widget import Widget

from snomtui.phone.intents import Quit
from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from snomtui.ui.display import Display
from snomtui.ui.hint import Hint
from snomtui.ui.picture.cells import grid_of, text_of
from tests.ui.people import IDLE, SIGN_IN, TALKING, Border

NARROW = (80, 24)
SOON = 0.4
"""Seconds; the wardrobe looks every half second, and everything else must be asleep for longer."""


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting_in_a_call_is_asked_back_once(key: str) -> None:
    border = Border(TALKING)
    app = PhoneApp(border, load("plain"), blinking=False)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(key)
        assert app.screen.query_one(Hint).alert == "A call is up. q once more ends it and quits."
        await pilot.press("u", key)
        assert "once more" in app.screen.query_one(Hint).alert and Quit() not in border.wishes
        await pilot.press(key)
        await pilot.pause()
    assert border.wishes[-1] == Quit()


async def test_quitting_after_the_call_has_ended_is_not_asked() -> None:
    border = Border(replace(TALKING, calls=(replace(TALKING.calls[0], state="ended"),)))
    async with PhoneApp(border, load("plain"), blinking=False).run_test(size=NARROW) as pilot:
        await pilot.press("q")
        await pilot.pause()
    assert border.wishes == [Quit()]


@pytest.mark.parametrize("key", ["question_mark", "colon"])
async def test_ctrl_q_quits_from_what_is_laid_over_the_phone_too(key: str) -> None:
    border = Border()
    async with PhoneApp(border, load("plain"), blinking=False).run_test(size=NARROW) as pilot:
        await pilot.press(key, "ctrl+c", "ctrl+q")
        await pilot.pause()
    assert border.wishes == [Quit()]


async def test_ctrl_c_again_and_again_neither_quits_nor_hangs_up() -> None:
    border = Border(TALKING)
    app = PhoneApp(border, load("plain"), blinking=False)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("ctrl+c", "ctrl+c", "ctrl+c")
        assert app.is_running and app.screen.query_one(Hint).alert.startswith("q / ctrl+q quits")
    assert border.wishes == []


async def test_stopping_the_program_in_a_call_is_asked_back() -> None:
    app = PhoneApp(Border(TALKING), load("plain"), blinking=False)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("ctrl+z")
        assert "ctrl+z once more stops the phone" in app.screen.query_one(Hint).alert


async def test_pasted_text_goes_whole_into_a_field_and_as_a_number_elsewhere() -> None:
    border = Border(SIGN_IN)
    app = PhoneApp(border, load("plain"), blinking=False)
    async with app.run_test(size=NARROW) as pilot:
        app.screen.post_message(events.Paste("UCC\\jan d\n"))
        await pilot.pause()
        assert border.pressed == [f"TEXT:{one}" for one in "UCC\\jan d"]
        border.wishes.clear()
        border.show(IDLE)
        await pilot.pause(0.1)
        app.screen.post_message(events.Paste("tel:+49 (0)30-123"))
        await pilot.pause()
        assert border.pressed == ["TEXT:+", *"4930123"]
        app.screen.post_message(events.Paste("hello"))
        await pilot.pause()
        assert app.screen.query_one(Hint).alert == "There is no number in what was pasted"


async def test_idle_phone_has_nothing_planned_and_draws_nothing() -> None:
    border = Border()
    app = PhoneApp(border, load("snom370"))
    async with app.run_test(size=(110, 40)) as pilot:
        border.show(replace(IDLE, leds={}))
        await pilot.pause(0.1)  # longer than the pause between two drawings
        drawn = app.screen.query_one(Display)._repaint_regions | app.screen.query_one(Hint)._repaint_regions
        loop = asyncio.get_running_loop()
        planned = [each for each in loop._scheduled if not each.cancelled() and each.when() < loop.time() + SOON]  # type: ignore[attr-defined]
        assert planned == [] and not drawn


async def test_same_snapshot_again_draws_nothing() -> None:
    border = Border()
    app = PhoneApp(border, load("snom370"), blinking=False)
    async with app.run_test(size=(110, 40)) as pilot:
        await pilot.pause(0.1)
        asked = [widget for widget in app.screen.walk_children(Widget) if widget._repaint_required]
        border.show(replace(IDLE))
        asked += [widget for widget in app.screen.walk_children(Widget) if widget._repaint_required]
        await pilot.pause(0.1)  # longer than the pause between two drawings
        border.show(replace(IDLE, page=replace(IDLE.page, rows=())))
        drawn = [widget.id for widget in app.screen.walk_children(Widget) if widget._repaint_required]
    assert asked == []
    assert drawn == ["display"]


async def test_case_is_where_its_keys_are_when_the_desk_beside_it_has_been_closed() -> None:
    app = PhoneApp(Border(IDLE), load("snom821"), blinking=False)
    async with app.run_test(size=(150, 36)) as pilot:
        await pilot.pause()
        before = text_of(grid_of(app.screen._compositor.render_strips(), 150))
        await pilot.press("w")
        await pilot.pause()
        await pilot.press("escape", "w")
        await pilot.pause()
        assert text_of(grid_of(app.screen._compositor.render_strips(), 150)) == before
