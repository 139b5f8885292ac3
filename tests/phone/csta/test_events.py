"""What a program that monitors the phone is told of calls."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from snomtui.phone.csta.events import told
from snomtui.phone.csta.services import View
from snomtui.phone.csta.words import Style
from snomtui.phone.snapshot import CallState, IdentityState
from tests.phone.csta.programs import said, text

VIEW = View((), (IdentityState(1, "heiko@example.org", "Heiko", "registered"),))
IN = CallState("1-1", 1, "in", "sip:anna@example.org", "Anna", "anna", "offered")
OUT = CallState("1-1", 1, "out", "sip:bob@example.org", "Bob", "bob", "dialling")
ME, ANNA, BOB = "sip:heiko@example.org", "sip:anna@example.org", "sip:bob@example.org"


def events(*steps: CallState | None) -> list[bytes]:
    """All events of a call that goes these steps."""
    found: list[bytes] = []
    for before, after in pairwise((None, *steps)):
        assert after is not None
        found += told("7", Style(), VIEW, before, after)
    return found


def up(call: CallState, state: str = "talking") -> CallState:
    """The call, taken."""
    return replace(call, state=state, since=5.0)


def test_call_that_comes_in_is_told_from_ringing_to_its_end() -> None:
    steps = IN, up(IN), up(IN, "holding"), up(IN), up(IN, "held"), up(IN), replace(up(IN, "ended"), cause="remote")
    all_ = events(*steps)
    assert [said(each) for each in all_] == [
        *("DeliveredEvent", "EstablishedEvent", "HeldEvent", "RetrievedEvent", "HeldEvent", "RetrievedEvent"),
        "ConnectionClearedEvent",
    ]
    assert {text(each, "monitorCrossRefID") for each in all_} == {"7"}
    rings, taken, held, _, by_anna, _, over = all_
    assert text(rings, "connection", "callID") == "-1"
    assert text(rings, "alertingDevice", "deviceIdentifier") == text(rings, "calledDevice", "deviceIdentifier") == ME
    assert text(rings, "callingDevice", "deviceIdentifier") == ANNA
    assert (text(rings, "localConnectionInfo"), text(rings, "cause")) == ("alerting", "newCall")
    assert text(taken, "answeringDevice", "deviceIdentifier") == ME
    assert (text(held, "holdingDevice", "deviceIdentifier"), text(held, "localConnectionInfo")) == (ME, "hold")
    assert text(by_anna, "holdingDevice", "deviceIdentifier") == ANNA
    assert text(over, "releasingDevice", "deviceIdentifier") == ANNA
    assert (text(over, "localConnectionInfo"), text(over, "cause")) == ("null", "normalClearing")


def test_call_that_we_make_is_told_from_dialling_on() -> None:
    all_ = events(OUT, replace(OUT, state="ringing"), up(OUT), replace(up(OUT, "ended"), cause="local"))
    assert [said(each) for each in all_] == [
        *("OriginatedEvent", "DeliveredEvent", "EstablishedEvent", "ConnectionClearedEvent"),
    ]
    assert text(all_[0], "originatedConnection", "deviceID") == ME
    assert text(all_[1], "alertingDevice", "deviceIdentifier") == BOB
    assert text(all_[2], "answeringDevice", "deviceIdentifier") == BOB
    assert text(all_[3], "releasingDevice", "deviceIdentifier") == ME


@pytest.mark.parametrize(("code", "cause"), [(486, "busy"), (404, "destNotObtainable"), (500, "destNotObtainable")])
def test_call_that_fails_is_told_as_failed_and_over(code: int, cause: str) -> None:
    all_ = events(OUT, replace(OUT, state="ended", code=code, cause="refused"))
    assert [said(each) for each in all_][1:] == ["FailedEvent", "ConnectionClearedEvent"]
    assert [text(each, "cause") for each in all_[1:]] == [cause, cause]


def test_step_that_changes_no_state_is_not_told() -> None:
    assert events(OUT, replace(OUT, reason="later"))[1:] == []
