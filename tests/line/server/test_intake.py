"""Bytes become messages, and none may take for ever."""

from __future__ import annotations

from snomtui.kit.timers import Timers
from snomtui.line.server.intake import PATIENCE, STALLED, Intake
from snomtui.sip.message import Request
from tests.sip.examples import INVITE


def test_message_that_never_ends_is_noticed() -> None:
    timers = Timers()
    intake = Intake(timers)
    assert intake.read(INVITE[:-1], True, 100.0) == [] and timers.deadline(STALLED) == 100.0 + PATIENCE
    assert intake.read(b"", True, 120.0) == [] and timers.deadline(STALLED) == 100.0 + PATIENCE
    assert len(intake.read(INVITE[-1:], True, 121.0)) == 1 and timers.deadline(STALLED) is None


def test_each_message_that_ends_gives_the_next_one_its_time() -> None:
    timers = Timers()
    intake = Intake(timers)
    intake.read(INVITE[:50], True, 100.0)
    assert len(intake.read(INVITE[50:] + INVITE[:50], True, 110.0)) == 1
    assert timers.deadline(STALLED) == 110.0 + PATIENCE


def test_new_connection_begins_with_nothing() -> None:
    timers = Timers()
    intake = Intake(timers)
    intake.read(INVITE[:50], True, 100.0)
    intake.renew()
    assert timers.deadline(STALLED) is None and len(intake.read(INVITE, True, 101.0)) == 1


def test_packet_is_whole_or_nothing() -> None:
    timers = Timers()
    intake = Intake(timers)
    (read,) = intake.read(INVITE, False, 100.0)
    assert isinstance(read, Request) and intake.read(b"\r\n", False, 100.0) == []
    assert timers.deadline(STALLED) is None
