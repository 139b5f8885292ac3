"""Keeping a connection alive as the server asks."""

from __future__ import annotations

import pytest

from snomtui.kit.timers import Timers
from snomtui.line.keepalive import NAME, KeepAlive
from snomtui.sip.message import Response, respond
from tests.line.peer import Peer


def granting(value: str) -> Response:
    """200 to a REGISTER."""
    return respond(Peer().make("REGISTER"), 200, tag="r", headers=[("ms-keep-alive", value)])


def test_nothing_is_due_unless_the_server_asks() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.said(0.0)
    keep.granted(respond(Peer().make("REGISTER"), 200, tag="r"), 0.0)
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
    KeepAlive(timers).granted(granting(value), 0.0)
    assert timers.next() == due


def test_whatever_is_sent_begins_the_silence_anew() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(granting("UAS; timeout=100"), 0.0)
    keep.said(50.0)
    assert timers.next() == 130.0
    assert timers.pop(130.0) == NAME


def test_stop_ends_it_until_something_is_sent_again() -> None:
    timers = Timers()
    keep = KeepAlive(timers)
    keep.granted(granting("UAS; timeout=100"), 0.0)
    keep.stop()
    assert timers.next() is None
    keep.said(200.0)
    assert timers.next() == 280.0
