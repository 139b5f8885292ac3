"""Calls, as a person makes them with the keys."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import (
    Dial,
    HangUp,
)
from snomtui.phone.snapshot import Pattern
from snomtui.sip.message import respond
from tests.line.peer import accepted, ringing, says, sdp
from tests.phone.bench import Bench, Digits, Play


def test_ok_takes_a_call_and_x_denies_it() -> None:
    bench = Bench()
    invite = bench.ring()
    assert (bench.page.name, bench.page.title) == ("call", "Incoming call")
    bench.press("CANCEL")
    assert bench.peer.answers("INVITE")[-1] == 486
    bench.ring("in-2")
    bench.press("ENTER")
    assert bench.peer.answers("INVITE")[-1] == 200
    assert invite.call_id == "in-1"


@pytest.mark.parametrize("key", ["ENTER", "OFFHOOK", "SPEAKER", "F1", "P1"])
def test_many_keys_take_a_call(key: str) -> None:
    bench = Bench()
    bench.ring()
    bench.press(key)
    assert bench.peer.answers("INVITE")[-1] == 200


@pytest.mark.parametrize("key", ["CANCEL", "ONHOOK", "F4", "DISCONNECT"])
def test_many_keys_end_a_call(key: str) -> None:
    bench = Bench()
    bench.talk()
    bench.press(key)
    assert len(bench.peer.asked("BYE")) == 1
    bench.advance(1)
    assert (bench.page.name, bench.snapshot.handset) == ("idle", "")


def held_by_us(bench: Bench) -> None:
    """The other side agrees to be held, and to be taken back."""

    def rule(request: object) -> object:
        offered = str(getattr(request, "body", b""))
        return accepted(request, body=sdp("recvonly" if "a=sendonly" in offered else "sendrecv"))  # type: ignore[arg-type]

    bench.peer.rules["INVITE"] = rule  # type: ignore[assignment]


def test_hold_key_holds_and_takes_back() -> None:
    bench = Bench()
    bench.talk()
    held_by_us(bench)
    bench.press("F_HOLD")
    assert bench.states == ["holding"]
    assert bench.page.title == "On hold"
    bench.press("F_HOLD")
    assert bench.states == ["talking"]


def test_line_keys_change_between_calls() -> None:
    bench = Bench()
    bench.talk("sip:bob@example.org")
    held_by_us(bench)
    assert bench.do(Dial("sip:clara@example.org")) is None
    assert bench.states == ["holding", "talking"]
    assert [call.key for call in bench.calls] == ["P1", "P2"]
    assert bench.snapshot.leds["P1"].pattern is Pattern.SLOW
    bench.press("P1")
    assert bench.states == ["talking", "holding"]
    assert bench.page.rows[0].text == "bob@example.org"
    bench.press("DOWN")
    assert bench.page.rows[0].text == "clara@example.org"
    assert bench.states == ["talking", "holding"]
    bench.press("CANCEL")
    bench.advance(1)
    assert bench.states == ["talking"]
    assert bench.page.rows[0].text == "bob@example.org"


def test_free_line_key_opens_the_number_entry() -> None:
    bench = Bench()
    bench.press("P2")
    assert (bench.page.name, bench.snapshot.handset) == ("entry", "speaker")


def test_second_caller_waits_while_one_talks() -> None:
    bench = Bench()
    bench.talk()
    held_by_us(bench)
    bench.ring()
    assert bench.states == ["talking", "offered"]
    assert bench.page.title == "Incoming call"
    assert bench.snapshot.leds["P2"].pattern is Pattern.FAST
    bench.press("ENTER")
    assert bench.states == ["holding", "offered"]
    assert bench.peer.responses[-1].status == 200


def test_second_caller_hears_busy_without_call_waiting() -> None:
    bench = Bench(settings={"call_waiting": "off"})
    bench.talk()
    bench.ring()
    assert bench.peer.answers("INVITE")[-1] == 486
    bench.press("CANCEL")
    bench.ring("in-2")
    assert bench.peer.answers("INVITE")[-1] == 180


def test_caller_is_not_busy_because_of_a_call_that_failed_before() -> None:
    bench = Bench(settings={"call_waiting": "off"})
    bench.peer.rules["INVITE"] = says(404)
    bench.do(Dial("1"))
    assert bench.states == ["ended"]
    bench.ring()
    assert bench.peer.answers("INVITE")[-1] == 180


def test_digits_in_a_call_are_sent_and_shown() -> None:
    bench = Bench()
    bench.talk()
    bench.press("1", "*", "#")
    assert [digits.digits for digits in bench.done(Digits)] == ["1", "*", "#"]
    assert bench.page.entry == "1*#"


def test_transfer_key_sends_the_caller_elsewhere() -> None:
    bench = Bench()
    bench.talk()
    bench.peer.rules["REFER"] = says(202)
    bench.press("TRANSFER")
    assert bench.page.name == "transfer"
    bench.press("4", "2", "ENTER")
    assert bench.peer.last("REFER").headers.get("Refer-To") == "<sip:42@example.org;user=phone>"
    assert bench.page.name == "call"


def test_redial_key_dials_again() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = says(486)
    bench.do(Dial("123"))
    bench.press("CANCEL", "REDIAL")
    assert [request.target.user for request in bench.peer.asked("INVITE")] == ["123", "123"]


def test_call_that_rings_elsewhere_first_is_shown_as_ringing() -> None:
    bench = Bench()
    invite = bench.call_out()
    bench.tell(ringing(invite))
    assert (bench.page.title, bench.page.rows[0].text) == ("Ringing", "bob@example.org")
    bench.tell(respond(invite, 486, tag="callee"))
    assert bench.page.title == "Call ended"
    assert "Line is busy (486)" in bench.rows


def test_every_port_is_given_back() -> None:
    bench = Bench()
    for _ in range(3):
        bench.talk()
    bench.ring()
    bench.do(HangUp(every=True))
    bench.advance(70)
    plays = bench.done(Play)
    assert {play.port for play in plays} == {play.port for play in plays if play.plan is None}
    assert bench.states == []


def test_hold_key_takes_the_held_call_back_while_another_one_has_just_failed() -> None:
    bench = Bench()
    bench.talk()
    bench.press("F_HOLD")
    bench.peer.rules["INVITE"] = says(404)
    assert bench.do(Dial("sip:nobody@example.org")) is None
    assert bench.page.title == "Call ended"
    bench.peer.rules["INVITE"] = accepted
    bench.press("F_HOLD")
    assert bench.states[0] == "talking"
    assert bench.page.title == "Connected"


def test_call_that_rings_is_shown_instead_of_one_that_is_over() -> None:
    bench = Bench()
    bench.ring()
    bench.peer.rules["INVITE"] = says(480)
    assert bench.do(Dial("sip:nobody@example.org")) is None
    assert bench.page.title == "Incoming call"
    assert [call.state for call in bench.calls if call.shown] == ["offered"]


def test_presence_page_opens_on_what_is_chosen() -> None:
    bench = Bench(settings={"presence_state": "DND"})
    bench.press("F_PRESENCE")
    assert bench.page.cursor is not None
    assert bench.page.rows[bench.page.cursor].text == "Do not disturb"


def test_digits_beside_a_held_call_are_the_number_of_somebody_else() -> None:
    bench = Bench()
    bench.talk()
    bench.press("F_HOLD", "4", "2", "ENTER")
    assert bench.states == ["holding", "talking"]
    assert bench.calls[-1].number == "42"
