"""Why a front end refuses, in words."""

from __future__ import annotations

import pytest

from snomtui.ocs.diagnostics import diagnostics, why_of
from snomtui.sip.headers import Headers
from snomtui.sip.message import Response


@pytest.mark.parametrize(
    ("header", "text", "why"),
    [
        ("ms-diagnostics", '2007;reason="Contact limit exceeded";source="x"', "Contact limit exceeded (403)"),
        ("ms-diagnostics-public", '4004; Reason = "Not yours"', "Not yours (403)"),
        ("ms-diagnostics", "2007;source=x", "Forbidden (403)"),
        ("ms-diagnostics", '2007;reason=""', "Forbidden (403)"),
        ("Warning", "310 x", "Forbidden (403)"),
    ],
)
def test_reason_is_the_servers_own_if_it_gives_one(header: str, text: str, why: str) -> None:
    assert why_of(Response(403, "Forbidden", Headers.of((header, text)))) == why


def test_answer_without_any_reason_is_a_refusal_all_the_same() -> None:
    assert why_of(Response(499, "", Headers.of())) == "The server refused (499)"


def test_quotation_marks_in_the_words_do_not_end_the_reason() -> None:
    header = diagnostics(4001, 'no element "a"', "sip.ucc.test")
    assert header == ("ms-diagnostics", '4001;reason="no element \'a\'";source="sip.ucc.test"')
    assert why_of(Response(400, "Bad Request", Headers.of(header))) == "no element 'a' (400)"
