"""Searching the directory."""

from __future__ import annotations

import pytest

from snomtui.errors import MalformedXml
from snomtui.ocs.directory import Entry, Search, build_found, build_rows, build_search, parse_found, search_in
from snomtui.ocs.soap import soap_body
from snomtui.presence import Contact

# What a stranger's client sends: other prefixes, line breaks, attributes without a namespace.
FOREIGN = b"""<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/">
  <SOAP-ENV:Body>
    <n:directorySearch xmlns:n="http://schemas.microsoft.com/winrtc/2002/11/sip">
      <n:filter href="#who"/><n:maxResults>7</n:maxResults>
    </n:directorySearch>
    <n:Array xmlns:n="http://schemas.microsoft.com/winrtc/2002/11/sip" id="who">
      <n:row attrib="givenName" value="Ju"/><n:row attrib="c" value=""/>
    </n:Array>
  </SOAP-ENV:Body>
</SOAP-ENV:Envelope>"""


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("Riedel", (("displayName", "Riedel"),)),
        ("  Julia   Falk ", (("givenName", "Julia"), ("sn", "Falk"))),
        ("julia.falk@ucc.de", (("msRTCSIP-PrimaryUserAddress", "sip:julia.falk@ucc.de"),)),
        ("+49 (30) 1234-56", (("telephoneNumber", "+4930123456"),)),
        ("<O'Brien & sons> Ltd", (("displayName", "<O'Brien & sons> Ltd"),)),
    ],
)
def test_a_search_survives_the_way_to_the_server(typed: str, rows: tuple[tuple[str, str], ...]) -> None:
    assert search_in(soap_body(build_search(typed, 20))) == Search(rows, 20)


def test_a_search_of_another_client_is_read() -> None:
    assert search_in(soap_body(FOREIGN)) == Search((("givenName", "Ju"),), 7)


@pytest.mark.parametrize("rows", [(), (("sn", "a"),) * 21])
def test_a_search_for_nothing_or_for_too_much_is_refused(rows: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(MalformedXml):
        search_in(soap_body(build_rows(Search(rows))))


def test_who_is_found_becomes_contacts() -> None:
    data = build_found(
        [
            Entry("sip:Jan@ucc.de", 'Jan "D" <Dierich>', "+49 30 123456", "jan@ucc.de", title="Cook"),
            Entry("sip:eva@ucc.de", "Eva", "ask the desk"),
        ],
        more=True,
    )
    people = (Contact("sip:jan@ucc.de", 'Jan "D" <Dierich>', ("+4930123456",)), Contact("sip:eva@ucc.de", "Eva"))
    assert parse_found(data) == (people, True)


def test_nobody_found_is_an_empty_answer() -> None:
    assert parse_found(build_found([], more=False)) == ((), False)
