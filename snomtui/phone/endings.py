"""Why a call ended, in a sentence: from the status code and who ended it.

What a server says in its own words is shown only where there is no sentence here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from snomtui.phone.model import Model
from snomtui.phone.snapshot import CallState
from snomtui.sip.reasons import reason_of

STOCK = 30
"""No common phrase of a status code has more characters."""

Say = Callable[[str], str]
Sentence = Callable[[Say], str]


def _each(codes: Iterable[int], sentence: Sentence) -> dict[int, Sentence]:
    return dict.fromkeys(codes, sentence)


_BY_CODE: dict[int, Sentence] = {
    **_each((486, 600), lambda say: say("Line is busy")),
    **_each((603, 605, 607, 608), lambda say: say("Declined")),
    **_each((480, 430), lambda say: say("Not reachable")),
    **_each((404, 604, 416), lambda say: say("Unknown number")),
    **_each((410, 301), lambda say: say("Number has changed")),
    **_each((484,), lambda say: say("Number not complete")),
    **_each((485,), lambda say: say("Number is ambiguous")),
    **_each((408,), lambda say: say("No answer")),
    **_each((487,), lambda say: say("Cancelled")),
    **_each((488, 606, 415), lambda say: say("No common codec")),
    **_each((403,), lambda say: say("Not allowed")),
    **_each((401, 407), lambda say: say("Login refused")),
    **_each((402,), lambda say: say("Must be paid for")),
    **_each((433,), lambda say: say("Caller must be shown")),
    **_each((481,), lambda say: say("Call was lost")),
    **_each((482, 483), lambda say: say("Call went in circles")),
    **_each((502, 503), lambda say: say("Service not available")),
    **_each((504,), lambda say: say("Server does not answer")),
    **_each((500, 501, 513, 580), lambda say: say("Fault in the server")),
    **_each((300, 302, 305, 380), lambda say: say("Call was redirected")),
}


def sentence(model: Model, code: int) -> str:
    """What a status code means to a person, or empty."""
    found = _BY_CODE.get(code)
    return found(model.say) if found else ""


def ending(model: Model, call: CallState) -> str:
    """Why this call ended, without the code."""
    say = model.say
    match call.cause:
        case "remote":
            return say("The other side hung up")
        case "cancelled":
            return say("The caller hung up")
        case "elsewhere":
            return say("Redirected") if call.code == 302 else say("Answered elsewhere")
        case "timeout":
            return say("The other side is silent") if call.since else say("No answer")
        case "failed" if call.code is None:
            return say("Connection lost")
    if call.code is None:
        return say(call.reason)
    return sentence(model, call.code) or call.reason or reason_of(call.code)


def detail(call: CallState) -> str:
    """What the other side adds to its refusal, in its own words; empty if it says no more than the code.

    A phrase longer than those of the standards was written by a person for a person.
    """
    if call.cause in ("remote", "failed") and call.code is None:
        return call.reason
    if call.cause != "refused":
        return ""
    phrase, colon, more = call.reason.partition(": ")
    if len(phrase) > STOCK:
        return call.reason
    return more if colon else phrase.partition("; ")[2]


def why_not(model: Model, text: str) -> str:
    """A sentence for a text that has a status in brackets, such as `The transfer failed (486 Busy Here)`."""
    found = re.search(r"\(([3-6][0-9]{2})\b", text)
    words = sentence(model, int(found[1])) if found else ""
    return f"{words} ({found[1]})" if found and words else model.say(text)
