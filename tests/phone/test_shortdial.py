"""Speed dial on the phone: digits and OK."""

from __future__ import annotations

import pytest

from snomtui.phone.shortdial import signs_of, spelled_out
from snomtui.settings.registry import Settings


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [("5", "+49305"), ("30", "+493030"), ("#", "911"), ("*", "*97"), ("4", "4"), ("05", "05"), ("55", "55"), ("", "")],
)
def test_entry_of_speed_dial_takes_the_place_of_what_was_typed(typed: str, dialled: str) -> None:
    settings = Settings({"speed5": "+49305", "speed30": "+493030", "speed31": "911", "speed32": "*97"})
    assert spelled_out(settings, typed) == dialled


def test_entries_are_called_by_what_is_typed() -> None:
    assert [signs_of(index) for index in (0, 30, 31, 32)] == ["0", "30", "#", "*"]
