"""What becomes of a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.phone.dialplan import cleaned, normal, planned


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("+49 (30) 123-456", "+4930123456"),
        ("+49 (0) 30 / 123 456", "+4930123456"),
        ("0049(0)30123", "004930123"),
        ("(0)30123", "030123"),
        ("tel:+49-30-123;phone-context=x", "+4930123"),
        ("tel:+49-30-123;phone-context=x;ext=12", "+4930123;ext=12"),
        ("030 / 123 45-6", "030123456"),
        ("(030) 123456", "030123456"),
        ("+49 (0)30 123", "+4930123"),
        ("0049 30 123", "004930123"),
        ("callto:123", "123"),
        (" *97# ", "*97#"),
        ("sip:Anna@Example.org", "sip:Anna@Example.org"),
        (" anna@example.org ", "anna@example.org"),
        ("anna.lindner", "anna.lindner"),
        ("", ""),
        ("+49\u00a030\u2013123", "+4930123"),
    ],
)
def test_number_is_cleaned(typed: str, dialled: str) -> None:
    assert cleaned(typed) == dialled


@pytest.mark.parametrize(
    ("number", "plan", "dialled"),
    [
        ("0301", "|^0(.*)$|+49\\1|", "+49301"),
        ("0301", "|0(.+)|9\\1 |.*|x|", "9301"),
        ("abc", "|ABC|1|i", "1"),
        ("abc", "|ABC|1|", "abc"),
        ("12", "|12|sip:12@\\d|", "sip:12@example.org"),
        ("12", "", "12"),
        ("12", "|(|x| |[|y| nonsense | || |12|ok|", "ok"),
        ("12", "|12|\\9|", "12"),
        ("12", "!12!34!", "34"),
        ("0301;ext=12", r"|0(\d+)|+49\1|", "+49301;ext=12"),
    ],
)
def test_plan_changes_the_number(number: str, plan: str, dialled: str) -> None:
    assert planned(number, plan, "example.org") == dialled


BERLIN = r"|^00([1-9]\d+)$|+\1| |^0([1-9]\d+)$|+49\1| |^([1-9]\d{2,})$|+4930\1|"


@pytest.mark.parametrize(
    "typed",
    [
        *("030 / 123 45-6", "(030) 123456", "+49 (0)30 123456", "0049 30 123456", "tel:+49-30-123456", "030.123.456"),
        *("+49 30 123456", "00 49 (0) 30 / 12 34 56", "123456", "callto:030123456", "+49\u00a030\u2013123456"),
    ],
)
def test_every_usual_spelling_becomes_one_number(typed: str) -> None:
    assert normal(typed, BERLIN) == "+4930123456"


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_that_is_typed_breaks_the_plan(number: str, plan: str) -> None:
    assert isinstance(planned(cleaned(number), plan, "example.org"), str)
