"""A key whose meaning has just changed does nothing; nobody who waits is held up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.phone.intents import Press
from snomtui.phone.snapshot import CallState
from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from snomtui.ui.display import Display
from snomtui.ui.front import PhoneScreen
from snomtui.ui.guard import SURE, TYPING, Guard
from snomtui.ui.hint import Hint
from tests.ui.people import CONTACTS, ENTERING, IDLE, RINGING, TALKING, Border

SOFT_KEYS = ("F1", "F2", "F3", "F4")
ENDED = replace(TALKING, calls=(replace(TALKING.calls[0], state="ended"),))
OTHER = CallState("2-1", 1, "out", "sip:anna@ucc.de", "Anna", "22", "holding")


@pytest.mark.parametrize("key", SOFT_KEYS)
def test_soft_key_pressed_as_a_call_comes_in_does_nothing_until_it_was_there_long_enough(key: str) -> None:
    guard = Guard(IDLE)
    guard.saw(RINGING, 100.0)
    assert guard.refuses(key, 100.0 + SURE - 0.01)
    assert not guard.refuses(key, 100.01 + SURE)


def test_person_who_waits_at_a_quiet_phone_answers_at_once() -> None:
    guard = Guard(IDLE)
    guard.saw(RINGING, 100.0)
    assert not guard.refuses("ENTER", 100.1)
    assert not guard.refuses("OFFHOOK", 100.1)


def test_person_in_a_menu_neither_answers_nor_refuses_the_call_that_came_under_the_finger() -> None:
    guard = Guard(CONTACTS)
    guard.saw(RINGING, 100.0)
    assert [guard.refuses(key, 100.1) for key in ("ENTER", "CANCEL", "ROW", "DOWN")] == [True, True, True, False]
    assert not guard.refuses("ENTER", 100.01 + SURE)


def test_person_who_types_a_number_without_looking_does_not_answer_with_the_enter_at_its_end() -> None:
    guard = Guard(ENTERING)
    for number, digit in enumerate("0301"):
        guard.pressed(digit, 99.0 + number * 0.3)
    guard.saw(RINGING, 100.0)
    for number, digit in enumerate("234567"):
        guard.pressed(digit, 100.2 + number * 0.3)
    assert guard.refuses("ENTER", 102.0)
    assert not guard.refuses("ENTER", 101.7 + TYPING)


def test_soft_key_pressed_as_the_other_side_hangs_up_does_nothing() -> None:
    guard = Guard(TALKING)
    guard.saw(ENDED, 100.0)
    assert guard.refuses("F4", 100.1)
    assert not guard.refuses("CANCEL", 100.1)


def test_cancel_meant_for_the_call_that_just_ended_does_not_hang_up_the_one_that_is_left() -> None:
    guard = Guard(replace(TALKING, calls=(*TALKING.calls, OTHER)))
    guard.saw(replace(TALKING, calls=(OTHER,)), 100.0)
    assert guard.refuses("CANCEL", 100.1)


def test_person_who_hangs_up_goes_on_at_once() -> None:
    guard = Guard(TALKING)
    guard.pressed("CANCEL", 99.9)
    guard.saw(ENDED, 100.0)
    assert not guard.refuses("F1", 100.1)
    other = Guard(TALKING)
    other.saw(ENDED, 100.0, ours=True)
    assert not other.refuses("F1", 100.1)


def test_call_that_goes_on_ringing_guards_nothing_anew() -> None:
    guard = Guard(IDLE)
    guard.saw(RINGING, 100.0)
    guard.saw(replace(RINGING, clock="18:45"), 101.0)
    assert not guard.refuses("F1", 101.1)


async def test_screen_says_that_a_key_did_nothing_and_does_it_the_next_time() -> None:
    border = Border()
    async with PhoneApp(border, load("snom370"), blinking=False).run_test(size=(80, 24)) as pilot:
        front = pilot.app.screen
        assert isinstance(front, PhoneScreen)
        front.clock = lambda: 100.0
        border.show(RINGING)
        await pilot.press("a")
        hint = front.query_one(Hint)
        assert border.pressed == [] and "did nothing" in hint.alert
        front.clock = lambda: 100.01 + SURE
        await pilot.press("a")
        assert border.pressed == ["F1"] and hint.alert == ""


async def test_click_on_a_label_that_has_just_changed_does_nothing() -> None:
    border = Border()
    async with PhoneApp(border, load("plain"), blinking=False).run_test(size=(80, 24)) as pilot:
        front = pilot.app.screen
        assert isinstance(front, PhoneScreen)
        front.clock = lambda: 100.0
        border.show(RINGING)
        await pilot.click(Display, offset=(5, 11))
        await pilot.click("#key-F1")
        assert border.pressed == []


async def test_key_pressed_before_the_call_was_drawn_is_guarded_too() -> None:
    border = Border()
    async with PhoneApp(border, load("plain"), blinking=False).run_test(size=(80, 24)) as pilot:
        front = pilot.app.screen
        assert isinstance(front, PhoneScreen)
        front.clock = lambda: 100.0
        border.now = RINGING  # the phone knows it, the screen does not yet
        await pilot.press("f")
        assert border.wishes == []
        await pilot.press("h")
        assert border.wishes == [Press("F_HOLD")]
