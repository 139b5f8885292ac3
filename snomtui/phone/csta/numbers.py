"""The number by which programs know a call: `$csta_id` of action URLs, `callID` of CSTA (ECMA-269 12.3.6)."""

from __future__ import annotations

from snomtui.phone.snapshot import CallState
from snomtui.settings.registry import IDENTITIES


def number_of(call: CallState) -> str:
    """The number of a call; as on the real phone those of calls that came in are negative, such as -18."""
    return numbered(call.id, call.direction == "in")


def numbered(id: str, came: bool) -> str:
    """The same, made of the call's id `IDENTITY-COUNT`; `came`: it came in."""
    identity, _, count = id.partition("-")
    number = (int(count) - 1) * IDENTITIES + int(identity)
    return str(-number if came else number)
