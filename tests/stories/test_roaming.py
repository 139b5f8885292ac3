"""Two phones at one front end: contact lists, groups, presence, the own state, and a server that goes away."""

from __future__ import annotations

import pytest

from snomtui.line.events import ContactsChanged, Found, OwnPresenceChanged, PresenceChanged, Trouble
from snomtui.phone.intents import AddContact, Answer, Dial, HangUp, Press, RemoveContact, Search, SetPresence
from snomtui.presence import Availability, Presence
from tests.stories.house import Desk, House

HEIKO, JAN, RIA = "sip:heiko.riedel@ucc.de", "sip:jan.dierich@ucc.de", "sip:ria.rings@ucc.de"


def names(desk: Desk) -> dict[str, tuple[str, ...]]:
    """The contact list as the phone was told last: names with groups."""
    told = desk.events(ContactsChanged)[-1]
    return {each.name: each.groups for each in told.contacts}


def groups(desk: Desk) -> tuple[str, ...]:
    """All groups of the list."""
    return desk.events(ContactsChanged)[-1].groups


def own(desk: Desk) -> Availability:
    """How others see this user, as the server says."""
    return desk.events(OwnPresenceChanged)[-1].presence.availability


def two() -> tuple[House, Desk, Desk]:
    """Heiko and Jan, who have each other in their lists."""
    house = House()
    return house, house.signed_in(), house.signed_in("Jan.Dierich")


def twice() -> tuple[House, Desk, Desk]:
    """Heiko with two phones."""
    house = House()
    return house, house.signed_in(), house.signed_in()


# -- the contact list


def test_contact_that_is_added_on_one_phone_shows_on_the_other_in_its_group() -> None:
    house, first, second = twice()
    first.do(AddContact("Ria.Rings@ucc.de", group="Wedding"))
    house.wire.advance(1)
    for desk in (first, second):
        assert names(desk)["Ria Rings"] == ("Wedding",)
        assert "Wedding" in groups(desk)
        assert desk.sees("Ria.Rings") is Availability.AVAILABLE
    assert first.events(Trouble) == []


def test_contact_that_is_removed_on_one_phone_is_gone_on_the_other() -> None:
    house, first, second = twice()
    first.do(RemoveContact("sip:Bo.Busy@ucc.de"))
    house.wire.advance(1)
    assert "Bo Busy" not in names(first) and "Bo Busy" not in names(second)
    assert first.phone.do(RemoveContact("sip:Bo.Busy@ucc.de"), house.now) is not None


def test_both_phones_change_the_list_at_once_and_nothing_is_lost() -> None:
    house, first, second = twice()
    assert first.phone.do(AddContact("sip:ria.rings@ucc.de", group="One"), house.now) is None
    assert second.phone.do(AddContact("sip:rex.rejects@ucc.de", group="Two"), house.now) is None
    assert second.phone.do(RemoveContact("sip:Bo.Busy@ucc.de"), house.now) is None
    house.wire.advance(10)
    assert names(first) == names(second)
    assert names(first).keys() == {"Jan Dierich", "Ada Answers", "Ria Rings", "Rex Rejects"}
    assert {"One", "Two"} <= set(groups(first))
    assert first.events(Trouble) == second.events(Trouble) == []


def test_changed_list_is_there_after_a_new_sign_in() -> None:
    house, first, _ = two()
    first.do(AddContact("sip:ria.rings@ucc.de", "Ria at home", "Friends"))
    house.wire.advance(1)
    third = house.signed_in()
    assert names(third)["Ria at home"] == ("Friends",)


def test_people_are_found_in_the_address_book_and_can_be_added() -> None:
    house, first, _ = two()
    first.do(Search("Ria"))
    house.wire.advance(2)
    (found,) = first.events(Found)
    assert [each.name for each in found.people] == ["Ria Rings"] and not found.why
    first.do(AddContact(found.people[0].uri, found.people[0].name))
    house.wire.advance(2)
    assert "Ria Rings" in names(first)


def test_contacts_have_the_numbers_of_their_cards() -> None:
    _, first, _ = two()
    assert first.contact("Jan.Dierich").numbers == ("+49301234501",)


@pytest.mark.parametrize("fault", ["forgetful", "slow", "drop", "lost-answer", "503"])
def test_contact_is_added_in_the_end_whatever_goes_wrong_meanwhile(fault: str) -> None:
    house, heiko, _ = two()
    house.fault(fault)
    heiko.do(AddContact(RIA, "Ria", "Wedding"))
    house.wire.advance(20)
    house.fault()
    house.wire.advance(400)
    assert heiko.registered
    added = names(heiko).get("Ria") == ("Wedding",)
    assert added or [each.what for each in heiko.events(Trouble)] == ["contacts"]
    heiko.do(AddContact(RIA, "Ria", "Wedding"))
    house.wire.advance(2)
    assert names(heiko)["Ria"] == ("Wedding",)


def test_watcher_who_is_no_contact_is_acknowledged_and_noted_in_the_log() -> None:
    house = House()
    heiko = house.signed_in()
    heiko.do(RemoveContact(JAN))
    house.signed_in("Jan.Dierich")
    noted = "[5] Jan Dierich has added this user to a contact list"
    assert heiko.log.count(noted) == 1
    assert noted not in house.signed_in().log


# -- presence


@pytest.mark.parametrize(
    "chosen", [Availability.BUSY, Availability.DND, Availability.BE_RIGHT_BACK, Availability.AWAY, Availability.OFFLINE]
)
def test_state_that_is_chosen_on_one_phone_shows_on_the_other_and_at_home(chosen: Availability) -> None:
    house, heiko, jan = two()
    jan.do(SetPresence(chosen, "back at five"))
    house.wire.advance(1)
    assert heiko.sees("Jan.Dierich") is chosen
    assert own(jan) is chosen
    if chosen is not Availability.OFFLINE:
        assert heiko.contact("Jan.Dierich").presence.note == "back at five"
    jan.do(SetPresence(Availability.AVAILABLE))
    house.wire.advance(1)
    assert heiko.sees("Jan.Dierich") is own(jan) is Availability.AVAILABLE


def test_call_between_two_phones_shows_on_both_and_ends_on_both() -> None:
    house, heiko, jan = two()
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    house.wire.advance(1)
    jan.do(Answer())
    house.wire.advance(2)
    assert heiko.sees("Jan.Dierich") is jan.sees("Heiko.Riedel") is Availability.IN_A_CALL
    assert own(heiko) is own(jan) is Availability.IN_A_CALL
    jan.do(HangUp())
    house.wire.advance(2)
    assert heiko.sees("Jan.Dierich") is jan.sees("Heiko.Riedel") is Availability.AVAILABLE


def test_state_that_is_chosen_on_one_phone_of_a_user_is_respected_by_the_other() -> None:
    house, first, second = twice()
    first.do(SetPresence(Availability.DND))
    house.wire.advance(1)
    assert own(second) is Availability.DND
    second.do(SetPresence(Availability.BUSY))
    house.wire.advance(1)
    assert own(first) is Availability.BUSY
    first.do(SetPresence(Availability.DND))
    house.wire.advance(1)
    assert own(second) is Availability.DND
    third = house.signed_in()
    assert own(third) is Availability.DND


def test_phone_that_nobody_uses_is_inactive_until_a_key_is_pressed() -> None:
    house, heiko, jan = two()
    jan.do(Press("CANCEL"))
    house.wire.advance(60 * 15 + 2)
    heiko.do(Press("CANCEL"))
    assert heiko.sees("Jan.Dierich") is Availability.INACTIVE
    jan.do(Press("CANCEL"))
    house.wire.advance(1)
    assert heiko.sees("Jan.Dierich") is Availability.AVAILABLE


def test_phone_that_signs_off_is_offline_for_the_others() -> None:
    house, heiko, jan = two()
    jan.phone.leave(house.now)
    house.wire.advance(2)
    assert heiko.sees("Jan.Dierich") is Availability.OFFLINE


# -- the server goes away


def test_list_stays_while_the_server_is_away_and_presence_is_unknown() -> None:
    house, heiko, jan = two()
    heiko.do(AddContact(RIA, group="Wedding"))
    house.wire.advance(1)
    before = names(heiko)
    house.wire.cut(heiko.phone)
    assert names(heiko) == before and heiko.phone.contacts()
    assert heiko.events(PresenceChanged)[-1].presence == Presence()
    assert heiko.sees("Jan.Dierich") is Availability.UNKNOWN
    house.wire.advance(10)
    assert names(heiko) == before
    assert heiko.sees("Jan.Dierich") is Availability.AVAILABLE
    assert own(heiko) is own(jan) is Availability.AVAILABLE


def test_phones_survive_a_restart_of_the_front_end_with_lists_and_presence() -> None:
    house, heiko, jan = two()
    heiko.do(AddContact(RIA, group="Wedding"))
    jan.do(SetPresence(Availability.DND))
    house.wire.advance(1)
    before = names(heiko)
    house.office.restart(house.now)
    house.wire.advance(30)
    assert heiko.registered and jan.registered
    assert names(heiko) == before
    assert heiko.sees("Jan.Dierich") is own(jan) is Availability.DND
    jan.do(SetPresence(Availability.AVAILABLE))
    house.wire.advance(1)
    assert heiko.sees("Jan.Dierich") is Availability.AVAILABLE


def test_phone_asks_for_everything_again_after_a_new_proof_of_who_it_is() -> None:
    house = House()
    heiko = house.signed_in()
    before = len(house.wire.lines(heiko.phone))
    house.wire.advance(8 * 3600)
    said = [line.partition(" ")[0] for line in house.wire.lines(heiko.phone)[before:]]
    handshake = next(at for at in range(len(said)) if said[at : at + 3] == 3 * ["REGISTER"])
    assert said[handshake + 3 : handshake + 6] == 3 * ["SUBSCRIBE"]
    assert heiko.registered and heiko.sees("Bo.Busy") is Availability.IN_A_CALL


def test_sign_in_does_not_flood_the_server() -> None:
    house = House()
    lines = house.wire.lines(house.signed_in().phone)
    asked = [line for line in lines if line.partition(" ")[0] in ("REGISTER", "SUBSCRIBE", "SERVICE")]
    assert len(asked) <= 12
