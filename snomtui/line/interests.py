"""What an ordinary server is asked to tell besides the presence of contacts, by the settings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.settings.registry import Settings, registry

_LAMP = re.compile(r"\s*blf\s+(?:[^<]*<)?\s*((?:sips?:)?[^\s<>|\"]+@[^\s<>|\"]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Interests:
    """Subscriptions of one identity."""

    lamps: tuple[str, ...] = ()
    """The addresses of `blf` keys, each once: whose phone is watched (RFC 4235)."""
    people: str = ""
    """The address of a list of contacts that the server keeps (RFC 4662); empty = none."""
    phones: str = ""
    """The address of a list of phones to watch; empty = none."""
    registration: bool = False
    """Whether the own registration is watched (RFC 3680)."""
    expiry: int = 3600
    """Seconds asked for."""


def interests_of(settings: Settings, number: int) -> Interests:
    """The interests of identity `number`."""
    listed = settings.on("user_event_list_subscription", number)
    return Interests(
        lamps=_lamps(settings, number),
        people=settings.text("user_presence_buddy_list_uri", number).strip(),
        phones=settings.text("user_event_list_uri", number).strip() if listed else "",
        registration=settings.on("sim_watch_registration"),
        expiry=settings.number("user_subscription_expiry", number),
    )


def _lamps(settings: Settings, number: int) -> tuple[str, ...]:
    """The addresses of the `blf` keys of this identity; a key of context `active` belongs to the active one."""
    found: dict[str, None] = {}
    for key in range((registry()["fkey"].last or 0) + 1):
        address = _LAMP.match(settings.text("fkey", key))
        context = settings.text("fkey_context", key).strip().lower()
        identity = int(context) if context.isascii() and context.isdigit() else settings.number("active_line")
        if address and identity == number:
            uri = address[1] if address[1].lower().startswith(("sip:", "sips:")) else f"sip:{address[1]}"
            found[uri] = None
    return tuple(found)
