"""The contact list at the office."""

from __future__ import annotations

from snomtui.ocs.contacts import ContactDelta, Group, ListedContact, parse_contact_delta, parse_contact_list
from snomtui.ocs.soap import (
    SOAP_TYPE,
    AddGroup,
    DeleteContact,
    DeleteGroup,
    ModifyGroup,
    Request,
    SetContact,
    build_soap,
)
from snomtui.office.people import People
from snomtui.office.roaming import first_list
from snomtui.sip.message import Response
from tests.ocs.samples import group_added
from tests.office.client import Client
from tests.office.house import House

EVENT = "vnd-microsoft-roaming-contacts"


def change(house: House, client: Client, wish: Request) -> Response:
    client.ask("SERVICE", client.uri, house.now, body=(SOAP_TYPE, build_soap(wish)))
    house.settle()
    return client.last("SERVICE")


def deltas(client: Client) -> list[ContactDelta]:
    found = [one for one, _ in client.asked("BENOTIFY") if one.headers.get("Event") == EVENT]
    return [parse_contact_delta(each.body) for each in found]


def test_a_client_is_given_its_contacts_with_their_names() -> None:
    house = House(people=People.default())
    client = house.signed_in()
    client.subscribe(EVENT, house.now)
    house.settle()
    contacts = parse_contact_list(client.last("SUBSCRIBE").body)
    assert contacts.delta == 1
    assert len(contacts.contacts) == 11
    jan = contacts.find("sip:jan.dierich@ucc.de")
    assert jan is not None and jan.name == "Jan Dierich"
    assert [each.name for each in contacts.groups] == ["~", "Colleagues", "Sales"]
    ivo = contacts.find("sip:ivo.marek@ucc.de")
    assert (jan.groups, ivo and ivo.groups) == ((2,), (3,))


def test_somebody_whom_the_people_file_lists_twice_is_one_contact_in_two_groups() -> None:
    text = """
    domain = "ucc.de"
    [[person]]
    uri = "sip:a@ucc.de"
    contacts = ["sip:b@ucc.de", "sip:c@ucc.de"]
    groups = { Sales = ["sip:B@ucc.de", "sip:b@ucc.de"], Colleagues = ["sip:d@ucc.de"] }
    """
    people = People.parse(text)
    made = first_list(people.persons[0], people)
    assert [(each.id, each.name) for each in made.groups] == [(1, "~"), (2, "Colleagues"), (3, "Sales")]
    listed = [(each.uri, each.groups) for each in made.contacts]
    assert listed == [("sip:b@ucc.de", (2, 3)), ("sip:c@ucc.de", (2,)), ("sip:d@ucc.de", (2,))]


def test_a_change_reaches_all_devices_as_a_delta() -> None:
    house = House()
    desk, soft = house.signed_in(), house.signed_in(epid="00041399ff")
    for each in (desk, soft):
        each.subscribe(EVENT, house.now)
    house.settle()
    dora = ListedContact("sip:dora@ucc.de", "Dora")
    assert change(house, desk, SetContact(dora, 1)).status == 200
    assert change(house, desk, DeleteContact("sip:julia.falk@ucc.de", 2)).status == 200
    wanted = [
        ContactDelta(2, 1, added=(dora,)),
        ContactDelta(3, 2, deleted=("sip:julia.falk@ucc.de",)),
    ]
    assert deltas(desk) == deltas(soft) == wanted


def test_a_group_that_is_asked_for_twice_is_the_same() -> None:
    house = House()
    client = house.signed_in()
    numbers = [group_added(change(house, client, AddGroup("Lager", delta)).body) for delta in (1, 2)]
    assert numbers == [3, 3]


def test_an_old_number_is_refused_and_changes_nothing() -> None:
    house = House()
    client = house.signed_in()
    assert change(house, client, DeleteContact("sip:julia.falk@ucc.de", 9)).status == 409
    client.subscribe(EVENT, house.now)
    house.settle()
    assert parse_contact_list(client.last("SUBSCRIBE").body).delta == 1


def test_a_group_comes_with_its_number_and_goes_in_two_steps() -> None:
    house = House()
    client = house.signed_in()
    client.subscribe(EVENT, house.now)
    house.settle()
    added = change(house, client, AddGroup("Lager", 1))
    group = group_added(added.body)
    assert deltas(client)[-1].added_groups == (Group(group, "Lager"),)
    change(house, client, SetContact(ListedContact("sip:dora@ucc.de", "Dora", (group,)), 2))
    change(house, client, DeleteGroup(group, 3))
    leaving, gone = deltas(client)[-2:]
    assert [each.groups for each in leaving.modified] == [(1,)]
    assert gone.deleted_groups == (group,)


def test_soap_that_cannot_be_read_is_refused() -> None:
    house = House()
    client = house.signed_in()
    client.ask("SERVICE", client.uri, house.now, body=(SOAP_TYPE, b"<x/>"))
    client.ask("SERVICE", client.uri, house.now, body=("text/plain", b"hello"))
    house.settle()
    assert client.statuses("SERVICE") == [400, 415]


def test_refusals_say_why_and_the_list_stays() -> None:
    house = House()
    client = house.signed_in()
    wishes: list[tuple[Request, int, str]] = [
        (DeleteContact("sip:nobody@ucc.de", 1), 404, "2001;"),
        (SetContact(ListedContact("sip:dora@ucc.de", groups=(40,)), 1), 404, "2002;"),
        (ModifyGroup(Group(2, "~"), 1), 409, "2015;"),
        (DeleteGroup(1, 1), 403, "4000;"),
        (SetContact(ListedContact("sip:dora@ucc.de", "x" * 300), 1), 413, "4008;"),
    ]
    for wish, status, diagnosis in wishes:
        answer = change(house, client, wish)
        assert answer.status == status
        assert (answer.headers.get("ms-diagnostics") or "").startswith(diagnosis)
    client.subscribe(EVENT, house.now)
    house.settle()
    assert parse_contact_list(client.last("SUBSCRIBE").body).delta == 1


def test_two_hundred_contacts_and_odd_characters_travel() -> None:
    house = House()
    client, other = house.signed_in(), house.signed_in(epid="00041399ff")
    other.subscribe(EVENT, house.now)
    house.settle()
    for number in range(1, 221):
        contact = ListedContact(f"sip:u{number}@ucc.de", f"<{number}> \"&'\n\u00e4\U0001f600")
        assert change(house, client, SetContact(contact, number)).status == 200
    assert len(deltas(other)) == 220
    other.subscribe(EVENT, house.now)
    house.settle()
    whole = parse_contact_list(other.last("SUBSCRIBE").body)
    assert (whole.delta, len(whole.contacts)) == (221, 221)
    assert whole.find("sip:u220@ucc.de") == ListedContact("sip:u220@ucc.de", "<220> \"&'\n\u00e4\U0001f600")
