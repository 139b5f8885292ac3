"""Publishing: versions, ready-made publications, faults."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.ocs.categories import Note, Opaque
from snomtui.ocs.publication import (
    Fault,
    Instances,
    Publication,
    build_fault,
    build_publish,
    corrected,
    device,
    instances,
    machine_state,
    parse_fault,
    parse_publish,
    personal_note,
    phone_state,
    user_state,
    with_versions,
    withdrawn,
)
from snomtui.ocs.state import Activity, State
from snomtui.presence import Availability
from tests.ocs.samples import PUBLISH, same

EPID = "0004135a2b"
HEIKO = "sip:heiko@ucc.test"


def test_instances_come_from_the_first_eight_digits_of_the_epid() -> None:
    assert instances(EPID) == Instances(267098, 805323061, 0x20000000, 0x40004135, 2147500341)
    assert instances("zz").device == 0 and instances("ffffffffff").phone == 0x8FFFFFFF


def test_phone_publishes_its_device_and_its_state_at_sign_in() -> None:
    publications = (*device(EPID, HEIKO, "SNOM820"), *machine_state(EPID))
    assert same(build_publish(HEIKO, publications), PUBLISH)


def test_server_reads_what_a_client_publishes() -> None:
    uri, publications = parse_publish(PUBLISH.encode())
    assert uri == HEIKO and [each.key for each in publications] == [
        ("device", 267098, 2),
        ("state", 805323061, 2),
        ("state", 805323061, 3),
    ]
    assert isinstance(publications[0].body, Opaque)
    assert isinstance(publications[1].body, State) and publications[1].body.availability == 3500
    assert same(build_publish(uri, publications), PUBLISH)


def test_phone_publishes_that_it_is_in_a_call_and_takes_it_back() -> None:
    call = phone_state(EPID)
    data = build_publish(HEIKO, call)
    assert data.count(b'<activity token="on-the-phone" minAvailability="6500" maxAvailability="8999"/>') == 2
    assert [each.container for each in call] == [2, 3]
    gone = withdrawn(with_versions(call, {call[0].key: 4}))
    assert b'<publication categoryName="state" instance="2147500341" container="2" version="4" ' in build_publish(
        "", gone
    )
    assert build_publish("", gone).count(b'expireType="endpoint" expires="0"/>') == 2
    assert all(each.removes and each.body is None for each in parse_publish(build_publish("", gone))[1])


def test_phone_publishes_a_conference_as_such() -> None:
    body = phone_state(EPID, conference=True)[0].body
    assert isinstance(body, State) and body.availability == 7000
    assert body.activity == Activity("in-a-conference", minimum=7000, maximum=8999)


def test_what_a_person_chooses_outlives_the_device() -> None:
    chosen = user_state(Availability.OFFLINE)
    assert {(each.instance, each.expire_type) for each in chosen} == {(0x20000000, "static")}
    assert isinstance(chosen[0].body, State) and (chosen[0].body.availability, chosen[0].body.manual) == (18500, True)


def test_note_goes_to_colleagues_and_an_empty_one_is_taken_away() -> None:
    note = personal_note("<&\"\n'")
    assert [each.container for each in note] == [200, 300, 400]
    assert parse_publish(build_publish(HEIKO, note))[1] == note
    assert note[0].body == Note("<&\"\n'")
    assert all(each.removes for each in personal_note(""))


def test_server_stores_the_next_version() -> None:
    stored = Publication("note", 0, 200, 6, "static", body=Note("x")).stored(12.0)
    assert (stored.version, stored.publish_time, stored.key) == (7, 12.0, ("note", 0, 200))


def test_client_corrects_its_versions_after_a_fault() -> None:
    expected = (
        '<Fault xmlns="http://schemas.microsoft.com/2006/09/sip/service-fault">'
        "<Faultcode>Client.BadCall.WrongDelta</Faultcode>"
        '<details><operation index="2" curVersion="7"/></details></Fault>'
    )
    fault = Fault(((2, 7),))
    assert build_fault(fault) == expected.encode()
    assert parse_fault(expected.encode()) == fault
    assert [each.version for each in corrected(machine_state(EPID), fault)] == [0, 7]


def test_expiry_that_cannot_be_read_removes_nothing() -> None:
    _, (publication,) = parse_publish(b'<publish><publications><publication expires="soon"/></publications></publish>')
    assert publication.expires is None and not publication.removes
    assert parse_publish(b"<publish/>") == ("", ())


@given(st.binary(max_size=200))
def test_server_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    wrapped = b"<publish><publications><publication>" + data + b"</publication></publications></publish>"
    for each in (data, wrapped):
        for reader in (parse_publish, parse_fault):
            with contextlib.suppress(MalformedXml):
                reader(each)
