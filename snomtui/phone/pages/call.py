"""The page of the calls: dialling, ringing, talking, held, in a conference, ended."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.clock import duration
from snomtui.phone.endings import detail, ending
from snomtui.phone.intents import Answer, Dial, Dtmf, Go, HangUp, Hold, Intent, Resume
from snomtui.phone.keys import DIGITS
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.callkeys import call_soft_keys, transferable
from snomtui.phone.pages.entry import begun
from snomtui.phone.pages.page import Kind, Many, Step, lone, soft_keys, weighed, wrapped
from snomtui.phone.pages.parties import below, identity_of, name_of
from snomtui.phone.snapshot import CallState, Page, Row, SoftKey
from snomtui.phone.words import state_word
from snomtui.skin import Shape

LABEL = 6
"""So many columns the word before our identity takes."""
DIGITS_KEPT = 20
"""So many of the tones that were sent are shown."""

Weighed = tuple[int, Row]
"""A row, and how important it is: 0 is shown before all else."""


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The shown call in large, the others below it."""
    call = model.call
    if call is None:
        back = SoftKey(model.say("Back"), Go("back"))
        return Page("call", title=model.say("No call"), softkeys=soft_keys(None, None, None, back))
    page = Page("call", _title(model, call), softkeys=call_soft_keys(model, shape, call))
    if lone(shape):
        return replace(page, rows=(_only(model, call, shape, screen, now),))
    rows = _members(model, call, now) if call.conference else _shown(model, call, shape, now)
    rows += [_other(model, other, shape, now) for other in model.calls.values() if _apart(call, other)]
    room = shape.rows - bool(screen.entry)
    return replace(page, rows=weighed(rows, room), entry=screen.entry or None)


def _apart(call: CallState, other: CallState) -> bool:
    """Whether another call is not part of what is shown of this one."""
    return other.id != call.id and not (call.conference and other.conference)


def _title(model: Model, call: CallState) -> str:
    say = model.say
    if call.conference:
        return say("Conference")
    match call.state:
        case "dialling" | "ringing":
            word = say("Calling") if call.state == "dialling" else say("Ringing")
            if model.settings.on("show_call_status") and call.code:
                return f"{word}: {call.code} {call.reason}"
            return word
        case "offered":
            return say("Incoming call")
        case "talking":
            return say("Connected")
        case "holding":
            return say("On hold")
        case "held":
            title = say("Held by {name}", name=name_of(model, call))
            return title if len(title) <= model.shape.columns else say("Held by the other")
    return say("Call ended")


# -- the call on the display


def _shown(model: Model, call: CallState, shape: Shape, now: float) -> list[Weighed]:
    """Who it is, what is special about it, and with which identity."""
    say, time = model.say, _time(call, now)
    first, *rest = wrapped(name_of(model, call), shape, taken=len(time) + bool(time)) or [""]
    rows = [(0, Row(first, right=time, style="big")), *((3, Row(line, style="big")) for line in rest)]
    if number := below(model, call):
        rows.append((4, Row(number)))
    if call.diverted_by:
        rows.append((5, Row(say("Redirected by {name}", name=call.diverted_by), style="dim")))
    rows += _news(model, call, shape)
    who = identity_of(model, call, shape.columns - LABEL)
    ours = say("To: {identity}", identity=who) if call.direction == "in" else say("From: {identity}", identity=who)
    return [*rows, (6, Row(ours, style="dim"))]


def _news(model: Model, call: CallState, shape: Shape) -> list[Weighed]:
    """Why it ended, where the other side is being sent, that nobody hears us."""
    say, rows = model.say, list[Weighed]()
    if call.state == "ended":
        rows += [(1, Row(line, style="alert")) for line in wrapped(_coded(ending(model, call), call.code), shape)]
        rows += [(4, Row(line, style="dim")) for line in wrapped(detail(call), shape)]
    if to := model.transfers.get(call.id):
        text = say("Being transferred to {number}", number=to)
        rows += [(1, Row(line, style="alert")) for line in wrapped(text, shape)]
    if model.muted and call.state == "talking":
        rows.append((2, Row(say("Microphone is off"), style="alert")))
    return rows


def _coded(sentence: str, code: int | None) -> str:
    return f"{sentence} ({code})" if code else sentence


def _time(call: CallState, now: float) -> str:
    return duration(now - call.since) if call.since and call.state != "ended" else ""


# -- the others


def _members(model: Model, call: CallState, now: float) -> list[Weighed]:
    """Everybody in the conference; the marked one is whom the keys work on."""
    members = [each for each in model.calls.values() if each.conference]
    rows = [
        (0, Row(name_of(model, each), _standing(model, each, now), intent=Go(f"call:{each.id}"), mark=mark))
        for each, mark in ((each, "outgoing" if each == call else "registered") for each in members)
    ]
    if model.muted:
        rows.append((1, Row(model.say("Microphone is off"), style="alert")))
    return rows


def _standing(model: Model, call: CallState, now: float) -> str:
    """How long somebody has been talking, or why nobody hears the other one."""
    return _time(call, now) if call.state == "talking" else state_word(call.state, model.say)


def _other(model: Model, call: CallState, shape: Shape, now: float) -> Weighed:
    """A call that is not on the display; one that rings is more important than all others."""
    text, word = f"{call.key} {name_of(model, call)}".strip(), state_word(call.state, model.say)
    right = f"{word} {_time(call, now)}".strip()
    row = Row(text, right=right if len(text) + len(right) < shape.columns else word, intent=Go(f"call:{call.id}"))
    return (1, replace(row, style="alert")) if call.state == "offered" else (2, row)


def _only(model: Model, call: CallState, shape: Shape, screen: Screen, now: float) -> Row:
    """The one row of a small display: who, and how it stands; or why it ended, or what was typed."""
    say, name = model.say, name_of(model, call)
    if call.state == "ended":
        text, code = ending(model, call), str(call.code or "")
        return Row(text, right=code if len(text) + len(code) < shape.columns else "", style="alert")
    if to := model.transfers.get(call.id):
        return Row(say("To {number} ...", number=to), right=_time(call, now))
    ids = list(model.calls)
    count = f"{ids.index(call.id) + 1}/{len(ids)} " if len(ids) > 1 else ""
    if call.conference:
        name = say("Conf. {name}", name=name)
    right = _time(call, now) if call.state == "talking" else state_word(call.state, say)
    if call.state == "talking" and model.muted:
        right = say("muted")
    return Row(f"{count}{screen.entry or name}", right=right)


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK answers, X ends, Hold holds, digits are sent, up and down change to another call."""
    call = model.call
    if call is None:
        return None
    if key in ("UP", "DOWN"):
        return _next_call(model, call, key)
    if key in ("CANCEL", "ONHOOK", "DISCONNECT"):
        return HangUp(None if call.conference and key != "CANCEL" else call.id)
    if key in ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET"):
        return _take(call)
    if key == "again":
        return Many((HangUp(call.id), Dial(call.number, call.identity)), leave=False)
    if key == "F_HOLD" and call.state == "ended":
        waiting = next((other for other in model.calls.values() if other.state == "holding"), None)
        return Resume(waiting.id) if waiting else None
    if key == "F_HOLD":
        return Hold(call.id) if call.state == "talking" else Resume(call.id)
    if key == "TRANSFER" and transferable(model, call):
        return Go("transfer")
    if len(key) == 1 and key in DIGITS and call.state == "talking":
        typed = (screen.entry + key)[-DIGITS_KEPT:]
        return Many((Dtmf(key), Go(f"typed:{typed}")), leave=False)
    if len(key) == 1 and key in DIGITS and call.state in ("holding", "ended"):
        return begun(model, key, now)  # the number of somebody to ask in between
    return None


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
