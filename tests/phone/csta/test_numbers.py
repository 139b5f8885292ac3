"""The number by which programs know a call."""

from __future__ import annotations

from itertools import product

from snomtui.phone.csta.numbers import number_of, numbered
from snomtui.phone.snapshot import CallState
from snomtui.settings.registry import IDENTITIES


def test_call_that_came_in_has_a_negative_number() -> None:
    call = CallState("1-2", 1, "in", "sip:anna@example.org", "Anna", "anna", "offered")
    assert number_of(call) == "-13"


def test_no_two_calls_have_one_number() -> None:
    calls = [f"{identity}-{count}" for identity, count in product(range(1, IDENTITIES + 1), range(1, 50))]
    assert len({numbered(call, False) for call in calls}) == len(calls)
