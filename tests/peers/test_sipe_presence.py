"""pidgin-sipe and our phone see each other change: fast enough, and with the right words."""

from __future__ import annotations

import pytest

from tests.peers.sipehouse import Sipe, SipeHouse, Sleeper, uri
from tests.phones import PATIENCE, HeadlessPhone, Object

pytestmark = pytest.mark.peer
SOON = 1.0
"""Seconds within which a contact's change must be seen."""
CHOSEN = {
    "BUSY": "Busy",
    "DND": "Do not disturb",
    "BE_RIGHT_BACK": "Be right back",
    "AWAY": "Away",
    "AVAILABLE": "Available",
}
"""What can be chosen on the phone, and what pidgin-sipe calls it."""
ITSELF = 1.0
"""Seconds that pidgin-sipe itself waits before it publishes what was chosen."""
SHOWN = {
    "busy": "BUSY",
    "do-not-disturb": "DND",
    "be-right-back": "BE_RIGHT_BACK",
    "away": "AWAY",
    "invisible": "OFFLINE",
    "available": "AVAILABLE",
}
"""What can be chosen in pidgin-sipe, and snom's word for it."""


def _soon(cause: Object, effect: Object, more: float = 0.0) -> None:
    assert effect["at"] - cause["at"] < SOON + more, (cause, effect)


def _presence(phone: HeadlessPhone, user: str, availability: str, **more: str) -> Object:
    return phone.expect("presence", PATIENCE, uri=uri(user), availability=availability, **more)


def test_sipe_sees_within_a_second_what_is_chosen_on_the_phone(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(jan)
    sipe.comes(jan, "Available")
    for availability, words in CHOSEN.items():
        done = phone.do("presence", availability=availability)
        _soon(done, sipe.sees(jan, words))
    done = phone.do("presence", availability="OFFLINE")
    _soon(done, sipe.leaves(jan))
    done = phone.do("presence", availability="AVAILABLE")
    _soon(done, sipe.comes(jan, "Available"))


def test_sipe_sees_the_note_that_the_phone_publishes(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, phone = house.signed_in(heiko), house.registered(jan)
    sipe.comes(jan, "Available")
    done = phone.do("presence", availability="BUSY", note="Im Lager <bis 3> & zurück")
    told = sipe.sees(jan, "Busy", message=lambda text: text and "Lager" in text)
    assert told["tooltip"]["Note"] == "<i>Im Lager &lt;bis 3&gt; &amp; zurück</i>"
    _soon(done, told)
    phone.do("presence", availability="BUSY", note="")
    sipe.sees(jan, "Busy", message=lambda text: "Lager" not in (text or ""))


def test_the_phone_shows_what_sipe_chooses_with_the_right_word(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    phone, sipe = house.registered(jan), house.signed_in(heiko)
    _presence(phone, heiko, "AVAILABLE")
    for status, availability in SHOWN.items():
        sipe.say(f"status {status}")
        chosen = sipe.expect("own-status", status=status)
        _soon(chosen, _presence(phone, heiko, availability), ITSELF)
    sipe.say("quit")
    _presence(phone, heiko, "OFFLINE")


def test_the_phone_shows_the_note_of_sipe_and_that_its_machine_is_left_alone(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    phone, sipe = house.registered(jan), house.signed_in(heiko)
    _presence(phone, heiko, "AVAILABLE")
    sipe.do("status", "busy", "Bitte nicht stören")
    _presence(phone, heiko, "BUSY", note="Bitte nicht stören")
    sipe.do("status", "available", "")
    _presence(phone, heiko, "AVAILABLE", note="")
    sipe.say("idle 900")
    _presence(phone, heiko, "AWAY")
    sipe.say("idle 0")
    _presence(phone, heiko, "AVAILABLE")


def _in_a_call(caller: HeadlessPhone, callee: HeadlessPhone, number: str) -> Object:
    caller.do("dial", number=number)
    callee.call("offered")
    callee.do("answer")
    return caller.call("talking")


def test_sipe_sees_within_a_second_that_a_phone_is_in_a_call_and_when_it_is_over(house: SipeHouse) -> None:
    heiko, jan, karla, _ = house.team()
    sipe, caller, callee = house.signed_in(heiko), house.registered(jan), house.registered(karla)
    sipe.comes(jan, "Available")
    sipe.comes(karla, "Available")
    talking = _in_a_call(caller, callee, uri(karla))
    _soon(talking, sipe.sees(jan, "In a call"))
    sipe.sees(karla, "In a call")
    caller.do("hangup")
    over = caller.call("ended")
    _soon(over, sipe.sees(jan, "Available"))
    assert caller.quit() == 0
    sipe.leaves(jan)


def test_a_call_on_the_phone_is_a_call_of_the_user_whose_pc_is_idle(house: SipeHouse) -> None:
    heiko, jan, karla, bert = house.team()
    watcher, eyes, pc = house.signed_in(heiko), house.registered(jan), house.signed_in(karla)
    watcher.comes(karla, "Available")
    pc.say("idle 900")
    watcher.sees(karla, "Away")
    _presence(eyes, karla, "AWAY")
    phone = house.registered(karla)
    watcher.sees(karla, "Available")
    _presence(eyes, karla, "AVAILABLE")
    phone.do("dial", number=uri(bert))
    phone.call("talking")
    watcher.sees(karla, "In a call")
    _presence(eyes, karla, "IN_A_CALL")
    phone.do("hangup")
    watcher.sees(karla, "Available")
    _presence(eyes, karla, "AVAILABLE")


def test_who_is_not_to_be_disturbed_stays_so_in_a_call(house: SipeHouse) -> None:
    heiko, jan, _, bert = house.team()
    watcher, phone = house.signed_in(heiko), house.registered(jan)
    watcher.comes(jan, "Available")
    phone.do("presence", availability="DND")
    watcher.sees(jan, "Do not disturb")
    phone.do("dial", number=uri(bert))
    phone.call("talking")
    phone.do("hangup")
    phone.call("ended")
    phone.do("presence", availability="AWAY")
    watcher.sees(jan, "Away")
    assert "In a call" not in watcher.seen(jan)


def test_what_is_chosen_at_the_pc_is_the_choice_of_the_phone_too(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    watcher, pc, phone = house.signed_in(heiko), house.signed_in(jan), house.registered(jan)
    watcher.comes(jan, "Available")
    pc.say("status busy")
    watcher.sees(jan, "Busy")
    phone.expect("own_presence", availability="BUSY")
    phone.do("presence", availability="DND")
    watcher.sees(jan, "Do not disturb")
    pc.expect("own-status", status="do-not-disturb")
    assert phone.quit() == 0
    pc.say("status available")
    watcher.sees(jan, "Available")
    assert watcher.told("buddy-signed-off") == []


def test_the_user_is_there_until_the_last_endpoint_has_left(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    watcher, phone, pc = house.signed_in(heiko), house.registered(jan), house.signed_in(jan)
    watcher.comes(jan, "Available")
    pc.say("quit")
    pc.join()
    phone.do("presence", availability="BUSY")
    watcher.sees(jan, "Busy")
    assert watcher.told("buddy-signed-off") == []
    assert phone.quit() == 0
    watcher.leaves(jan)


def test_an_idle_pc_does_not_hide_a_phone_in_use(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    watcher, pc, phone = house.signed_in(heiko), house.signed_in(jan), house.registered(jan)
    watcher.comes(jan, "Available")
    pc.say("idle 900")
    phone.do("presence", availability="BUSY")
    watcher.sees(jan, "Busy")
    assert "Away" not in watcher.seen(jan)


def test_two_sipes_and_two_phones_all_see_each_other_change(house: SipeHouse) -> None:
    heiko, jan, karla, _ = house.team()
    sipes: dict[str, Sipe] = {heiko: house.signed_in(heiko), jan: house.signed_in(jan, transport="tls")}
    phones: dict[str, HeadlessPhone] = {karla: house.registered(karla), jan: house.registered(jan)}
    for user, sipe in sipes.items():
        for other in (heiko, jan, karla):
            if other != user:
                sipe.comes(other, "Available")
    sipes[heiko].say("status busy")
    sipes[jan].sees(heiko, "Busy")
    for phone in phones.values():
        _presence(phone, heiko, "BUSY")
    sipes[jan].say("status be-right-back")
    sipes[heiko].sees(jan, "Be right back")
    _presence(phones[karla], jan, "BE_RIGHT_BACK")
    phones[karla].do("presence", availability="DND")
    for sipe in sipes.values():
        sipe.sees(karla, "Do not disturb")
    _presence(phones[jan], karla, "DND")
    phones[jan].do("presence", availability="AWAY")
    sipes[heiko].sees(jan, "Away")
    _presence(phones[karla], jan, "AWAY")


def test_sipe_sees_that_nobody_has_touched_the_phone_for_a_minute_and_that_somebody_does(sleeper: Sleeper) -> None:
    sleeper.watcher.expect("buddy-status", within=70, who=uri(sleeper.user), status="idle")
    done = sleeper.phone.do("press", keys="1")
    _soon(done, sleeper.watcher.sees(sleeper.user, "Available"))
