"""Digits as RFC 4733 has them."""

from __future__ import annotations

import pytest

from snomtui.errors import LocalError
from snomtui.media.dtmf import Ear, Event, codes
from snomtui.media.rtp import RtpPacket


def _packet(digit: int, timestamp: int, duration: int, end: bool = False, marker: bool = False) -> RtpPacket:
    return RtpPacket(101, 0, timestamp, 7, bytes(Event(digit, end, duration)), marker)


def _hear(*said: RtpPacket) -> str:
    ear = Ear()
    return "".join(ear.hear(packet) for packet in said)


def test_event_is_written_as_the_rfc_draws_it() -> None:
    assert bytes(Event(11, True, 800, 10)) == bytes.fromhex("0b8a0320")
    assert Event.parse(bytes.fromhex("0b8a0320")) == Event(11, True, 800, 10)
    assert Event.parse(b"\1\2\3") is None


def test_typed_digits_become_codes_and_separators_nothing() -> None:
    assert codes("1-2 (*#) d!,9") == (1, 2, 10, 11, 15, 16, None, 9)


def test_typing_what_is_no_digit_is_refused() -> None:
    with pytest.raises(LocalError, match="'x'"):
        codes("12x")


def test_ear_hears_a_digit_once_at_its_first_packet() -> None:
    said = [_packet(5, 1000, 160 * n, end=n > 4, marker=n == 1) for n in (1, 2, 3, 4, 5, 5, 5)]
    assert [_hear(*said[:n]) for n in (1, 7)] == ["5", "5"]


def test_ear_hears_a_digit_of_which_only_the_end_came() -> None:
    assert _hear(_packet(5, 1000, 800, end=True)) == "5"


def test_ear_hears_the_same_key_pressed_twice() -> None:
    assert _hear(_packet(5, 1000, 160), _packet(5, 1000, 800, end=True), _packet(5, 2400, 160)) == "55"


def test_ear_hears_a_second_press_by_its_marker_when_all_ends_are_lost() -> None:
    assert _hear(_packet(5, 1000, 160, marker=True), _packet(5, 2400, 160, marker=True)) == "55"


def test_ear_takes_the_segments_of_a_long_press_as_one() -> None:
    assert _hear(_packet(5, 1000, 0xFFFF, marker=True), _packet(5, 1000 + 0xFFFF, 160)) == "5"


def test_ear_forgives_a_timestamp_that_runs_during_the_digit() -> None:
    assert _hear(*(_packet(5, 1000 + 160 * n, 160 * n, end=n == 5, marker=n == 1) for n in range(1, 6))) == "5"


def test_ear_ignores_stragglers_and_events_that_no_key_makes() -> None:
    assert _hear(_packet(5, 1000, 800, end=True), _packet(6, 3000, 800), _packet(5, 1000, 800, end=True)) == "56"
    assert _hear(_packet(66, 1000, 160)) == ""
    assert _hear(RtpPacket(101, 0, 0, 7, b"")) == ""
