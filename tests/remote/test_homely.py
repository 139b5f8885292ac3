"""The forms of the home page that no snom has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.phone.intents import Conference, Dtmf, Hold, Intent, Resume, SetPresence, Transfer
from snomtui.phone.snapshot import CallState
from snomtui.presence import Availability
from snomtui.remote import homely
from snomtui.remote.commands import BadCommand
from tests.remote.standin import snapshot

CALL = CallState("c7", 1, "in", "sip:jan@ucc.test", "Jan", "11", "talking", shown=True)
PHONE = replace(snapshot(), calls=(CALL,))


@pytest.mark.parametrize(
    ("asked", "wish"),
    [
        ([("hold", "c7")], Hold("c7")),
        ([("resume", "c7")], Resume("c7")),
        ([("to", " +49301 "), ("transfer", "c7")], Transfer("+49301", "c7")),
        ([("digits", "12 3#a"), ("dtmf", "c7")], Dtmf("123#A")),
        ([("conference", "on")], Conference()),
        ([("conference", "off")], Conference(False)),
        ([("presence", "AWAY"), ("note", "at lunch")], SetPresence(Availability.AWAY, "at lunch")),
        ([("presence", "AWAY")], SetPresence(Availability.AWAY)),
        ([("NUMBER", "11")], None),
    ],
)
def test_form_says_what_is_wanted_of_which_call(asked: list[tuple[str, str]], wish: Intent | None) -> None:
    assert homely.read(asked, PHONE) == wish


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ([("hold", "")], "Which call"),
        ([("to", ""), ("transfer", "c7")], "Where should the call go"),
        ([("to", "1" * 256), ("transfer", "c7")], "too long"),
        ([("to", "1\r\n2"), ("transfer", "c7")], "no line of text"),
        ([("digits", "12x"), ("dtmf", "c7")], "The digits are"),
        ([("digits", "12"), ("dtmf", "c6")], "not on the display any more"),
        ([("presence", "IN_A_CALL")], "must be one of AVAILABLE"),
        ([("note", "at lunch")], "must be one of AVAILABLE"),
    ],
)
def test_form_that_means_nothing_is_refused_in_words(asked: list[tuple[str, str]], why: str) -> None:
    with pytest.raises(BadCommand, match=why):
        homely.read(asked, PHONE)
