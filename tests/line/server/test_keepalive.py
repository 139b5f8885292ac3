"""Keeping a connection alive as the server asks."""

from __future__ import annotations

import pytest

from snomtui.kit.timers import Timers
from snomtui.line.server.keepalive import DEAD, NAME, PATIENCE, KeepAlive
from snomtui.sip.message import Response, respond
from tests.line.peer import Peer


def granting(*headers: tuple[str, str]) -> Response:
    """200 to a REGISTER."""
    return respond(Peer().make("REGISTER"), 200, tag="r", headers=headers)


def ocs(value: str) -> Response:
    """200 to a REGISTER at OCS."""
    return granting(("ms-keep-alive", value))


def test_nothing_is_due_unless_somebody_wants_it() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.said(0.0)
    keep.granted(granting(), None, 0.0)
    assert timers.next() is None


def test_where_the_server_says_nothing_our_own_silence_counts() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(granting(), 100.0, 0.0)
    assert timers.next() == 100.0
    keep.granted(granting(), None, 10.0)
    assert timers.next() is None


@pytest.mark.parametrize(
    ("value", "due"),
    [
        ("UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300", 240.0),
        ("UAS;timeout=300", 240.0),
        ("UAS; Timeout=1", 5.0),
        ("UAS; timeout=999999999", 86400 * 0.8),
    ],
)
def test_sign_is_due_after_four_fifths_of_the_silence_that_is_allowed(value: str, due: float) -> None:
    timers = Timers()
    KeepAlive(timers).granted(ocs(value), None, 0.0)
    assert timers.next() == due


def test_flow_timer_counts_before_our_own_silence() -> None:
    timers = Timers()
    KeepAlive(timers).granted(granting(("Flow-Timer", "30")), 100.0, 0.0)
    assert timers.next() == 24.0


def test_whatever_is_sent_begins_the_silence_anew() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(ocs("UAS; timeout=100"), None, 0.0)
    keep.said(50.0)
    assert timers.next() == 130.0
    assert timers.pop(130.0) == NAME


def test_stop_ends_it_until_a_server_grants_it_again() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(ocs("UAS; timeout=100"), None, 0.0)
    keep.stop()
    keep.said(200.0)
    assert timers.next() is None
    keep.granted(ocs("UAS; timeout=100"), None, 200.0)
    assert timers.next() == 280.0


def test_server_with_a_flow_timer_must_answer_a_sign_of_life() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(granting(("Flow-Timer", "30")), None, 0.0)
    keep.pinged(24.0, True)
    assert timers.deadline(DEAD) == 24.0 + PATIENCE
    keep.heard(b"anything")
    assert timers.deadline(DEAD) is None


def test_server_that_has_answered_once_must_answer_always() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(granting(), 100.0, 0.0)
    keep.pinged(100.0, True)
    assert timers.deadline(DEAD) is None
    keep.heard(b"\r\n")
    keep.pinged(200.0, True)
    keep.pinged(205.0, True)
    assert timers.deadline(DEAD) == 200.0 + PATIENCE


def test_nobody_answers_over_udp() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(granting(("Flow-Timer", "30")), None, 0.0)
    keep.pinged(24.0, False)
    assert timers.deadline(DEAD) is None
