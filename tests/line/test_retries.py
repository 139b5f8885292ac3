"""When something that came to nothing is tried again."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.line.retries import AGAIN, LONGEST, SELDOM, Haste, after_end, after_refusal, ends, refresh_after


@pytest.mark.parametrize(
    ("status", "told", "pause"),
    [
        (489, None, None),
        (489, 60, None),
        (403, None, SELDOM),
        (403, 60, 60),
        (480, None, AGAIN),
        (503, 0, 1),
        (503, 10**9, LONGEST),
        (481, None, 0),
        (481, 9, 9),
        (606, None, SELDOM),
    ],
)
def test_refused_phone_waits_as_the_answer_asks(status: int, told: int | None, pause: float | None) -> None:
    assert after_refusal(status, told) == pause


@pytest.mark.parametrize(
    ("reason", "told", "pause"),
    [
        ("deactivated", None, 0),
        ("deactivated", 60, 0),
        ("timeout", None, 0),
        ("probation", 60, 60),
        ("giveup", None, AGAIN),
        ("rejected", 60, None),
        ("noresource", None, None),
        ("invariant", None, None),
        ("", None, AGAIN),
        ("moon", 5, 5),
    ],
)
def test_phone_that_is_dropped_waits_as_the_reason_asks(reason: str, told: int | None, pause: float | None) -> None:
    assert after_end(reason, told) == pause


def test_only_some_answers_end_a_subscription_that_is_refreshed() -> None:
    assert [status for status in (403, 404, 481, 489, 500, 503, 600) if ends(status)] == [404, 481, 489]


@given(st.integers(0, 10**7), st.integers())
def test_phone_refreshes_before_the_end_but_never_in_a_hurry(granted: int, seed: int) -> None:
    at = refresh_after(granted, Random(seed).randbytes)
    assert at >= 5
    assert at < granted or granted <= 5


def test_many_phones_do_not_refresh_in_the_same_moment() -> None:
    moments = {refresh_after(3600, Random(seed).randbytes) for seed in range(50)}
    assert len(moments) > 20
    assert max(moments) - min(moments) > 100


def test_hasty_phone_is_made_to_wait_longer_and_longer() -> None:
    haste, now, pauses = Haste(), 1000.0, []
    for _ in range(14):
        pauses.append(haste.pause(now))
        now += pauses[-1]
    assert pauses[:5] == [0, 1, 2, 4, 8]
    assert pauses[-1] == AGAIN
    assert haste.pause(now + AGAIN + Haste.CALM + 1) == 0
