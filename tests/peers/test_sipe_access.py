"""pidgin-sipe blocks and allows: who is blocked sees nothing, and access levels decide how much the others see."""

from __future__ import annotations

import pytest

from tests.peers.sipehouse import SipeHouse, uri
from tests.phones import until

pytestmark = pytest.mark.peer
COMPANY = "Access groups/People in my company/"


def test_who_is_blocked_sees_nothing_until_allowed_again(house: SipeHouse) -> None:
    heiko, jan, karla, _ = house.team()
    blocker, watcher, phone = house.signed_in(heiko), house.signed_in(jan), house.registered(jan)
    third = house.signed_in(karla)
    watcher.comes(heiko, "Available")
    phone.expect("presence", uri=uri(heiko), availability="AVAILABLE")
    third.comes(heiko, "Available")
    blocker.do("block", uri(jan))
    watcher.leaves(heiko)
    phone.expect("presence", uri=uri(heiko), availability="OFFLINE")
    blocker.say("status busy")
    third.sees(heiko, "Busy")
    blocker.do("unblock", uri(jan))
    watcher.comes(heiko, "Busy")
    phone.expect("presence", uri=uri(heiko), availability="BUSY")
    assert third.told("buddy-signed-off") == []


def test_who_is_blocked_stays_so_after_all_have_signed_out(house: SipeHouse) -> None:
    heiko, jan, karla, _ = house.team()
    blocker = house.signed_in(heiko)
    blocker.comes(f"bert{heiko.removeprefix('heiko')}", "Do not disturb")
    blocker.do("block", uri(jan))
    blocker.expect("buddy-status", who=uri(jan))
    blocker.say("quit")
    blocker.join()
    watcher, third, phone = house.signed_in(jan), house.signed_in(karla), house.registered(jan)
    again = house.signed_in(heiko, host="other-desk")
    third.comes(heiko, "Available")
    again.say("status busy")
    third.sees(heiko, "Busy")
    assert [told for told in watcher.told("buddy-signed-on") if told["who"] == uri(heiko)] == []
    assert {told["availability"] for told in phone.told("presence") if told["uri"] == uri(heiko)} <= {
        "OFFLINE",
        "UNKNOWN",
    }


def test_the_access_level_decides_who_reads_the_note(house: SipeHouse) -> None:
    heiko, jan, karla, _ = house.team()
    owner, watcher, phone = house.signed_in(heiko), house.signed_in(jan), house.registered(karla)
    watcher.comes(heiko, "Available")
    owner.do("status", "busy", "Beim Zahnarzt")
    watcher.expect("buddy-status", who=uri(heiko), message=lambda text: text and "Zahnarzt" in text)
    phone.expect("presence", uri=uri(heiko), availability="BUSY", note="Beim Zahnarzt")
    owner.do("choose", uri(karla), "Access level/  Public")
    phone.expect("presence", uri=uri(heiko), availability="BUSY", note="")
    owner.do("choose", uri(karla), "Access level/  Team")
    phone.expect("presence", uri=uri(heiko), availability="BUSY", note="Beim Zahnarzt")
    owner.do("choose", uri(karla), "Access level/  Blocked")
    phone.expect("presence", uri=uri(heiko), availability="OFFLINE")
    owner.do("choose", uri(karla), "Access level/  Personal")
    phone.expect("presence", uri=uri(heiko), availability="BUSY", note="Beim Zahnarzt")
    assert watcher.told("buddy-signed-off") == []


def test_the_menu_shows_the_level_that_was_chosen(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    one, other = house.signed_in(heiko), house.signed_in(heiko, host="other-desk")
    one.do("choose", uri(jan), "Access level/  Team")
    until(lambda: one.level_of(jan) == other.level_of(jan) == "Team")


def test_the_whole_company_can_be_blocked_but_for_one(house: SipeHouse) -> None:
    heiko, jan, karla, _ = house.team()
    owner, friend, phone = house.signed_in(heiko), house.signed_in(jan), house.registered(karla)
    friend.comes(heiko, "Available")
    phone.expect("presence", uri=uri(heiko), availability="AVAILABLE")
    owner.do("choose", uri(jan), "Access level/  Personal")
    owner.do("choose", uri(jan), COMPANY + "  Blocked")
    phone.expect("presence", uri=uri(heiko), availability="OFFLINE")
    owner.say("status busy")
    friend.sees(heiko, "Busy")
    owner.do("choose", uri(jan), COMPANY + "  Company")
    phone.expect("presence", uri=uri(heiko), availability="BUSY")
    assert friend.told("buddy-signed-off") == []
