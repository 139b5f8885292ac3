"""Calls through the front end: to scripted colleagues, from them, and from phone to phone."""

from __future__ import annotations

import pytest

from snomtui.line.events import CallChanged
from snomtui.media.plan import Plan
from snomtui.phone.intents import Answer, Dial, Dtmf, HangUp, Hold, LogOff, Quit, Resume, Transfer
from snomtui.phone.snapshot import Pattern
from snomtui.presence import Availability
from tests.stories.house import CALLER, STAFF, Desk, House


def no_port_leaks(desk: Desk) -> None:
    """Every RTP port that was used was given back once."""
    used = [play.port for play in desk.plays if play.plan is not None]
    ended = [play.port for play in desk.plays if play.plan is None]
    assert set(used) <= set(ended)
    assert len(ended) == len(set(ended))


def plan(desk: Desk) -> Plan:
    """What the media does now."""
    made = desk.plays[-1].plan
    assert isinstance(made, Plan)
    return made


@pytest.mark.parametrize("number", ["sip:Ada.Answers@ucc.de", "+49301234502", "+49 (0) 30 1234502", "Ada.Answers"])
def test_colleague_answers(number: str) -> None:
    house = House()
    desk = house.signed_in()
    desk.do(Dial(number))
    house.wire.until(lambda: desk.calls == ["talking"])
    assert [event.state for event in desk.events(CallChanged)] == ["dialling", "ringing", "talking"]
    assert plan(desk).send and plan(desk).receive
    assert "Ada Answers" in desk.text
    desk.press("CANCEL")
    assert desk.ended.cause == "local"
    house.wire.advance(1)
    assert desk.calls == []
    no_port_leaks(desk)


@pytest.mark.parametrize(
    ("user", "code", "words"),
    [("Bo.Busy", 486, "busy"), ("Rex.Rejects", 603, "Declined"), ("No.One", 404, "Unknown number")],
)
def test_colleague_refuses(user: str, code: int, words: str) -> None:
    house = House()
    desk = house.signed_in()
    desk.do(Dial(f"sip:{user}@ucc.de"))
    house.wire.until(lambda: desk.calls == ["ended"])
    assert (desk.ended.code, desk.ended.cause) == (code, "refused")
    assert words in desk.text and str(code) in desk.text
    house.wire.advance(10)
    assert desk.calls == []
    assert desk.phone.snapshot().page.name == "idle"
    no_port_leaks(desk)


def test_colleague_who_never_answers_rings_until_one_gives_up() -> None:
    house = House()
    desk = house.signed_in()
    desk.do(Dial("sip:Ria.Rings@ucc.de"))
    house.wire.advance(60)
    assert desk.calls == ["ringing"]
    desk.do(HangUp())
    house.wire.advance(1)
    assert desk.calls == []
    assert desk.ended.cause == "local"
    no_port_leaks(desk)


def test_colleague_calls_and_is_answered() -> None:
    house = House(staff=STAFF + CALLER)
    desk = house.signed_in()
    house.wire.until(lambda: desk.calls == ["offered"], 120)
    snapshot = desk.phone.snapshot()
    assert snapshot.leds["P1"].pattern is Pattern.FAST
    assert snapshot.leds["CALL"].pattern is Pattern.FAST
    assert "Cal Calls" in desk.text
    assert all(play.plan is None for play in desk.plays)
    desk.press("ENTER")
    assert desk.calls == ["talking"]
    assert desk.phone.snapshot().leds["P1"].pattern is Pattern.ON
    house.wire.until(lambda: "talking" not in desk.calls, 300)
    assert desk.ended.cause == "remote"
    no_port_leaks(desk)


def test_colleague_who_gives_up_is_a_missed_call() -> None:
    house = House(staff=STAFF + CALLER)
    desk = house.signed_in()
    house.wire.until(lambda: desk.calls == ["offered"], 120)
    house.wire.until(lambda: desk.calls != ["offered"], 120)
    assert desk.ended.cause == "cancelled"
    assert "Missed: 1" in desk.phone.snapshot().status


def two() -> tuple[House, Desk, Desk]:
    """Two phones that are signed in."""
    house = House()
    return house, house.signed_in(), house.signed_in("Jan.Dierich")


def connected() -> tuple[House, Desk, Desk]:
    """Two phones in a call."""
    house, heiko, jan = two()
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    assert (heiko.calls, jan.calls) == (["ringing"], ["offered"])
    jan.do(Answer())
    assert (heiko.calls, jan.calls) == (["talking"], ["talking"])
    return house, heiko, jan


def test_two_phones_call_each_other() -> None:
    house, heiko, jan = connected()
    assert plan(heiko).remote == ("127.0.0.1", jan.plays[0].port)
    assert plan(jan).remote == ("127.0.0.1", heiko.plays[0].port)
    assert "Heiko Riedel" in jan.text
    jan.do(HangUp())
    assert heiko.ended.cause == "remote"
    house.wire.advance(10)
    assert (heiko.calls, jan.calls) == ([], [])
    assert house.office.discarded == 0
    no_port_leaks(heiko)
    no_port_leaks(jan)


def test_caller_who_gives_up_leaves_a_missed_call() -> None:
    house, heiko, jan = two()
    heiko.do(Dial("+49301234501"), HangUp())
    house.wire.advance(1)
    assert jan.ended.cause == "cancelled"
    assert "Missed: 1" in jan.phone.snapshot().status
    assert (heiko.calls, jan.calls) == ([], [])
    no_port_leaks(heiko)
    no_port_leaks(jan)


def test_denied_call_is_busy_for_the_caller() -> None:
    house, heiko, jan = two()
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    jan.press("CANCEL")
    house.wire.advance(1)
    assert (heiko.ended.cause, heiko.ended.code) == ("refused", 486)


def test_phone_in_dnd_is_busy_for_everybody() -> None:
    house, heiko, jan = two()
    jan.press("DND")
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    house.wire.advance(1)
    assert heiko.ended.code == 486
    assert jan.calls == []


def test_hold_is_seen_on_both_phones() -> None:
    house, heiko, jan = connected()
    heiko.do(Hold())
    assert (heiko.calls, jan.calls) == (["holding"], ["held"])
    assert heiko.phone.snapshot().leds["P1"].pattern is Pattern.SLOW
    assert not plan(jan).send
    jan.do(Hold())
    assert (heiko.calls, jan.calls) == (["holding"], ["holding"])
    heiko.do(Resume())
    assert (heiko.calls, jan.calls) == (["held"], ["holding"])
    jan.do(Resume())
    assert (heiko.calls, jan.calls) == (["talking"], ["talking"])
    assert plan(heiko).send and plan(heiko).receive and plan(jan).send and plan(jan).receive
    house.wire.advance(2)
    jan.do(HangUp())
    no_port_leaks(heiko)
    no_port_leaks(jan)


def test_line_key_holds_and_takes_back() -> None:
    _, heiko, jan = connected()
    heiko.press("P1")
    assert heiko.calls == ["holding"]
    heiko.press("P1")
    assert (heiko.calls, jan.calls) == (["talking"], ["talking"])


def test_second_call_puts_the_first_on_hold() -> None:
    house, heiko, jan = connected()
    heiko.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.until(lambda: heiko.calls == ["holding", "talking"])
    assert jan.calls == ["held"]
    assert [call.key for call in heiko.phone.snapshot().calls] == ["P1", "P2"]
    heiko.press("P2", "P1")
    assert heiko.calls == ["talking", "holding"]
    heiko.do(HangUp(every=True))
    house.wire.advance(10)
    assert (heiko.calls, jan.calls) == ([], [])
    no_port_leaks(heiko)


def test_digits_are_sent_in_the_call() -> None:
    _, heiko, _ = connected()
    heiko.press("1", "2", "#")
    heiko.do(Dtmf("99"))
    digits = [each for each in heiko._house.wire.outputs[heiko.phone] if type(each).__name__ == "Digits"]
    assert [getattr(each, "digits", "") for each in digits] == ["1", "2", "#", "99"]


def test_transfer_that_is_refused_keeps_the_call() -> None:
    """Colleagues take no REFER."""
    house = House()
    desk = house.signed_in()
    desk.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.until(lambda: desk.calls == ["talking"])
    desk.do(Transfer("sip:Jan.Dierich@ucc.de"))
    house.wire.advance(1)
    assert desk.calls == ["talking"]
    assert "transfer" in desk.phone.snapshot().calls[0].reason


def test_call_goes_on_while_the_phone_signs_in_again() -> None:
    house, heiko, jan = connected()
    house.wire.advance(2000)
    assert (heiko.calls, jan.calls) == (["talking"], ["talking"])
    heiko.do(HangUp())
    house.wire.advance(1)
    assert jan.ended.cause == "remote"


def test_other_phone_that_vanishes_does_not_hang_ours() -> None:
    house, heiko, jan = connected()
    house.wire.boxes.remove(jan.phone)
    house.wire.cut(jan.phone)
    heiko.do(HangUp())
    house.wire.advance(70)
    assert heiko.calls == []
    no_port_leaks(heiko)


def test_logging_off_ends_the_call_and_signs_out() -> None:
    house, heiko, jan = connected()
    heiko.do(LogOff())
    house.wire.advance(10)
    assert heiko.identity.state == "off"
    assert jan.calls == []
    assert heiko.phone.quiet
    no_port_leaks(heiko)


def test_quitting_leaves_nothing_behind() -> None:
    house, heiko, _ = connected()
    heiko.do(Quit())
    house.wire.advance(3)
    assert heiko.phone.quiet
    no_port_leaks(heiko)


# -- what others see


def test_call_is_seen_by_others_and_taken_back() -> None:
    house, heiko, jan = two()
    assert jan.sees("Heiko.Riedel") is Availability.AVAILABLE
    heiko.do(Dial("sip:Ada.Answers@ucc.de"))
    house.wire.until(lambda: heiko.calls == ["talking"])
    house.wire.advance(1)
    assert jan.sees("Heiko.Riedel") is Availability.IN_A_CALL
    heiko.do(HangUp())
    house.wire.advance(1)
    assert jan.sees("Heiko.Riedel") is Availability.AVAILABLE


@pytest.mark.parametrize(
    ("keys", "seen"),
    [
        ("2", Availability.BUSY),
        ("3", Availability.DND),
        ("4", Availability.BE_RIGHT_BACK),
        ("5", Availability.AWAY),
        ("6", Availability.OFFLINE),
    ],
)
def test_choice_is_seen_by_others(keys: str, seen: Availability) -> None:
    house, heiko, jan = two()
    heiko.press("F_PRESENCE", keys, "ENTER")
    house.wire.advance(1)
    assert jan.sees("Heiko.Riedel") is seen
    heiko.press("F_PRESENCE", "1", "ENTER")
    house.wire.advance(1)
    assert jan.sees("Heiko.Riedel") is Availability.AVAILABLE


def test_phone_that_nobody_uses_is_seen_as_inactive() -> None:
    house, heiko, jan = two()
    house.wire.advance(16 * 60)
    assert jan.sees("Heiko.Riedel") is Availability.INACTIVE
    heiko.press("UP")
    house.wire.advance(1)
    assert jan.sees("Heiko.Riedel") is Availability.AVAILABLE


def test_phone_that_signs_out_is_seen_as_offline() -> None:
    house, heiko, jan = two()
    heiko.do(LogOff())
    house.wire.advance(5)
    assert jan.sees("Heiko.Riedel") is Availability.OFFLINE


def test_phone_that_loses_its_connection_comes_back_as_available() -> None:
    house, heiko, jan = two()
    house.wire.cut(heiko.phone)
    house.wire.advance(10)
    assert heiko.registered
    assert jan.sees("Heiko.Riedel") is Availability.AVAILABLE


def test_busy_colleague_is_seen_as_busy() -> None:
    desk = House().signed_in()
    assert desk.sees("Bo.Busy") is Availability.IN_A_CALL
    assert desk.sees("Ada.Answers") is Availability.AVAILABLE


def test_two_phones_of_one_person_ring_both_and_one_takes_the_call() -> None:
    house, heiko, jan = two()
    other = house.signed_in("Jan.Dierich")
    heiko.do(Dial("sip:Jan.Dierich@ucc.de"))
    assert (jan.calls, other.calls) == (["offered"], ["offered"])
    other.do(Answer())
    house.wire.advance(1)
    assert heiko.calls == ["talking"]
    assert jan.calls == []
    assert jan.ended.cause == "elsewhere"
    assert "Missed" not in jan.phone.snapshot().status


def slowly(house: House, seconds: float) -> None:
    """Turn the clock over a wire that takes 50 ms: who speaks in the meantime has not heard the other."""
    end = house.now + seconds
    while house.now < end:
        house.wire.now += 0.05
        for box in house.wire.boxes:
            wake = box.next_wake()
            if wake is not None and wake <= house.now:
                box.tick(house.now)
        house.settle()


@pytest.mark.parametrize("seed", range(12))
def test_two_phones_that_hold_at_the_same_moment_come_to_rest(seed: int) -> None:
    house, heiko, jan = connected()
    for _ in range(seed):  # so that the dice fall differently each time
        heiko.do(Hold(), Resume())
    for desk in (heiko, jan):  # both hold before either hears of the other
        assert desk.phone.do(Hold(), house.now) is None
    before = len(house.wire.said)
    house.settle()
    assert sum(" 491 " in f"{said.line} " for said in house.wire.said[before:]) >= 2
    slowly(house, 5)
    assert (heiko.calls, jan.calls) == (["holding"], ["holding"])
    assert not (plan(heiko).send or plan(heiko).receive or plan(jan).send or plan(jan).receive)
    quiet = len(house.wire.lines())
    house.wire.advance(20)
    assert not any("INVITE" in line for line in house.wire.lines()[quiet:])
    heiko.do(Resume())
    jan.do(Resume())
    assert (heiko.calls, jan.calls) == (["talking"], ["talking"])


def test_two_phones_that_resume_at_the_same_moment_come_to_rest() -> None:
    house, heiko, jan = connected()
    heiko.do(Hold())
    jan.do(Hold())
    for desk in (heiko, jan):
        assert desk.phone.do(Resume(), house.now) is None
    slowly(house, 5)
    assert (heiko.calls, jan.calls) == (["talking"], ["talking"])
    assert plan(heiko).send and plan(heiko).receive and plan(jan).send and plan(jan).receive
    quiet = len(house.wire.lines())
    house.wire.advance(20)
    assert not any("INVITE" in line for line in house.wire.lines()[quiet:])
