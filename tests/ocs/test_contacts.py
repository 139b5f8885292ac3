"""The contact list, its changes, and the SOAP that causes them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.ocs.contacts import (
    ContactDelta,
    ContactList,
    Group,
    ListedContact,
    build_contact_delta,
    build_contact_list,
    parse_contact_delta,
    parse_contact_list,
)
from snomtui.ocs.soap import (
    AddGroup,
    DeleteContact,
    DeleteGroup,
    ModifyGroup,
    Request,
    SetContact,
    build_group_added,
    build_soap,
    request_in,
    soap_body,
)
from snomtui.presence import Contact
from tests.ocs.samples import group_added, same

LIST = """<contactList deltaNum="7">
  <group id="1" name="~" externalURI=""/>
  <group id="2" name="Team Wedding" externalURI=""/>
  <contact uri="clara@ucc.test" name="" groups="1" subscribed="true" externalURI=""/>
  <contact uri="bert@ucc.test" name="Bert (Lager)" groups="1 2" subscribed="true" externalURI=""/>
</contactList>"""

DELTA = (
    '<contactDelta deltaNum="8" prevDeltaNum="7"><addedContact uri="sip:dora@ucc.test" name="Dora" groups="1 2"'
    ' subscribed="true" externalURI=""/></contactDelta>'
)

SOAP = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
    xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><s:Body>
  <m:setContact><m:displayName>Dora</m:displayName><m:groups>1 2</m:groups><m:subscribed>true</m:subscribed>
    <m:URI>sip:dora@ucc.test</m:URI><m:externalURI/><m:deltaNum>7</m:deltaNum></m:setContact></s:Body></s:Envelope>"""

DORA = ListedContact("sip:dora@ucc.test", "Dora", (1, 2))


def the_list() -> ContactList:
    return parse_contact_list(LIST.encode())


def test_phone_reads_the_list() -> None:
    contacts = the_list()
    assert contacts.delta == 7 and contacts.groups == (Group(1, "~"), Group(2, "Team Wedding"))
    assert contacts.find("Bert@UCC.test") == ListedContact("sip:bert@ucc.test", "Bert (Lager)", (1, 2))
    assert contacts.people()[1] == Contact(
        "sip:bert@ucc.test", "Bert (Lager)", groups=("Other contacts", "Team Wedding")
    )


def test_server_builds_the_list() -> None:
    assert same(build_contact_list(the_list()), LIST)


@pytest.mark.parametrize("uri", ["clara@ucc.test", "sip:clara@ucc.test", "SIP:Clara@UCC.Test", " clara@ucc.test "])
def test_phone_takes_contacts_with_and_without_scheme(uri: str) -> None:
    (contact,) = parse_contact_list(f'<contactList deltaNum="1"><contact uri="{uri}"/></contactList>'.encode()).contacts
    assert contact == ListedContact("sip:clara@ucc.test", "", (1,), True)


def test_phone_leaves_out_contacts_without_an_address() -> None:
    assert parse_contact_list(b'<contactList><contact name="x"/><other/></contactList>').contacts == ()


def test_phone_applies_a_change() -> None:
    change = parse_contact_delta(DELTA.encode())
    assert change == ContactDelta(8, 7, added=(DORA,))
    assert same(build_contact_delta(change), DELTA)
    after = the_list().apply(change)
    assert after is not None and after.delta == 8 and after.find("dora@ucc.test") == DORA


def test_phone_notices_a_change_that_it_missed() -> None:
    assert the_list().apply(ContactDelta(10, 9)) is None
    assert the_list().apply(ContactDelta(10, 0)) is not None


def test_every_kind_of_change_travels() -> None:
    change = ContactDelta(
        9, 8, (DORA,), (ListedContact("sip:a@b", '<&"\n', (3,), False),), ("sip:x@y",), (Group(3, "<&"),), (), (4, 5)
    )
    assert parse_contact_delta(build_contact_delta(change)) == change


def test_client_adds_a_contact_by_soap() -> None:
    request = SetContact(DORA, 7)
    assert same(build_soap(request), SOAP)
    assert read(SOAP.encode()) == request


@pytest.mark.parametrize(
    "request_",
    [
        SetContact(ListedContact("sip:a@b", '<&"\n>', (1,), False), 3),
        DeleteContact("sip:a@b", 4),
        AddGroup("R & D <x>", 5),
        ModifyGroup(Group(2, "R"), 6),
        DeleteGroup(2, 7),
    ],
)
def test_every_request_travels(request_: Request) -> None:
    assert read(build_soap(request_)) == request_


@pytest.mark.parametrize(
    "data",
    [
        b"<Envelope/>",
        b"<Envelope><Body/></Envelope>",
        b"<Envelope><Body><setPresence/></Body></Envelope>",
        b"<Body/>",
    ],
)
def test_server_refuses_soap_that_is_none_of_the_five(data: bytes) -> None:
    with pytest.raises(MalformedXml):
        read(data)


def test_answer_tells_the_number_of_a_new_group() -> None:
    assert group_added(build_group_added(12)) == 12


def read(data: bytes) -> Request:
    """The request in an envelope."""
    return request_in(soap_body(data))


@given(st.binary(max_size=200))
def test_readers_raise_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    for reader in (parse_contact_list, parse_contact_delta, read):
        for each in (
            data,
            b"<contactList>" + data + b"</contactList>",
            b"<Envelope><Body>" + data + b"</Body></Envelope>",
        ):
            with contextlib.suppress(MalformedXml):
                reader(each)


def test_a_name_that_is_only_the_address_is_none() -> None:
    listed = ContactList(
        1,
        (Group(1, "~"),),
        (ListedContact("sip:dora@ucc.test", "Dora@ucc.test"), ListedContact("sip:bert@ucc.test", "Bert (Lager)")),
    )
    assert [each.name for each in listed.people()] == ["", "Bert (Lager)"]
