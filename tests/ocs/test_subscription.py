"""Batched subscriptions, multipart answers, provisioning."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.ocs import multipart
from snomtui.ocs.categories import CATEGORIES_TYPE, Category, Note, parse_categories, presence_of
from snomtui.ocs.provisioning import (
    build_provisioning,
    build_provisioning_request,
    encryption,
    parse_provisioning,
    parse_provisioning_request,
)
from snomtui.ocs.subscription import (
    BATCH_TYPE,
    RLMI_TYPE,
    BatchSub,
    Resource,
    Watched,
    build_batch_sub,
    build_watched,
    parse_batch_sub,
    parse_watched,
    version_of,
    watched_type,
)
from snomtui.presence import Availability
from snomtui.sip.multipart import parts_of
from tests.ocs.samples import CLARA, same

BATCH = """<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="sip:heiko@ucc.test" name="">
 <action name="subscribe" id="4711"><adhocList>
   <resource uri="sip:clara@ucc.test"/><resource uri="sip:dora@ucc.test"><context/></resource></adhocList>
  <categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist">
   <category name="state"/><category name="contactCard"/><category name="note"/><category name="calendarData"/>
  </categoryList></action></batchSub>"""

LIST = """<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:heiko@ucc.test" version="0" fullState="true">
 <resource uri="sip:clara@ucc.test"><instance id="0" state="active" cid="clara@ucc.test"/></resource>
 <resource uri="sip:paul@partner.test"><instance id="0" state="resubscribe" cid="paul@partner.test"
  poolFqdn="sip:pool2.ucc.test"/></resource></list>"""

WISH = BatchSub("sip:heiko@ucc.test", (Resource("sip:clara@ucc.test"), Resource("sip:dora@ucc.test", True)), id="4711")
PAUL = Watched("sip:paul@partner.test", (), "resubscribe", "sip:pool2.ucc.test")


def clara() -> Watched:
    return Watched(*parse_categories(CLARA.encode()))


def answer() -> bytes:
    return build_watched("sip:heiko@ucc.test", [clara(), PAUL], "B")


def test_phone_asks_for_many_at_once() -> None:
    assert same(build_batch_sub(WISH), BATCH)


def test_server_reads_whom_a_client_wants_to_watch() -> None:
    assert parse_batch_sub(BATCH.encode()) == WISH


def test_client_may_stop_watching_some() -> None:
    wish = BatchSub("sip:a@b", (Resource("sip:c@d"),), ("state",), "7", ("sip:e@f",))
    assert parse_batch_sub(build_batch_sub(wish)) == wish
    assert parse_batch_sub(build_batch_sub(BatchSub("sip:a@b", (), (), "7", ("sip:e@f",)))).dropped == ("sip:e@f",)


def test_server_answers_with_a_list_and_the_categories_of_each() -> None:
    listed, categories = parts_of("multipart/related;boundary=B", answer())
    assert (listed.cid, listed.kind) == ("resourceList", RLMI_TYPE)
    assert (categories.cid, categories.kind) == ("clara@ucc.test", CATEGORIES_TYPE)
    assert same(listed.body, LIST) and same(categories.body, CLARA)
    assert version_of(listed.body) == 0


def test_server_puts_an_empty_line_before_every_boundary() -> None:
    data = answer()
    assert data.startswith(b"--B\r\n") and data.endswith(b">\r\n\r\n--B--\r\n")
    assert data.count(b"--B") == data.count(b">\r\n\r\n--B") + 1


def test_phone_reads_the_answer() -> None:
    content_type = 'multipart/related;type="application/rlmi+xml";start=resourceList;boundary=B'
    assert watched_type("B") == content_type
    assert parse_watched(answer(), content_type) == (clara(), PAUL)


@pytest.mark.parametrize("quoted", ['multipart/related; boundary="B"', "Multipart/Related; BOUNDARY=B ;type=x"])
def test_phone_reads_line_feeds_and_other_spellings_of_the_type(quoted: str) -> None:
    data = b"preamble\n" + answer().replace(b"\r\n\r\n--B", b"\n--B").replace(b"\r\n", b"\n")
    assert parse_watched(data, quoted) == (clara(), PAUL)


def test_phone_reads_a_later_change_of_one_person() -> None:
    (person,) = parse_watched(CLARA.encode(), f"{CATEGORIES_TYPE};charset=utf-8")
    assert presence_of(person.categories).availability is Availability.IN_A_CALL


def test_phone_reads_a_list_alone() -> None:
    assert parse_watched(LIST.encode(), RLMI_TYPE) == (Watched("sip:clara@ucc.test"), PAUL)


def test_broken_part_costs_itself_only() -> None:
    parts = [("x", CATEGORIES_TYPE, b"<broken"), ("y", "text/plain", b"hello"), ("z", CATEGORIES_TYPE, CLARA.encode())]
    assert parse_watched(multipart.join(parts, "B"), "multipart/related;boundary=B") == (clara(),)
    with pytest.raises(MalformedXml):
        parse_watched(multipart.join(parts[:2], "B"), "multipart/related;boundary=B")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/related", ""])
def test_phone_refuses_presence_of_an_unknown_type(kind: str) -> None:
    with pytest.raises(MalformedXml):
        parse_watched(answer(), kind)


def test_note_of_a_person_cannot_forge_a_part() -> None:
    note = Category("note", 0, body=Note("x\r\n--B--\r\n"))
    watched = (Watched("sip:a@b\r\nX: y", (note,)),)
    (person,) = parse_watched(build_watched("sip:h@u", watched, "random77"), watched_type("random77"))
    assert person.categories == (Category("note", 0, body=Note("x\r\n--B--")),)


@given(st.binary(max_size=200))
def test_phone_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    for body in (data, b"--B\r\n" + data + b"\r\n--B\r\n\r\n" + data + b"\r\n--B--"):
        for kind in (watched_type("B"), CATEGORIES_TYPE, RLMI_TYPE):
            with contextlib.suppress(MalformedXml):
                parse_watched(body, kind)


@given(st.binary(max_size=200))
def test_server_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    for reader in (parse_batch_sub, parse_provisioning, parse_provisioning_request):
        with contextlib.suppress(MalformedXml):
            reader(data)


def test_batch_type_is_the_one_of_category_lists() -> None:
    assert BATCH_TYPE == "application/msrtc-adrl-categorylist+xml"


def test_provisioning_travels_both_ways() -> None:
    expected = """<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">
      <provisionGroup name="ServerConfiguration">
        <ucPC2PCAVEncryption>SupportEncryption</ucPC2PCAVEncryption>
        <ucPortRangeEnabled>false</ucPortRangeEnabled>
      </provisionGroup>
      <provisionGroup name="ucPolicy"/>
    </provisionGroupList>"""
    values = parse_provisioning(expected.encode())
    assert values == {
        "ServerConfiguration": {"ucPC2PCAVEncryption": "SupportEncryption", "ucPortRangeEnabled": "false"},
        "ucPolicy": {},
    }
    assert same(build_provisioning(values), expected)
    assert encryption(values) == "SupportEncryption" and encryption({}) == "RequireEncryption"


def test_phone_reads_property_lists_as_values() -> None:
    text = (
        '<provisionGroupList><provisionGroup name="endpointConfiguration"><propertyEntryList>'
        '<property name="EnableIM">true</property></propertyEntryList></provisionGroup></provisionGroupList>'
    )
    assert parse_provisioning(text.encode())["endpointConfiguration"]["EnableIM"] == "true"


def test_client_asks_for_groups_of_provisioning() -> None:
    assert parse_provisioning_request(build_provisioning_request()) == (
        "ServerConfiguration",
        "meetingPolicy",
        "ucPolicy",
    )
