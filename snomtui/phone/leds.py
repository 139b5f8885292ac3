"""What the LEDs show: a pure function of the model (reference: fact file 4.5)."""

from __future__ import annotations

from snomtui.phone import redirection
from snomtui.phone.keys import FunctionKey, call_on, function_key
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
_BUSY = {
    Availability.BUSY,
    Availability.IN_A_CALL,
    Availability.IN_A_MEETING,
    Availability.URGENT_INTERRUPTIONS_ONLY,
    Availability.HOLDING,
    Availability.DND,
}
"""People who are busy: red, where a model has that."""
_AWAY = {Availability.AWAY, Availability.INACTIVE, Availability.BE_RIGHT_BACK}
"""People who are not at their desk: orange, where that can be told from busy."""
ORANGE = ("orange",)


def leds(model: Model, colors: tuple[str, ...] = ORANGE) -> dict[str, Led]:
    """All LEDs that are not dark, by key name; `colors` are those of the programmable keys (`Shape.led_colors`)."""
    each = ((name, _key(model, int(name[1:]), colors)) for name in model.shape.key_names)
    lit = {name: led for name, led in each if led.pattern is not Pattern.OFF}
    lit |= _message(model)
    if model.muted:
        lit["MUTE"] = Led("red", Pattern.ON)
    if model.device in ("speaker", "headset"):
        lit[model.device.upper()] = Led("green", Pattern.ON)
    for key, led in model.browser.lights.items():  # a document has switched it, until it says Off
        lit[key] = led if led.color in colors else Led(colors[0], led.pattern)
    return lit


def _message(model: Model) -> dict[str, Led]:
    """The two lights that are seen from afar. Where there is none for calls, the one for messages blinks as well."""
    lit, color = dict[str, Led](), model.shape.message_led
    if any(new for new, _ in model.mailbox.values()):
        lit["MESSAGE"] = Led(color, Pattern.SLOW)
    elif model.missed or model.unread:
        lit["MESSAGE"] = Led(color, Pattern.ON)
    if model.ringer or any(call.state == "offered" for call in model.calls.values()):
        lit |= {"CALL": Led("red", Pattern.FAST)} if model.shape.call_led else {"MESSAGE": Led(color, Pattern.FAST)}
    return lit


def _key(model: Model, number: int, colors: tuple[str, ...]) -> Led:
    call = call_on(model, f"P{number}")
    if call is not None:
        return Led(colors[0], _BY_CALL.get(call.state, Pattern.OFF))
    meant = function_key(model.settings, number)
    if meant.kind in ("dest", "blf"):
        return _colleague(model, meant, colors)
    if meant.kind == "keyevent" and meant.argument.upper() in ("F_DND", "DND"):
        return Led(colors[0], Pattern.ON if model.settings.on("dnd_mode") else Pattern.OFF)
    if meant.kind == "redirect" or meant.argument.upper() == "F_REDIRECT":
        return Led(colors[0], Pattern.ON if _redirects(model, meant) else Pattern.OFF)
    return Led()


def _redirects(model: Model, meant: FunctionKey) -> bool:
    """Whether callers go elsewhere: to the target of a `redirect` key, or to any."""
    if meant.kind == "keyevent" or not meant.argument:
        return any(redirection.works(model.settings, kind) for kind in redirection.KINDS)
    here = redirection.target(model.settings, "all")
    return redirection.works(model.settings, "all") and here == meant.uri


def _colleague(model: Model, meant: FunctionKey, colors: tuple[str, ...]) -> Led:
    """A key with a colleague: fast while it rings there, on while that person is busy.

    An LED of one colour tells no more. One of several shows in orange who is away, and a `dest` key in green who is
    available; a `blf` key is dark then.
    """
    seen, lamp = model.seen(meant.uri).availability, model.lamp(meant.uri)
    busy = "red" if "red" in colors else colors[0]
    if lamp == "ringing":
        return Led(busy, Pattern.FAST)
    if lamp == "busy" or seen in _BUSY:
        return Led(busy, Pattern.ON)
    if len(colors) > 1 and seen in _AWAY and "orange" in colors:
        return Led("orange", Pattern.ON)
    if len(colors) > 1 and seen is Availability.AVAILABLE and "green" in colors and meant.kind == "dest":
        return Led("green", Pattern.ON)
    return Led()


def labels(model: Model) -> dict[str, str]:
    """What stands beside the programmable keys."""
    named = {name: _label(model, name, function_key(model.settings, int(name[1:]))) for name in model.shape.key_names}
    return {key: label for key, label in named.items() if label}


def _label(model: Model, key: str, meant: FunctionKey) -> str:
    call = call_on(model, key)
    if call is not None:
        return call.remote_name or call.number
    if meant.label:
        return meant.label
    if meant.kind == "line":
        return model.say("Line {number}", number=key[1:])
    if meant.kind in ("dest", "blf"):
        return model.name_of(meant.uri) or meant.uri.removeprefix("sip:").partition("@")[0]
    return "" if meant.kind == "none" else meant.argument.removeprefix("F_")
