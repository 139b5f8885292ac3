"""A ringer is played for a try."""

from __future__ import annotations

from snomtui.phone.intents import PlayRinger
from snomtui.phone.snapshot import Led, Pattern
from tests.phone.bench import Bench


def test_ringer_is_seen_and_heard_for_a_moment() -> None:
    bench = Bench()
    assert bench.do(PlayRinger(3)) is None
    assert (bench.snapshot.ringer, bench.snapshot.leds["CALL"]) == (3, Led("red", Pattern.FAST))
    assert "Ringer 3" in bench.snapshot.status
    bench.advance(5)
    assert bench.snapshot.ringer == 0 and "CALL" not in bench.snapshot.leds


def test_there_are_ten_ringers() -> None:
    bench = Bench()
    refusal = bench.do(PlayRinger(11))
    assert refusal is not None and "1 to 10" in refusal.why
