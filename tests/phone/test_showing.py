"""How others shall see us: the choice, the time without a key, calls, and the note."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import HangUp, SetPresence, SetSetting
from snomtui.presence import Availability
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Peer, says
from tests.phone.bench import Bench

MINUTE = 60.0


def stored(request: Request) -> Response:
    """A server that takes every publication."""
    return respond(request, 200, headers=[("SIP-ETag", "e"), ("Expires", "36000")])


def publishing(minutes: int = 15) -> Bench:
    """A phone that publishes, and is inactive after so many minutes."""
    settings = {"user_publish_presence_bootup1": "on", "presence_timeout": str(minutes)}
    return Bench(Peer(PUBLISH=stored, BYE=says(200), CANCEL=says(200)), settings=settings)


def seen(bench: Bench) -> Availability:
    """How others see us."""
    return bench.snapshot.own.availability


def test_phone_that_nobody_touches_is_inactive_then_away_and_back_with_the_next_key() -> None:
    bench = publishing(15)
    assert seen(bench) is Availability.AVAILABLE
    bench.advance(15 * MINUTE - 1)
    assert seen(bench) is Availability.AVAILABLE
    bench.advance(2)
    assert seen(bench) is Availability.INACTIVE
    bench.advance(15 * MINUTE)
    assert seen(bench) is Availability.AWAY
    bench.advance(100 * MINUTE)
    assert seen(bench) is Availability.AWAY
    bench.press("UP")
    assert seen(bench) is Availability.AVAILABLE
    bench.advance(15 * MINUTE + 1)
    assert seen(bench) is Availability.INACTIVE


def test_phone_without_a_timeout_is_never_inactive() -> None:
    bench = publishing(0)
    bench.advance(1500 * MINUTE)
    assert seen(bench) is Availability.AVAILABLE


def test_new_timeout_holds_at_once() -> None:
    bench = publishing(0)
    assert bench.do(SetSetting("presence_timeout", "2")) is None
    bench.advance(2 * MINUTE + 1)
    assert seen(bench) is Availability.INACTIVE
    assert bench.do(SetSetting("presence_timeout", "0")) is None
    bench.advance(60 * MINUTE)
    assert seen(bench) is Availability.AVAILABLE


def test_who_talks_is_there_and_who_has_just_talked_as_well() -> None:
    bench = publishing(5)
    bench.talk()
    assert seen(bench) is Availability.IN_A_CALL
    bench.advance(30 * MINUTE)
    assert seen(bench) is Availability.IN_A_CALL
    bench.do(HangUp())
    assert seen(bench) is Availability.AVAILABLE
    bench.advance(5 * MINUTE + 1)
    assert seen(bench) is Availability.INACTIVE


@pytest.mark.parametrize("choice", [Availability.DND, Availability.BE_RIGHT_BACK, Availability.OFFLINE])
def test_choice_counts_more_than_an_unused_phone(choice: Availability) -> None:
    bench = publishing(5)
    assert bench.do(SetPresence(choice)) is None
    bench.advance(6 * MINUTE)
    assert seen(bench) is choice


def test_note_is_written_changed_and_taken_away() -> None:
    bench = publishing()
    bench.press("F_PRESENCE", "F2")
    assert bench.page.title == "My note"
    bench.write("Lunch")
    bench.press("ENTER")
    assert bench.page.name == "presence" and bench.rows[-1] == "Note: Lunch"
    assert b"Lunch" in bench.peer.last("PUBLISH").body
    bench.press("UP", "ENTER")  # the row of the note
    assert bench.page.entry == "Lunch"
    bench.press(*["LEFT"] * 9, "ENTER")
    assert bench.rows[-1] == "Appear offline"
    assert b"Lunch" not in bench.peer.last("PUBLISH").body


def test_note_alone_chooses_nothing() -> None:
    bench = publishing()
    assert bench.do(SetPresence(Availability.AVAILABLE, "Lunch")) is None
    assert not bench.phone.model.chose
    assert bench.do(SetPresence(Availability.AVAILABLE)) is None
    assert bench.phone.model.chose
