"""The presence of others at a front end: whom is asked for them, and what is made of the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from snomtui.line.events import ContactsChanged, PresenceChanged
from snomtui.ocs.categories import CATEGORIES_TYPE, Category, ContactCard, Note, Phone, build_categories
from snomtui.ocs.contacts import CONTACTS_TYPE, ContactDelta, ListedContact, build_contact_delta
from snomtui.ocs.publication import user_state
from snomtui.ocs.state import AGGREGATE
from snomtui.ocs.subscription import Watched, build_watched, parse_batch_sub, watched_type
from snomtui.presence import Availability, Contact, Presence
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request, respond
from tests.line.frontend import ANNA, BERT, BUSY, ROAMING_CONTACTS, FrontEnd, signed_in, told
from tests.line.peer import Bench, in_turn, says

DORA = ListedContact("sip:dora@ucc.test", "Dora")
PAUL = "sip:paul@partner.test"
POOL = "sip:pool2.ucc.test"
UNKNOWN = Presence()


def state(availability: Availability, number: int = 1) -> Category:
    """The state of somebody as watchers are told it."""
    body = next(iter(user_state(availability))).body
    return Category("state", instance=number, publish_time=100.0 + number, body=body)


def note(text: str, at: float = 0.0) -> Category:
    """A note; empty takes it away."""
    return Category("note", instance=0, publish_time=at, body=Note(text))


def card(*phones: Phone, name: str = "", instance: int = 0) -> Category:
    """A contact card."""
    return Category("contactCard", instance=instance, body=ContactCard(name, phones=phones))


def tell(bench: Bench, *categories: Category, uri: str = ANNA.uri, method: str = "BENOTIFY", cseq: int = 2) -> None:
    """The server tells what has changed."""
    bench.tell(told(bench, "presence", CATEGORIES_TYPE, build_categories(uri, categories), method, cseq))


def last(bench: Bench, uri: str = ANNA.uri) -> Presence:
    """How somebody was seen last."""
    return [each.presence for each in bench.box.of(PresenceChanged) if each.uri == uri][-1]


def contact(bench: Bench, uri: str = ANNA.uri) -> Contact:
    """A contact as it was told last."""
    return next(each for each in bench.box.of(ContactsChanged)[-1].contacts if each.uri == uri)


def asked(bench: Bench) -> list[tuple[str, bool, tuple[str, ...], tuple[str, ...]]]:
    """Each SUBSCRIBE for presence that is no end: to whom, whether in a dialog, for whom, for whom no longer."""
    found = []
    for each in bench.peer.asked("SUBSCRIBE"):
        if each.headers.get("Event") == "presence" and each.expires:
            body = parse_batch_sub(each.body)
            uris = tuple(resource.uri for resource in body.resources)
            found.append((each.to.uri.aor.removeprefix("sip:"), bool(each.to.tag), uris, body.dropped))
    return found


def delta(bench: Bench, number: int, **change: object) -> None:
    """The contact list changes."""
    made = ContactDelta(number, number - 1, **change)  # type: ignore[arg-type]
    bench.tell(told(bench, ROAMING_CONTACTS, CONTACTS_TYPE, build_contact_delta(made), cseq=number))


# -- who is asked


def test_contact_who_comes_and_one_who_goes_are_told_in_the_same_dialog() -> None:
    bench, _ = signed_in()
    delta(bench, 8, added=(DORA,))
    delta(bench, 9, deleted=(BERT.uri,))
    assert asked(bench) == [
        ("heiko@ucc.test", False, (ANNA.uri, BERT.uri), ()),
        ("heiko@ucc.test", True, (DORA.uri,), ()),
        ("heiko@ucc.test", True, (), (BERT.uri,)),
    ]
    assert last(bench, DORA.uri).availability is Availability.BUSY
    assert last(bench, BERT.uri) == UNKNOWN


def test_contacts_who_come_while_a_request_is_out_are_asked_for_after_it() -> None:
    front = FrontEnd(ANNA)
    bench, _ = signed_in(front=front)
    held: list[Request] = []
    front.refused["presence"] = lambda request: held.append(request)
    delta(bench, 8, added=(DORA,))
    delta(bench, 9, added=(BERT,))
    assert len(held) == 1
    del front.refused["presence"]
    bench.tell(front.subscribed(held[0]))
    assert asked(bench)[-1] == ("heiko@ucc.test", True, (BERT.uri,), ())
    assert last(bench, BERT.uri).availability is Availability.BUSY


def test_whoever_is_wanted_besides_the_contacts_is_watched_and_told() -> None:
    bench, _ = signed_in()
    bench.line.watch_also(["sip:Eve@UCC.test", "eve@ucc.test", "tel:+49", "sip:", ANNA.uri], bench.now)
    bench.settle()
    assert asked(bench)[-1] == ("heiko@ucc.test", True, ("sip:eve@ucc.test",), ())
    assert last(bench, "sip:eve@ucc.test").availability is Availability.BUSY
    assert len(bench.box.of(ContactsChanged)[-1].contacts) == 2
    bench.line.watch_also([], bench.now)
    bench.settle()
    assert asked(bench)[-1][3] == ("sip:eve@ucc.test",)


def test_whoever_is_wanted_before_the_sign_in_is_in_the_first_batch() -> None:
    front = FrontEnd(ANNA)
    bench, _ = signed_in(front=front)
    bench.line.watch_also(["sip:eve@ucc.test"], bench.now)
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert asked(bench)[-1] == ("heiko@ucc.test", False, (ANNA.uri, "sip:eve@ucc.test"), ())


def test_keys_are_watched_although_the_server_gives_no_contact_list() -> None:
    front = FrontEnd()
    front.refused[ROAMING_CONTACTS] = says(489)
    bench, _ = signed_in(front=front)
    bench.line.watch_also(["sip:eve@ucc.test"], bench.now)
    bench.settle()
    assert last(bench, "sip:eve@ucc.test").availability is Availability.BUSY


def test_contact_whose_presence_is_not_wanted_is_not_watched() -> None:
    bench, _ = signed_in(ANNA, replace(BERT, subscribed=False))
    assert asked(bench) == [("heiko@ucc.test", False, (ANNA.uri,), ())]


def test_last_contact_who_goes_ends_the_subscription() -> None:
    bench, _ = signed_in(ANNA)
    delta(bench, 8, deleted=(ANNA.uri,))
    assert bench.peer.asked("SUBSCRIBE")[-1].expires == 0
    delta(bench, 9, added=(BERT,))
    assert asked(bench)[-1] == ("heiko@ucc.test", False, (BERT.uri,), ())


# -- elsewhere


def sending(*people: Watched) -> FrontEnd:
    """A front end that says this of its contacts to whom asks first, and serves those who ask elsewhere."""
    front = FrontEnd(*(ListedContact(each.uri) for each in people))

    def rule(request: Request) -> Any:
        body = build_watched("sip:heiko@ucc.test", people, "b1")
        return front.with_document(request, watched_type("b1"), body)

    front.refused["presence"] = in_turn(rule, front.watch)
    return front


def test_people_of_another_pool_are_asked_of_it_in_one_request() -> None:
    moved = [Watched(f"sip:p{n}@ucc.test", state="resubscribe", pool=POOL) for n in range(3)]
    bench, _ = signed_in(front=sending(Watched(ANNA.uri, BUSY), *moved))
    assert asked(bench)[1:] == [("pool2.ucc.test", False, tuple(each.uri for each in moved), ())]
    assert last(bench, "sip:p2@ucc.test").availability is Availability.BUSY
    assert bench.peer.asked("SUBSCRIBE")[-1].uri == POOL


def test_person_without_a_pool_is_asked_for_directly() -> None:
    bench, _ = signed_in(front=sending(Watched(ANNA.uri, BUSY), Watched(PAUL, state="resubscribe")))
    assert asked(bench)[1:] == [("paul@partner.test", False, (PAUL,), ())]
    assert last(bench, PAUL).availability is Availability.BUSY


@pytest.mark.parametrize("pool", ["rubbish", "sip:a\r\nX: y", "tel:+49", "sip:" + "x" * 300])
def test_pool_that_is_no_address_is_not_asked(pool: str) -> None:
    bench, _ = signed_in(front=sending(Watched(PAUL, state="resubscribe", pool=pool)))
    assert asked(bench)[1:] == [("paul@partner.test", False, (PAUL,), ())]


def test_person_who_is_sent_on_and_on_is_asked_for_once() -> None:
    front = FrontEnd(ListedContact(PAUL))
    front.people = lambda uri: Watched(uri, state="resubscribe", pool=POOL)
    bench, _ = signed_in(front=front)
    assert len(asked(bench)) == 2


def test_many_single_people_are_asked_for_slowly() -> None:
    moved = [Watched(f"sip:p{n}@partner.test", state="resubscribe") for n in range(45)]
    bench, _ = signed_in(front=sending(*moved))
    assert len(asked(bench)) <= 11
    bench.advance(1)
    assert len(asked(bench)) <= 21
    bench.advance(5)
    assert len(asked(bench)) == 46
    assert last(bench, "sip:p44@partner.test").availability is Availability.BUSY


def test_farewell_to_many_is_short() -> None:
    moved = [Watched(f"sip:p{n}@partner.test", state="resubscribe") for n in range(45)]
    bench, _ = signed_in(front=sending(*moved))
    bench.advance(10)
    before = len(bench.peer.requests)
    bench.line.leave(bench.now)
    bench.settle()
    methods = [each.method for each in bench.peer.requests[before:]]
    assert methods.count("SUBSCRIBE") <= 12 and methods[-1] == "REGISTER"
    assert len(bench.peer.requests[before:]) < 20


def test_person_who_leaves_the_list_is_not_watched_elsewhere_either() -> None:
    bench, _ = signed_in(front=sending(Watched(ANNA.uri, BUSY), Watched(PAUL, state="resubscribe")))
    delta(bench, 8, deleted=(PAUL,))
    gone = bench.peer.asked("SUBSCRIBE")[-1]
    assert (gone.to.uri.aor, gone.expires) == (PAUL, 0)


def test_person_who_cannot_be_watched_any_more_is_unknown() -> None:
    bench, _ = signed_in()
    document = build_watched("sip:heiko@ucc.test", [Watched(ANNA.uri, state="terminated")], "b1")
    bench.tell(told(bench, "presence", watched_type("b1"), document))
    assert last(bench) == UNKNOWN


# -- what is told


def test_categories_that_do_not_come_stay_as_they_were() -> None:
    bench, _ = signed_in()
    tell(bench, note("am Platz"))
    assert last(bench) == Presence(Availability.BUSY, "", "am Platz")
    tell(bench, state(Availability.AWAY), cseq=3)
    assert last(bench) == Presence(Availability.AWAY, "", "am Platz")
    tell(bench, note(""), cseq=4)
    assert last(bench) == Presence(Availability.AWAY)


def test_empty_category_takes_away_what_was_known() -> None:
    bench, _ = signed_in()
    tell(bench, note("am Platz"), card(Phone("tel:+4930"), name="Anna Nord"))
    tell(bench, Category("note"), cseq=3)
    assert last(bench) == Presence(Availability.BUSY)
    tell(bench, Category("state"), cseq=4)
    assert last(bench).availability is Availability.UNKNOWN
    tell(bench, Category("contactCard"), cseq=5)
    assert contact(bench).numbers == ()


def test_aggregate_state_counts_before_others() -> None:
    bench, _ = signed_in()
    mine = state(Availability.DND, 5)
    assert mine.state
    away = state(Availability.AWAY)
    assert away.state
    aggregate = replace(away, body=replace(away.state, kind=AGGREGATE))
    tell(bench, mine, aggregate)
    assert last(bench).availability is Availability.AWAY


def test_numbers_of_a_contact_card_come_in_order_with_their_kinds() -> None:
    bench, _ = signed_in(ListedContact(ANNA.uri))
    phones = [
        Phone("tel:+491701234", type="mobile"),
        Phone("tel:+49(30)5551-2", type="work"),
        Phone("tel:+49301", type="custom1"),
        Phone("tel:+49401", type="home"),
        Phone("tel:+493055512", type="other"),
    ]
    tell(bench, card(*phones, name="Anna Nord"))
    found = contact(bench)
    assert found.name == "Anna Nord"
    assert found.numbers == ("+493055512", "+491701234", "+49401", "+49301")
    assert found.kinds == ("work", "mobile", "home", "other")
    assert bench.box.of(PresenceChanged)[-1].name in ("", "Anna Nord")


def test_name_on_the_list_counts_before_that_of_the_card() -> None:
    bench, _ = signed_in()
    tell(bench, card(name="Anna Nord"))
    assert contact(bench).name == "Anna"


def test_calendar_and_unknown_categories_are_passed_over() -> None:
    bench, _ = signed_in()
    before = len(bench.box.of(PresenceChanged))
    tell(bench, Category("calendarData", instance=0), Category("legacyInterop", instance=0), Category("x" * 500))
    assert len(bench.box.of(PresenceChanged)) == before


def test_presence_comes_by_notify_and_in_many_parts_as_well() -> None:
    bench, _ = signed_in()
    tell(bench, state(Availability.DND), method="NOTIFY", cseq=9)
    assert bench.peer.answers("NOTIFY") == [200]
    assert last(bench).availability is Availability.DND
    people = [Watched(ANNA.uri, (state(Availability.AWAY),)), Watched(BERT.uri, (state(Availability.DND),))]
    document = build_watched("sip:heiko@ucc.test", people, "b1", 3, False)
    bench.tell(told(bench, "presence", watched_type("b1"), document, cseq=10))
    assert (last(bench).availability, last(bench, BERT.uri).availability) == (Availability.AWAY, Availability.DND)


def bad(content: bytes) -> bytes:
    """A document about Anna with something in it."""
    head = b'<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:anna@ucc.test">'
    return head + content + b"</categories>"


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b'<!ENTITY b "&a;&a;&a;&a;">' * 50 + b"]><categories>&b;</categories>"


@pytest.mark.parametrize(
    "body",
    [
        bad(b'<category name="state" instance="x" version="-7" publishTime="never"><state><availability>much'),
        bad(b"<category>" * 5000),
        BOMB,
        bad(b'<category name="note" instance="0"><note>' + b"x" * 300_000 + b"</note></category>"),
        b"\x00" * 1000,
        b"",
        "<categories/>".encode("utf-16"),
    ],
    ids=["cut off", "deep", "bomb", "too long", "zeros", "empty", "utf-16"],
)
@pytest.mark.parametrize("kind", [CATEGORIES_TYPE, watched_type("b1"), "text/x", ""])
def test_bad_document_costs_itself_and_the_subscription_lives_on(kind: str, body: bytes) -> None:
    bench, _ = signed_in()
    before, lines = len(bench.box.of(PresenceChanged)), len(bench.log)
    bench.tell(told(bench, "presence", kind, body))
    assert len(bench.box.of(PresenceChanged)) == before
    assert len([line for line in bench.log[lines:] if line.startswith("[4]")]) <= 1
    tell(bench, state(Availability.DND), cseq=3)
    assert last(bench).availability is Availability.DND


def test_odd_numbers_in_a_document_do_no_harm() -> None:
    bench, _ = signed_in()
    odd = b'<category name="state" instance="-1" version="99999999999" publishTime="0000-99"><state><availability>-5'
    odd += b'</availability><activity token="\xe2\x80\xae" minAvailability="x" maxAvailability=""/></state></category>'
    bench.tell(told(bench, "presence", CATEGORIES_TYPE, bad(odd)))
    tell(bench, state(Availability.DND), cseq=3)
    assert last(bench).availability is Availability.DND


def test_notify_of_five_megabytes_is_passed_by() -> None:
    bench, _ = signed_in()
    huge = told(bench, "presence", CATEGORIES_TYPE, bad(b" " * 5_000_000), "NOTIFY", 3)
    lines = len(bench.log)
    bench.tell(huge)
    assert bench.peer.answers("NOTIFY") == [513]
    assert [line for line in bench.log[lines:] if line.startswith("[4]")] == [
        "[4] Message dropped: the body is too long"
    ]
    tell(bench, state(Availability.DND), cseq=4)
    assert last(bench).availability is Availability.DND
    assert bench.opened == 1


# -- while the server is away


def test_contacts_stay_and_their_presence_is_unknown_while_the_server_is_away() -> None:
    bench, front = signed_in()
    tell(bench, card(Phone("tel:+49301"), name="Anna Nord"))
    lists = len(bench.box.of(ContactsChanged))
    bench.wire.cut(bench.box)
    bench.settle()
    assert last(bench) == last(bench, BERT.uri) == UNKNOWN
    assert len(bench.box.of(ContactsChanged)) == lists and contact(bench).numbers == ("+49301",)
    bench.advance(5)
    assert last(bench).availability is last(bench, BERT.uri).availability is Availability.BUSY
    assert bench.box.of(ContactsChanged)[-1].contacts[0].name == "Anna"


def test_presence_is_unknown_after_the_sign_off() -> None:
    bench, _ = signed_in()
    bench.line.leave(bench.now)
    bench.settle()
    assert last(bench) == last(bench, BERT.uri) == UNKNOWN


@pytest.mark.parametrize("reason", ["rejected", "giveup", "deactivated", ""])
def test_presence_is_unknown_when_the_server_ends_the_subscription_for_longer(reason: str) -> None:
    bench, _ = signed_in()
    over = told(bench, "presence", "", b"")
    items = [each for each in over.headers if each[0] not in ("Subscription-State", "Content-Type")]
    state = f"terminated;reason={reason}" if reason else "terminated;expires=0"
    bench.tell(over.with_headers(Headers.of(*items, ("Subscription-State", state))))
    # An OCS that names no reason is asked again at once.
    assert (last(bench) == UNKNOWN) is (reason in ("rejected", "giveup"))
    bench.advance(301)
    assert (last(bench) == UNKNOWN) is (reason == "rejected")


@pytest.mark.parametrize("uri", ["tel:+493055512", "sip:e f@ucc.test", "sip:<x>@ucc.test", "sip:nobody"])
def test_contact_without_an_address_is_on_show_but_not_asked_for(uri: str) -> None:
    bench, _ = signed_in(front=FrontEnd(ListedContact(uri, "Niemand"), ANNA))
    assert asked(bench) == [("heiko@ucc.test", False, (ANNA.uri,), ())]
    assert sorted(each.name for each in bench.box.of(ContactsChanged)[-1].contacts) == ["Anna", "Niemand"]


@pytest.mark.parametrize("status", [403, 481, 488, 489, 500, 503])
def test_refused_batch_harms_nothing_else(status: int) -> None:
    front = FrontEnd(ANNA)
    front.refused["presence"] = says(status)
    bench, _ = signed_in(front=front)
    bench.advance(1000)
    assert bench.registration.state == "registered"
    assert [each.name for each in bench.box.of(ContactsChanged)[-1].contacts] == ["Anna"]
    assert len(asked(bench)) < 30


def test_document_without_the_piggyback_header_is_read_all_the_same() -> None:
    front = FrontEnd(ANNA)
    front.piggyback = False
    bench, _ = signed_in(front=front)
    assert last(bench).availability is Availability.BUSY


def test_first_document_may_come_as_a_notify() -> None:
    front = FrontEnd(ANNA)
    front.refused["presence"] = lambda request: respond(
        request, 200, tag=f"s{request.call_id[:4]}", headers=[("Contact", "<sip:s@ucc.test>"), ("Expires", "600")]
    )
    bench, _ = signed_in(front=front)
    document = build_watched("sip:heiko@ucc.test", [Watched(ANNA.uri, BUSY)], "b1")
    bench.tell(told(bench, "presence", watched_type("b1"), document, "NOTIFY", 1))
    assert bench.peer.answers("NOTIFY") == [200]
    assert last(bench).availability is Availability.BUSY


def test_whole_state_is_asked_for_again_before_the_subscription_ends() -> None:
    bench, _ = signed_in(ANNA)
    bench.advance(3600)
    assert set(asked(bench)[1:]) == {("heiko@ucc.test", True, (ANNA.uri,), ())}


def test_refresh_tells_what_was_missed_meanwhile() -> None:
    bench, front = signed_in(ANNA)
    front.people = lambda uri: Watched(uri, (state(Availability.AWAY),))
    bench.advance(3600)
    assert last(bench).availability is Availability.AWAY


def test_presence_of_hundreds_comes_in_one_document() -> None:
    people = [ListedContact(f"sip:p{n}@ucc.test") for n in range(400)]
    front = FrontEnd(*people)
    busy, text = state(Availability.BUSY), note("x" * 1000)
    front.people = lambda uri: Watched(uri, (busy, text, card(Phone("tel:+4930"), name=uri)))
    bench, _ = signed_in(front=front)
    seen = {each.uri: each.presence for each in bench.box.of(PresenceChanged)}
    assert seen.keys() == {each.uri for each in people}
    assert {each.note for each in seen.values()} == {"x" * 1000}
    assert len(bench.box.of(ContactsChanged)) == 2
    assert all(each.numbers for each in bench.box.of(ContactsChanged)[-1].contacts)
