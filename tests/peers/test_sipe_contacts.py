"""pidgin-sipe changes its contact list: its other endpoints follow, and the office keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.sipehouse import Sipe, SipeHouse, people_file, teams, uri
from tests.phones import HeadlessPhone, Object, until

pytestmark = pytest.mark.peer
OTHER_DESK = {"host": "other-desk"}
"""Another machine is another endpoint of the same user."""


@pytest.fixture
def lasting(sipe_program: Path, tmp_path: Path) -> Iterator[SipeHouse]:
    """An office that writes down what it must remember."""
    options = ("--state-dir", str(tmp_path / "state"))
    made = SipeHouse(sipe_program, tmp_path / "office", *options, people=people_file(*teams(2)))
    yield made
    made.close()


def _grouped(house: SipeHouse, phone: HeadlessPhone, user: str, *groups: str) -> None:
    """Wait until a contact stands in these groups on the phone."""
    until(lambda: _groups(house.contacts(phone).get(uri(user))) == set(groups), what=f"{user} in {groups}")


def _groups(contact: Object | None) -> set[str] | None:
    return None if contact is None else set(contact["groups"])


def _follows(sipe: Sipe, user: str, *groups: str) -> None:
    until(lambda: sipe.groups_of(user) == set(groups), what=f"{user} in {groups}: {sipe.listed()}")


def test_a_contact_that_one_endpoint_adds_comes_to_all_with_its_presence(house: SipeHouse) -> None:
    heiko, *_ = house.team()
    stranger, *_ = house.team()
    one, other, phone = house.signed_in(heiko), house.signed_in(heiko, **OTHER_DESK), house.registered(heiko)
    house.signed_in(stranger)
    one.do("add", uri(stranger), "Neue Leute & Gäste")
    one.comes(stranger, "Available")
    other.expect("buddy-added", who=uri(stranger), group="Neue Leute & Gäste")
    other.comes(stranger, "Available")
    phone.expect("presence", uri=uri(stranger), availability="AVAILABLE")
    _grouped(house, phone, stranger, "Neue Leute & Gäste")
    assert house.contacts(phone)[uri(stranger)]["name"] == f"Heiko {stranger.removeprefix('heiko')}"


def test_renaming_and_moving_and_removing_come_to_all_endpoints(house: SipeHouse) -> None:
    heiko, jan, karla, _ = house.team()
    one, other, phone = house.signed_in(heiko), house.signed_in(heiko, **OTHER_DESK), house.registered(heiko)
    one.change("move", uri(jan), "Lager", deltas=2)
    _follows(other, jan, "Lager")
    _grouped(house, phone, jan, "Lager")
    one.change("rename-group", "Lager", "Halle 3")
    other.expect("group-renamed", group="Halle 3")
    _follows(other, jan, "Halle 3")
    _grouped(house, phone, jan, "Halle 3")
    other.change("alias", uri(jan), "Jan (Staplerfahrer)")
    one.expect("buddy-alias", who=uri(jan), alias="Jan (Staplerfahrer)")
    until(lambda: house.contacts(phone)[uri(jan)]["name"] == "Jan (Staplerfahrer)")
    other.do("remove", uri(karla))
    one.expect("buddy-removed", who=uri(karla))
    until(lambda: uri(karla) not in house.contacts(phone))


def test_a_group_that_one_endpoint_removes_is_gone_at_the_other(house: SipeHouse) -> None:
    # The other one is our phone: pidgin-sipe 1.25 frees a group twice when somebody else has removed it.
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(heiko)
    sipe.change("move", uri(jan), "Halle 3", deltas=2)
    _grouped(house, phone, jan, "Halle 3")
    sipe.do("remove-group", "Halle 3")
    until(lambda: uri(jan) not in house.contacts(phone))
    sipe.say("quit")
    assert sipe.join() == 0
    again = house.signed_in(heiko)
    assert uri(jan) not in again.listed() and "Halle 3" not in again.groups()


def test_a_contact_may_stand_in_two_groups(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    one, other, phone = house.signed_in(heiko), house.signed_in(heiko, **OTHER_DESK), house.registered(heiko)
    one.do("add", uri(jan), "Fußball")
    _follows(one, jan, "Colleagues", "Fußball")
    _follows(other, jan, "Colleagues", "Fußball")
    _grouped(house, phone, jan, "Colleagues", "Fußball")


def test_removing_one_of_two_groups_keeps_the_contact_in_the_other(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(heiko)
    sipe.change("add", uri(jan), "Fußball", deltas=2)
    _grouped(house, phone, jan, "Colleagues", "Fußball")
    sipe.do("remove-group", "Fußball")
    _follows(sipe, jan, "Colleagues")
    _grouped(house, phone, jan, "Colleagues")


def _rearrange(sipe: Sipe, jan: str, karla: str) -> None:
    sipe.change("add", uri("heiko2"), "Fremde", deltas=2)
    sipe.change("move", uri(jan), "Fremde")
    sipe.change("rename-group", "Fremde", "Bekannte")
    sipe.change("alias", uri(jan), "Jan der Lange")
    sipe.change("remove", uri(karla))


def _rearranged(house: SipeHouse, sipe: Sipe, phone: HeadlessPhone, jan: str, karla: str) -> None:
    _follows(sipe, "heiko2", "Bekannte")
    _follows(sipe, jan, "Bekannte")
    assert sipe.listed()[uri(jan)][0]["alias"] == "Jan der Lange"
    assert uri(karla) not in sipe.listed()
    _grouped(house, phone, jan, "Bekannte")
    contacts = house.contacts(phone)
    assert contacts[uri(jan)]["name"] == "Jan der Lange"
    assert uri(karla) not in contacts and uri("heiko2") in contacts


def test_the_list_is_there_after_signing_out_and_after_both_ways_to_restart(lasting: SipeHouse) -> None:
    heiko, jan, karla, _ = lasting.team()
    first = lasting.signed_in(heiko)
    _rearrange(first, jan, karla)
    first.say("quit")
    assert first.join() == 0
    _rearranged(lasting, lasting.signed_in(heiko), lasting.registered(heiko), jan, karla)
    lasting.go_home()
    lasting.order("restart")
    _rearranged(lasting, lasting.signed_in(heiko), lasting.registered(heiko), jan, karla)
    lasting.go_home()
    lasting.reopen()
    _rearranged(lasting, lasting.signed_in(heiko), lasting.registered(heiko), jan, karla)


def test_who_is_put_on_a_list_is_asked_once(house: SipeHouse) -> None:
    heiko, *_ = house.team()
    stranger, *_ = house.team()
    watched, watcher = house.signed_in(stranger), house.signed_in(heiko)
    watcher.do("add", uri(stranger), "Colleagues")
    watcher.comes(stranger, "Available")
    watched.expect("add-request", who=uri(heiko), alias=f"Heiko {heiko.removeprefix('heiko')}")
    watched.say("quit")
    watched.join()
    again = house.signed_in(stranger)
    watcher.comes(stranger, "Available")
    assert again.told("add-request") == []


def test_somebody_who_does_not_exist_may_be_added_and_removed(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe = house.signed_in(heiko)
    sipe.change("add", "sip:ghost@ucc.test", "Colleagues")
    sipe.change("remove", "sip:ghost@ucc.test")
    sipe.expect("buddy-removed", who="sip:ghost@ucc.test")
    house.signed_in(jan)
    sipe.comes(jan, "Available")


def _search(sipe: Sipe, **fields: str) -> set[str]:
    seen = len(sipe.told("found"))
    sipe.do("form", *(f"{name}={value}" for name, value in fields.items()))
    sipe.do("action", "Contact search")
    ended = sipe.expect("found-end")
    found = sipe.told("found")[seen:]
    assert ended["count"] == len(found)
    return {told["person"]["User name"] for told in found}


def test_sipe_finds_people_in_the_address_book(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    team = jan.removeprefix("jan")
    sipe = house.signed_in(heiko)
    found = _search(sipe, given="Jan", surname=team)
    assert any(jan in each for each in found), found
    assert not any("karla" in each for each in found), found
    assert any(jan in each for each in _search(sipe, email=jan))


def test_a_search_that_finds_nobody_says_so(house: SipeHouse) -> None:
    heiko, *_ = house.team()
    sipe = house.signed_in(heiko)
    sipe.do("form", "given=Xaver")
    sipe.do("action", "Contact search")
    sipe.expect("notify", primary=lambda text: "No contacts found" in text)


def test_sipe_shows_the_card_of_a_colleague(house: SipeHouse) -> None:
    heiko, *_, bert = house.team()
    sipe = house.signed_in(heiko)
    sipe.comes(bert, "Do not disturb")
    sipe.do("info", uri(bert))
    card = sipe.expect("userinfo", who=uri(bert))["text"]
    assert "Bert" in card and "Display name" in card, card
