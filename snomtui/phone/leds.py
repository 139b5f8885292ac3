"""What the LEDs show: a pure function of the model (reference: fact file 4.5)."""

from __future__ import annotations

from snomtui.phone.keys import PROGRAMMABLE, FunctionKey, call_on, function_key
from snomtui.phone.model import Model
from snomtui.phone.snapshot import Led, Pattern
from snomtui.presence import Availability

_BY_CALL = {
    "offered": Pattern.FAST,
    "dialling": Pattern.ON,
    "ringing": Pattern.ON,
    "talking": Pattern.ON,
    "holding": Pattern.SLOW,
    "held": Pattern.MEDIUM,
}
_LIT = {
    Availability.BUSY,
    Availability.IN_A_CALL,
    Availability.IN_A_MEETING,
    Availability.URGENT_INTERRUPTIONS_ONLY,
    Availability.HOLDING,
    Availability.DND,
}
"""People who are busy; an idle colleague's LED is off, not green."""


def leds(model: Model) -> dict[str, Led]:
    """All LEDs that are not dark, by key name."""
    lit = {f"P{n}": led for n in range(1, PROGRAMMABLE + 1) if (led := _key(model, n)).pattern is not Pattern.OFF}
    if any(call.state == "offered" for call in model.calls.values()):
        lit["CALL"] = Led("red", Pattern.FAST)
    if any(new for new, _ in model.mailbox.values()):
        lit["MESSAGE"] = Led("red", Pattern.SLOW)
    elif model.missed:
        lit["MESSAGE"] = Led("red", Pattern.ON)
    if model.muted:
        lit["MUTE"] = Led("red", Pattern.ON)
    if model.device in ("speaker", "headset"):
        lit[model.device.upper()] = Led("green", Pattern.ON)
    return lit


def _key(model: Model, number: int) -> Led:
    call = call_on(model, f"P{number}")
    if call is not None:
        return Led("orange", _BY_CALL.get(call.state, Pattern.OFF))
    meant = function_key(model.settings, number)
    if meant.kind in ("dest", "blf"):
        return Led("orange", _colleague(model, meant.uri))
    if meant.kind == "keyevent" and meant.argument.upper() in ("F_DND", "DND"):
        return Led("orange", Pattern.ON if model.settings.on("dnd_mode") else Pattern.OFF)
    return Led()


def _colleague(model: Model, uri: str) -> Pattern:
    """A key with a colleague: fast while it rings there, on while that person is busy."""
    if model.lamp(uri) == "ringing":
        return Pattern.FAST
    busy = model.lamp(uri) == "busy" or model.seen(uri).availability in _LIT
    return Pattern.ON if busy else Pattern.OFF


def labels(model: Model) -> dict[str, str]:
    """What stands beside the programmable keys."""
    named = {f"P{n}": _label(model, f"P{n}", function_key(model.settings, n)) for n in range(1, PROGRAMMABLE + 1)}
    return {key: label for key, label in named.items() if label}


def _label(model: Model, key: str, meant: FunctionKey) -> str:
    call = call_on(model, key)
    if call is not None:
        return call.remote_name or call.number
    if meant.label:
        return meant.label
    if meant.kind == "line":
        return f"Line {key[1:]}"
    if meant.kind in ("dest", "blf"):
        return model.name_of(meant.uri) or meant.uri.removeprefix("sip:").partition("@")[0]
    return "" if meant.kind == "none" else meant.argument.removeprefix("F_")
