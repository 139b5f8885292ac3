"""Which call the whole room should notice. How that looks is in `flashing`, which is imported when it rings."""

from __future__ import annotations

from snomtui.phone.snapshot import CallState, Snapshot

TICKS = 2
"""Ticks of `blink` that each of the two pictures around the phone stays."""


def calling(snapshot: Snapshot) -> CallState | None:
    """The call that the whole room should see; None while somebody is on the phone already."""
    busy = any(call.state in ("talking", "holding", "held") for call in snapshot.calls)
    return None if busy else next((call for call in snapshot.calls if call.state == "offered"), None)


def who(call: CallState) -> str:
    """The caller as a person would say it."""
    return call.remote_name or call.number
