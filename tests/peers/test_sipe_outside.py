"""pidgin-sipe calls colleagues who answer by themselves, and numbers in the telephone network."""

from __future__ import annotations

import pytest

from tests.peers.sipehouse import OUTSIDE, Sipe, SipeHouse, uri
from tests.phones import some

pytestmark = pytest.mark.peer


def _calls(sipe: Sipe, outside: str) -> None:
    sipe.do("form", f"phoneNumber={outside}")
    sipe.do("action", "Call a phone number")


def _talks(sipe: Sipe) -> None:
    sipe.expect("media-info", info="accept")
    sipe.expect("audio", packets=some)


def test_sipe_calls_a_colleague_who_answers(house: SipeHouse) -> None:
    heiko, jan, _, bert = house.team()
    sipe, watcher = house.signed_in(heiko), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    sipe.do("call", uri(bert))
    _talks(sipe)
    watcher.sees(heiko, "In a call")
    sipe.say("hangup")
    watcher.sees(heiko, "Available")


def test_sipe_calls_a_number_outside_that_answers(house: SipeHouse) -> None:
    heiko, *_ = house.team()
    sipe = house.signed_in(heiko, transport="tls")
    _calls(sipe, OUTSIDE["answers"])
    _talks(sipe)
    sipe.say("hangup")
    sipe.expect("media-state", state="end")


def test_a_number_that_is_busy_is_told(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher = house.signed_in(heiko), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    _calls(sipe, OUTSIDE["busy"])
    sipe.expect("media-state", state="end")
    sipe.say("status busy")
    watcher.sees(heiko, "Busy")
    assert sipe.told("notify"), "the user is told why"
