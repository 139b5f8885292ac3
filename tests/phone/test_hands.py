"""Every intent, and every way in which the phone says no."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.kit.box import Play
from snomtui.media.plan import Plan
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
    Write,
)
from snomtui.phone.keying import LONGEST_QUEUE
from snomtui.phone.snapshot import Pattern
from snomtui.presence import Availability, Contact
from snomtui.sip.message import Request, respond
from tests.line.peer import Peer, says, silent
from tests.phone.bench import Bench


@pytest.mark.parametrize(
    ("intent", "why", "shown"),
    [
        (SetSetting("vol_ringer", "99"), "vol_ringer: must be a whole number", "Ringer volume: must be a whole number"),
        (SetSetting("user_realname1", "a\nb"), "user_realname1: must be one line", "Display name: must be one line"),
    ],
)
def test_refused_setting_is_named_to_programs_and_titled_on_the_display(intent: Intent, why: str, shown: str) -> None:
    bench = Bench()
    refusal = bench.do(intent)
    assert refusal is not None and why in refusal.why
    assert shown in " ".join([bench.snapshot.status, *bench.rows])


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (Press("NOSUCH"), "There is no key NOSUCH"),
        (Dial(""), "No number to dial"),
        (Dial("  "), "No number to dial"),
        (Dial("  ( ) "), "is neither a number nor an address"),
        (Dial("a b<c>"), "'a b<c>' is neither a number nor an address"),
        (Dial("1", 2), "Identity 2 is not set up"),
        (Dial("sips:bob@example.org"), "A sips address needs TLS, and line 1 has none"),
        (Write("a b<c>", "hello"), "'a b<c>' is neither a number nor an address"),
        (Write("1", "hello", 2), "Identity 2 is not set up"),
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
        (Register(3), "Identity 3 is not set up"),
        (Register(99), "Identity 99 is not set up"),
        (LogOff(3), "Identity 3 is not set up"),
        (ClearList("all"), "The lists are missed, received, dialed"),
        (Select(20), "There is no such row"),
        (Select(-1), "There is no such row"),
        (Press("RETRIEVE"), "No mailbox number is set"),
        (Press("REC"), "Record is not possible here"),
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


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (Dial("1"), "No identity is set up: sign in first"),
        (LogOff(), "No identity is set up"),
        (Register(1), "Identity 1 is not set up"),
        (Hold(), "There is no call to hold"),
        (Go("menu"), None),
        (SetPresence(Availability.DND), None),
    ],
)
def test_phone_without_identity_takes_every_wish(intent: Intent, why: str | None) -> None:
    refusal = Bench(bare=True).do(intent)
    assert (refusal.why if refusal else None) == why


def test_call_from_a_line_that_is_not_registered_is_refused_with_its_reason() -> None:
    bench = Bench(Peer(REGISTER=says(403)))
    refusal = bench.do(Dial("123"))
    assert refusal is not None
    assert refusal.why == "Line 1 is not registered: The server does not allow this login"


def test_message_goes_to_a_number_as_a_call_would() -> None:
    bench = Bench(Peer(MESSAGE=says(202)))
    assert bench.do(Write("+49 30 1", "hello")) is None
    message = bench.peer.last("MESSAGE")
    assert (message.uri, message.body) == ("sip:+49301@example.org;user=phone", b"hello")
    assert bench.calls == ()


def test_changed_rules_for_calls_hold_for_the_next_call_and_end_none() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = silent
    bench.do(Dial("1"))
    assert bench.do(SetSetting("privacy_out", "on")) is None
    assert bench.do(SetSetting("session_timer", "120")) is None
    bench.do(Dial("2"))
    first, second = bench.peer.asked("INVITE")
    assert (first.headers.get("Privacy"), first.headers.get("Session-Expires")) == (None, "3600")
    assert (second.headers.get("Privacy"), second.headers.get("Session-Expires")) == ("id", "120")
    assert [call.state for call in bench.calls] == ["dialling", "dialling"]


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


def test_call_is_transferred_by_the_dial_plan_too() -> None:
    bench = Bench(settings={"user_dp_str1": "|0(.*)|+49\\1|"})
    bench.talk()
    bench.peer.rules["REFER"] = says(202)
    assert bench.do(Transfer("030 1")) is None
    assert "sip:+49301@example.org;user=phone" in (bench.peer.last("REFER").headers.get("Refer-To") or "")


OCS = {"user_server_type1": "ocs", "user_phone": "off"}


@pytest.mark.parametrize(
    ("number", "context", "uri"),
    [
        ("+49 30 1", "berlin.ucc.de", "sip:+49301@example.org;user=phone"),
        ("0301", "", "sip:0301@example.org;user=phone"),
        ("0301", "berlin.ucc.de", "sip:0301;phone-context=berlin.ucc.de@example.org;user=phone"),
        ("tel:+49301;ext=12", "", "sip:+49301;ext=12@example.org;user=phone"),
        ("anna", "berlin.ucc.de", "sip:anna@example.org"),
        ("sip:anna@other.org", "berlin.ucc.de", "sip:anna@other.org"),
    ],
)
def test_number_at_ocs_says_that_it_is_one(number: str, context: str, uri: str) -> None:
    bench = Bench(settings={**OCS, "sim_phone_context1": context})
    bench.call_out(number)
    assert bench.peer.last("INVITE").uri == uri


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


def test_key_that_is_held_keeps_the_next_one_waiting() -> None:
    bench = Bench()
    bench.do(Press("1", time=400, pause=200))
    bench.do(Press("2", time=300))
    bench.do(Press("3"))
    assert bench.page.entry == "1"
    bench.advance(0.5)
    assert bench.page.entry == "1"
    bench.advance(0.2)
    assert bench.page.entry == "12"
    bench.advance(0.4)
    assert bench.page.entry == "123"


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
    assert [
        play.plan.source
        for play in bench.wire.of_kind(bench.phone, Play)
        if isinstance(play, Play) and isinstance(play.plan, Plan)
    ] == ["tone", "silence"]
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
    bench.press("F3", "F1")
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
    assert bench.rows == ["bob@example.org"]
    assert "1:05" in bench.page.rows[0].right
    bench.press("ENTER")
    assert len(bench.peer.asked("INVITE")) == 2


def test_call_beyond_those_that_there_may_be_is_refused() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = silent
    for line in bench.phone.lines():
        line.calls.most = 1
    bench.do(Dial("1"))
    refusal = bench.do(Dial("2"))
    assert refusal is not None and "as many as there may be" in refusal.why
    assert len(bench.calls) == 1
