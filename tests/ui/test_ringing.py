"""A call that comes in is seen from across the room, and nothing of the phone is hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.geometry import Region, Size

from snomtui.phone.snapshot import CallState
from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from snomtui.ui.bigletters import HEIGHT, big
from snomtui.ui.flashing import HATCH, Cell, paint
from snomtui.ui.handset import Handset
from snomtui.ui.ringing import TICKS, calling, who
from tests.ui.people import IDLE, RINGING, TALKING, Border

DESK: Cell = (" ", "ink", "desk", False)
BODY: Cell = (" ", "ink", "body", False)
PRINT: Cell = ("s", "ink", "body", False)
SIZE, FACE = Size(60, 20), Region(10, 0, 40, 11)


def test_only_a_call_that_nobody_has_taken_rings_and_not_into_another_call() -> None:
    waiting = CallState("2", 1, "in", "sip:anna@ucc.de", "", "22", "offered")
    ringing = calling(RINGING)
    assert ringing and who(ringing) == "Jan Dierich" and who(waiting) == "22"
    assert calling(IDLE) is None and calling(TALKING) is None
    assert calling(replace(TALKING, calls=(*TALKING.calls, waiting))) is None


def test_desk_takes_turns_between_two_patterns_in_two_colours() -> None:
    pictures = [paint([DESK, PRINT, BODY], 15, SIZE, FACE, "", tick) for tick in range(2 * TICKS)]
    assert pictures[0] == [(HATCH, "orange", "desk", False), PRINT, BODY]
    assert pictures[0] == pictures[TICKS - 1] and pictures[TICKS][0] == (" ", "orange", "orange", False)


def test_empty_places_of_the_case_flash_where_there_is_hardly_any_desk() -> None:
    painted = paint([BODY, PRINT], 0, Size(80, 23), Region(0, 0, 80, 23), "", 0)
    assert painted == [(HATCH, "orange", "body", False), PRINT]


def test_name_stands_in_large_letters_where_there_is_room() -> None:
    lines = [paint([DESK] * 60, y, SIZE, FACE, "Jan", 0) for y in range(11, 20)]
    pixels = ["".join(cell[0] for cell in line) for line in lines]
    assert sum("█" in line for line in pixels) == HEIGHT
    assert not any("█" in cell[0] for cell in paint([DESK] * 60, 5, SIZE, Region(0, 0, 60, 16), "Jan", 0))


@pytest.mark.parametrize(
    ("name", "same"), [("Müller", "Muller"), ("Groß", "GROSS"), ("Anna 田中", "Anna"), ("田中", ""), ("", "")]
)
def test_letters_are_drawn_without_what_has_none(name: str, same: str) -> None:
    assert big(name, 200) == big(same, 200)


def test_as_many_words_are_drawn_as_fit() -> None:
    assert big("Jan Dierich", 20) == big("Jan", 20) != []
    assert big("Jan", 5) == []
    assert {len(row) for row in big("Jan Dierich 0123456789+-.@", 500)} == {
        len(big("Jan Dierich 0123456789+-.@", 500)[0])
    }


async def test_screen_flashes_while_it_rings_and_stops_at_once() -> None:
    border = Border()
    app = PhoneApp(border, load("snom370"))
    async with app.run_test(size=(120, 48)) as pilot:
        handset = app.screen.query_one(Handset)
        quiet = handset.render_line(1).text
        border.show(RINGING)
        await pilot.pause(0.1)
        assert handset.ticks and HATCH * 20 in handset.render_line(1).text
        border.show(replace(TALKING, leds={}))
        await pilot.pause(0.1)
        assert not handset.ticks and handset.render_line(1).text == quiet
