"""The contact list at a front end: how it is read, and how a person changes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from snomtui.line.events import ContactsChanged, Trouble
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    ContactDelta,
    ContactList,
    Group,
    ListedContact,
    build_contact_delta,
)
from snomtui.ocs.soap import SOAP_TYPE, AddGroup, DeleteContact, SetContact
from snomtui.sip.message import Message, Request, Response, respond
from tests.line.frontend import ANNA, BERT, ROAMING_CONTACTS, FrontEnd, serviced, signed_in, told
from tests.line.peer import Bench, in_turn, says, silent

GROUPS = (Group(1, "~"), Group(2, "Team"))
DORA = "sip:dora@ucc.test"


def grouped() -> FrontEnd:
    """A front end whose list has two groups."""
    front = FrontEnd()
    front.list = ContactList(7, GROUPS, (ANNA, replace(BERT, groups=(2,))))
    return front


def shown(bench: Bench) -> dict[str, tuple[str, ...]]:
    """The names on the list with their groups, as told last."""
    return {each.name: each.groups for each in bench.box.of(ContactsChanged)[-1].contacts}


def readings(bench: Bench) -> int:
    """How often the whole list was asked for."""
    return sum(each.headers.get("Event") == ROAMING_CONTACTS for each in bench.peer.asked("SUBSCRIBE"))


def troubles(bench: Bench) -> list[str]:
    """What the person was told."""
    return [each.why for each in bench.box.of(Trouble) if each.what == "contacts"]


def add(bench: Bench, uri: str = DORA, name: str = "Dora", group: str = "") -> str:
    """Add somebody, and let it be said."""
    why = bench.line.add_contact(uri, name, group, bench.now)
    bench.settle()
    return why


def remove(bench: Bench, uri: str) -> str:
    """Remove somebody, and let it be said."""
    why = bench.line.remove_contact(uri, bench.now)
    bench.settle()
    return why


# -- what is shown


def test_contacts_come_with_the_names_of_their_groups_and_all_groups_in_order() -> None:
    bench, _ = signed_in(front=grouped())
    assert shown(bench) == {"Anna": ("Other contacts",), "Bert": ("Team",)}
    assert bench.box.of(ContactsChanged)[-1].groups == ("Other contacts", "Team")


def test_change_that_is_already_in_the_list_is_passed_over() -> None:
    bench, _ = signed_in()
    before, read = len(bench.box.of(ContactsChanged)), readings(bench)
    bench.tell(
        told(bench, ROAMING_CONTACTS, CONTACTS_TYPE, build_contact_delta(ContactDelta(7, 6, deleted=(BERT.uri,))))
    )
    assert (len(bench.box.of(ContactsChanged)), readings(bench)) == (before, read)


def test_list_is_not_read_again_and_again_for_a_server_that_cannot_count() -> None:
    bench, _ = signed_in()
    read = readings(bench)
    for number in range(20, 60, 2):
        delta = build_contact_delta(ContactDelta(number, number - 1))
        bench.tell(told(bench, ROAMING_CONTACTS, CONTACTS_TYPE, delta, cseq=number))
    assert readings(bench) == read + 1
    bench.advance(10)
    assert readings(bench) == read + 2


def test_list_is_read_again_in_the_same_dialog() -> None:
    bench, front = signed_in()
    front.list = ContactList(12, contacts=(ANNA,))
    bench.tell(told(bench, ROAMING_CONTACTS, CONTACTS_TYPE, build_contact_delta(ContactDelta(12, 11))))
    first, second = (r for r in bench.peer.asked("SUBSCRIBE") if r.headers.get("Event") == ROAMING_CONTACTS)
    assert (first.call_id, bool(second.to.tag)) == (second.call_id, True)
    assert list(shown(bench)) == ["Anna"]


# -- adding and removing


def test_contact_is_added_to_a_group_that_is_there() -> None:
    bench, front = signed_in(front=grouped())
    assert add(bench, "Dora@UCC.test", group="team") == ""
    assert front.wishes == [SetContact(ListedContact(DORA, "Dora", (2,)), 7)]
    assert shown(bench)["Dora"] == ("Team",)
    request = serviced(bench, SOAP_TYPE)[-1]
    assert (request.uri, request.content_type) == ("sip:heiko@ucc.test", SOAP_TYPE.lower())
    assert "epid=" in (request.headers.get("From") or "")


def test_group_that_is_not_there_is_made_first() -> None:
    bench, front = signed_in(front=grouped())
    assert add(bench, group="Büro & Lager") == ""
    assert front.wishes == [AddGroup("Büro & Lager", 7), SetContact(ListedContact(DORA, "Dora", (3,)), 8)]
    assert shown(bench)["Dora"] == ("Büro & Lager",)
    assert bench.box.of(ContactsChanged)[-1].groups == ("Other contacts", "Team", "Büro & Lager")


def test_contact_that_is_there_gets_one_more_group_and_keeps_its_name() -> None:
    bench, front = signed_in(front=grouped())
    assert add(bench, BERT.uri, "", "Friends") == ""
    assert front.wishes[-1] == SetContact(replace(BERT, groups=(2, 3)), 8)
    assert add(bench, ANNA.uri, "", "Team") == ""
    assert shown(bench) == {"Anna": ("Team",), "Bert": ("Team", "Friends")}


def test_contact_that_is_there_already_costs_no_request() -> None:
    bench, front = signed_in(front=grouped())
    assert add(bench, ANNA.uri, "Anna") == "" and add(bench, BERT.uri, "", "Team") == ""
    assert front.wishes == [] and troubles(bench) == []


def test_contact_is_removed() -> None:
    bench, front = signed_in(front=grouped())
    assert remove(bench, "bert@ucc.test") == ""
    assert front.wishes == [DeleteContact(BERT.uri, 7)]
    assert list(shown(bench)) == ["Anna"]
    assert "not in the contact list" in remove(bench, DORA)


def test_changes_are_made_one_after_the_other_in_order() -> None:
    bench, front = signed_in(front=grouped())
    for number in range(5):
        assert bench.line.add_contact(f"sip:p{number}@ucc.test", f"P{number}", "New", bench.now) == ""
    assert bench.line.remove_contact(ANNA.uri, bench.now) == ""
    bench.settle()
    assert [wish.delta for wish in front.wishes] == list(range(7, 14))
    assert list(shown(bench)) == ["Bert", "P0", "P1", "P2", "P3", "P4"]


def test_second_change_waits_for_the_answer_to_the_first() -> None:
    bench, front = signed_in(front=grouped())
    front.services[SOAP_TYPE.lower()] = silent
    add(bench), remove(bench, ANNA.uri)
    assert len(serviced(bench, SOAP_TYPE)) == 1


def test_wrong_number_makes_the_phone_read_the_list_and_try_once_more() -> None:
    bench, front = signed_in(front=grouped())
    front.list = replace(front.list, delta=20)
    assert add(bench) == ""
    assert [wish.delta for wish in front.wishes] == [7, 20]
    assert "Dora" in shown(bench) and troubles(bench) == []


def test_change_that_other_devices_overtake_again_and_again_is_made_in_the_end() -> None:
    bench, front = signed_in(front=grouped())
    left = [BERT.uri, ANNA.uri, "sip:x@ucc.test"]

    def overtaken(request: Request) -> Iterator[Message]:
        if left:
            step = ContactDelta(front.list.delta + 1, front.list.delta, deleted=(left.pop(),))
            front.list = front.list.apply(step) or front.list
            yield told(bench, ROAMING_CONTACTS, CONTACTS_TYPE, build_contact_delta(step), cseq=front.list.delta)
        yield from front.soap(request)

    front.services[SOAP_TYPE.lower()] = overtaken
    assert add(bench) == ""
    bench.advance(20)
    assert list(shown(bench)) == ["Dora"] and troubles(bench) == []
    assert [wish.delta for wish in front.wishes] == [7, 8, 9, 10]


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 503, 603])
def test_refusal_is_tried_once_more_and_then_told_with_the_servers_reason(status: int) -> None:
    bench, front = signed_in(front=grouped())
    refusal = says(status, ("ms-diagnostics", '2007;reason="Contact limit exceeded";source="sip.ucc.test"'))
    front.services[SOAP_TYPE.lower()] = in_turn(refusal, refusal, front.soap)
    assert add(bench) == ""
    assert troubles(bench) == [f"Dora was not added: Contact limit exceeded ({status})"]
    assert len(serviced(bench, SOAP_TYPE)) == 2
    assert remove(bench, ANNA.uri) == ""
    assert list(shown(bench)) == ["Bert"]


def test_server_that_never_answers_is_told_of_and_the_next_change_goes_on() -> None:
    bench, front = signed_in(front=grouped())
    front.services[SOAP_TYPE.lower()] = in_turn(silent, silent, front.soap)
    add(bench), remove(bench, ANNA.uri)
    bench.advance(80)
    assert len(troubles(bench)) == 1
    assert list(shown(bench)) == ["Bert"]


def test_server_that_grants_and_does_not_tell_is_asked_for_the_whole_list() -> None:
    bench, front = signed_in(front=grouped())

    def quiet(request: Request) -> Response:
        list(front.soap(request))
        return respond(request, 200, tag="s")

    front.services[SOAP_TYPE.lower()] = quiet
    add(bench, group="New")
    bench.advance(20)
    assert shown(bench)["Dora"] == ("New",) and troubles(bench) == []


def test_server_that_grants_everything_and_does_nothing_is_given_up() -> None:
    bench, front = signed_in(front=grouped())
    front.services[SOAP_TYPE.lower()] = says(200)
    add(bench)
    bench.advance(60)
    assert troubles(bench) == ["Dora was not added: The server does not do it"]
    assert len(serviced(bench, SOAP_TYPE)) == 6


def test_change_that_was_under_way_when_the_connection_broke_is_made_over_the_next_one() -> None:
    bench, front = signed_in(front=grouped())
    front.services[SOAP_TYPE.lower()] = in_turn(silent, front.soap)
    add(bench)
    bench.wire.cut(bench.box)
    bench.advance(10)
    assert "Dora" in shown(bench) and troubles(bench) == []


# -- what cannot be


@pytest.mark.parametrize(
    "uri", ["", "dora", "tel:+4930", "sip:a b@ucc.test", "sip:@ucc.test", "sip:a@b@c", "sip:a@b;x"]
)
def test_what_is_no_address_is_not_added(uri: str) -> None:
    bench, front = signed_in()
    assert "is no SIP address" in add(bench, uri)
    assert front.wishes == []


def test_name_without_end_is_refused_at_once() -> None:
    bench, _ = signed_in()
    assert "256" in add(bench, name="x" * 257) and "256" in add(bench, group="x" * 257)


def test_too_many_changes_are_not_kept() -> None:
    bench, front = signed_in()
    front.services[SOAP_TYPE.lower()] = silent
    answers = [bench.line.add_contact(f"sip:p{n}@ucc.test", "", "", bench.now) for n in range(60)]
    assert answers[:50] == [""] * 50 and set(answers[50:]) == {"Too many changes are waiting"}


def test_list_that_the_server_does_not_give_cannot_be_changed() -> None:
    bench, front = signed_in()
    front.list = ContactList(0)
    front.refused["vnd-microsoft-roaming-contacts"] = says(488, ("ms-diagnostics", '2165;reason="migrated"'))
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert add(bench) == "The server has not sent its contact list"
