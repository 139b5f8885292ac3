"""The shapes of what the phone tells: each event of the contract, and the whole phone.

The table stands beside `jsonform`, which makes these objects; its tests look at what is really sent.
"""

from __future__ import annotations

from collections.abc import Mapping

from snomtui.kit.box import Certificate
from snomtui.line import events as line
from snomtui.phone.events import ActionTold, MediaReported
from snomtui.phone.snapshot import CallState, IdentityState, Pattern
from snomtui.presence import Availability
from snomtui.remote.api.shapes import (
    Shape,
    by_name,
    fields_of,
    named,
    one_of,
    row_of,
    switch,
    text,
    thing,
    whole,
)
from snomtui.settings.registry import IDENTITIES

_WHO = whole(1, IDENTITIES, "The identity.")
_STATES = {
    "state": one_of("registering", "registered", "refused", "waiting", "off"),
    "auth": one_of("none", "digest", "ntlmv1", "ntlmv2"),
}
_CALL = {
    "identity": _WHO,
    "direction": one_of("in", "out"),
    "state": one_of("dialling", "ringing", "offered", "talking", "holding", "held", "ended"),
    "cause": text("Why it ended: local, remote, cancelled, refused, elsewhere, failed or timeout."),
}
_SEEN = {
    "availability": one_of(*(each.value for each in Availability)),
    "activity": text("What came with it, such as on-the-phone."),
    "note": text(),
}
_LED = {
    "color": text("red, green, orange or blue."),
    "pattern": one_of(*(each.value for each in Pattern)),
}
_DISPLAY = {
    "page": text("The name of the page."),
    "title": text(),
    "rows": row_of(text()),
    "softkeys": row_of(text()),
    "status": text("The status line."),
    "cursor": {"type": ["integer", "null"], "description": "The highlighted row, from 0."},
    "entry": {"type": ["string", "null"], "description": "What has been typed; secrets are stars."},
}
_CONTACT = {
    "uri": text(),
    "name": text(),
    "numbers": row_of(text()),
    "kinds": row_of(text(), "What each number is: work, mobile, home or other."),
    "groups": row_of(text()),
    **_SEEN,
}

CONTACT = thing(_CONTACT)
CALL = thing(fields_of(CallState, **_CALL, since={"type": "number", "description": "When it began to talk, or 0."}))
IDENTITY = thing({"identity": _WHO, **fields_of(IdentityState, "number", **_STATES)})
PHONE = thing(
    {
        "model": text(),
        "version": text(),
        "identities": row_of(named("Identity")),
        "calls": row_of(named("Call")),
        "own_presence": thing(_SEEN),
        "contacts": row_of(named("Contact")),
        "leds": by_name(thing(_LED), "By key, such as P1; those that are not there are off."),
        "labels": by_name(text(), "What stands beside each programmable key."),
        "display": thing(_DISPLAY),
        "muted": switch(),
        "handset": text("The audio device in use: handset, speaker, headset, or empty."),
        "volume": whole(0, 15),
    },
    about="The whole phone at one moment.",
)

EVENTS: Mapping[str, Mapping[str, Shape]] = {
    "registration": fields_of(line.RegistrationChanged, identity=_WHO, **_STATES),
    "call": fields_of(line.CallChanged, **_CALL),
    "presence": {"uri": text(), "name": text(), **_SEEN},
    "own_presence": {"identity": _WHO, **_SEEN},
    "led": {"key": text("Such as P1."), **_LED},
    "display": _DISPLAY,
    "command": {
        "method": text(),
        "target": text("As it was received, secrets blanked."),
        "peer": text("Who asked, ip:port."),
        "status": whole(0, 599, "0 = no answer was given."),
        "did": row_of({"type": "object"}, "What became of it: intents."),
        "why": text("Why it was refused."),
        "user": text("Who logged in."),
        "body": text("What came with it, secrets blanked."),
        "content_type": text(),
    },
    "media": fields_of(MediaReported),
    "action": fields_of(ActionTold),
    "mailbox": fields_of(line.MailboxChanged, identity=_WHO),
    "message": {"from": text(), "text": text()},
    "error": fields_of(line.Trouble),
    "lamp": fields_of(line.LampChanged, identity=_WHO, lamp=one_of("idle", "ringing", "busy")),
    "certificate": {"identity": _WHO, "server": text("host:port"), **fields_of(Certificate)},
    "web_certificate": {
        "subject": text("What clients of the web server see over HTTPS."),
        "issuer": text(),
        "names": row_of(text()),
        "ends": {"type": "number", "description": "Until when it is valid, seconds since 1970."},
        "fingerprint": text("SHA-256."),
        "self_signed": switch(),
    },
    "contacts": {"identity": _WHO, "count": whole(0), "groups": row_of(text())},
    "found": fields_of(line.Found, people=row_of(named("Contact"))),
}
"""Fields of each event, beside `at` and `event`."""
_MAYBE = {"command": ("why", "user", "body", "content_type")}
"""Fields that are not always there."""

EVENT_NAMES = tuple(EVENTS)


def event_shape(name: str) -> Shape:
    """One event as an object."""
    head = {"at": {"type": "number", "description": "Seconds since 1970."}, "event": {"const": name}}
    return thing({**head, **EVENTS[name]}, _MAYBE.get(name, ()))


def components() -> dict[str, Shape]:
    """All shapes of this table by the names under which others refer to them."""
    events = {f"Event_{name}": event_shape(name) for name in EVENTS}
    every: Shape = {"oneOf": [named(name) for name in events], "discriminator": {"propertyName": "event"}}
    return {"Contact": CONTACT, "Call": CALL, "Identity": IDENTITY, "Phone": PHONE, "Event": every, **events}
