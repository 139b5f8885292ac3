"""What the LEDs show."""

from __future__ import annotations

import pytest

from snomtui.phone.leds import labels, leds
from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState, Led, Pattern
from snomtui.presence import Availability, Contact, Presence
from snomtui.settings.registry import Settings


def with_call(state: str) -> Model:
    """A phone with a call on P1."""
    call = CallState("1-1", 1, "in", "sip:a@b", "Anna", "a", state, key="P1")
    return Model(Settings(), calls={"1-1": call})


@pytest.mark.parametrize(
    ("state", "pattern"),
    [
        ("offered", Pattern.FAST),
        ("dialling", Pattern.ON),
        ("ringing", Pattern.ON),
        ("talking", Pattern.ON),
        ("holding", Pattern.SLOW),
        ("held", Pattern.MEDIUM),
    ],
)
def test_line_key_shows_its_call(state: str, pattern: Pattern) -> None:
    lit = leds(with_call(state))
    assert lit["P1"] == Led("orange", pattern)
    assert ("CALL" in lit) == (state == "offered")
    assert labels(with_call(state))["P1"] == "Anna"


def test_call_that_ended_is_dark() -> None:
    assert leds(with_call("ended")) == {}


@pytest.mark.parametrize("availability", list(Availability))
def test_contact_key_is_lit_for_those_who_are_busy(availability: Availability) -> None:
    model = Model(Settings({"fkey1": "dest <sip:jan@ucc.de>"}))
    model.saw("sip:jan@ucc.de", Presence(availability))
    busy = availability.value in {"BUSY", "IN_A_CALL", "IN_A_MEETING", "URGENT_INTERRUPTIONS_ONLY", "HOLDING", "DND"}
    assert ("P2" in leds(model)) == busy


def test_contact_key_finds_its_contact_in_any_spelling() -> None:
    model = Model(Settings({"fkey1": "dest <sip:Jan.Dierich@UCC.de>"}))
    model.enlist(1, (Contact("sip:jan.dierich@ucc.de", "Jan"),))
    model.saw("sip:jan.dierich@ucc.de", Presence(Availability.BUSY))
    assert labels(model)["P2"] == "Jan"
    assert leds(model)["P2"].pattern is Pattern.ON


def test_message_lamp_blinks_for_voice_mail_and_is_on_for_missed_calls() -> None:
    model = Model(Settings(), missed=1)
    assert leds(model)["MESSAGE"] == Led("red", Pattern.ON)
    model.mailbox = {1: (2, 0)}
    assert leds(model)["MESSAGE"] == Led("red", Pattern.SLOW)


def test_dnd_key_is_lit() -> None:
    model = Model(Settings({"fkey3": "keyevent F_DND", "dnd_mode": "on"}))
    assert leds(model) == {"P4": Led("orange", Pattern.ON)}
    assert labels(model)["P4"] == "DND"


def test_devices_and_mute_are_lit() -> None:
    lit = leds(Model(Settings(), device="speaker", muted=True))
    assert lit == {"SPEAKER": Led("green", Pattern.ON), "MUTE": Led("red", Pattern.ON)}


def test_label_is_the_setting_else_what_the_key_does() -> None:
    model = Model(
        Settings({"fkey1": "dest <sip:jan@ucc.de>", "fkey2": "speed 123", "fkey_label2": "Pizza", "fkey4": "none"})
    )
    named = labels(model)
    assert (named["P1"], named["P2"], named["P3"]) == ("Line 1", "jan", "Pizza")
    assert "P5" not in named
