"""A finger on the snom 870 finds what a person sees there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.phone.intents import Dial, Go, Intent, Press, Select
from snomtui.phone.snapshot import CallState, Page, Row, Snapshot
from snomtui.phone.touching import touched
from snomtui.skin import load

SKIN = load("snom870")
ROWS = (Row("Anna", intent=Dial("sip:anna@ucc.de")), Row("Jan"), Row("Eva"))
LIST = Snapshot("snom870", Page("contacts", "Contacts", ROWS, cursor=0), clock="18:43")
CALL = CallState("1-1", 1, "in", "sip:jan@ucc.de", "Jan", "+4930", "talking", shown=True)


@pytest.mark.parametrize(
    ("x", "y", "wish"),
    [
        (0, 0, None),  # the title
        (100, 20, Dial("sip:anna@ucc.de")),  # the row under the cursor
        (100, 40, Select(1)),
        (100, 150, None),  # below the rows
        (40, 250, Press("F1")),
        (340, 250, Press("F4")),
        (479, 20, Press("P1")),
        (479, 210, Press("P12")),
        (480, 20, None),
        (-1, 300, None),
    ],
)
def test_finger_finds_rows_soft_keys_and_programmable_keys(x: int, y: int, wish: Intent | None) -> None:
    assert touched(LIST, SKIN, x, y) == wish


def test_finger_on_a_row_without_a_wish_of_its_own_is_ok() -> None:
    page = replace(LIST.page, cursor=1)
    assert touched(replace(LIST, page=page), SKIN, 100, 40) == Press("ENTER")


def test_finger_on_a_call_in_the_list_shows_that_call() -> None:
    both = replace(LIST, calls=(CALL, replace(CALL, id="1-2", shown=False)))
    assert touched(both, SKIN, 470, 55) == Go("call:1-2")


def test_finger_on_an_icon_of_the_idle_display_presses_its_key() -> None:
    idle = replace(LIST, page=Page("idle", rows=ROWS[:1]))
    wishes = {touched(idle, SKIN, x, y) for x in range(0, 360, 10) for y in range(30, 210, 8)}
    assert {Press(icon.key) for icon in SKIN.display.icons} <= wishes
