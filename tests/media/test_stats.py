"""Loss, jitter and opinion."""

from __future__ import annotations

import pytest

from snomtui.media.rtp import RtpPacket
from snomtui.media.stats import Reception, mos


def _take(numbers: list[int], ssrc: int = 7, reception: Reception | None = None) -> Reception:
    reception = reception or Reception()
    for number in numbers:
        reception.note(RtpPacket(8, number & 0xFFFF, number * 160 & 0xFFFFFFFF, ssrc, b""), number * 0.02, True)
    return reception


def test_numbers_may_wrap_without_loss() -> None:
    counted = _take(list(range(65530, 65545)))
    assert (counted.received, counted.lost) == (15, 0)


def test_missing_numbers_are_lost_over_the_wrap() -> None:
    counted = _take([65533, 65534, 65538, 65539])
    assert (counted.received, counted.lost) == (4, 3)


def test_late_packet_is_no_loss() -> None:
    assert _take([1, 2, 4, 3, 5]).lost == 0


def test_repeated_packet_counts_once() -> None:
    counted = _take([1, 2, 2, 2, 4])
    assert (counted.received, counted.lost) == (3, 1)


def test_wild_number_is_believed_only_when_the_next_follows() -> None:
    counted = _take([1, 2, 30000, 3])
    assert (counted.received, counted.lost) == (3, 0)
    counted = _take([1, 2, 30000, 30001, 30002])
    assert (counted.received, counted.lost) == (4, 0)


def test_new_source_begins_to_count_anew_and_old_loss_stays() -> None:
    counted = _take([500, 501], ssrc=8, reception=_take([1, 3]))
    assert (counted.received, counted.lost) == (4, 1)


def test_steady_packets_have_no_jitter() -> None:
    assert _take(list(range(100))).jitter_ms < 0.1


def test_jitter_follows_the_formula_of_the_rfc() -> None:
    reception = Reception()
    expected = 0.0
    for n in range(50):
        reception.note(RtpPacket(8, n, n * 160, 7, b""), n * 0.02 + (0.01 if n % 2 else 0.0), True)
        expected += (10.0 - expected) / 16 if n else 0.0
    assert reception.jitter_ms == pytest.approx(expected, abs=0.2)


def test_clock_that_jumps_is_not_jitter() -> None:
    reception = _take([1, 2, 3])
    reception.note(RtpPacket(8, 4, 0x70000000, 7, b""), 0.08, True)
    assert reception.jitter_ms < 0.1


def test_opinion_falls_with_loss_and_delay() -> None:
    assert mos(0, 0) == pytest.approx(4.41, abs=0.01)
    assert mos(0.02, 20) == pytest.approx(4.25, abs=0.1)
    assert mos(0, 0) > mos(0.01, 0) > mos(0.05, 0) > mos(0.5, 0) >= 1.0
    assert mos(0, 100) > mos(0, 200) > mos(0, 400)
    assert mos(1.0, 5000) == 1.0
