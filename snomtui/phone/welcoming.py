"""Whether a caller gets through: do not disturb, call waiting, and what the directory says of the caller."""

from __future__ import annotations

from snomtui.line.calls.party import Party
from snomtui.phone.directory import type_of
from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState


def busy(model: Model) -> bool:
    """Whether a new caller hears busy."""
    return model.settings.on("dnd_mode") or occupied(model)


def occupied(model: Model) -> bool:
    """Whether there is a call, and no second one may come."""
    talking = any(call.state != "ended" for call in model.calls.values())
    return talking and model.settings.text("call_waiting") == "off"


def opens(model: Model, call: CallState) -> bool:
    """Whether a call that begins to ring is taken at once (`user_auto_connect`); never while there is another one."""
    alone = all(other.id == call.id or other.state == "ended" for other in model.calls.values())
    return call.state == "offered" and alone and model.settings.on("user_auto_connect", call.identity)


def welcome(model: Model, caller: Party) -> bool | None:
    """What the directory says of a caller: VIP rings in do not disturb, Deny always hears busy; None = nothing."""
    match type_of(model, caller.uri, caller.number):
        case "Deny":
            return False
        case "VIP" if not occupied(model):
            return True
    return None
