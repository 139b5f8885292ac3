"""Every intent, and every way in which the phone says no."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.phone.hands import LONGEST_QUEUE
from snomtui.phone.intents import (
    Answer,
    ClearList,
    Dial,
    Dtmf,
    Go,
    HangUp,
    Hold,
    Intent,
    LogOff,
    Press,
    Register,
    Resume,
    Select,
    SetPresence,
    SetSetting,
    Transfer,
)
from snomtui.phone.snapshot import Pattern
from snomtui.presence import Availability, Contact
from snomtui.sip.message import Request, respond
from tests.line.peer import Peer, accepted, ringing, says, sdp, silent
from tests.phone.bench import Bench, Digits, Play


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (Press("NOSUCH"), "There is no key NOSUCH"),
        (Dial(""), "No number to dial"),
        (Dial("  "), "No number to dial"),
        (Dial("  ( ) "), "is neither a number nor an address"),
        (Dial("a b<c>"), "'a b<c>' is neither a number nor an address"),
        (Dial("1", 2), "Identity 2 is not set up"),
        (HangUp(), "There is no call"),
        (HangUp("9-9"), "There is no call"),
        (Answer(), "No call is ringing"),
        (Answer("1-1"), "No call is ringing"),
        (Hold(), "There is no call to hold"),
        (Resume(), "There is no call on hold"),
        (Transfer("1"), "There is no call to transfer"),
        (Dtmf("1"), "There is no call to send tones in"),
        (Dtmf("x"), "Tones are 0 to 9, *, # and A to D"),
        (Dtmf(""), "Tones are 0 to 9, *, # and A to D"),
        (SetPresence(Availability.IN_A_CALL), "One can choose AVAILABLE"),
        (SetSetting("nosuch", "1"), "unknown setting nosuch"),
        (SetSetting("user_name", "1"), "user_name needs an index"),
        (SetSetting("vol_ringer", "99"), "vol_ringer: must be a whole number"),
        (SetSetting("user_realname1", "a\nb"), "must be one line"),
        (Register(3), "Identity 3 is not set up"),
        (Register(99), "Identity 99 is not set up"),
        (LogOff(3), "Identity 3 is not set up"),
        (ClearList("all"), "The lists are missed, received, dialed"),
        (Select(20), "There is no such row"),
        (Select(-1), "There is no such row"),
        (Press("RETRIEVE"), "No mailbox number is set"),
        (Press("REC"), "Rec is not possible here"),
    ],
)
def test_phone_refuses_in_words_and_shows_them(intent: Intent, why: str) -> None:
    bench = Bench()
    refusal = bench.do(intent)
    assert refusal is not None
    assert why in refusal.why
    shown = " ".join([bench.snapshot.status, *bench.rows])
    assert refusal.why.split()[0] in shown
    assert bench.calls == ()


@pytest.mark.parametrize("intent", [Dial("1"), LogOff(), Register(1), Hold(), Go("menu"), SetPresence(Availability.DND)])
def test_phone_without_identity_takes_every_wish(intent: Intent) -> None:
    bench = Bench(bare=True)
    refusal = bench.do(intent)
    if isinstance(intent, Dial):
        assert refusal is not None and refusal.why == "No identity is set up: sign in first"


def test_call_from_a_line_that_is_not_registered_is_refused_with_its_reason() -> None:
    bench = Bench(Peer(REGISTER=says(403)))
    refusal = bench.do(Dial("123"))
    assert refusal is not None
    assert refusal.why == "Line 1 is not registered: The server does not allow this login"


def test_call_without_an_rtp_port_is_refused() -> None:
    bench = Bench()
    bench.no_ports = True
    refusal = bench.do(Dial("123"))
    assert refusal is not None and refusal.why == "No RTP port is free"
    assert bench.calls == ()


TARGETS = [
    ("123", "sip:123@example.org"),
    ("+49 30 1", "sip:+49301@example.org"),
    ("*97#", "sip:*97%23@example.org"),
    ("bob", "sip:bob@example.org"),
    ("bob@other.org", "sip:bob@other.org"),
    ("sip:bob@other.org;transport=tcp", "sip:bob@other.org;transport=tcp"),
    ("tel:+4930", "sip:+4930@example.org"),
    ("müller", "sip:m%C3%BCller@example.org"),
]


@pytest.mark.parametrize(("number", "uri"), TARGETS)
def test_number_becomes_an_address(number: str, uri: str) -> None:
    bench = Bench(settings={"user_phone": "off"})
    bench.peer.rules["INVITE"] = silent
    assert bench.do(Dial(number)) is None
    assert bench.peer.last("INVITE").uri == uri


def test_dialled_number_goes_through_the_dial_plan() -> None:
    bench = Bench(settings={"user_dp_str1": "|0(.*)|+49\\1|", "user_phone": "off"})
    bench.call_out("030")
    assert bench.peer.last("INVITE").uri == "sip:+4930@example.org"


@given(st.text(max_size=30) | st.text("sip:@;<>[]:./\\%?&=+ 1a\x01\x7f\"'", max_size=20))
@settings(max_examples=150, deadline=None)
def test_nothing_that_is_dialled_breaks_the_phone(number: str) -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = says(404)
    bench.do(Dial(number))
    for request in bench.peer.asked("INVITE"):
        assert request.target.host
        assert "\r" not in request.uri
    bench.do(Transfer(number))
    assert bench.snapshot.identities[0].state == "registered"


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_nothing_that_a_call_is_transferred_to_breaks_the_phone(number: str) -> None:
    bench = Bench()
    bench.talk()
    bench.peer.rules["REFER"] = says(202)
    bench.do(Transfer(number))
    assert len(bench.calls) == 1


def test_second_identity_calls_from_its_own_address() -> None:
    more = {"user_name2": "anna", "user_host2": "example.org", "user_outbound2": "127.0.0.1:5060;transport=tcp"}
    bench = Bench(settings=more)
    bench.peer.rules["INVITE"] = silent
    bench.do(Dial("1", 2))
    assert bench.peer.last("INVITE").from_.uri.aor == "sip:anna@example.org"
    assert bench.do(SetSetting("active_line", "2")) is None
    bench.do(Dial("1"))
    assert bench.peer.last("INVITE").from_.uri.aor == "sip:anna@example.org"


# -- key sequences


def test_keys_with_pauses_follow_one_after_the_other() -> None:
    bench = Bench()
    bench.do(Press("1", pause=500))
    bench.do(Press("2", pause=1000))
    bench.do(Press("3"))
    assert bench.page.entry == "1"
    bench.advance(0.6)
    assert bench.page.entry == "12"
    bench.advance(0.5)
    assert bench.page.entry == "12"
    bench.advance(0.5)
    assert bench.page.entry == "123"
    bench.do(Press("4"))
    assert bench.page.entry == "1234"


def test_too_many_waiting_keys_are_refused() -> None:
    bench = Bench()
    bench.do(Press("1", pause=60_000))
    refusals = [bench.do(Press("2")) for _ in range(LONGEST_QUEUE + 5)]
    assert refusals[0] is None
    assert refusals[-1] is not None and refusals[-1].why == "Too many keys are waiting"


def test_endless_pause_is_cut_to_a_minute() -> None:
    bench = Bench()
    bench.do(Press("1", pause=10**9))
    bench.do(Press("2"))
    bench.advance(61)
    assert bench.page.entry == "12"


def test_keys_that_stand_for_each_other_do_nothing() -> None:
    bench = Bench(settings={"fkey0": "keyevent P2", "fkey1": "keyevent P1", "fkey2": "keyevent F_DND"})
    bench.press("P1", "P2")
    bench.press("P3")
    assert bench.snapshot.status == "DND active!"


# -- keys of the whole phone


def test_dnd_key_toggles_and_callers_hear_busy() -> None:
    bench = Bench()
    bench.press("DND")
    bench.ring()
    assert bench.peer.answers("INVITE") == [486]
    assert bench.snapshot.status == "DND active!"
    assert bench.kept["setting:dnd_mode"] == "on"
    bench.press("F_DND")
    bench.ring("in-2")
    assert bench.states == ["offered"]


def test_volume_goes_from_0_to_15_for_the_device_in_use() -> None:
    bench = Bench(settings={"vol_ringer": "14", "vol_speaker": "3"})
    bench.press("VOLUME_UP", "VOLUME_UP", "VOLUME_UP")
    assert bench.snapshot.volume == 15
    assert bench.snapshot.status == "Volume 15"
    bench.talk()
    assert (bench.snapshot.handset, bench.snapshot.volume) == ("speaker", 3)
    bench.press(*["VOLUME_DOWN"] * 5)
    assert bench.snapshot.volume == 0
    assert bench.phone.settings.number("vol_ringer") == 15


def test_mute_works_in_a_call_only() -> None:
    bench = Bench()
    bench.press("MUTE")
    assert not bench.snapshot.muted
    bench.talk()
    bench.press("MUTE")
    assert bench.snapshot.muted
    assert "Microphone is off" in bench.rows
    bench.press("MUTE")
    assert not bench.snapshot.muted
    bench.press("MUTE", "CANCEL")
    bench.advance(1)
    assert not bench.snapshot.muted


def test_devices_follow_their_keys() -> None:
    bench = Bench()
    bench.press("OFFHOOK")
    assert (bench.snapshot.handset, bench.page.name) == ("handset", "entry")
    bench.press("ONHOOK")
    assert (bench.snapshot.handset, bench.page.name) == ("", "idle")
    bench.press("HEADSET")
    assert bench.snapshot.leds["HEADSET"].pattern is Pattern.ON


# -- calls by keys


def test_ok_takes_a_call_and_x_denies_it() -> None:
    bench = Bench()
    invite = bench.ring()
    assert (bench.page.name, bench.page.title) == ("call", "Incoming call")
    bench.press("CANCEL")
    assert bench.peer.answers("INVITE")[-1] == 486
    bench.ring("in-2")
    bench.press("ENTER")
    assert bench.peer.answers("INVITE")[-1] == 200
    assert invite.call_id == "in-1"


@pytest.mark.parametrize("key", ["ENTER", "OFFHOOK", "SPEAKER", "F1", "P1"])
def test_many_keys_take_a_call(key: str) -> None:
    bench = Bench()
    bench.ring()
    bench.press(key)
    assert bench.peer.answers("INVITE")[-1] == 200


@pytest.mark.parametrize("key", ["CANCEL", "ONHOOK", "F4", "DISCONNECT"])
def test_many_keys_end_a_call(key: str) -> None:
    bench = Bench()
    bench.talk()
    bench.press(key)
    assert len(bench.peer.asked("BYE")) == 1
    bench.advance(1)
    assert (bench.page.name, bench.snapshot.handset) == ("idle", "")


def held_by_us(bench: Bench) -> None:
    """The other side agrees to be held, and to be taken back."""

    def rule(request: object) -> object:
        offered = str(getattr(request, "body", b""))
        return accepted(request, body=sdp("recvonly" if "a=sendonly" in offered else "sendrecv"))  # type: ignore[arg-type]

    bench.peer.rules["INVITE"] = rule  # type: ignore[assignment]


def test_hold_key_holds_and_takes_back() -> None:
    bench = Bench()
    bench.talk()
    held_by_us(bench)
    bench.press("F_HOLD")
    assert bench.states == ["holding"]
    assert bench.page.title == "On hold"
    bench.press("F_HOLD")
    assert bench.states == ["talking"]


def test_line_keys_change_between_calls() -> None:
    bench = Bench()
    bench.talk("sip:bob@example.org")
    held_by_us(bench)
    assert bench.do(Dial("sip:clara@example.org")) is None
    assert bench.states == ["holding", "talking"]
    assert [call.key for call in bench.calls] == ["P1", "P2"]
    assert bench.snapshot.leds["P1"].pattern is Pattern.SLOW
    bench.press("P1")
    assert bench.states == ["talking", "holding"]
    assert bench.page.rows[0].text == "sip:bob@example.org"
    bench.press("DOWN")
    assert bench.page.rows[0].text == "sip:clara@example.org"
    assert bench.states == ["talking", "holding"]
    bench.press("CANCEL")
    bench.advance(1)
    assert bench.states == ["talking"]
    assert bench.page.rows[0].text == "sip:bob@example.org"


def test_free_line_key_opens_the_number_entry() -> None:
    bench = Bench()
    bench.press("P2")
    assert (bench.page.name, bench.snapshot.handset) == ("entry", "speaker")


def test_second_caller_waits_while_one_talks() -> None:
    bench = Bench()
    bench.talk()
    held_by_us(bench)
    bench.ring()
    assert bench.states == ["talking", "offered"]
    assert bench.page.title == "Incoming call"
    assert bench.snapshot.leds["P2"].pattern is Pattern.FAST
    bench.press("ENTER")
    assert bench.states == ["holding", "offered"]
    invite = next(one for one in [bench.peer.responses[-1]])
    assert invite.status == 200


def test_second_caller_hears_busy_without_call_waiting() -> None:
    bench = Bench(settings={"call_waiting": "off"})
    bench.talk()
    bench.ring()
    assert bench.peer.answers("INVITE")[-1] == 486
    bench.press("CANCEL")
    bench.ring("in-2")
    assert bench.peer.answers("INVITE")[-1] == 180


def test_caller_is_not_busy_because_of_a_call_that_failed_before() -> None:
    bench = Bench(settings={"call_waiting": "off"})
    bench.peer.rules["INVITE"] = says(404)
    bench.do(Dial("1"))
    assert bench.states == ["ended"]
    bench.ring()
    assert bench.peer.answers("INVITE")[-1] == 180


def test_digits_in_a_call_are_sent_and_shown() -> None:
    bench = Bench()
    bench.talk()
    bench.press("1", "*", "#")
    assert [digits.digits for digits in bench.done(Digits)] == ["1", "*", "#"]
    assert bench.page.entry == "1*#"


def test_transfer_key_sends_the_caller_elsewhere() -> None:
    bench = Bench()
    bench.talk()
    bench.peer.rules["REFER"] = says(202)
    bench.press("TRANSFER")
    assert bench.page.name == "transfer"
    bench.press("4", "2", "ENTER")
    assert bench.peer.last("REFER").headers.get("Refer-To") == "<sip:42@example.org;user=phone>"
    assert bench.page.name == "call"


def test_redial_key_dials_again() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = says(486)
    bench.do(Dial("123"))
    bench.press("CANCEL", "REDIAL")
    assert [request.target.user for request in bench.peer.asked("INVITE")] == ["123", "123"]


def test_call_that_rings_elsewhere_first_is_shown_as_ringing() -> None:
    bench = Bench()
    invite = bench.call_out()
    bench.tell(ringing(invite))
    assert (bench.page.title, bench.page.rows[0].text) == ("Ringing", "sip:bob@example.org")
    bench.tell(respond(invite, 486, tag="callee"))
    assert bench.page.title == "Call ended"
    assert "Busy Here (486)" in bench.rows


def test_every_port_is_given_back() -> None:
    bench = Bench()
    for _ in range(3):
        bench.talk()
    bench.ring()
    bench.do(HangUp(every=True))
    bench.advance(70)
    plays = bench.done(Play)
    assert {play.port for play in plays} == {play.port for play in plays if play.plan is None}
    assert bench.states == []


# -- presence and lists


def test_choice_is_kept_and_published() -> None:
    stored = Peer(PUBLISH=lambda r: respond(r, 200, headers=[("SIP-ETag", "e"), ("Expires", "3600")]))
    bench = Bench(stored, settings={"user_publish_presence_bootup1": "on"})
    bench.press("F_PRESENCE", "3", "ENTER")
    assert bench.page.name == "idle"
    assert bench.snapshot.own.availability is Availability.DND
    assert b"<basic>" in bench.peer.last("PUBLISH").body
    assert bench.kept["setting:presence_state"] == "DND"
    bench.do(SetPresence(Availability.AWAY, "Lunch"))
    assert b"Lunch" in bench.peer.last("PUBLISH").body


def test_settings_are_kept_but_read_only_ones_are_refused() -> None:
    bench = Bench()
    assert bench.do(SetSetting("vol_ringer", " 7 ")) is None
    assert bench.kept["setting:vol_ringer"] == "7"


def test_missed_calls_are_counted_and_looked_at() -> None:
    bench = Bench(contacts=[Contact("sip:anna@example.org", "Anna L.", watched=False)])
    for number in range(2):
        invite = bench.ring(f"in-{number}")
        bench.tell(_cancel(invite))
        bench.advance(1)
    assert bench.snapshot.status == "Missed: 2"
    assert bench.snapshot.leds["MESSAGE"].pattern is Pattern.ON
    bench.press("F4")
    assert bench.page.title == "Missed calls"
    assert bench.rows == ["Anna", "Anna"]
    assert bench.snapshot.status == ""
    bench.press("F3")
    assert bench.rows == ["No calls"]
    assert bench.kept["clear:missed"] == ""


def _cancel(invite: object) -> object:


    assert isinstance(invite, Request)
    return Request("CANCEL", invite.uri, invite.headers.with_("CSeq", "1 CANCEL").without("Content-Type"))


def test_answered_and_dialled_calls_stand_in_their_lists() -> None:
    bench = Bench()
    bench.talk()
    bench.advance(65)
    bench.press("CANCEL")
    bench.advance(1)
    bench.do(Go("calls:dialed"))
    assert bench.rows == ["sip:bob@example.org"]
    assert "1:05" in bench.page.rows[0].right
    bench.press("ENTER")
    assert len(bench.peer.asked("INVITE")) == 2
