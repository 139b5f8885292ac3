"""Call lists."""

from __future__ import annotations

import pytest

from snomtui.phone.history import LENGTH, History, Record


def record(number: int) -> Record:
    """A dialled call."""
    return Record("dialed", "", str(number), float(number))


def test_newest_call_is_on_top_and_the_oldest_falls_out() -> None:
    history = History(tuple(record(n) for n in range(LENGTH + 5)))
    numbers = [each.number for each in history.list("dialed")]
    assert numbers[0] == str(LENGTH + 4)
    assert len(numbers) == LENGTH
    history.clear("dialed")
    assert history.list("dialed") == []


def test_record_survives_being_written() -> None:
    one = Record("missed", "Anna", "+4930", 12.5, 2, 7)
    assert Record.parse(one.text()) == one


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"which": "missed"}', "{", '{"x": 1}', "7"])
def test_text_that_is_no_record_is_none(text: str) -> None:
    assert Record.parse(text) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"which": "other", "name": "a", "number": "1", "at": 1}',
        '{"which": "missed", "name": 5, "number": [], "at": "x"}',
        '{"which": "missed", "name": "a", "number": "1", "at": 1e999}',
    ],
)
def test_record_with_odd_values_is_none(text: str) -> None:
    assert Record.parse(text) is None
