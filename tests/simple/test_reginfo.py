"""What a registrar has bound to an address."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.simple.reginfo import BoundContact, parse_reginfo

RFC_3680 = b"""<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="partial">
  <registration aor="sip:joe@example.com" id="a7" state="active">
    <contact id="76" state="active" event="registered" duration-registered="0">
      <uri>sip:joe@pc34.example.com</uri></contact>
    <contact id="77" state="terminated" event="probation" retry-after="36001"><uri>sip:joe@pc35.example.com</uri>
      <unknown-param name="+sip.instance">"&lt;urn:uuid:ABC&gt;"</unknown-param></contact>
  </registration>
</reginfo>"""


def test_phone_reads_the_document_of_the_rfc() -> None:
    info = parse_reginfo(RFC_3680)
    assert (info.version, info.full, info.over) == (1, False, False)
    assert info.contacts == (
        BoundContact("sip:joe@pc34.example.com", "active", "registered"),
        BoundContact("sip:joe@pc35.example.com", "terminated", "probation", 36001, "<urn:uuid:abc>"),
    )
    assert [contact.over for contact in info.contacts] == [False, True]


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("<reginfo/>", False),
        ("<reginfo><registration state='terminated'/></reginfo>", True),
        ("<reginfo><registration state='Terminated '/><registration state='active'/></reginfo>", False),
        ("<r:reginfo xmlns:r='urn:ietf:params:xml:ns:reginfo'><r:registration state='terminated'/></r:reginfo>", True),
    ],
)
def test_registration_that_is_over_is_seen(text: str, over: bool) -> None:
    assert parse_reginfo(text.encode()).over is over


@pytest.mark.parametrize("data", [b"", b"<x/>", b"<!DOCTYPE reginfo><reginfo/>", b"<reginfo>" + b" " * 1_000_000])
def test_phone_refuses_what_is_no_such_document(data: bytes) -> None:
    with pytest.raises(MalformedXml):
        parse_reginfo(data)


@given(st.binary(max_size=200))
def test_phone_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    for each in (data, b"<reginfo><registration><contact>" + data + b"</contact></registration></reginfo>"):
        with contextlib.suppress(MalformedXml):
            parse_reginfo(each)
