"""Raw queries, numbers and the blanking of secrets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.remote import query


def test_reader_keeps_order_and_plus_signs() -> None:
    assert query.pairs(b"number=+4930&key=A&key=B&RELEASE_ALL_CALLS") == [
        ("number", "+4930"),
        ("key", "A"),
        ("key", "B"),
        ("RELEASE_ALL_CALLS", ""),
    ]


def test_reader_decodes_percent_utf8_and_latin1() -> None:
    assert query.pairs(b"a=J%C3%BCrgen&b=J%FCrgen&c=%zz&amp;d=1") == [
        ("a", "Jürgen"),
        ("b", "Jürgen"),
        ("c", "%zz"),
        ("d", "1"),
    ]


@given(st.binary())
def test_reader_never_fails(raw: bytes) -> None:
    assert all(name for name, _ in query.pairs(raw))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("+4930123", "+4930123"),
        (" 4930123", "+4930123"),
        (" +4930123", "+4930123"),
        (" 0301234", "0301234"),
        ("+49+30+123", "+49 30 123"),
        ("030+123", "030 123"),
        ("++49", "+49"),
        ("+ (0)30-12/34", "+ (0)30-12/34"),
        ("*21#", "*21#"),
        ("tel:+49+30", "tel:+49 30"),
        ("sip:+49301@ucc.test;user=phone", "sip:+49301@ucc.test;user=phone"),
        ("a+b@ucc.test", "a+b@ucc.test"),
        ("  ", ""),
        ("%2B4930", "+4930"),
        ("%252B49%252030", "+49 30"),
        ("%2A21%23", "*21#"),
        ("sip%3Ajan%40ucc.test", "sip:jan@ucc.test"),
        ("sip:jan%20b@ucc.test", "sip:jan%20b@ucc.test"),
        ('"Jan, B." <sip:jan@ucc.test>', "sip:jan@ucc.test"),
        ("<sip:jan@ucc.test>;tag=1", "sip:jan@ucc.test"),
        ("callto://+49 30", "callto:+49 30"),
        ("sip:+49 30", "+49 30"),
    ],
)
def test_number_is_read_whatever_became_of_its_plus(value: str, wanted: str) -> None:
    assert query.number(value) == wanted


@given(st.text())
def test_number_never_fails_and_is_stable(value: str) -> None:
    once = query.number(value)
    assert query.number(once) == once


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("Heiko+Riedel", "Heiko Riedel"), ("+4930", "+4930"), ("a b", "a b"), ("+x", " x"), ("a%2Bb", "a+b"), ("", "")],
)
def test_form_value_has_blanks_but_a_number_keeps_its_plus(value: str, wanted: str) -> None:
    assert query.pairs(f"x={value}".encode(), form=True) == [("x", wanted)]


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("/command.htm?number=1", "/command.htm?number=1"),
        ("/dummy.htm?settings=save&http_pass=geheim&x=1", "/dummy.htm?settings=save&http_pass=********&x=1"),
        ("/dummy.htm?http%5Fpass=geheim", "/dummy.htm?http%5Fpass=********"),
        ("/dummy.htm?user_pass1=geheim", "/dummy.htm?user_pass1=********"),
        ("/dummy.htm?admin_mode_password=geheim", "/dummy.htm?admin_mode_password=********"),
        ("/dummy.htm?HTTP_PASS=geheim&amp;http_pass=geheim", "/dummy.htm?HTTP_PASS=********&amp;http_pass=********"),
        ("/dummy.htm?http_pass=", "/dummy.htm?http_pass="),
        ("http://me:geheim@phone/command.htm?key=1", "http://phone/command.htm?key=1"),
        ("/minibrowser.htm?url=http://me:geheim@host/a?b=c@d", "/minibrowser.htm?url=http://host/a?b=c@d"),
        ("/minibrowser.htm?url=http%3A%2F%2fme%3Ageheim%40host%2Fa", "/minibrowser.htm?url=http%3A%2F%2fhost%2Fa"),
        ("/dummy.htm?action_setup_url=http://geheim@host", "/dummy.htm?action_setup_url=http://host"),
        ("/command.htm?number=sip:me@host&x=http://host/b@c", "/command.htm?number=sip:me@host&x=http://host/b@c"),
    ],
)
def test_secrets_are_blanked_in_a_target(target: str, wanted: str) -> None:
    assert query.blanked(target) == wanted
