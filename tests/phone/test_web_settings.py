"""Settings that the web pages have beside the phone's own: each takes effect."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, HangUp, Press, SetSetting
from tests.phone.bench import Bench, Keep


def test_identity_that_answers_by_itself_takes_a_call_at_once() -> None:
    bench = Bench(settings={"user_auto_connect1": "on"})
    bench.ring()
    assert bench.peer.answered("INVITE").status == 200 and bench.phone.model.device == "speaker"


def test_second_call_is_never_taken_by_itself() -> None:
    bench = Bench(settings={"user_auto_connect1": "on"})
    bench.talk()
    bench.ring()
    assert bench.states == ["talking", "offered"]


def test_answering_by_itself_can_be_switched_on_during_a_call_without_ending_it() -> None:
    bench = Bench()
    bench.talk()
    bench.do(SetSetting("user_auto_connect1", "on"))
    bench.advance(2.0)
    assert bench.states == ["talking"]


@pytest.mark.parametrize("on", ["on", "off"])
def test_calls_are_listed_only_if_their_identity_wants_it(on: str) -> None:
    names = ("record_missed_calls1", "record_received_calls1", "record_dialed_calls1")
    bench = Bench(settings=dict.fromkeys(names, on))
    bench.talk()
    bench.do(HangUp())
    bench.ring()
    bench.do(Press("ENTER"))
    bench.do(HangUp())
    bench.ring("in-2")
    bench.advance(90.0)
    model = bench.phone.model
    listed = [len(model.history.list(which)) for which in ("dialed", "received", "missed")]
    kept = [each for each in bench.done(Keep) if each.name == "call"]
    assert (listed, model.missed, len(kept)) == (([1, 1, 1], 1, 3) if on == "on" else ([0, 0, 0], 0, 0))


def test_digits_and_ok_dial_by_speed_dial() -> None:
    bench = Bench(settings={"speed5": "sip:jan@example.org"})
    bench.press("5", "ENTER")
    assert bench.calls[0].remote == "sip:jan@example.org"


@pytest.mark.parametrize("kind", ["speed 4711", "dest <sip:4711@example.org>"])
def test_key_of_an_identity_dials_with_that_one(kind: str) -> None:
    bench = Bench(settings={"fkey4": kind, "fkey_context4": "2"})
    refused = bench.do(Press("P5"))
    assert refused is not None and refused.why == "Identity 2 is not set up"
    bench.do(SetSetting("fkey_context4", "1"))
    assert bench.do(Press("P5")) is None and bench.calls[0].identity == 1


def test_key_sends_tones_or_the_caller_elsewhere() -> None:
    bench = Bench(settings={"fkey4": "dtmf 12#", "fkey5": "transfer sip:jan@example.org"})
    refused = bench.do(Press("P5"))
    assert refused is not None and refused.why == "There is no call to send tones in"
    bench.talk()
    assert bench.do(Press("P5")) is None
    bench.do(Press("P6"))
    assert (bench.peer.last("REFER").headers.get("Refer-To") or "").strip("<>") == "sip:jan@example.org"


def test_short_label_stands_beside_a_key_that_has_no_other() -> None:
    bench = Bench(settings={"fkey4": "speed 1", "fkey_short_label4": "Jan"})
    assert bench.snapshot.labels["P5"] == "Jan"
    bench.do(SetSetting("fkey_label4", "Jan Dierich"))
    assert bench.snapshot.labels["P5"] == "Jan Dierich"


def test_number_dialled_by_a_program_is_no_speed_dial() -> None:
    bench = Bench(settings={"speed5": "sip:jan@example.org"})
    bench.do(Dial("5"))
    assert bench.calls[0].number == "5"
