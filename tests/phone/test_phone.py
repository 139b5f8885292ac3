"""The phone as a box: five doors, events, snapshots that cost little."""

from __future__ import annotations

from time import perf_counter

import pytest

from snomtui.kit.box import Digits, Down, Fetch
from snomtui.line.events import CallChanged, MailboxChanged, PresenceChanged, RegistrationChanged, Trouble
from snomtui.phone.events import MediaReported
from snomtui.phone.intents import Go, HangUp, LogOff, Press, Quit, Reboot, Register, SetSetting
from snomtui.phone.snapshot import Pattern
from snomtui.presence import Availability, Contact, Presence
from snomtui.simple.pidf import build_pidf
from snomtui.sip.message import respond
from snomtui.skin import Shape
from tests.line.peer import Peer, accepted, in_turn, registered, says, silent
from tests.phone.bench import PLAIN, SHAPE, Bench, Log, Open


def test_phone_registers_when_it_is_switched_on() -> None:
    bench = Bench()
    assert bench.snapshot.identities[0].state == "registered"
    assert [event.state for event in bench.events(RegistrationChanged)] == ["registering", "registered"]


def test_phone_without_identity_shows_the_sign_in_form() -> None:
    bench = Bench(bare=True)
    assert bench.page.name == "sign_in"
    assert bench.done(Open) == []


def test_identity_is_shown_before_it_is_registered() -> None:
    bench = Bench(Peer(REGISTER=silent))
    assert [identity.state for identity in bench.snapshot.identities] == ["registering"]


def test_wrong_setting_of_an_identity_is_refused_and_the_phone_goes_on() -> None:
    bench = Bench()
    refusal = bench.do(SetSetting("user_outbound1", "nonsense;transport=pigeon"))
    assert refusal is not None and "user_outbound1" in refusal.why
    bench.advance(5)
    assert bench.snapshot.identities[0].state == "registered"


@pytest.mark.parametrize("name", ["heiko riedel", "heiko<x>", "a@b@c", "ä ö", 'he"iko', "x\x7fy"])
def test_account_that_is_no_address_is_told_and_the_phone_goes_on(name: str) -> None:
    bench = Bench(settings={"user_name1": name})
    bench.advance(5)
    assert "user_name1" in bench.events(Trouble)[0].why
    assert bench.peer.requests == []


@pytest.mark.parametrize("host", ["exam ple.org", "<x>", "a/b", "[::1", "x:y:z"])
def test_registrar_that_is_no_host_is_told_and_the_phone_goes_on(host: str) -> None:
    bench = Bench(settings={"user_host1": host})
    bench.advance(5)
    assert bench.events(Trouble)


# -- snapshots


def test_snapshot_is_the_same_object_if_nothing_changed() -> None:
    bench = Bench()
    first = bench.snapshot
    assert bench.snapshot is first
    bench.tell(b"\r\n\r\n")
    bench.tell(bench.peer.make("OPTIONS"))
    assert bench.snapshot is first
    bench.do(Press("CANCEL"))
    assert bench.snapshot is first


def test_snapshot_is_a_new_one_after_a_change_and_the_old_one_is_unchanged() -> None:
    bench = Bench()
    first = bench.snapshot
    bench.press("5")
    assert bench.snapshot is not first
    assert (first.page.name, bench.page.name) == ("idle", "entry")


def test_snapshot_does_not_change_while_a_lamp_blinks() -> None:
    bench = Bench()
    bench.ring()
    first = bench.snapshot
    bench.phone.tick(bench.now + 0.4)
    assert bench.snapshot is first
    assert first.leds["P1"].pattern is Pattern.FAST


def people(count: int) -> list[Contact]:
    """Many contacts."""
    return [Contact(f"sip:user{n}@example.org", f"User {n:04}", (f"+4930{n:06}",)) for n in range(count)]


def test_thousand_contacts_and_a_burst_of_notifies_are_cheap() -> None:
    bench = Bench(Peer(SUBSCRIBE=lambda r: respond(r, 200, tag="s", headers=[("Expires", "3600")])), people(1000))
    bench.press("DIRECTORY")
    assert len(bench.page.rows) == SHAPE.rows
    subscribed = bench.peer.asked("SUBSCRIBE")
    assert len(subscribed) == 1000
    notifies = [
        bench.peer.make(
            "NOTIFY",
            ("Event", "presence"),
            ("Subscription-State", "active"),
            to=request.headers.get("From") or "",
            caller=f"{request.headers.get('To')};tag=s",
            call_id=request.call_id,
            body=("application/pidf+xml", build_pidf(request.uri, Presence(Availability.BUSY), "t")),
        )
        for request in subscribed
    ]
    begun = perf_counter()
    for notify in notifies:
        bench.peer.send(notify)
    bench.wire.settle()
    drawn = bench.snapshot
    for _ in range(100):
        bench.press("DOWN")
        assert bench.snapshot is not drawn
    assert perf_counter() - begun < 5  # far more than it takes, far less than a thousand rows each time
    assert len(bench.events(PresenceChanged)) == 1000
    assert {row.presence for row in bench.page.rows} == {Availability.BUSY}


# -- doors


def test_bytes_of_a_connection_that_is_gone_are_ignored() -> None:
    bench = Bench()
    bench.phone.receive(77, b"rubbish", bench.now)
    bench.phone.linked(77, Down("gone"), bench.now)
    assert bench.snapshot.identities[0].state == "registered"


def test_phone_wakes_by_itself_every_minute_for_its_clock() -> None:
    bench = Bench()
    first = bench.snapshot.clock
    bench.advance(61)
    assert bench.snapshot.clock != first


def test_two_identities_register_each_on_its_own() -> None:
    more = {"user_name2": "anna", "user_host2": "example.org", "user_outbound2": "127.0.0.1:5060;transport=tcp"}
    bench = Bench(settings=more)
    assert [(i.number, i.state, i.active) for i in bench.snapshot.identities] == [
        (1, "registered", True),
        (2, "registered", False),
    ]
    assert len(bench.done(Open)) == 0  # the wire took them
    bench.press("DOWN")
    assert [i.active for i in bench.snapshot.identities] == [False, True]


def test_reports_of_the_media_are_passed_on() -> None:
    bench = Bench()
    report = MediaReported("1-1", "PCMA", 50, 49, 1, 2.0, 4.3)
    bench.phone.reported(report)
    assert bench.events(MediaReported) == [report]


def test_trouble_outside_is_shown_and_logged() -> None:
    bench = Bench()
    bench.phone.trouble("media", "The sound card is gone", bench.now)
    assert "sound card" in bench.snapshot.status
    bench.wire.settle()
    assert Log(2, "The sound card is gone") in bench.done(Log)
    bench.advance(9)
    assert bench.snapshot.status == ""


# -- settings and identities


def test_changed_account_registers_again_after_half_a_second() -> None:
    bench = Bench()
    bench.do(SetSetting("user_realname1", "Heiko R."))
    bench.do(SetSetting("user_expiry1", "100"))
    bench.advance(0.4)
    assert len(bench.peer.asked("REGISTER")) == 1
    bench.advance(0.2)
    left, fresh = bench.peer.asked("REGISTER")[1:]
    assert (left.expires, fresh.expires) == (0, 100)
    assert '"Heiko R."' in (fresh.headers.get("From") or "")
    bench.advance(3)
    assert bench.snapshot.identities[0].state == "registered"


def test_changed_account_over_a_fixed_udp_port_registers_again() -> None:
    udp = {"user_outbound1": "127.0.0.1:5061;transport=udp", "network_id_port": "5070"}
    bench = Bench(settings=udp)
    assert bench.snapshot.identities[0].state == "registered"
    bench.do(SetSetting("user_realname1", "Heiko R."))
    bench.advance(40)
    assert bench.snapshot.identities[0].state == "registered"
    bench.ring()
    assert bench.states == ["offered"]


def test_every_line_that_leaves_has_its_own_time_to_unregister() -> None:
    second = {name[:-1] + "2": value for name, value in PLAIN.items() if name.endswith("1")}
    bench = Bench(settings={**second, "user_name2": "anna"})
    assert [identity.state for identity in bench.snapshot.identities] == ["registered", "registered"]
    bench.peer.rules["REGISTER"] = silent
    bench.do(SetSetting("user_active1", "off"))
    bench.advance(1.5)
    bench.do(SetSetting("user_active2", "off"))
    bench.advance(1.5)
    assert len(bench.peer.downs) == 1
    assert not bench.phone.quiet
    bench.advance(1.5)
    assert len(bench.peer.downs) == 2
    assert bench.phone.quiet


def test_identity_that_is_switched_off_leaves_and_vanishes() -> None:
    bench = Bench()
    bench.do(SetSetting("user_active1", "off"))
    bench.advance(5)
    assert bench.snapshot.identities == ()
    assert bench.peer.last("REGISTER").expires == 0


def test_call_goes_on_when_its_account_is_changed_and_the_change_is_used_after_it() -> None:
    bench = Bench()
    bench.talk()
    bench.do(SetSetting("user_realname1", "Heiko R."))
    bench.advance(30)
    assert bench.states == ["talking"]
    before = len(bench.peer.asked("REGISTER"))
    bench.do(HangUp())
    bench.advance(10)
    assert len(bench.peer.asked("REGISTER")) > before
    bench.talk()
    assert b'From: "Heiko R." <' in bytes(bench.peer.last("INVITE"))


def test_call_ends_when_its_identity_is_switched_off() -> None:
    bench = Bench()
    bench.talk()
    bench.do(SetSetting("user_active1", "off"))
    bench.advance(1)
    assert len(bench.peer.asked("BYE")) == 1
    assert bench.states in ([], ["ended"])
    bench.advance(10)
    assert bench.states == []
    assert "P1" not in bench.snapshot.leds


def test_reboot_tells_that_the_setup_is_finished() -> None:
    bench = Bench(settings={"action_setup_url": "http://127.0.0.1:9/up"})
    bench.do(Reboot())
    assert [one.url for one in bench.done(Fetch)] == ["http://127.0.0.1:9/up"] * 2


def test_new_call_after_a_change_of_account_is_shown_and_stays() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = says(486)
    bench.do(Press("5"))
    bench.do(Press("ENTER"))
    assert bench.states == ["ended"]
    bench.do(Register(1))
    bench.do(Reboot())
    bench.talk()
    assert bench.page.name == "call"
    bench.advance(30)
    assert bench.states == ["talking"]


def test_log_off_and_register() -> None:
    bench = Bench()
    assert bench.do(LogOff(1)) is None
    assert bench.snapshot.identities[0].state == "off"
    assert bench.phone.quiet
    assert bench.do(Register(1)) is None
    assert bench.snapshot.identities[0].state == "registered"


def test_quit_ends_calls_and_unregisters() -> None:
    bench = Bench()
    bench.talk()
    bench.do(Quit())
    assert bench.phone.quiet
    assert len(bench.peer.asked("BYE")) == 1


def test_reboot_registers_anew_and_shows_the_idle_page() -> None:
    bench = Bench()
    bench.do(Go("menu"))
    bench.do(Reboot())
    bench.advance(1)
    assert bench.page.name == "idle"
    assert bench.snapshot.identities[0].state == "registered"
    assert len(bench.peer.asked("REGISTER")) == 3


# -- what is shown of a registration


def test_retry_counts_down_on_the_display() -> None:
    bench = Bench(Peer(REGISTER=in_turn(says(403), registered)))
    assert "Next try in 300 s" in bench.rows
    bench.advance(100)
    assert "Next try in 200 s" in bench.rows
    assert bench.snapshot.status == "NR"
    bench.advance(201)
    assert bench.snapshot.identities[0].state == "registered"
    assert not any("Next try" in row for row in bench.rows)


LONG = (
    "The carrier pigeon that carries this registration has met a falcon over Hamburg and will not be back before spring"
)


@pytest.mark.parametrize("shape", [SHAPE, Shape("snom360", 5, 21, 4, 12), Shape("snom320", 4, 23, 4, 12)])
def test_reason_of_a_refusal_is_wrapped_and_wholly_visible(shape: Shape) -> None:
    reason = LONG[: shape.columns * 2 - 10]
    bench = Bench(Peer(REGISTER=says(480, reason=reason)), shape=shape)
    assert all(len(row) <= shape.columns for row in bench.rows)
    assert reason in " ".join(bench.rows)


def test_reason_of_a_call_that_failed_is_wholly_visible_and_goes_away() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = says(480, reason=LONG)
    bench.press("5", "5", "ENTER")
    assert LONG in " ".join(bench.rows)
    assert all(len(row) <= SHAPE.columns for row in bench.rows)
    bench.advance(9)
    assert bench.states == []


def test_refusal_by_the_phone_is_shown_and_goes_away() -> None:
    bench = Bench()
    refusal = bench.do(Press("NOSUCH"))
    assert refusal is not None and refusal.why == "There is no key NOSUCH"
    assert refusal.why in bench.snapshot.status
    bench.advance(9)
    assert bench.snapshot.status == ""


def test_long_refusal_is_wrapped_onto_the_page() -> None:
    bench = Bench(Peer(REGISTER=says(480, reason=LONG)))
    refusal = bench.do(Press("5")) or bench.do(Press("ENTER"))
    assert refusal is not None
    shown = " ".join([*bench.rows, bench.snapshot.status])
    assert "Line 1 is not registered" in shown
    assert all(len(row) <= SHAPE.columns for row in bench.rows)


def test_message_that_fills_the_only_row_keeps_no_key_from_the_call_below() -> None:
    bench = Bench(Peer(BYE=says(200)), shape=Shape("snom320", 1, 24, 4, 12))
    bench.talk()
    bench.phone.notice(LONG, bench.now)
    assert bench.page.name == "notice"
    bench.press("DOWN", "5")
    assert [output.digits for output in bench.done(Digits)] == ["5"]
    bench.phone.notice(LONG, bench.now)
    bench.press("TRANSFER")
    assert bench.page.name == "transfer"


def test_message_on_a_page_with_a_cursor_keeps_the_cursor_in_sight() -> None:
    bench = Bench(contacts=people(30))
    bench.press("DIRECTORY", *["UP"] * 2)
    assert bench.page.cursor is not None
    bench.phone.notice("A message that is so long that it takes several of the rows of this display " * 2, bench.now)
    assert bench.page.cursor is None or bench.page.cursor < len(bench.page.rows)
    if bench.page.cursor is not None:
        assert bench.page.rows[bench.page.cursor].style != "alert"


# -- presence


def publishing() -> Bench:
    """A phone that publishes."""
    stored = Peer(PUBLISH=lambda r: respond(r, 200, headers=[("SIP-ETag", "e"), ("Expires", "3600")]), BYE=says(200))
    return Bench(stored, settings={"user_publish_presence_bootup1": "on", "presence_timeout": "5"})


def test_phone_that_nobody_uses_is_inactive() -> None:
    bench = publishing()
    bench.advance(5 * 60 + 1)
    assert len(bench.peer.asked("PUBLISH")) == 2
    bench.press("UP")
    assert len(bench.peer.asked("PUBLISH")) == 3
    assert bench.snapshot.own.availability is Availability.AVAILABLE


def test_call_is_published() -> None:
    bench = publishing()
    bench.talk()
    bench.do(HangUp())
    assert len(bench.peer.asked("PUBLISH")) == 3


def test_mailbox_is_shown() -> None:
    bench = Bench()
    body = ("application/simple-message-summary", b"Messages-Waiting: yes\r\nVoice-Message: 2/0\r\n")
    bench.tell(bench.peer.make("NOTIFY", ("Event", "message-summary"), ("Subscription-State", "active"), body=body))
    assert bench.events(MailboxChanged)
    assert "Voice mail: 2 new" in bench.rows
    assert bench.snapshot.leds["MESSAGE"].pattern is Pattern.SLOW


def test_phone_gets_another_display_and_other_keys_while_it_runs() -> None:
    bench = Bench(settings={"fkey12": "keyevent F_DND", "dnd_mode": "on"})
    bench.press("MENU")
    before = bench.snapshot
    bench.phone.wear(Shape("mine", 2, 24, 4, 12, expansion_keys=42))
    after = bench.snapshot
    assert after.page.name == before.page.name == "menu" and len(after.page.rows) <= 2 < len(before.page.rows)
    assert "P13" in after.leds and "P13" not in before.leds
    assert after.model == "snom370", "the name that the servers know"


def test_instant_message_is_shown_with_the_name_of_the_sender() -> None:
    bench = Bench(contacts=[Contact("sip:anna@example.org", "Anna Lindner", watched=False)])
    bench.tell(bench.peer.make("MESSAGE", body=("text/plain", b"Lunch?")))
    assert bench.snapshot.status == "Anna Lindner: Lunch?"


def test_caller_is_named_by_the_number_plan_as_it_is_now() -> None:
    bench = Bench(contacts=[Contact("sip:anna@example.org", "Anna", ("+49 30 111",), watched=False)])
    assert bench.phone.model.name_of("sip:030111@pbx") == ""
    assert bench.do(SetSetting("user_dp_str1", r"|^0(\d+)|+49\1|")) is None
    assert bench.phone.model.name_of("sip:030111@pbx") == "Anna"


def test_name_of_a_contact_is_told_with_the_call() -> None:
    bench = Bench(contacts=[Contact("sip:bob@example.org", "Bob Baker", watched=False)])
    bench.talk()
    assert bench.events(CallChanged)[-1].remote_name == "Bob Baker"
    assert accepted is bench.peer.rules["INVITE"]
