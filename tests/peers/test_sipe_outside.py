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


def _ended(sipe: Sipe, watcher: Sipe) -> None:
    """The call is over for the client and for the others, and the client lives."""
    sipe.expect("media-state", within=30, state="end")
    sipe.say("status busy")
    watcher.sees(sipe.user, "Busy")


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


def test_an_announcement_is_heard_and_ends_the_call(house: SipeHouse) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher = house.signed_in(heiko), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    _calls(sipe, OUTSIDE["announcement"])
    _talks(sipe)
    sipe.expect("media-info", within=40, info="hangup", local=False)
    _ended(sipe, watcher)


@pytest.mark.parametrize("behaviour", ["busy", "unassigned"])
def test_a_number_that_cannot_be_reached_is_told(house: SipeHouse, behaviour: str) -> None:
    heiko, jan, *_ = house.team()
    sipe, watcher = house.signed_in(heiko), house.signed_in(jan)
    watcher.comes(heiko, "Available")
    _calls(sipe, OUTSIDE[behaviour])
    _ended(sipe, watcher)
    assert sipe.told("notify"), "the user is told why"
