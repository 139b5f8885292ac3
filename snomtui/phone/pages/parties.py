"""How the people in a call are shown, by `display_method`."""

from __future__ import annotations

from snomtui.line.calls.party import spoken
from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState


def name_of(model: Model, call: CallState) -> str:
    """Who is at the other end, in one line."""
    match model.settings.text("display_method"):
        case "display_number":
            return call.number or call.remote_name
        case _:
            return call.remote_name or call.number


def below(model: Model, call: CallState) -> str:
    """What stands below the name: the number or the whole address; empty if it would say the same again."""
    match model.settings.text("display_method"):
        case "full_contact":
            other = spoken(call.remote) or call.number
        case "display_name_number":
            other = call.number if _says_where(call.number) else spoken(call.remote) or call.number
        case _:
            other = ""
    return "" if other.casefold() == name_of(model, call).casefold() else other


def _says_where(number: str) -> bool:
    """Whether a number or an address is one; the mere name of a user is none."""
    return "@" in number or number.lstrip("+").isdigit()


def identity_of(model: Model, call: CallState, room: int) -> str:
    """The identity of ours that is in the call; without its host where that has no room."""
    identity = model.identities.get(call.identity)
    if identity is None:
        return model.say("line {number}", number=call.identity)
    return identity.aor if len(identity.aor) <= room else identity.aor.partition("@")[0]
