"""Who is on the phone."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.simple.dialog_info import Calls, DialogInfo, DialogSeen, Lamp, parse_dialog_info
from snomtui.simple.edition import Freshness

RFC_4235 = b"""<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="1" state="full" entity="sip:alice@example.com">
  <dialog id="as7d900as8" call-id="a84b4c76e66710" local-tag="1928301774" direction="initiator">
    <state event="rejected" code="486">terminated</state>
  </dialog>
  <dialog id="zxcnm3" direction="receiver"><state>early</state>
    <remote><identity display="Anonymous">sip:anonymous@anonymous.invalid</identity></remote></dialog>
</dialog-info>"""

KAMAILIO = b"""<?xml version="1.0"?>
<d:dialog-info xmlns:d="urn:ietf:params:xml:ns:dialog-info" version="00000000003" state="full"
 entity="sip:bob@pbx.test">
<d:dialog id="x1" call-id="c" direction="recipient"><d:state>confirmed</d:state>
<d:remote><d:identity display="Carol">sip:carol@pbx.test;transport=tls</d:identity><d:target uri="sip:carol@1.2.3.4"/>
</d:remote></d:dialog></d:dialog-info>"""


def seen(state: str, direction: str = "recipient", id: str = "1") -> DialogSeen:
    """One dialog."""
    return DialogSeen(id, state, direction)


def test_phone_reads_the_document_of_the_rfc() -> None:
    info = parse_dialog_info(RFC_4235)
    assert (info.entity, info.version, info.full) == ("sip:alice@example.com", 1, True)
    assert info.dialogs == (
        DialogSeen("as7d900as8", "terminated", "initiator"),
        DialogSeen("zxcnm3", "early", "receiver", "sip:anonymous@anonymous.invalid", "Anonymous"),
    )


def test_phone_reads_prefixes_and_leading_zeros() -> None:
    info = parse_dialog_info(KAMAILIO)
    assert info.version == 3
    assert info.dialogs == (DialogSeen("x1", "confirmed", "recipient", "sip:carol@pbx.test;transport=tls", "Carol"),)


@pytest.mark.parametrize(
    ("state", "direction", "lamp"),
    [
        ("trying", "initiator", Lamp.BUSY),
        ("trying", "recipient", Lamp.IDLE),
        ("proceeding", "initiator", Lamp.BUSY),
        ("proceeding", "recipient", Lamp.RINGING),
        ("early", "initiator", Lamp.BUSY),
        ("early", "recipient", Lamp.RINGING),
        ("early", "", Lamp.RINGING),
        ("early", "receiver", Lamp.RINGING),
        ("confirmed", "initiator", Lamp.BUSY),
        ("confirmed", "recipient", Lamp.BUSY),
        ("confirmed", "", Lamp.BUSY),
        ("terminated", "initiator", Lamp.IDLE),
        ("moon", "recipient", Lamp.IDLE),
    ],
)
def test_lamp_shows_what_a_dialog_means(state: str, direction: str, lamp: Lamp) -> None:
    assert seen(state, direction).lamp is lamp
    calls = Calls()
    calls.read("c1", DialogInfo("sip:a@b", 0, True, (seen(state, direction),)))
    assert calls.lamp is lamp


def info(version: int | None, *dialogs: DialogSeen, full: bool = True) -> DialogInfo:
    """One document."""
    return DialogInfo("sip:a@b", version, full, dialogs)


def test_ringing_is_more_urgent_than_talking() -> None:
    calls = Calls()
    calls.read("c1", info(1, seen("early", id="2"), seen("confirmed", id="1")))
    assert calls.lamp is Lamp.RINGING
    assert calls.shown == seen("early", id="2")


def test_partial_documents_change_what_they_name() -> None:
    calls = Calls()
    calls.read("c1", info(0, seen("confirmed", id="1")))
    assert calls.read("c1", info(1, seen("early", id="2"), full=False)) is Freshness.FRESH
    assert calls.lamp is Lamp.RINGING
    shown = []
    for number, id in ((2, "2"), (3, "1")):
        calls.read("c1", info(number, seen("terminated", id=id), full=False))
        shown.append(calls.lamp)
    assert shown == [Lamp.BUSY, Lamp.IDLE]
    assert calls.shown is None


def test_full_document_replaces_all() -> None:
    calls = Calls()
    calls.read("c1", info(0, seen("confirmed", id="1")))
    calls.read("c1", info(1))
    assert calls.lamp is Lamp.IDLE


def test_document_that_goes_backwards_is_not_used() -> None:
    calls = Calls()
    calls.read("c1", info(5, seen("confirmed")))
    assert calls.read("c1", info(4)) is Freshness.OLD
    assert calls.read("c1", info(5, seen("terminated"), full=False)) is Freshness.OLD
    assert calls.lamp is Lamp.BUSY


def test_whole_document_with_the_same_number_is_used() -> None:
    calls = Calls()
    calls.read("c1", info(5, seen("early")))
    calls.read("c1", info(5, seen("confirmed")))
    assert calls.lamp is Lamp.BUSY


def test_gap_between_parts_is_seen() -> None:
    calls = Calls()
    calls.read("c1", info(1))
    assert calls.read("c1", info(3, seen("early"), full=False)) is Freshness.GAP
    assert calls.lamp is Lamp.RINGING


def test_new_subscription_counts_anew_and_forgets_the_old_calls() -> None:
    calls = Calls()
    calls.read("c1", info(9, seen("confirmed", id="1")))
    calls.read("c2", info(0, seen("terminated", id="7"), full=False))
    assert calls.lamp is Lamp.IDLE


def test_phone_with_endless_calls_fills_no_memory() -> None:
    calls = Calls()
    for number in range(1000):
        calls.read("c1", info(number, seen("confirmed", id=str(number)), full=False))
    assert len(calls._dialogs) <= 200


@given(st.binary(max_size=200))
def test_phone_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    for each in (data, b"<dialog-info><dialog>" + data + b"</dialog></dialog-info>"):
        with contextlib.suppress(MalformedXml):
            parse_dialog_info(each)


@given(st.lists(st.tuples(st.integers(-3, 12), st.booleans(), st.sampled_from(["early", "confirmed", "terminated"]))))
def test_any_documents_in_any_order_leave_some_lamp(documents: list[tuple[int, bool, str]]) -> None:
    calls = Calls()
    for version, full, state in documents:
        calls.read("c1", info(version if version >= 0 else None, seen(state), full=full))
        assert calls.lamp in Lamp
