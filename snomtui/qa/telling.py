"""Events as lines that expect them: with what is the same each time, and without what is not. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from snomtui.recording.grammar import word

_MOMENT = re.compile(r"\d+:\d\d|\d+\.\d+\.\d+|\d{1,2}/\d{1,2}/\d{2,4}|\d+ s\b")
"""Times and days on the display."""
_PORT = re.compile(r"(?<=[a-z0-9\]]):\d{2,5}(?=/|$|\?)")
_LONG_NUMBER = re.compile(r"=[^&=]*\d{6,}[^&=]*")
"""Ids in a URL."""


@dataclass(frozen=True, slots=True)
class Names:
    """Who is who."""

    known: Mapping[str, str] = field(default_factory=dict)
    """Names by address (`sip:...` in small letters)."""
    played: Mapping[str, str] = field(default_factory=dict)
    """The same of those whom a simulated front end plays."""
    restless: frozenset[str] = frozenset()
    """Addresses of those whose presence changes by itself."""
    restless_keys: frozenset[str] = frozenset()
    """Keys whose LED shows them."""


def told(event: Mapping[str, Any], names: Names) -> str:
    """The line that expects this event; empty for one that nobody should wait for."""
    match event["event"]:
        case "call":
            return _call(event)
        case "registration" if event["state"] not in ("registering", "waiting"):
            return f"expect registration {event['identity']} {event['state']}"
        case "presence" if str(event["uri"]).lower() not in names.restless:
            return f"expect presence {word(event['name'] or event['uri'])} {event['availability']}"
        case "own_presence":
            return f"expect own_presence {event['availability']}"
        case "led" if event["key"] not in names.restless_keys:
            return f"expect led {event['key']} {event['pattern']}"
        case "display":
            text = _steady(event)
            return f"expect display {word(text)}" if text else ""
        case "action":
            url = _LONG_NUMBER.sub("=*", _PORT.sub(":*", str(event["url"])))
            return f"expect action {word(url)} status={event['status']}"
        case "mailbox":
            return f"expect mailbox new={event['new']} old={event['old']}"
        case "message":
            return f"expect message {word(str(event['from']))} {word(' '.join(str(event['text']).split()))}"
    return ""


def _call(event: Mapping[str, Any]) -> str:
    way, side = ("incoming", "from") if event["direction"] == "in" else ("outgoing", "to")
    who = str(event["remote_name"] or event["number"] or event["remote"])
    cause = f" cause={event['cause']}" if event["state"] == "ended" and event["cause"] else ""
    return f"expect call {way} {side} {word(who)} {event['state']}{cause}"


def _steady(display: Mapping[str, Any]) -> str:
    """The first text on the display that does not change with time."""
    texts = [str(display["title"]), *(part for row in display["rows"] for part in str(row).split("  "))]
    return next((text.strip() for text in texts if text.strip() and not _MOMENT.search(text)), "")
