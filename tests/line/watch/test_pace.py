"""What is not done all at once."""

from __future__ import annotations

from snomtui.line.watch.pace import AT_ONCE, Pace
from tests.line.peer import Bench


def test_first_are_done_at_once_and_the_others_in_order_later() -> None:
    bench, done = Bench(), list[tuple[int, float]]()
    pace, start = Pace(bench.line), bench.now
    for number in range(25):
        pace.soon(lambda now, number=number: done.append((number, now - start)), bench.now)  # type: ignore[misc]
    assert len(done) == AT_ONCE
    bench.advance(5)
    assert [number for number, _ in done] == list(range(25))
    assert [sum(int(at) == second for _, at in done) for second in range(4)] == [10, 10, 5, 0]


def test_what_is_forgotten_is_never_done() -> None:
    bench, done = Bench(), list[float]()
    pace = Pace(bench.line)
    for _ in range(25):
        pace.soon(done.append, bench.now)
    pace.forget()
    bench.advance(5)
    assert len(done) == AT_ONCE
    pace.soon(done.append, bench.now)
    assert len(done) == AT_ONCE + 1
