"""What follows a registration at OCS: contact list, own state, presence of others."""

from __future__ import annotations

import pytest

from snomtui.line.events import ContactsChanged, OwnPresenceChanged, PresenceChanged
from snomtui.ocs.categories import CATEGORIES_TYPE, Category, build_categories
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    ContactDelta,
    ContactList,
    ListedContact,
    build_contact_delta,
)
from snomtui.ocs.publication import user_state
from snomtui.ocs.roaming import ROAMING_SELF_TYPE
from snomtui.ocs.subscription import parse_batch_sub, watched_type
from snomtui.presence import Availability
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Response
from tests.line.frontend import ANNA, BERT, BUSY, OCS, FrontEnd, published, signed_in, told
from tests.line.peer import Bench, Peer, registered, says

CONTACTS = "vnd-microsoft-roaming-contacts"


def test_contacts_own_state_and_presence_come_with_the_sign_in() -> None:
    bench, _ = signed_in()
    assert [contact.name for contact in bench.box.of(ContactsChanged)[-1].contacts] == ["Anna", "Bert"]
    assert [event.uri for event in bench.box.of(PresenceChanged)] == [ANNA.uri, BERT.uri]
    assert {event.presence.availability for event in bench.box.of(PresenceChanged)} == {Availability.BUSY}
    assert bench.box.of(OwnPresenceChanged)[-1].presence.availability is Availability.BUSY
    events = [request.headers.get("Event") for request in bench.peer.asked("SUBSCRIBE")]
    assert events == [CONTACTS, "vnd-microsoft-provisioning-v2", "vnd-microsoft-roaming-self", "presence"]
    assert len(published(bench)) == 1


def test_ocs_register_carries_epid_and_instance() -> None:
    bench, _ = signed_in()
    request = bench.peer.last("REGISTER")
    assert f";epid={bench.box.account.epid}" in (request.headers.get("From") or "")
    assert bench.box.account.instance in (request.headers.get("Contact") or "")
    assert request.headers.get("Event") == "registration"


def test_contact_that_is_added_is_watched_as_well() -> None:
    bench, front = signed_in()
    dora = ListedContact("sip:dora@ucc.test", "Dora")
    delta = build_contact_delta(ContactDelta(8, 7, added=(dora,)))
    bench.tell(told(bench, CONTACTS, CONTACTS_TYPE, delta))
    assert [contact.name for contact in bench.box.of(ContactsChanged)[-1].contacts] == ["Anna", "Bert", "Dora"]
    resources = parse_batch_sub(front.watched[-1].body).resources
    assert [(each.uri, each.new) for each in resources][-1] == (dora.uri, True)
    assert bench.peer.answers("BENOTIFY") == []


def test_change_that_was_missed_makes_the_line_read_the_list_again() -> None:
    bench, front = signed_in()
    front.list = ContactList(12, contacts=(ANNA,))
    bench.tell(told(bench, CONTACTS, CONTACTS_TYPE, build_contact_delta(ContactDelta(12, 11, deleted=(BERT.uri,)))))
    assert [contact.name for contact in bench.box.of(ContactsChanged)[-1].contacts] == ["Anna"]


def test_presence_that_changes_is_told_once() -> None:
    bench, _ = signed_in()
    before = len(bench.box.of(PresenceChanged))
    away = tuple(
        Category("state", instance=1, container=2, version=2, body=each.body)
        for each in user_state(Availability.AWAY)[:1]
    )
    change = build_categories(ANNA.uri, away)
    bench.tell(
        told(bench, "presence", CATEGORIES_TYPE, change), told(bench, "presence", CATEGORIES_TYPE, change, cseq=3)
    )
    assert [event.presence.availability for event in bench.box.of(PresenceChanged)[before:]] == [Availability.AWAY]


def test_presence_of_a_stranger_is_not_told() -> None:
    bench, _ = signed_in()
    before = len(bench.box.of(PresenceChanged))
    bench.tell(told(bench, "presence", CATEGORIES_TYPE, build_categories("sip:eve@ucc.test", BUSY)))
    assert len(bench.box.of(PresenceChanged)) == before


def test_empty_contact_list_is_a_list() -> None:
    front = FrontEnd()
    bench = Bench(Peer(SUBSCRIBE=front.subscribed, SERVICE=says(200)), **OCS)  # type: ignore[arg-type]
    assert bench.box.of(ContactsChanged)[-1].contacts == ()
    assert front.watched == []


@pytest.mark.parametrize("event", [CONTACTS, "vnd-microsoft-roaming-self", "presence"])
@pytest.mark.parametrize(
    "body", [b"", b"<x", b"<x/>", b"\xff\xfe", b"<contactDelta/>", b"<contactDelta deltaNum='\xc2\xb2'/>"]
)
def test_document_that_cannot_be_read_costs_itself_only(event: str, body: bytes) -> None:
    bench, _ = signed_in()
    for kind in (CONTACTS_TYPE, ROAMING_SELF_TYPE, CATEGORIES_TYPE, watched_type("b1"), "text/plain", ""):
        bench.tell(told(bench, event, kind or "x/y", body, "NOTIFY", cseq=len(bench.peer.answers("NOTIFY")) + 5))
    assert set(bench.peer.answers("NOTIFY")) <= {200, 481}
    assert bench.registration.state == "registered"
    bench.advance(1000)
    assert bench.registration.state == "registered"


def test_everything_begins_anew_with_a_new_connection() -> None:
    bench, _ = signed_in()
    bench.wire.cut(bench.box)
    bench.advance(4)
    assert len(bench.peer.asked("SUBSCRIBE")) == 8
    assert len(published(bench)) == 2


# -- what the registrar says


def events(bench: Bench, since: int = 0) -> list[str]:
    """The packages that were asked for."""
    return [request.headers.get("Event") or "" for request in bench.peer.asked("SUBSCRIBE")[since:]]


def again(bench: Bench, *headers: Item) -> None:
    """The registration is refreshed, and the server's answer says this."""
    bench.peer.rules["REGISTER"] = lambda request: with_more(registered(request), headers)
    bench.advance(300)


def with_more(response: Response, headers: tuple[Item, ...]) -> Response:
    """An answer with further headers."""
    return response.with_headers(Headers.of(*response.headers, *headers))


def test_only_packages_that_the_server_offers_are_asked_for() -> None:
    bench, _ = signed_in()
    bench.peer.rules["REGISTER"] = lambda request: with_more(
        registered(request), (("Allow-Events", "presence, vnd-microsoft-roaming-Contacts"), ("Allow-Events", "x"))
    )
    before = len(bench.peer.asked("SUBSCRIBE"))
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert events(bench, before) == [CONTACTS, "presence"]
    assert len(published(bench)) == 1


@pytest.mark.parametrize("state", ['register-action="added"', 'register-action="fixed"', "Register-Action=fixed;x=y"])
def test_everything_is_asked_for_anew_when_the_server_had_forgotten_or_mended_the_binding(state: str) -> None:
    bench, _ = signed_in()
    before = len(bench.peer.asked("SUBSCRIBE"))
    again(bench, ("presence-state", state))
    assert events(bench, before)[:4] == [
        CONTACTS,
        "vnd-microsoft-provisioning-v2",
        "vnd-microsoft-roaming-self",
        "presence",
    ]
    assert not any(request.to.tag for request in bench.peer.asked("SUBSCRIBE")[before : before + 4])
    assert len(published(bench)) == 2
    assert bench.box.of(PresenceChanged)[-1].presence.availability is Availability.BUSY


def test_nothing_is_asked_for_anew_with_a_refresh() -> None:
    bench, _ = signed_in()
    again(bench, ("presence-state", 'register-action="refreshed"'))
    assert len(bench.peer.asked("SUBSCRIBE")) == 4 and len(published(bench)) == 1


def test_server_of_2005_is_named_in_the_log() -> None:
    bench, _ = signed_in()
    again(bench, ("presence-state", 'register-action="added"'), ("Supported", "com.microsoft.msrtc.presence"))
    assert any("only the presence of 2005" in line for line in bench.log)
