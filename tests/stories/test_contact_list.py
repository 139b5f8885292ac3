"""The phone's contact list at the front end: groups, adding, removing, searching, and colleagues on keys."""

from __future__ import annotations

import pytest

from snomtui.line.events import Found, Trouble
from snomtui.phone.intents import AddContact, Dial, Go, RemoveContact, Search, SetPresence, SetSetting
from snomtui.phone.snapshot import Pattern
from snomtui.presence import Availability
from tests.stories.house import Desk, House

REX = "sip:Rex.Rejects@ucc.de"


def rows(desk: Desk) -> list[str]:
    """The texts of the page."""
    return [row.text for row in desk.phone.snapshot().page.rows]


def lit(desk: Desk) -> dict[str, Pattern]:
    """The keys that are not dark."""
    return {key: led.pattern for key, led in desk.phone.snapshot().leds.items()}


def groups_of(desk: Desk, user: str) -> tuple[str, ...]:
    """In which groups somebody stands."""
    return desk.contact(user).groups


def test_person_is_added_to_a_new_group_and_removed_again() -> None:
    house = House()
    heiko = house.signed_in()
    heiko.do(AddContact("rex.rejects@ucc.de", "Rex", "Friends"))
    house.wire.advance(2)
    assert groups_of(heiko, "Rex.Rejects") == ("Friends",)
    heiko.press("DIRECTORY")
    assert "- Friends (1/1)" in rows(heiko)
    heiko.do(Go(f"remove:{REX}"))
    heiko.press("F1")
    house.wire.advance(2)
    assert all(contact.uri.lower() != REX.lower() for contact in heiko.phone.contacts())
    assert heiko.events(Trouble) == []


def test_second_phone_of_the_user_shows_the_change_too() -> None:
    house = House()
    desk, home = house.signed_in(), house.signed_in()
    desk.do(AddContact(REX))
    house.wire.advance(2)
    assert home.sees("Rex.Rejects") is desk.sees("Rex.Rejects") is not Availability.UNKNOWN
    home.do(RemoveContact(REX))
    house.wire.advance(2)
    assert all(contact.uri.lower() != REX.lower() for contact in desk.phone.contacts())


def test_stranger_is_found_in_the_address_book_shown_and_added_by_keys() -> None:
    house = House()
    heiko = house.signed_in()
    heiko.do(Go("search"))
    heiko.press(*(f"TEXT:{sign}" for sign in "rex"), "ENTER")
    house.wire.advance(1)
    (found,) = heiko.events(Found)
    assert [person.name for person in found.people] == ["Rex Rejects"]
    assert heiko.phone.snapshot().page.title == "Found: 1" and rows(heiko) == ["Rex Rejects"]
    heiko.press("RIGHT")
    assert heiko.phone.snapshot().page.title == "Rex Rejects" and "+49301234505" in rows(heiko)
    heiko.press("F3", "ENTER")
    house.wire.advance(2)
    assert heiko.contact("Rex.Rejects").name == "Rex Rejects"


def test_search_that_finds_nobody_says_so() -> None:
    house = House()
    heiko = house.signed_in()
    heiko.do(Go("search"), Search("Zoe"))
    house.wire.advance(1)
    assert rows(heiko) == ["Nobody found: Zoe"]


def test_key_of_somebody_who_is_not_in_the_list_is_lit_also_when_it_was_set_just_now() -> None:
    house = House()
    jan = house.signed_in("Jan.Dierich")
    anna_key = {"fkey3": "dest <sip:Ria.Rings@ucc.de>", "fkey4": "blf <sip:Bo.Busy@ucc.de>"}
    heiko = house.signed_in(**anna_key)
    assert lit(heiko) == {"P5": Pattern.ON}
    jan.do(SetSetting("fkey5", "dest <sip:bo.busy@ucc.de>"))
    house.wire.advance(2)
    assert lit(jan) == {"P6": Pattern.ON}
    jan.do(SetPresence(Availability.DND))
    heiko.do(SetSetting("fkey3", "dest <sip:Jan.Dierich@ucc.de>"))
    house.wire.advance(2)
    assert lit(heiko)["P4"] is Pattern.ON


def test_choice_made_at_another_place_shows_here_and_is_not_undone_by_the_next_call() -> None:
    house = House()
    desk, pc = house.signed_in(), house.signed_in()
    desk.do(SetPresence(Availability.BUSY))
    house.wire.advance(1)
    pc.do(SetPresence(Availability.BE_RIGHT_BACK))
    house.wire.advance(1)
    assert desk.phone.snapshot().own.availability is Availability.BE_RIGHT_BACK
    desk.press("F_PRESENCE")
    chosen = [row.text for row in desk.phone.snapshot().page.rows if row.right == "chosen"]
    assert chosen == ["Be right back"]
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.advance(3)
    desk.press("CANCEL")
    house.wire.advance(1)
    assert pc.phone.snapshot().own.availability is Availability.BE_RIGHT_BACK


def test_appear_offline_keeps_the_phone_signed_in() -> None:
    house = House()
    jan, heiko = house.signed_in("Jan.Dierich"), house.signed_in()
    heiko.do(SetPresence(Availability.OFFLINE))
    house.wire.advance(1)
    assert jan.sees("Heiko.Riedel") is Availability.OFFLINE
    assert heiko.registered and heiko.phone.snapshot().own.availability is Availability.OFFLINE


@pytest.mark.parametrize("number", ["030 123 45-02", "(030) 1234502", "+49 (0)30 1234502", "0049301234502"])
def test_number_in_any_spelling_reaches_the_colleague_and_shows_the_name(number: str) -> None:
    house = House()
    plan = r"|^00([1-9]\d+)$|+\1| |^0([1-9]\d+)$|+49\1|"
    heiko = house.signed_in(user_dp_str1=plan)
    heiko.do(Dial(number))
    house.wire.advance(4)
    (call,) = heiko.phone.snapshot().calls
    assert (call.state, call.remote_name) == ("talking", "Ada Answers")
