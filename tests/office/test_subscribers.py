"""Who watches whom, what the watched are told of it, and what the watchers see."""

from __future__ import annotations

import pytest

from snomtui.ocs.contacts import ListedContact
from snomtui.ocs.publication import machine_state, parse_fault
from snomtui.ocs.roaming import (
    SET_CONTAINER_MEMBERS_TYPE,
    SET_SUBSCRIBERS_TYPE,
    Container,
    Member,
    Subscriber,
    build_roaming_list,
    build_set_container_members,
    build_set_subscribers,
    parse_roaming_self,
)
from snomtui.ocs.soap import SetContact
from snomtui.presence import Availability
from snomtui.sip.message import Response
from tests.office.client import PIGGYBACK, Client
from tests.office.house import House
from tests.office.test_contacts import change
from tests.office.test_presence import publish, seen_in, told, watch

SELF = "vnd-microsoft-roaming-self"
JULIA = Subscriber("Julia.Falk@ucc.de", "Julia Falk", acknowledged=False, type="sameEnterprise")
HEIKO = Subscriber("Heiko.Riedel@ucc.de", "Heiko Riedel", acknowledged=False, type="sameEnterprise")


def follow(house: House, client: Client) -> tuple[Subscriber, ...]:
    """Subscribe to the own data; who waits for a word."""
    client.subscribe(SELF, house.now, ("application/x", build_roaming_list()))
    house.settle()
    return parse_roaming_self(client.last("SUBSCRIBE").body).subscribers or ()


def news(client: Client) -> list[Subscriber]:
    documents = [parse_roaming_self(each.body) for each in told(client, SELF)]
    return [one for each in documents for one in each.subscribers or ()]


def service(house: House, client: Client, kind: str, body: bytes) -> Response:
    client.ask("SERVICE", client.uri, house.now, body=(kind, body))
    house.settle()
    return client.last("SERVICE")


def members(house: House, client: Client, *containers: Container) -> Response:
    return service(house, client, SET_CONTAINER_MEMBERS_TYPE, build_set_container_members(containers))


def pair(house: House) -> tuple[Client, Client]:
    return house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")


def test_a_watcher_who_is_no_contact_is_announced_to_all_devices_at_once() -> None:
    house = House()
    heiko, julia = pair(house)
    other = house.signed_in("Julia.Falk", epid="00041388ee")
    assert (follow(house, julia), follow(house, other)) == ((), ())
    watch(house, heiko, julia.uri)
    house.wire.advance(1)
    assert news(julia) == news(other) == [HEIKO]


def test_a_watcher_is_announced_at_the_next_sign_in() -> None:
    house = House()
    heiko = house.signed_in()
    watch(house, heiko, "sip:Julia.Falk@ucc.de")
    house.wire.advance(1)
    julia = house.signed_in("Julia.Falk", epid="00041399ff")
    assert follow(house, julia) == (HEIKO,)


def test_a_contact_is_not_announced() -> None:
    house = House()
    heiko, julia = pair(house)
    follow(house, heiko)
    watch(house, julia, heiko.uri)
    house.wire.advance(1)
    assert news(heiko) == []


def test_who_is_acknowledged_or_added_is_announced_no_more() -> None:
    house = House()
    heiko, julia = pair(house)
    other = house.signed_in("Julia.Falk", epid="00041388ee")
    follow(house, julia)
    follow(house, other)
    watch(house, heiko, julia.uri)
    house.wire.advance(1)
    body = build_set_subscribers([Subscriber("heiko.riedel@ucc.de", acknowledged=True)])
    assert service(house, julia, SET_SUBSCRIBERS_TYPE, body).status == 200
    assert follow(house, julia) == ()
    assert [each.acknowledged for each in news(julia)] == [False]
    assert [each.acknowledged for each in news(other)] == [False, True]
    watch(house, heiko, julia.uri)
    house.wire.advance(1)
    assert len(news(julia)) == 1


def test_adding_a_watcher_as_contact_is_an_answer_too() -> None:
    house = House()
    heiko, julia = pair(house)
    watch(house, heiko, julia.uri)
    change(house, julia, SetContact(ListedContact("sip:heiko.riedel@ucc.de"), 1))
    assert follow(house, julia) == ()


def test_blocking_is_seen_at_once_and_hides_every_later_look() -> None:
    house = House()
    heiko, julia = pair(house)
    publish(house, heiko, machine_state(heiko.epid))
    assert watch(house, julia, heiko.uri)[heiko.uri].availability is Availability.AVAILABLE
    block = Container(32000, 0, (Member("user", "julia.falk@ucc.de", "add"),))
    assert members(house, heiko, block).status == 200
    house.wire.advance(1)
    assert seen_in(told(julia)[-1])[heiko.uri].availability is Availability.OFFLINE
    assert watch(house, julia, heiko.uri)[heiko.uri].availability is Availability.OFFLINE
    accept = [("Accept", "application/msrtc-event-categories+xml"), ("Event", "presence"), *PIGGYBACK]
    julia.ask("SUBSCRIBE", heiko.uri, house.now, accept)
    house.settle()
    assert seen_in(julia.last("SUBSCRIBE"))[heiko.uri].availability is Availability.OFFLINE
    allow = Container(32000, 1, (Member("user", "julia.falk@ucc.de", "remove"),))
    assert members(house, heiko, allow).status == 200
    house.wire.advance(1)
    assert seen_in(told(julia)[-1])[heiko.uri].availability is Availability.AVAILABLE


@pytest.mark.parametrize("method", ["INVITE", "MESSAGE"])
def test_a_blocked_caller_learns_only_that_nobody_is_there(method: str) -> None:
    house = House()
    heiko, julia = pair(house)
    members(house, heiko, Container(32000, 0, (Member("user", "julia.falk@ucc.de", "add"),)))
    julia.ask(method, heiko.uri, house.now, body=("text/plain", b"hello"))
    house.wire.advance(1)
    assert julia.last(method).status == 480
    assert heiko.asked(method) == []


def test_an_old_version_changes_nothing_and_tells_the_right_one() -> None:
    house = House()
    heiko, _ = pair(house)
    wanted = (
        Container(300, 0, (Member("user", "julia.falk@ucc.de", "add"),)),
        Container(200, 0, (Member("sameEnterprise", "", "remove"),)),
    )
    answer = members(house, heiko, *wanted)
    assert (answer.status, parse_fault(answer.body).operations) == (409, ((2, 1),))
    follow(house, heiko)
    containers = parse_roaming_self(heiko.last("SUBSCRIBE").body).containers or ()
    assert {each.id: each.version for each in containers} == {32000: 0, 400: 0, 300: 0, 200: 1, 100: 1}


@pytest.mark.parametrize(
    "wanted",
    [
        (),
        (Container(0, 0),),
        (Container(300, 0, (Member("", "x@y", "add"),)),),
        (Container(300, 0, (Member("user", "", "add"),)),),
        (Container(300, 0, (Member("user", "x" * 500, "add"),)),),
    ],
)
def test_half_a_membership_is_refused(wanted: tuple[Container, ...]) -> None:
    house = House()
    assert members(house, house.signed_in(), *wanted).status == 400


def test_memberships_are_bounded() -> None:
    house = House()
    heiko = house.signed_in()
    many = tuple(Member("user", f"u{number}@ucc.de", "add") for number in range(999))
    refusal = members(house, heiko, Container(300, 0, many))
    assert refusal.status == 403
    assert (refusal.headers.get("ms-diagnostics") or "").startswith("2006;")
    assert members(house, heiko, *(Container(number, 0) for number in range(1000, 1070))).status == 403
