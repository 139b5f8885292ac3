"""The office after a restart: what everybody must do again, and what is still there."""

from __future__ import annotations

from snomtui.kit.box import Keep
from snomtui.ocs.contacts import ContactDelta, ListedContact, parse_contact_list
from snomtui.ocs.publication import machine_state, personal_note, phone_state, user_state
from snomtui.ocs.roaming import (
    SET_CONTAINER_MEMBERS_TYPE,
    SET_SUBSCRIBERS_TYPE,
    Container,
    Member,
    RoamingSelf,
    Subscriber,
    build_roaming_list,
    build_set_container_members,
    build_set_subscribers,
    parse_roaming_self,
)
from snomtui.ocs.soap import DeleteContact, SetContact
from snomtui.office.office import Office
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.presence import Availability
from tests.office.client import Client
from tests.office.house import QUIET, House
from tests.office.test_contacts import EVENT as CONTACTS
from tests.office.test_contacts import change
from tests.office.test_presence import publish, watch
from tests.wire import surroundings

DORA = ListedContact("sip:dora@ucc.de", 'Dora "<&>"', (2,))


def own_data(house: House, client: Client) -> RoamingSelf:
    client.subscribe("vnd-microsoft-roaming-self", house.now, ("application/x", build_roaming_list()))
    house.settle()
    return parse_roaming_self(client.last("SUBSCRIBE").body)


def listed(house: House, client: Client) -> dict[str, str]:
    client.subscribe(CONTACTS, house.now)
    house.settle()
    return {each.uri: each.name for each in parse_contact_list(client.last("SUBSCRIBE").body).contacts}


def busy_life(house: House) -> Client:
    """Heiko changes all that can be kept, and publishes what cannot."""
    heiko = house.signed_in()
    assert change(house, heiko, SetContact(DORA, 1)).status == 200
    for each in (machine_state(heiko.epid), phone_state(heiko.epid), user_state(Availability.BUSY)):
        assert publish(house, heiko, each).status == 200
    assert publish(house, heiko, personal_note("<back> & soon")).status == 200
    block = Container(32000, 0, (Member("user", "julia.falk@ucc.de", "add"),))
    for kind, body in (
        (SET_CONTAINER_MEMBERS_TYPE, build_set_container_members([block])),
        (SET_SUBSCRIBERS_TYPE, build_set_subscribers([Subscriber("Julia.Falk@ucc.de", acknowledged=True)])),
    ):
        heiko.ask("SERVICE", heiko.uri, house.now, body=(kind, body))
        house.settle()
        assert heiko.last("SERVICE").status == 200
    return heiko


def survivors(house: House) -> None:
    """Checks that the next life begins with what was kept."""
    heiko = house.signed_in()
    assert listed(house, heiko) == {"sip:julia.falk@ucc.de": "Julia Falk", DORA.uri: DORA.name}
    own = own_data(house, heiko)
    assert {each.state.kind for each in own.categories or () if each.state} == {"userState", "aggregateState"}
    assert {each.version for each in own.categories or () if each.name == "note"} == {1}
    containers = {each.id: each for each in own.containers or ()}
    assert containers[32000] == Container(32000, 1, (Member("user", "julia.falk@ucc.de"),))
    julia = house.signed_in("Julia.Falk", epid="00041399ff")
    assert watch(house, julia, heiko.uri)[heiko.uri].availability is Availability.OFFLINE
    house.wire.advance(2)
    assert own_data(house, heiko).subscribers == ()
    assert change(house, heiko, DeleteContact(DORA.uri, 2)).status == 200


def kept_of(house: House) -> dict[str, str]:
    outputs = house.wire.outputs[house.office]
    return {each.name: each.value for each in outputs if isinstance(each, Keep)}


def test_a_restart_cuts_everybody_off_and_keeps_lists_and_levels() -> None:
    house = House()
    heiko = busy_life(house)
    house.office.restart(house.now)
    house.settle()
    assert heiko.down
    status = house.office.status(house.now)
    assert (status.registrations, status.server.subscriptions, status.server.connections) == ((), 0, 0)
    survivors(house)


def test_a_client_of_before_a_restart_is_asked_who_it_is() -> None:
    house = House()
    client = house.signed_in()
    guard = client.guard
    house.office.restart(house.now)
    house.settle()
    client.reconnect()
    client.guard = guard
    client.register(house.now)
    house.settle()
    assert client.registered
    assert client.last("REGISTER").headers.get("presence-state") == 'register-action="added"'


def test_another_office_begins_with_what_was_kept() -> None:
    before = House()
    busy_life(before)
    survivors(House(kept=kept_of(before)))


def test_what_did_not_change_is_not_kept_again() -> None:
    house = House()
    heiko = house.signed_in()
    publish(house, heiko, machine_state(heiko.epid))
    watch(house, heiko, "sip:julia.falk@ucc.de")
    listed(house, heiko)
    assert kept_of(house) == {}
    publish(house, heiko, user_state(Availability.DND))
    assert list(kept_of(house)) == ["person:sip:heiko.riedel@ucc.de"]


def test_many_changes_of_one_moment_are_kept_once() -> None:
    office = Office(People.parse(QUIET), Policy(), surroundings(1), 0.0)
    person = office.people.persons[0]
    for number in range(1, 10):
        office._contacts._apply(person, ContactDelta(number + 1, number, added=(DORA,)), 0.0)
        office._desk.keep(person)
    assert len([each for each in office.outbox() if isinstance(each, Keep)]) == 1
    assert office.outbox() == []
