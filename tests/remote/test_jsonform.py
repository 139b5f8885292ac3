"""Events and snapshots as JSON objects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.kit.box import Certificate
from snomtui.line import events as line
from snomtui.phone.events import ActionTold, MediaReported, PhoneEvent
from snomtui.phone.snapshot import Led, Page, Pattern
from snomtui.presence import Availability, Contact, Presence
from snomtui.remote.jsonform import decode, display_event, encode, event_object, led_events, snapshot_object
from tests.remote.standin import JAN, snapshot

BUSY = Presence(Availability.BUSY, "on-the-phone", "back at 5")


TOLD: list[tuple[PhoneEvent, str, str]] = [
    (
        line.RegistrationChanged(1, "a@b", "refused", 403, "no", None, "ntlmv2", "tls", 300),
        "registration",
        "identity aor state code reason expires auth transport retry_in",
    ),
    (
        line.CallChanged("c1", 1, "out", "sip:x@y", "X", "1", "ended", 486, "Busy", "refused"),
        "call",
        "id identity direction remote remote_name number state code reason cause",
    ),
    (line.PresenceChanged("sip:x@y", "X", BUSY), "presence", "uri name availability activity note"),
    (line.LampChanged(1, "sip:a@b", "busy"), "lamp", "identity uri lamp remote remote_name"),
    (line.OwnPresenceChanged(1, BUSY), "own_presence", "identity availability activity"),
    (MediaReported("c1", "PCMA", 1, 2, 3, 0.5, 4.3), "media", "id codec sent received lost jitter_ms mos"),
    (ActionTold("action_hold", "http://x/", 200), "action", "setting url status why"),
    (line.MailboxChanged(1, True, 2, 3), "mailbox", "identity waiting new old"),
    (line.MessageCame("sip:x@y", "hi"), "message", "from text"),
    (line.Trouble("sip", "broken"), "error", "what why"),
    (line.ContactsChanged(1, (Contact("sip:x@y"),), ("Team",)), "contacts", "identity count groups"),
    (line.Found(1, "x", (Contact("sip:x@y"),), False), "found", "identity text people more why"),
    (
        line.CertificateDoubted(1, "sip.x:5061", Certificate("ab" * 32, "CN=x", "CN=y", "2026-11-23", "strange")),
        "certificate",
        "identity server fingerprint subject issuer ends problem",
    ),
]
"""One event of each kind, its name, and the fields that it must have."""


@pytest.mark.parametrize(("event", "name", "fields"), TOLD)
def test_each_event_has_the_fields_of_the_contract(event: PhoneEvent, name: str, fields: str) -> None:
    made = event_object(event, 5.25)
    assert made["at"] == 5.25 and made["event"] == name
    assert set(fields.split()) <= made.keys()
    assert decode(encode(made)) == made


def test_presence_is_told_in_snoms_words() -> None:
    made = event_object(line.PresenceChanged("sip:x@y", "X", BUSY), 1.0)
    assert (made["availability"], made["activity"], made["note"]) == ("BUSY", "on-the-phone", "back at 5")


def test_led_events_tell_only_what_changed() -> None:
    old = snapshot()
    new = replace(old, leds={"P2": Led("green", Pattern.ON)})
    assert led_events(old, new, 1.0) == [
        {"at": 1.0, "event": "led", "key": "P1", "color": "orange", "pattern": "off"},
        {"at": 1.0, "event": "led", "key": "P2", "color": "green", "pattern": "on"},
    ]
    assert led_events(old, old, 1.0) == []
    assert [event["key"] for event in led_events(None, old, 1.0)] == ["P1"]


def test_display_event_tells_the_page_as_texts_and_only_when_it_changed() -> None:
    old = snapshot()
    first = display_event(None, old, 1.0)
    assert first is not None
    assert first["rows"] == ["Missed  2", "b"] and first["softkeys"] == ["Dir", "", "", ""]
    assert (first["event"], first["title"], first["status"]) == ("display", "Heiko", "NR")
    assert display_event(old, replace(old, volume=1, page=replace(old.page)), 2.0) is None
    changed = display_event(old, replace(old, page=Page("call", "Ringing")), 2.0)
    assert changed is not None and changed["title"] == "Ringing"


def test_snapshot_object_holds_the_whole_phone() -> None:
    made = decode(encode(snapshot_object(snapshot(), (JAN,), "8.2")))
    assert made["model"] == "snom370" and made["version"] == "8.2"
    assert made["identities"][0]["identity"] == 1 and made["identities"][0]["aor"] == "heiko@ucc.test"
    assert made["contacts"][0]["availability"] == "BUSY"
    assert made["leds"] == {"P1": {"color": "red", "pattern": "fast"}}
    assert made["display"]["title"] == "Heiko" and made["calls"] == []
