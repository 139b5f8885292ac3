"""What follows a registration at OCS: contact list, own state, presence of others, publication by categories."""

from __future__ import annotations

import pytest

from snomtui.line.events import ContactsChanged, OwnPresenceChanged, PresenceChanged
from snomtui.line.publication import Wish
from snomtui.ocs.categories import CATEGORIES_TYPE, Category, build_categories
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    ContactDelta,
    ContactList,
    ListedContact,
    build_contact_delta,
    build_contact_list,
)
from snomtui.ocs.publication import Fault, build_fault, parse_publish, user_state
from snomtui.ocs.roaming import ROAMING_SELF_TYPE
from snomtui.ocs.subscription import Watched, build_watched, parse_batch_sub, watched_type
from snomtui.presence import Availability
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, Peer, Rule, in_turn, says, silent
from tests.ocs.samples import ROAMING_SELF

ANNA, BERT = ListedContact("sip:anna@ucc.test", "Anna"), ListedContact("sip:bert@ucc.test", "Bert")
OCS = {"user_server_type1": "ocs", "user_host1": "ucc.test", "user_outbound1": "sip.ucc.test:5061;transport=tls"}
SERVER: list[Item] = [("Contact", "<sip:sip.ucc.test;transport=tls>"), ("Expires", "3600")]
BUSY = tuple(
    Category("state", instance=1, container=2, version=1, body=each.body) for each in user_state(Availability.BUSY)[:1]
)


STORED = says(200)


class FrontEnd:
    """Answers as a front end that asks for no signatures."""

    def __init__(self, *contacts: ListedContact) -> None:
        self.list = ContactList(7, contacts=contacts)
        self.watched: list[Request] = []

    def subscribed(self, request: Request) -> Response:
        """200 with the first document on its back."""
        event = request.headers.get("Event")
        if event == "vnd-microsoft-roaming-contacts":
            return self._with(request, CONTACTS_TYPE, build_contact_list(self.list))
        if event == "vnd-microsoft-roaming-self":
            return self._with(request, ROAMING_SELF_TYPE, ROAMING_SELF.encode())
        if not request.body:
            return respond(request, 200, tag="s", headers=[*SERVER])
        self.watched.append(request)
        people = [Watched(each.uri, BUSY) for each in parse_batch_sub(request.body).resources]
        return self._with(request, watched_type("b1"), build_watched("sip:heiko@ucc.test", people, "b1"))

    @staticmethod
    def _with(request: Request, kind: str, body: bytes) -> Response:
        headers: list[Item] = [*SERVER, ("ms-piggyback-cseq", "1"), ("Subscription-State", "active;expires=3600")]
        return respond(request, 200, tag=f"s{request.call_id[:4]}", headers=headers, body=(kind, body))


def signed_in(*contacts: ListedContact, service: Rule = STORED) -> tuple[Bench, FrontEnd]:
    """A line at a front end with these contacts."""
    front = FrontEnd(*(contacts or (ANNA, BERT)))
    bench = Bench(Peer(SUBSCRIBE=front.subscribed, SERVICE=service), **OCS)  # type: ignore[arg-type]
    return bench, front


def told(bench: Bench, event: str, kind: str, body: bytes, method: str = "BENOTIFY", cseq: int = 2) -> Request:
    """A change that the server tells in one of the subscriptions."""
    asked = next(each for each in reversed(bench.peer.asked("SUBSCRIBE")) if each.headers.get("Event") == event)
    return bench.peer.make(
        method,
        ("Event", event),
        ("Subscription-State", "active;expires=3600"),
        to=asked.headers.get("From") or "",
        caller=f"{asked.headers.get('To')};tag=s{asked.call_id[:4]}",
        call_id=asked.call_id,
        cseq=cseq,
        body=(kind, body),
    )


CONTACTS = "vnd-microsoft-roaming-contacts"


def test_contacts_own_state_and_presence_come_with_the_sign_in() -> None:
    bench, _ = signed_in()
    assert [contact.name for contact in bench.box.of(ContactsChanged)[-1].contacts] == ["Anna", "Bert"]
    assert [event.uri for event in bench.box.of(PresenceChanged)] == [ANNA.uri, BERT.uri]
    assert {event.presence.availability for event in bench.box.of(PresenceChanged)} == {Availability.BUSY}
    assert bench.box.of(OwnPresenceChanged)[-1].presence.availability is Availability.BUSY
    events = [request.headers.get("Event") for request in bench.peer.asked("SUBSCRIBE")]
    assert events == [CONTACTS, "vnd-microsoft-roaming-self", "presence"]
    assert len(bench.peer.asked("SERVICE")) == 1


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


# -- publication


def versions(request: Request) -> list[int]:
    """The versions in a publication."""
    return [each.version for each in parse_publish(request.body)[1]]


def conflict(request: Request) -> Response:
    """409: the server has version 5 of everything."""
    count = len(parse_publish(request.body)[1])
    fault = build_fault(Fault(tuple((index, 5) for index in range(1, count + 1))))
    return respond(request, 409, tag="s", body=("application/msrtc-fault+xml", fault))


def test_wrong_versions_are_mended_and_published_again() -> None:
    bench, _ = signed_in(service=in_turn(conflict, says(200)))
    first, second = bench.peer.asked("SERVICE")
    assert set(versions(first)) <= {0, 3}
    assert set(versions(second)) == {5}
    assert first.call_id != second.call_id


def test_endless_conflict_is_given_up_and_tried_later() -> None:
    bench, _ = signed_in(service=conflict)
    assert len(bench.peer.asked("SERVICE")) == 6
    bench.advance(299)
    assert len(bench.peer.asked("SERVICE")) == 6
    bench.advance(2)
    assert len(bench.peer.asked("SERVICE")) > 6


@pytest.mark.parametrize("body", [b"", b"<x/>", b"rubbish", b"<Fault/>"])
def test_conflict_that_cannot_be_read_is_a_refusal(body: bytes) -> None:
    rule = lambda request: respond(request, 409, tag="s", body=("application/msrtc-fault+xml", body))  # noqa: E731
    bench, _ = signed_in(service=rule)
    assert len(bench.peer.asked("SERVICE")) == 1


def test_only_what_changed_is_published() -> None:
    bench, _ = signed_in()
    first = parse_publish(bench.peer.last("SERVICE").body)[1]
    bench.line.wish(Wish(on_phone=True), bench.now)
    bench.settle()
    call = parse_publish(bench.peer.last("SERVICE").body)[1]
    assert {each.key for each in call}.isdisjoint({each.key for each in first})
    bench.line.wish(Wish(), bench.now)
    bench.settle()
    gone = parse_publish(bench.peer.last("SERVICE").body)[1]
    assert [each.key for each in gone] == [each.key for each in call]
    assert all(each.removes for each in gone)


def test_wish_before_the_answer_follows_later() -> None:
    bench, _ = signed_in(service=silent)
    bench.line.wish(Wish(Availability.DND), bench.now)
    bench.line.wish(Wish(Availability.AWAY), bench.now)
    bench.settle()
    assert len(bench.peer.asked("SERVICE")) == 1
    bench.tell(respond(bench.peer.last("SERVICE"), 200, tag="s"))
    assert len(bench.peer.asked("SERVICE")) == 2
    assert b"15500" in bench.peer.last("SERVICE").body


def test_leaving_line_takes_its_publications_back() -> None:
    bench, _ = signed_in()
    bench.line.leave(bench.now)
    bench.settle()
    last = parse_publish(bench.peer.last("SERVICE").body)[1]
    assert last and all(each.removes for each in last)
    assert [request.method for request in bench.peer.requests][-1] == "REGISTER"


def test_everything_begins_anew_with_a_new_connection() -> None:
    bench, _ = signed_in()
    bench.wire.cut(bench.box)
    bench.advance(4)
    assert len(bench.peer.asked("SUBSCRIBE")) == 6
    assert len(bench.peer.asked("SERVICE")) == 2
