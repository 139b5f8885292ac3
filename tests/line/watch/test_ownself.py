"""The own state at a front end: what is published, what is respected, and who may see it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.line.events import OwnPresenceChanged
from snomtui.line.watch.publication import Wish
from snomtui.ocs.categories import Category
from snomtui.ocs.publication import (
    Fault,
    Publication,
    build_fault,
    instances,
    parse_publish,
    personal_note,
    phone_state,
    user_state,
)
from snomtui.ocs.roaming import (
    ROAMING_SELF_TYPE,
    SET_CONTAINER_MEMBERS_TYPE,
    SET_SUBSCRIBERS_TYPE,
    Container,
    Member,
    Subscriber,
    build_roaming_self,
    parse_set_container_members,
    parse_set_subscribers,
)
from snomtui.ocs.state import AGGREGATE, Activity, State
from snomtui.presence import Availability, Presence
from snomtui.sip.message import Request, Response, respond
from tests.line.frontend import FrontEnd, published, serviced, signed_in, told
from tests.line.peer import Bench, in_turn, says, silent

SELF = "vnd-microsoft-roaming-self"
USER = 0x20000000


def aggregate(number: int, token: str = "", at: float = 1.0) -> Category:
    """How the server makes one state of all."""
    activity = Activity(token, minimum=number, maximum=8999) if token else None
    return Category("state", 1, 2, 1, at, "user", State(AGGREGATE, number, activity))


def stored(*categories: Category, method: str = "BENOTIFY", cseq: int = 2, bench: Bench) -> None:
    """The server tells what it has stored."""
    bench.tell(told(bench, SELF, ROAMING_SELF_TYPE, build_roaming_self("sip:heiko@ucc.test", categories), method, cseq))


def wish(bench: Bench, wish: Wish) -> None:
    """The phone wants to be seen so."""
    bench.line.wish(wish, bench.now)
    bench.settle()


def parts(request: Request) -> dict[tuple[str, int], list[Publication]]:
    """What a publication has, by category and instance."""
    found: dict[tuple[str, int], list[Publication]] = {}
    for each in parse_publish(request.body)[1]:
        found.setdefault((each.category, each.instance), []).append(each)
    return found


def numbers(request: Request, instance: int) -> set[int]:
    """The availability numbers published under an instance."""
    return {each.body.availability for each in parts(request)["state", instance] if isinstance(each.body, State)}


def seen(bench: Bench) -> Presence:
    """How others see us, as told last."""
    return bench.box.of(OwnPresenceChanged)[-1].presence


# -- what is published


def test_device_and_its_state_are_published_with_the_sign_in_and_nothing_else() -> None:
    bench, _ = signed_in()
    mine = instances(bench.box.account.epid)
    found = parts(published(bench)[0])
    assert found.keys() == {("device", mine.device), ("state", mine.machine)}
    assert {each.container for each in found["state", mine.machine]} == {2, 3}


def test_state_that_was_chosen_elsewhere_is_not_overwritten_by_a_sign_in() -> None:
    bench, _ = signed_in()
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert len(published(bench)) == 2
    assert not any(("state", USER) in parts(each) for each in published(bench))


def test_state_that_was_chosen_here_is_published_once_and_with_the_stored_version() -> None:
    bench, _ = signed_in()
    wish(bench, Wish(Availability.DND, chosen_at=1.0))
    found = parts(published(bench)[-1])
    assert found.keys() == {("state", USER)}
    assert [(each.container, each.version) for each in found["state", USER]] == [(2, 3), (3, 0)]
    wish(bench, Wish(Availability.DND, machine=Availability.INACTIVE, chosen_at=1.0))
    assert ("state", USER) not in parts(published(bench)[-1])


def test_choice_of_long_ago_does_not_come_back_after_a_new_sign_in() -> None:
    bench, _ = signed_in()
    wish(bench, Wish(Availability.DND, "In peace", chosen_at=1.0))
    before = len(published(bench))
    bench.wire.cut(bench.box)
    bench.advance(5)
    fresh = published(bench)[before:]
    assert fresh and not any({("state", USER), ("note", 0)} & parts(each).keys() for each in fresh)


def test_same_choice_made_once_more_is_published_once_more() -> None:
    bench, _ = signed_in()
    wish(bench, Wish(Availability.DND, chosen_at=5.0))
    before = len(published(bench))
    wish(bench, Wish(Availability.DND, chosen_at=5.0))
    assert len(published(bench)) == before
    wish(bench, Wish(Availability.DND, chosen_at=9.0))
    assert parts(published(bench)[-1]).keys() == {("state", USER)}
    assert len(published(bench)) == before + 1


def test_choice_that_was_refused_is_published_later() -> None:
    rule = in_turn(says(200), says(500), says(200))
    bench, _ = signed_in(service=rule)
    wish(bench, Wish(Availability.DND, chosen_at=1.0))
    bench.advance(301)
    assert len(published(bench)) == 3 and numbers(published(bench)[-1], USER) == {9500}


@pytest.mark.parametrize(
    ("machine", "number"), [(Availability.AVAILABLE, 3500), (Availability.INACTIVE, 5000), (Availability.AWAY, 15500)]
)
def test_machine_says_how_active_it_is(machine: Availability, number: int) -> None:
    bench, _ = signed_in()
    wish(bench, Wish(machine=Availability.BUSY))
    wish(bench, Wish(machine=machine))
    assert numbers(published(bench)[-1], instances(bench.box.account.epid).machine) == {number}


def test_call_is_published_and_taken_back_after_the_last() -> None:
    bench, _ = signed_in()
    key = ("state", instances(bench.box.account.epid).phone)
    wish(bench, Wish(on_phone=True))
    begun = parts(published(bench)[-1])
    assert begun.keys() == {key} and [each.body for each in begun[key]] == [each.body for each in phone_state("1")]
    wish(bench, Wish())
    ended = parts(published(bench)[-1])
    assert ended.keys() == {key} and all(each.removes and each.version == 1 for each in ended[key])


def test_note_is_published_once_and_taken_back() -> None:
    bench, _ = signed_in()
    wish(bench, Wish(note="am Platz"))
    assert [each.body for each in parts(published(bench)[-1])["note", 0]] == [
        each.body for each in personal_note("am Platz")
    ]
    wish(bench, Wish(note="am Platz", on_phone=True))
    assert ("note", 0) not in parts(published(bench)[-1])
    wish(bench, Wish(on_phone=True))
    assert all(each.removes for each in parts(published(bench)[-1])["note", 0])


def test_farewell_takes_back_what_speaks_for_the_device_and_leaves_the_choice() -> None:
    bench, _ = signed_in()
    wish(bench, Wish(Availability.DND, "In peace", on_phone=True, chosen_at=1.0))
    bench.line.leave(bench.now)
    bench.settle()
    gone = parts(published(bench)[-1])
    mine = instances(bench.box.account.epid)
    assert gone.keys() == {("device", mine.device), ("state", mine.machine), ("state", mine.phone)}
    assert all(each.removes for each in sum(gone.values(), []))


def test_choice_from_before_the_start_gives_way_to_what_the_server_has_kept() -> None:
    bench, _ = signed_in()
    wish(bench, Wish(Availability.DND, on_phone=True))
    assert ("state", USER) not in parts(published(bench)[-1])
    stored(aggregate(3500), bench=bench)
    wish(bench, Wish(Availability.DND))
    assert ("state", USER) not in parts(published(bench)[-1])
    wish(bench, Wish(Availability.DND, chosen_at=3.0))
    assert numbers(published(bench)[-1], USER) == {9500}


def test_choice_from_before_the_start_is_published_where_the_server_has_kept_none() -> None:
    front = FrontEnd()
    bare = build_roaming_self("sip:heiko@ucc.test", [aggregate(3500)])
    front.refused[SELF] = lambda request: front.with_document(request, ROAMING_SELF_TYPE, bare)
    bench, _ = signed_in(front=front)
    wish(bench, Wish(Availability.DND))
    assert numbers(published(bench)[-1], USER) == {9500}


# -- versions


def test_version_follows_what_the_server_tells() -> None:
    bench, _ = signed_in()
    fresh = [each.stored(1.0) for each in user_state(Availability.BUSY)]
    stored(*(replace(each, version=11) for each in fresh), aggregate(6500), bench=bench)
    wish(bench, Wish(Availability.DND, chosen_at=1.0))
    assert {each.version for each in parts(published(bench)[-1])["state", USER]} == {11}
    stored(aggregate(3500), cseq=3, bench=bench)
    wish(bench, Wish(Availability.AWAY, chosen_at=1.0))
    assert {each.version for each in parts(published(bench)[-1])["state", USER]} == {0}


def test_choice_made_while_a_publication_is_out_follows_with_the_right_versions() -> None:
    front = FrontEnd()
    bench, _ = signed_in(front=front, service=silent)
    wish(bench, Wish(Availability.DND, chosen_at=1.0))
    front.publishing = says(200)
    bench.tell(respond(published(bench)[0], 200, tag="s"))
    assert numbers(published(bench)[-1], USER) == {9500}
    wish(bench, Wish(Availability.DND, machine=Availability.INACTIVE, chosen_at=1.0))
    machine = parts(published(bench)[-1])["state", instances(bench.box.account.epid).machine]
    assert {each.version for each in machine} == {1}


def test_conflict_with_another_device_is_mended() -> None:
    def conflict(request: Request) -> Response:
        fault = build_fault(Fault(((2, 40),)))
        return respond(request, 409, tag="s", body=("application/msrtc-fault+xml", fault))

    bench, _ = signed_in(service=in_turn(says(200), conflict, says(200)))
    wish(bench, Wish(Availability.DND, chosen_at=1.0))
    assert [each.version for each in parts(published(bench)[-1])["state", USER]] == [3, 40]


@pytest.mark.parametrize("body", [b"", b"<x", b"<roamingData><categories><category", b"\x00"])
def test_answer_to_a_publication_that_cannot_be_read_costs_itself(body: bytes) -> None:
    rule = lambda request: respond(request, 200, tag="s", body=(ROAMING_SELF_TYPE, body))  # noqa: E731
    bench, _ = signed_in(service=rule)
    assert len(published(bench)) == 1
    wish(bench, Wish(on_phone=True))
    assert len(published(bench)) == 2


# -- what others see


def test_aggregate_is_the_own_presence_whatever_the_devices_say() -> None:
    bench, _ = signed_in()
    others = [each.stored(99.0) for each in user_state(Availability.AWAY)]
    stored(*others, aggregate(6500, "on-the-phone"), bench=bench)
    assert seen(bench) == Presence(Availability.IN_A_CALL, "on-the-phone")
    stored(*others, bench=bench, cseq=3)
    assert seen(bench) == Presence(Availability.IN_A_CALL, "on-the-phone")
    stored(aggregate(18500), bench=bench, cseq=4)
    assert seen(bench).availability is Availability.OFFLINE
    assert bench.registration.state == "registered"


def test_state_that_was_chosen_on_another_device_shows_here() -> None:
    bench, _ = signed_in()
    before = len(published(bench))
    stored(*(each.stored(50.0) for each in user_state(Availability.DND)), aggregate(9500), bench=bench)
    assert seen(bench).availability is Availability.DND
    assert len(published(bench)) == before


def test_answer_to_a_publication_tells_how_others_see_us() -> None:
    body = build_roaming_self("sip:heiko@ucc.test", [aggregate(9500)])
    rule = lambda request: respond(request, 200, tag="s", body=(ROAMING_SELF_TYPE, body))  # noqa: E731
    bench, _ = signed_in(service=rule)
    assert seen(bench).availability is Availability.DND


def test_own_presence_is_told_again_after_the_server_was_away() -> None:
    bench, _ = signed_in()
    before = len(bench.box.of(OwnPresenceChanged))
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert len(bench.box.of(OwnPresenceChanged)) == before + 1


def test_phone_publishes_although_the_server_tells_nothing() -> None:
    front = FrontEnd()
    front.refused[SELF] = lambda request: respond(
        request, 200, tag="s", headers=[("Contact", "<sip:s@ucc.test>"), ("Expires", "600")]
    )
    bench, _ = signed_in(front=front)
    assert published(bench) == []
    bench.advance(6)
    assert len(published(bench)) == 1


# -- who may see us


def containers(*known: Container) -> bytes:
    """What the server tells of access levels."""
    return build_roaming_self("sip:heiko@ucc.test", containers=known)


def test_access_levels_that_name_nobody_are_set_right_once() -> None:
    bench, _ = signed_in()
    known = [Container(each, 4) for each in (32000, 400, 300, 200, 100)]
    bench.tell(told(bench, SELF, ROAMING_SELF_TYPE, containers(*known)))
    bench.tell(told(bench, SELF, ROAMING_SELF_TYPE, containers(*known), cseq=3))
    (request,) = serviced(bench, SET_CONTAINER_MEMBERS_TYPE)
    assert parse_set_container_members(request.body) == (
        Container(200, 4, (Member("sameEnterprise", action="add"),)),
        Container(100, 4, (Member("federated", action="add"),)),
    )


def test_access_levels_that_name_somebody_are_left_alone() -> None:
    bench, _ = signed_in()
    bench.tell(
        told(bench, SELF, ROAMING_SELF_TYPE, containers(Container(300), Container(100, 1, (Member("federated"),))))
    )
    bench.tell(told(bench, SELF, ROAMING_SELF_TYPE, containers(Container(300, 2, (Member("user", "a@b"),))), cseq=3))
    assert serviced(bench, SET_CONTAINER_MEMBERS_TYPE) == []


def test_watchers_are_acknowledged_once_and_noted_in_the_log() -> None:
    bench, _ = signed_in()
    (request,) = serviced(bench, SET_SUBSCRIBERS_TYPE)
    assert parse_set_subscribers(request.body) == (Subscriber("dora@ucc.test", acknowledged=True),)
    assert "[5] Dora Ost has added this user to a contact list" in bench.log
    known = Subscriber("dora@ucc.test", "Dora Ost"), Subscriber("eve@ucc.test", acknowledged=True), Subscriber("")
    body = build_roaming_self("sip:heiko@ucc.test", subscribers=known)
    bench.tell(told(bench, SELF, ROAMING_SELF_TYPE, body))
    assert len(serviced(bench, SET_SUBSCRIBERS_TYPE)) == 1


def test_refused_acknowledgement_is_a_line_in_the_log() -> None:
    front = FrontEnd()
    front.services[SET_SUBSCRIBERS_TYPE] = says(403)
    bench, _ = signed_in(front=front)
    assert any("did not take a change of who may see" in line for line in bench.log)
    assert bench.registration.state == "registered"
