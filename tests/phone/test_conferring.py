"""Conferences: calls are joined, held and ended together, and parted again."""

from __future__ import annotations

from snomtui.media.plan import Plan
from snomtui.phone.intents import Conference, Dial, HangUp, Hold, Refusal, Resume
from tests.phone.bench import Bench, Play
from tests.phone.test_calls_by_keys import held_by_us


def two_calls() -> Bench:
    """Bob is on hold, Clara talks."""
    bench = Bench()
    bench.talk("sip:bob@example.org")
    held_by_us(bench)
    assert bench.do(Dial("sip:clara@example.org")) is None
    assert bench.states == ["holding", "talking"]
    return bench


def rooms(bench: Bench) -> list[str]:
    """The conference in which the stream of each port is now."""
    now: dict[int, str] = {}
    for play in bench.done(Play):
        if isinstance(play.plan, Plan):
            now[play.port] = play.plan.room
        else:
            now.pop(play.port, None)
    return list(now.values())


def joined(bench: Bench) -> list[bool]:
    """Which calls are in the conference."""
    return [call.conference for call in bench.calls]


def test_conference_key_joins_two_calls_so_that_all_hear_each_other() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    assert bench.states == ["talking", "talking"]
    assert joined(bench) == [True, True]
    first, second = rooms(bench)
    assert first == second != ""


def test_conference_key_parts_them_again() -> None:
    bench = two_calls()
    bench.press("CONFERENCE", "CONFERENCE")
    assert sorted(bench.states) == ["holding", "talking"]
    assert joined(bench) == [False, False]
    assert rooms(bench) == ["", ""]


def test_conference_is_held_and_taken_back_as_one() -> None:
    bench = two_calls()
    bench.press("CONFERENCE", "F_HOLD")
    assert bench.states == ["holding", "holding"]
    bench.press("F_HOLD")
    assert bench.states == ["talking", "talking"]
    assert joined(bench) == [True, True]


def test_conference_on_hold_says_so() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    assert [row.right for row in bench.page.rows] == ["0:00", "0:00"]
    bench.press("F_HOLD")
    assert [row.right for row in bench.page.rows] == ["on hold", "on hold"]


def test_third_call_holds_the_conference_and_can_join_it() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    assert bench.do(Dial("sip:dora@example.org")) is None
    assert bench.states == ["holding", "holding", "talking"]
    assert bench.do(Conference()) is None
    assert bench.states == ["talking"] * 3
    assert joined(bench) == [True] * 3
    assert len(set(rooms(bench))) == 1


def test_conference_key_takes_a_third_call_in_before_it_parts_all() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    assert bench.do(Dial("sip:dora@example.org")) is None
    bench.press("CONFERENCE")
    assert joined(bench) == [True] * 3
    bench.press("CONFERENCE")
    assert joined(bench) == [False] * 3
    assert sorted(bench.states) == ["holding", "holding", "talking"]


def test_taking_another_call_back_holds_the_whole_conference() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    assert bench.do(Dial("sip:dora@example.org")) is None
    assert bench.do(Resume(bench.calls[0].id)) is None
    assert bench.states == ["talking", "talking", "holding"]


def test_hanging_up_ends_the_whole_conference() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    assert bench.do(HangUp()) is None
    bench.advance(1)
    assert not bench.calls
    assert len(bench.peer.asked("BYE")) == 2


def test_member_who_leaves_ends_a_conference_of_two_and_the_other_one_goes_on() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    bob = bench.calls[0].id
    assert bench.do(HangUp(bob)) is None
    bench.advance(1)
    assert (bench.states, joined(bench), rooms(bench)) == (["talking"], [False], [""])


def test_one_call_is_no_conference() -> None:
    bench = Bench()
    assert bench.do(Conference()) == Refusal("A conference needs two calls")
    bench.talk()
    assert bench.do(Conference()) == Refusal("A conference needs two calls")
    assert bench.do(Conference(on=False)) == Refusal("There is no conference")


def test_new_offer_of_a_member_leaves_it_in_the_conference() -> None:
    bench = two_calls()
    bench.press("CONFERENCE")
    before = rooms(bench)
    assert bench.do(Hold()) is None
    assert rooms(bench) == before
