"""Numbers as people write them, and what is made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import LocalError
from snomtui.remote.driving.numbers import Rules, cleaned, code_in, found_in

BERLIN = Rules("49", "30")


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("+49 (0)30 / 12-34", "+49301234"),
        ("0049 (0) 30", "004930"),
        ("(030) 12.34", "0301234"),
        ("(0)30 12", "03012"),
        ("tel:+49-30-1;phone-context=x", "+49301"),
        ("TEL:+49%2030%201", "+49301"),
        ("callto:%2B4930", "+4930"),
        ("callto://4711", "4711"),
        ("callto:tel:+4930", "+4930"),
        ("sip:+4930", "+4930"),
        ("sip:jan.x@ucc.test", "sip:jan.x@ucc.test"),
        ("SIPS:jan@ucc.test;transport=tls?Replaces=a%3bb", "sips:jan@ucc.test;transport=tls"),
        ("jan.x", "jan.x"),
        ("jürgen", "jürgen"),
        ("300alice", "300alice"),
        ("*21*5#", "*21*5#"),
        ("0800-FLOWERS", "08003569377"),
        ("1-800 flowers", "18003569377"),
        ("＋４９ ３０", "+4930"),
        ("٠٣٠ ١٢٣", "030123"),
        ("+49\u00a030\u2011123\u200b\u202d4", "+49301234"),
        ("030\u2013123\u2212\u20444", "0301234"),
        ("tel:", ""),
    ],
)
def test_number_is_cleaned_for_phones_that_do_not(written: str, wanted: str) -> None:
    assert cleaned(written) == wanted


@given(st.text(max_size=50))
def test_cleaning_never_fails_and_cleans_once(text: str) -> None:
    once = cleaned(text)
    assert cleaned(once) == once or ":" in text or "(" in text or max(text, default="") >= "\u00aa"
    found_in(text)


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("030123456", "+4930123456"),
        ("1234567", "+49301234567"),
        ("004315", "+4315"),
        ("+4315", "+4315"),
        ("112", "112"),
        ("4711", "4711"),
        ("*21#", "*21#"),
        ("sip:a@b", "sip:a@b"),
        ("jan", "jan"),
    ],
)
def test_number_gets_its_country_where_that_is_known(number: str, wanted: str) -> None:
    assert BERLIN.e164(number) == wanted
    assert Rules().e164(number) == number


def test_countries_differ() -> None:
    assert Rules("39", trunk="").e164("0612345678") == "+390612345678"
    america = Rules("1", "212", trunk="1", international="011")
    assert [america.e164(n) for n in ("2125551234", "12125551234", "5551234", "01149301")] == [
        "+12125551234",
        "+12125551234",
        "+12125551234",
        "+49301",
    ]
    assert Rules("49").e164("1234567") == "1234567"  # no area is known, so nothing is guessed


@pytest.mark.parametrize(
    ("rules", "national", "abroad", "short"),
    [
        (Rules(), "0301234567", "+4315", "112"),
        (BERLIN, "+49301234567", "+4315", "112"),
        (Rules("49", form="00"), "0049301234567", "004315", "112"),
        (Rules("49", form="national"), "0301234567", "004315", "112"),
        (Rules("49", prefix="0"), "00049301234567", "0004315", "112"),
        (Rules("49", prefix="0", form="national"), "00301234567", "0004315", "112"),
        (Rules(prefix="9"), "90301234567", "9004315", "112"),
    ],
)
def test_phone_gets_the_number_as_it_wants_it(rules: Rules, national: str, abroad: str, short: str) -> None:
    assert [rules.dialled(number) for number in ("0301234567", "+4315", "112")] == [national, abroad, short]


@pytest.mark.parametrize("wrong", [{"country": "+49"}, {"form": "x"}, {"internal": 99}, {"prefix": "1" * 9}])
def test_rules_that_cannot_be_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(LocalError, match=next(iter(wrong))):
        Rules(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Call +49 30 123456 or 0171/1234567 on 23.11.2026 10:30, 192.168.10.20", ["+49 30 123456", "0171/1234567"]),
        ("Tel. (030) 123 45-67.", ["(030) 123 45-67"]),
        ("Jan (tel:+4930123)", ["tel:+4930123"]),
        ("  +49\u00a030 123456\n", ["+49 30 123456"]),
        ("4711", ["4711"]),
        ("*21#", ["*21#"]),
        ("tel:+49-30-1", ["tel:+49-30-1"]),
        ("nothing", []),
        ("030 12345, Fax 030 12346", ["030 12345", "030 12346"]),
        ("030 12345 and 030-12345", ["030 12345"]),
        ("EUR 1.234.567 on 2026-11-23 at 10:30", []),
        ("IBAN DE12 5001 0517 5407 3249 31", []),
        ("jan123456@ucc.test 1234567@ucc.test", []),
        ("030 12345\n040 12345", ["030 12345", "040 12345"]),
        ("", []),
    ],
)
def test_numbers_are_found_in_a_text(text: str, wanted: list[str]) -> None:
    assert found_in(text) == wanted


def test_codes_for_the_exchange_are_told_from_numbers() -> None:
    assert code_in("*21*5#") and code_in("#31#030") and not code_in("+4930") and not code_in("sip:*5@x.test")
