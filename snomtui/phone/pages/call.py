"""The page of the calls: dialling, ringing, talking, held, ended."""

from __future__ import annotations

from snomtui.phone.clock import duration
from snomtui.phone.intents import Answer, Dtmf, Go, HangUp, Hold, Intent, Resume
from snomtui.phone.keys import DIGITS
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import Kind, Many, Step, soft_keys, wrapped
from snomtui.phone.snapshot import CallState, Page, Row, SoftKey
from snomtui.skin import Shape

TITLES = {
    "dialling": "Calling",
    "ringing": "Ringing",
    "offered": "Incoming call",
    "talking": "Connected",
    "holding": "On hold",
    "held": "Held by",
    "ended": "Call ended",
}
_WORDS = {
    "dialling": "calling",
    "ringing": "ringing",
    "offered": "rings here",
    "holding": "on hold",
    "held": "held",
    "ended": "ended",
}


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The shown call in large, the others below it."""
    call = model.call
    if call is None:
        return Page("call", title="No call", softkeys=soft_keys(SoftKey("Back", Go("back"))))
    rows = [Row(call.remote_name or call.number, right=_time(call, now), style="big")]
    if call.remote_name and call.number != call.remote_name:
        rows.append(Row(call.number))
    if call.diverted_by:
        rows.append(Row(f"Redirected by {call.diverted_by}", style="dim"))
    rows.append(Row(f"{'To' if call.direction == 'in' else 'From'}: {_local(model, call)}", style="dim"))
    if call.reason and call.state in ("ended", "dialling", "ringing"):
        code = f" ({call.code})" if call.code else ""
        style = "alert" if call.state == "ended" else "dim"
        rows += [Row(line, style=style) for line in wrapped(f"{call.reason}{code}", shape)]
    if model.muted and call.state == "talking":
        rows.append(Row("Microphone is off", style="alert"))
    rows += [_other(other, now) for other in model.calls.values() if other.id != call.id]
    return Page("call", TITLES[call.state], tuple(rows[: shape.rows]), _soft_keys(call), entry=screen.entry or None)


def _time(call: CallState, now: float) -> str:
    return duration(now - call.since) if call.since and call.state != "ended" else ""


def _local(model: Model, call: CallState) -> str:
    identity = model.identities.get(call.identity)
    return identity.aor if identity else f"line {call.identity}"


def _other(call: CallState, now: float) -> Row:
    right = f"{_WORDS.get(call.state, '')} {_time(call, now)}".strip()
    return Row(f"{call.key} {call.remote_name or call.number}".strip(), right=right, intent=Go(f"call:{call.id}"))


def _soft_keys(call: CallState) -> tuple[SoftKey | None, ...]:
    end = SoftKey("Hang up", HangUp(call.id))
    match call.state:
        case "offered":
            return soft_keys(SoftKey("Answer", Answer(call.id)), None, None, SoftKey("Deny", HangUp(call.id)))
        case "dialling" | "ringing":
            return soft_keys(SoftKey("Cancel", HangUp(call.id)))
        case "talking":
            return soft_keys(
                SoftKey("Hold", Hold(call.id)),
                SoftKey("New call", Go("entry")),
                SoftKey("Transfer", Go("transfer")),
                end,
            )
        case "holding":
            return soft_keys(
                SoftKey("Resume", Resume(call.id)),
                SoftKey("New call", Go("entry")),
                SoftKey("Transfer", Go("transfer")),
                end,
            )
        case "held":
            return soft_keys(None, SoftKey("New call", Go("entry")), SoftKey("Transfer", Go("transfer")), end)
        case _:
            return soft_keys(None, None, None, SoftKey("OK", HangUp(call.id)))


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK answers, X ends, Hold holds, digits are sent, up and down change to another call."""
    call = model.call
    if call is None:
        return None
    if key in ("UP", "DOWN"):
        return _next_call(model, call, key)
    if key in ("CANCEL", "ONHOOK", "DISCONNECT"):
        return HangUp(call.id)
    if key in ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET"):
        return _take(call)
    if key == "F_HOLD" and call.state == "ended":
        waiting = next((other for other in model.calls.values() if other.state == "holding"), None)
        return Resume(waiting.id) if waiting else None
    if key == "F_HOLD":
        return Hold(call.id) if call.state == "talking" else Resume(call.id)
    if key == "TRANSFER" and _transferable(model, call):
        return Go("transfer")
    if len(key) == 1 and key in DIGITS and call.state == "talking":
        typed = Screen("call", entry=(screen.entry + key)[-20:])
        return Many((Dtmf(key), Go(f"typed:{typed.entry}")), leave=False)
    return None


def _transferable(model: Model, call: CallState) -> bool:
    """Whether somebody can be sent elsewhere: the other side of this call, or one on hold to where this one rings."""
    if call.state in ("dialling", "ringing"):
        return any(other.state == "holding" for other in model.calls.values())
    return call.state in ("talking", "holding", "held")


def _take(call: CallState) -> Intent | None:
    match call.state:
        case "offered":
            return Answer(call.id)
        case "holding":
            return Resume(call.id)
        case "ended":
            return HangUp(call.id)
    return None


def _next_call(model: Model, call: CallState, key: str) -> Step:
    ids = list(model.calls)
    if len(ids) < 2:
        return None
    at = (ids.index(call.id) + (1 if key == "DOWN" else -1)) % len(ids)
    return Go(f"call:{ids[at]}")


KIND = Kind(draw, press)
