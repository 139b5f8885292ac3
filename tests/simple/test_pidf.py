"""Presence documents of the IETF."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.presence import Availability, Presence
from snomtui.simple.pidf import build_pidf, parse_pidf

PUBLISHED = """<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
 xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="sip:alice@pbx.test">
<tuple id="t1"><status><basic>{basic}</basic></status><note>{note}</note></tuple>
<dm:person id="p1"><rpid:activities><rpid:{activity}/></rpid:activities></dm:person>
</presence>"""


@pytest.mark.parametrize(
    ("basic", "activity", "meaning"),
    [
        ("open", "on-the-phone", Availability.IN_A_CALL),
        ("open", "busy", Availability.BUSY),
        ("open", "away", Availability.AWAY),
        ("open", "meeting", Availability.IN_A_MEETING),
        ("open", "meal", Availability.BE_RIGHT_BACK),
        ("open", "vacation", Availability.AWAY),
        ("open", "unknown", Availability.AVAILABLE),
        ("open", "juggling", Availability.AVAILABLE),
        ("closed", "on-the-phone", Availability.OFFLINE),
        (" OPEN ", "working", Availability.AVAILABLE),
        ("", "busy", Availability.BUSY),
        ("", "unknown", Availability.UNKNOWN),
    ],
)
def test_phone_reads_basic_status_and_activity(basic: str, activity: str, meaning: Availability) -> None:
    entity, presence = parse_pidf(PUBLISHED.format(basic=basic, activity=activity, note="Hof").encode())
    assert (entity, presence.availability, presence.note) == ("sip:alice@pbx.test", meaning, "Hof")


def test_phone_reads_documents_with_prefixes_on_everything() -> None:
    text = (
        '<p:presence xmlns:p="urn:ietf:params:xml:ns:pidf" xmlns:d="urn:ietf:params:xml:ns:pidf:data-model"'
        ' xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" entity="pres:bob@pbx.test"><p:tuple id="a"><p:status>'
        "<p:basic>open</p:basic></p:status></p:tuple><d:person id='b'><r:activities><r:busy/><r:on-the-phone/>"
        "</r:activities><d:note>On the phone</d:note></d:person></p:presence>"
    )
    expected = Presence(Availability.IN_A_CALL, "on-the-phone", "On the phone")
    assert parse_pidf(text.encode()) == ("pres:bob@pbx.test", expected)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("<im>Lunch</im>", Availability.BE_RIGHT_BACK),
        ("<im>do not disturb</im>", Availability.DND),
        ("<im>open</im>", Availability.AVAILABLE),
        ("<activities><activity>away</activity></activities>", Availability.AWAY),
        ("<activities><other>Do not disturb</other></activities>", Availability.DND),
        ("<activities><note>busy</note></activities>", Availability.AVAILABLE),
    ],
)
def test_phone_reads_the_words_of_older_programs(status: str, meaning: Availability) -> None:
    text = f'<presence entity="sip:a@b"><tuple id="t"><status><basic>open</basic>{status}</status></tuple></presence>'
    assert parse_pidf(text.encode())[1].availability is meaning


def test_phone_sees_who_sits_idle() -> None:
    text = (
        "<presence><tuple><status><basic>open</basic></status></tuple><person><user-input>idle</user-input></person>"
        "</presence>"
    )
    assert parse_pidf(text.encode()) == ("", Presence(Availability.INACTIVE))


def test_one_open_tuple_is_enough_to_be_there() -> None:
    each = "<tuple><status><basic>{}</basic></status></tuple>"
    text = f"<presence>{each.format('closed')}{each.format('open')}</presence>"
    assert parse_pidf(text.encode())[1].availability is Availability.AVAILABLE


def test_nothing_is_known_without_any_status() -> None:
    assert parse_pidf(b"<presence/>") == ("", Presence())


@pytest.mark.parametrize("meaning", list(Availability))
def test_every_state_that_is_published_reads_back(meaning: Availability) -> None:
    data = build_pidf("sip:alice@pbx.test", Presence(meaning, note="Hof"), "snom370-000413231234")
    expected = Availability.OFFLINE if meaning is Availability.UNKNOWN else meaning
    entity, presence = parse_pidf(data)
    assert (entity, presence.availability, presence.note) == ("sip:alice@pbx.test", expected, "Hof")


def test_phone_writes_no_prefix_where_others_would_not_find_the_element() -> None:
    data = build_pidf("sip:alice@pbx.test", Presence(Availability.IN_A_CALL), "snom370-000413231234")
    assert b'<tuple id="snom370-000413231234"><status><basic>open</basic>' in data
    assert b"<rpid:activities><rpid:busy/><rpid:on-the-phone/></rpid:activities>" in data


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40), st.text(max_size=20))
def test_notes_and_names_cannot_break_out(text: str, name: str) -> None:
    note = f'{text}<&">\n</note><x/>'.strip()
    entity, presence = parse_pidf(build_pidf(f"sip:{name}", Presence(Availability.BUSY, note=note), name))
    assert presence == Presence(Availability.BUSY, "busy", note)


@pytest.mark.parametrize("data", [b"", b"<list/>", b"<!DOCTYPE presence><presence/>"])
def test_phone_refuses_another_document(data: bytes) -> None:
    with pytest.raises(MalformedXml):
        parse_pidf(data)


@given(st.binary(max_size=200))
def test_phone_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    for each in (data, b"<presence><tuple>" + data + b"</tuple></presence>"):
        with contextlib.suppress(MalformedXml):
            parse_pidf(each)
