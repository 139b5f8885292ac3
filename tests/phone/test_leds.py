"""What the LEDs show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.line.events import LampChanged
from snomtui.phone.intents import SetSetting
from snomtui.phone.leds import labels, leds
from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState, Led, Pattern
from snomtui.presence import Availability, Contact, Presence
from snomtui.settings.registry import Settings
from snomtui.skin import Shape
from tests.line.notifiers import serving, told
from tests.line.peer import Peer, says
from tests.phone.bench import SHAPE, Bench


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


@pytest.mark.parametrize("kind", ["blf", "dest"])
@pytest.mark.parametrize(("lamp", "pattern"), [("ringing", Pattern.FAST), ("busy", Pattern.ON), ("idle", Pattern.OFF)])
def test_key_of_a_colleague_shows_the_calls_there(kind: str, lamp: str, pattern: Pattern) -> None:
    model = Model(Settings({"fkey1": f"{kind} <sip:Jan@UCC.de>|*8"}))
    model.lit("sip:jan@ucc.de;transport=tls", "busy")
    model.lit("sip:jan@ucc.de;transport=tls", lamp)
    assert leds(model).get("P2", Led()).pattern is pattern


def test_key_is_lit_for_presence_or_for_a_call() -> None:
    model = Model(Settings({"fkey1": "blf <sip:jan@ucc.de>"}))
    model.saw("sip:jan@ucc.de", Presence(Availability.DND))
    model.lit("sip:jan@ucc.de", "idle")
    assert leds(model)["P2"].pattern is Pattern.ON
    model.lit("sip:jan@ucc.de", "ringing")
    assert leds(model)["P2"].pattern is Pattern.FAST


def test_message_lamp_blinks_for_voice_mail_and_is_on_for_missed_calls() -> None:
    model = Model(Settings(), missed=1)
    assert leds(model)["MESSAGE"] == Led("red", Pattern.ON)
    model.mailbox = {1: (2, 0)}
    assert leds(model)["MESSAGE"] == Led("red", Pattern.SLOW)


def test_model_without_call_led_rings_with_the_yellow_one_for_messages() -> None:
    model = with_call("offered")
    model.shape = Shape("snom320", 1, 24, 4, 12, call_led=False, message_led="orange")
    assert leds(model)["MESSAGE"] == Led("orange", Pattern.FAST)
    assert "CALL" not in leds(model)


def test_keys_of_an_expansion_module_have_leds_and_labels() -> None:
    model = Model(Settings({"fkey12": "keyevent F_DND", "fkey53": "speed 123", "dnd_mode": "on"}))
    assert "P13" not in leds(model) and "P13" not in labels(model)
    model.shape = Shape("snom360", 4, 21, 4, 12, expansion_keys=42)
    assert leds(model)["P13"].pattern is Pattern.ON
    assert (labels(model)["P13"], labels(model)["P54"]) == ("DND", "123")


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


def test_key_that_is_set_to_a_colleague_blinks_as_soon_as_that_phone_rings() -> None:
    bench = Bench(Peer(SUBSCRIBE=serving()))  # type: ignore[arg-type]
    assert bench.do(SetSetting("fkey4", "blf <sip:jan@example.org>|*8")) is None
    asked = bench.peer.last("SUBSCRIBE")
    assert (asked.uri, asked.headers.get("Event")) == ("sip:jan@example.org", "dialog")
    ringing = b'<dialog-info version="0" state="full"><dialog id="1"><state>early</state></dialog></dialog-info>'
    bench.tell(told(asked, cseq=9, body=("application/dialog-info+xml", ringing)))
    assert bench.snapshot.leds["P5"].pattern is Pattern.FAST
    assert bench.events(LampChanged)[-1].lamp == "ringing"
    assert bench.do(SetSetting("fkey4", "none")) is None
    assert "P5" not in bench.snapshot.leds
    assert bench.peer.last("SUBSCRIBE").expires == 0


def test_call_of_the_phone_itself_goes_on_when_its_keys_are_changed() -> None:
    bench = Bench(Peer(SUBSCRIBE=serving(), BYE=says(200)))  # type: ignore[arg-type]
    bench.talk()
    assert bench.do(SetSetting("fkey4", "blf <sip:jan@example.org>")) is None
    assert bench.states == ["talking"]


COLOURED = ("red", "green", "orange")
AWAY = {Availability.AWAY, Availability.INACTIVE, Availability.BE_RIGHT_BACK}
ABSENT = {Availability.OFFLINE, Availability.UNKNOWN}


@pytest.mark.parametrize("kind", ["dest", "blf"])
@pytest.mark.parametrize("availability", list(Availability))
def test_model_with_coloured_lamps_shows_busy_red_and_away_orange(kind: str, availability: Availability) -> None:
    model = Model(Settings({"fkey1": f"{kind} <sip:jan@ucc.de>"}))
    model.saw("sip:jan@ucc.de", Presence(availability))
    led = leds(model, COLOURED).get("P2")
    if availability in ABSENT or (availability is Availability.AVAILABLE and kind == "blf"):
        assert led is None
    elif availability is Availability.AVAILABLE:
        assert led == Led("green", Pattern.ON)
    else:
        assert led == Led("orange" if availability in AWAY else "red", Pattern.ON)


def test_coloured_lamp_of_a_line_key_has_the_first_colour() -> None:
    assert leds(with_call("talking"), COLOURED)["P1"] == Led("red", Pattern.ON)


def test_phone_takes_the_colours_of_its_model() -> None:
    shape = replace(SHAPE, led_colors=COLOURED)
    bench = Bench(shape=shape, settings={"fkey1": "dest <sip:jan@example.org>"})
    bench.phone.model.saw("sip:jan@example.org", Presence(Availability.AVAILABLE))
    bench.press("UP")
    assert bench.snapshot.leds["P2"] == Led("green", Pattern.ON)
