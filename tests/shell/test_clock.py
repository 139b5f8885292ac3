"""The one clock."""

from __future__ import annotations

import time

import pytest

from snomtui.shell.clock import Clock, utc_offset


def test_clock_shows_the_wall_time_of_its_start() -> None:
    assert abs(Clock().now() - time.time()) < 0.1


def test_clock_never_steps_back_when_the_wall_clock_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    readings = [clock.now() for _ in range(1000)]
    assert readings == sorted(readings) and readings[0] >= before


def test_offset_is_that_of_the_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "XXX-5:45")
        time.tzset()
        assert utc_offset() == 5 * 3600 + 45 * 60
    time.tzset()
