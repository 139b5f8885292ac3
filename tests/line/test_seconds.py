"""Seconds as servers write them."""

from __future__ import annotations

import pytest

from snomtui.line.seconds import LONGEST, seconds


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("300", 300),
        (" 0300 ", 300),
        ("0", 0),
        ("999999999999", LONGEST),
        (None, None),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("9" * 5000, None),
    ],
)
def test_whole_numbers_are_read_and_nothing_else(text: str | None, value: int | None) -> None:
    assert seconds(text) == value
