"""Names with deadlines, compared with a plain dictionary that does the same slowly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from snomtui.kit.timers import Timers


def test_timers_come_earliest_first_and_only_when_due() -> None:
    timers = Timers()
    for name, at in (("late", 30.0), ("soon", 10.0), ("middle", 20.0)):
        timers.start(name, at)
    assert timers.next() == 10.0
    assert timers.pop(9.99) is None
    assert [timers.pop(20.0), timers.pop(20.0), timers.pop(20.0)] == ["soon", "middle", None]
    assert len(timers) == 1 and timers.next() == 30.0


def test_timer_started_again_moves() -> None:
    timers = Timers()
    timers.start("refresh", 10.0)
    timers.start("refresh", 50.0)
    assert (timers.deadline("refresh"), timers.next(), timers.pop(49.0)) == (50.0, 50.0, None)
    timers.start("refresh", 5.0)
    assert (timers.pop(5.0), timers.pop(100.0)) == ("refresh", None)


def test_stopped_timer_never_comes() -> None:
    timers = Timers()
    timers.start("gone", 1.0)
    timers.stop("gone")
    timers.stop("never there")
    assert (timers.deadline("gone"), timers.next(), timers.pop(9.0), len(timers)) == (None, None, None, 0)


def test_handler_may_stop_a_timer_that_was_due_as_well() -> None:
    timers = Timers()
    timers.start("first", 1.0)
    timers.start("second", 1.0)
    assert timers.pop(5.0) == "first"
    timers.stop("second")
    assert timers.pop(5.0) is None


def test_timers_of_one_moment_come_in_the_order_of_their_start() -> None:
    timers = Timers()
    names = [("retransmit", n) for n in range(20)]
    for name in names:
        timers.start(name, 7.0)
    assert [timers.pop(7.0) for _ in names] == names


def test_timers_do_not_hoard_deadlines_that_were_moved() -> None:
    timers = Timers()
    for n in range(10_000):
        timers.start("idle", float(n))
    assert len(timers._heap) <= 65
    assert timers.next() == 9999.0


STEP = some.tuples(some.sampled_from(["start", "stop", "pop"]), some.integers(0, 5), some.integers(0, 50))


@given(some.lists(STEP, max_size=200))
def test_timers_behave_like_a_plain_dictionary(steps: list[tuple[str, int, int]]) -> None:
    timers, plain = Timers(), dict[int, tuple[int, int]]()
    for count, (do, name, at) in enumerate(steps):
        if do == "start":
            timers.start(name, at)
            plain[name] = (at, count)
        elif do == "stop":
            timers.stop(name)
            plain.pop(name, None)
        else:
            due = min(plain, key=lambda each: plain[each], default=None)
            if due is not None and plain[due][0] > at:
                due = None
            assert timers.pop(at) == due
            if due is not None:
                del plain[due]
        assert len(timers) == len(plain)
        assert timers.next() == min((at for at, _ in plain.values()), default=None)
