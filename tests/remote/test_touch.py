"""What `touch=` says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.remote.touch import BadTouch, Touch, touches


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("100 50", (Touch(100, 50),)),
        ("100+50+pr", (Touch(100, 50),)),
        ("100 50 press", (Touch(100, 50, up=False),)),
        ("100,50,R", (Touch(100, 50, down=False),)),
        ("1 2 p;3 4 release", (Touch(1, 2, up=False), Touch(3, 4, down=False))),
        ("1 2 3 4", (Touch(1, 2), Touch(3, 4))),
        ("479 271", (Touch(479, 271),)),
    ],
)
def test_reader_understands_touches(value: str, wanted: tuple[Touch, ...]) -> None:
    assert touches(value) == wanted


@pytest.mark.parametrize("value", ["", "1", "480 0", "0 272", "1 2 banana", "1 2 press press", "-1 2", "1 2 " * 51])
def test_reader_says_what_a_touch_looks_like(value: str) -> None:
    with pytest.raises(BadTouch, match="X from 0 to 479"):
        touches(value)


@given(st.text())
def test_reader_raises_nothing_else_for_garbage(value: str) -> None:
    try:
        assert touches(value)
    except BadTouch as error:
        assert str(error).isprintable()
