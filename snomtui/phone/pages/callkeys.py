"""The soft keys of a call, by its state.

Each kind of deed has its place, whatever the state: what goes on with the call is on the first key, what ends it on
the last one, other people are in between.
"""

from __future__ import annotations

from snomtui.phone.intents import Answer, Conference, Go, HangUp, Hold, Resume
from snomtui.phone.model import Model
from snomtui.phone.pages.page import soft, soft_keys
from snomtui.phone.snapshot import CallState, SoftKey
from snomtui.skin import Shape

UP = ("talking", "holding", "held")
"""States of a call in which both sides know that they are connected."""


def call_soft_keys(model: Model, shape: Shape, call: CallState) -> tuple[SoftKey | None, ...]:
    """The soft keys while this call is shown."""
    say = model.say
    match call.state:
        case "offered":
            return soft_keys(
                soft(shape, Answer(call.id), say("Answer"), say("Ans")),
                None,
                soft(shape, Go("transfer"), say("Forward"), say("Fwd")),
                soft(shape, HangUp(call.id), say("Deny"), say("Dny")),
            )
        case "dialling" | "ringing":
            cancel = soft(shape, HangUp(call.id), say("Cancel"), say("End"))
            return soft_keys(None, None, _transfer(model, shape) if transferable(model, call) else None, cancel)
        case "ended":
            return soft_keys(_again(model, shape, call), None, None, soft(shape, HangUp(call.id), say("OK")))
    return soft_keys(
        _holding(model, shape, call), _middle(model, shape), _transfer(model, shape), _end(model, shape, call)
    )


def _holding(model: Model, shape: Shape, call: CallState) -> SoftKey | None:
    if call.state == "holding":
        return soft(shape, Resume(call.id), model.say("Resume"), model.say("Res"))
    return soft(shape, Hold(call.id), model.say("Hold"), model.say("Hld")) if call.state == "talking" else None


def _middle(model: Model, shape: Shape) -> SoftKey:
    """A further call; once there are two of them, they can be joined, and parted again."""
    say = model.say
    if sum(call.state in UP for call in model.calls.values()) > 1:
        if joins(model):
            return soft(shape, Conference(), say("Conf."), say("Conf"))
        return soft(shape, Conference(on=False), say("Split"), say("Splt"))
    return soft(shape, Go("entry"), say("New call"), say("New"))


def joins(model: Model) -> bool:
    """Whether the conference key joins calls; it parts them only when all that are up have been joined."""
    up = [call for call in model.calls.values() if call.state in UP]
    return len(up) < 2 or any(not call.conference for call in up)


def _transfer(model: Model, shape: Shape) -> SoftKey:
    return soft(shape, Go("transfer"), model.say("Transfer"), model.say("Transf."), model.say("Xfer"))


def _end(model: Model, shape: Shape, call: CallState) -> SoftKey:
    """One call, or the whole conference that it is in."""
    return soft(shape, HangUp(None if call.conference else call.id), model.say("Hang up"), model.say("End"))


def _again(model: Model, shape: Shape, call: CallState) -> SoftKey | None:
    """Try it once more: one whom we called, or one who gave up calling us."""
    if not call.number:
        return None
    if call.direction == "out":
        return soft(shape, Go("again"), model.say("Redial"), model.say("Redi."), model.say("Redl"))
    return soft(shape, Go("again"), model.say("Call back"), model.say("Call"))


def transferable(model: Model, call: CallState) -> bool:
    """Whether somebody can be sent elsewhere: who calls us, is connected, or is on hold while we call another one."""
    if call.state in ("dialling", "ringing"):
        return any(other.state == "holding" for other in model.calls.values())
    return call.state == "offered" or call.state in UP
