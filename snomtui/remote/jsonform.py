"""Events and snapshots as JSON objects: what headless stdout, the event stream and the HTTP API tell.

Pure: an event or a snapshot goes in, an object comes out. The fields are promises to users; more may be added, none
may change. The intents' side is in `intentjson`, and its names can be had from here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from snomtui.line import events as line
from snomtui.phone.events import ActionTold, MediaReported, PhoneEvent
from snomtui.phone.snapshot import CallState, IdentityState, Led, Row, Snapshot
from snomtui.presence import Contact, Presence
from snomtui.remote.intentjson import (
    BadIntent,
    Object,
    decode,
    encode,
    intent_of,
    intents_of,
    object_of,
    objects_of,
)

__all__ = [
    "BadIntent",
    "Object",
    "call_object",
    "contact_object",
    "decode",
    "display_event",
    "encode",
    "event_object",
    "identity_object",
    "intent_of",
    "intents_of",
    "led_events",
    "object_of",
    "objects_of",
    "snapshot_object",
]

_PLAIN = {
    line.RegistrationChanged: "registration",
    line.CallChanged: "call",
    line.MailboxChanged: "mailbox",
    line.LampChanged: "lamp",
    line.Trouble: "error",
    MediaReported: "media",
    ActionTold: "action",
}
"""Events whose fields have the contract's names already."""


def event_object(event: PhoneEvent, at: float) -> Object:
    """One event; `at` is seconds since 1970."""
    name = _PLAIN.get(type(event))
    if name is not None:
        return {"at": at, "event": name, **_values(event)}
    match event:
        case line.PresenceChanged(uri, known_as, presence):
            return {"at": at, "event": "presence", "uri": uri, "name": known_as, **_presence(presence)}
        case line.OwnPresenceChanged(identity, presence):
            return {"at": at, "event": "own_presence", "identity": identity, **_presence(presence)}
        case line.MessageCame(sender, text):
            return {"at": at, "event": "message", "from": sender, "text": text}
        case line.CertificateDoubted(identity, server, certificate):
            return {"at": at, "event": "certificate", "identity": identity, "server": server, **_values(certificate)}
        case line.ContactsChanged(identity, contacts, groups):
            count = len(contacts)
            return {"at": at, "event": "contacts", "identity": identity, "count": count, "groups": list(groups)}
        case line.Found():
            people = [contact_object(each) for each in event.people]
            return {"at": at, "event": "found", **_values(event), "people": people}
        case _:
            raise AssertionError(f"no object for {type(event).__name__}")


def led_events(old: Snapshot | None, new: Snapshot, at: float) -> list[Object]:
    """The LEDs that differ between two snapshots; before the first snapshot all are off."""
    before = old.leds if old is not None else {}
    if before is new.leds:
        return []
    dark, found = Led(), []
    for key in dict.fromkeys((*before, *new.leds)):
        led = new.leds.get(key, dark)
        if led != before.get(key, dark):
            found.append({"at": at, "event": "led", "key": key, "color": led.color, "pattern": led.pattern.value})
    return found


def display_event(old: Snapshot | None, new: Snapshot, at: float) -> Object | None:
    """What the display shows, or None if nothing that a program reads has changed on it."""
    if old is not None and old.page is new.page and old.status == new.status:
        return None
    shown = display_object(new)
    if old is not None and display_object(old) == shown:
        return None
    return {"at": at, "event": "display", **shown}


def display_object(snapshot: Snapshot) -> Object:
    """The display: its page as texts."""
    page = snapshot.page
    return {
        "page": page.name,
        "title": page.title,
        "rows": [_row_text(row) for row in page.rows],
        "softkeys": [key.label if key else "" for key in page.softkeys],
        "status": snapshot.status,
        "cursor": page.cursor,
        "entry": page.entry,
    }


def snapshot_object(snapshot: Snapshot, contacts: Sequence[Contact], version: str) -> Object:
    """The whole phone at one moment."""
    return {
        "model": snapshot.model,
        "version": version,
        "identities": [identity_object(state) for state in snapshot.identities],
        "calls": [call_object(call) for call in snapshot.calls],
        "own_presence": _presence(snapshot.own),
        "contacts": [contact_object(contact) for contact in contacts],
        "leds": {key: {"color": led.color, "pattern": led.pattern.value} for key, led in snapshot.leds.items()},
        "labels": dict(snapshot.labels),
        "display": display_object(snapshot),
        "muted": snapshot.muted,
        "handset": snapshot.handset,
        "volume": snapshot.volume,
    }


def identity_object(state: IdentityState) -> Object:
    """One identity, with the words of the `registration` event."""
    values = _values(state)
    return {"identity": values.pop("number"), **values}


def call_object(call: CallState) -> Object:
    """One call, with the words of the `call` event."""
    return _values(call)


def contact_object(contact: Contact) -> Object:
    """One contact with its presence."""
    return {
        "uri": contact.uri,
        "name": contact.name,
        "numbers": list(contact.numbers),
        "kinds": list(contact.kinds),
        "groups": list(contact.groups),
        **_presence(contact.presence),
    }


def _presence(presence: Presence) -> Object:
    return {"availability": presence.availability.value, "activity": presence.activity, "note": presence.note}


def _values(value: Any) -> Object:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _row_text(row: Row) -> str:
    return f"{row.text}  {row.right}" if row.right else row.text
