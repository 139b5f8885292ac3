"""Telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import LocalError
from snomtui.ocs.numbers import Rule, clean, comparable, in_context, is_number, normalise

BERLIN = (Rule(r"^00(\d+)$", "+$1"), Rule(r"^0([1-9]\d+)$", "+49$1"), Rule(r"^(\d{2,3})$", "+4930555$1"))


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("030 555-12", "+493055512"),
        ("(030) 555/12", "+493055512"),
        ("12", "+493055512"),
        ("0043.1.555", "+431555"),
        ("+49 (0)30 555 12", "+493055512"),
        ("+49 (30) 555 12", "+493055512"),
        ("+1\u00a0415\u2011555", "+1415555"),
        ("4711", None),
        ("*97", None),
        ("jan@ucc.de", None),
        ("", None),
        ("1" * 200, None),
    ],
)
def test_phone_normalises_by_the_first_rule_that_fits(typed: str, number: str | None) -> None:
    assert normalise(typed, BERLIN) == number


def test_first_rule_wins_and_missing_groups_are_empty() -> None:
    assert normalise("12", [Rule("^1(2)(3)?$", "$1$2$9+"), Rule("^12$", "no")]) == "2+"


def test_broken_rule_is_our_own_fault() -> None:
    with pytest.raises(LocalError):
        normalise("12", [Rule("(", "")])


def test_phone_tells_numbers_from_names() -> None:
    assert is_number("+49 30/555-12") and is_number("*97#")
    assert not is_number("jan") and not is_number("") and not is_number("1;2")
    assert clean("jan peter") == "janpeter"


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("tel:+49-30-555-12", "+493055512"),
        ("sip:+493055512@ucc.test;user=phone", "+493055512"),
        ("<SIP:+493055512@ucc.test;user=phone>", "+493055512"),
        ("tel:+493055500;ext=12", "+493055500;ext=12"),
        ("sip:+493055500;ext=12@ucc.test;user=phone", "+493055500;ext=12"),
        ("sip:0305555;phone-context=berlin.ucc.test@ucc.test;user=phone", "0305555"),
        ("callto://+493055512", "+493055512"),
        ("sip:Heiko@UCC.test;transport=tls", "heiko@ucc.test"),
    ],
)
def test_numbers_are_compared_in_one_spelling(text: str, spelling: str) -> None:
    assert comparable(text) == spelling


@given(st.text(max_size=80))
def test_nothing_that_is_typed_breaks_the_rules(text: str) -> None:
    number = normalise(text, BERLIN)
    assert number is None or is_number(number)
    assert "\n" not in (number or "")
    assert comparable(comparable(text)) == comparable(text) or not is_number(comparable(text))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234;phone-context=+4930", "+49301234"),
        ("tel:12-34;phone-context=+49-30;ext=5", "+49301234;ext=5"),
        ("+49301234;phone-context=+4989", "+49301234"),
        ("1234;phone-context=berlin.ucc.test", "1234"),
        ("1234", "1234"),
    ],
)
def test_a_local_number_stands_behind_the_prefix_of_its_context(text: str, number: str) -> None:
    assert in_context(text) == number
