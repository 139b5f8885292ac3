"""The forms of the home page that no snom has: what is done to a call that is up, the conference, the own presence.

A call is named by its id, so that a button on an old page never does something to another call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from snomtui.phone.intents import Conference, Dtmf, Hold, Intent, Resume, SetPresence, Transfer
from snomtui.phone.snapshot import Snapshot
from snomtui.presence import CHOICES
from snomtui.remote import query
from snomtui.remote.commands import BadCommand

LONGEST = 255
"""Characters of a target, of digits and of a note."""

_TO_A_CALL: Mapping[str, Callable[[str], Intent]] = {
    "hold": Hold,
    "resume": Resume,
}


def read(asked: query.Pairs, phone: Snapshot) -> Intent | None:
    """What a form wants; None = it is not one of these. Raises `BadCommand`."""
    given = {name.lower(): value.strip() for name, value in asked}
    for name, wish in _TO_A_CALL.items():
        if name in given:
            return wish(_call(given[name]))
    if "transfer" in given:
        return Transfer(_text(given, "to", "Where should the call go? Give a number or an address"), given["transfer"])
    if "dtmf" in given:
        return _digits(given, phone)
    if "conference" in given:
        return Conference(given["conference"] != "off")
    return _presence(given) if {"presence", "note"} & given.keys() else None


def _call(id: str) -> str:
    if not id:
        raise BadCommand("Which call? Load the page again")
    return id


def _text(given: Mapping[str, str], name: str, missing: str) -> str:
    found = given.get(name, "")
    if not found:
        raise BadCommand(missing)
    if len(found) > LONGEST or not found.isprintable():
        raise BadCommand("That is too long, or no line of text")
    return found


def _digits(given: Mapping[str, str], phone: Snapshot) -> Intent:
    """Digits go to the call on the display; if that is another one by now, nobody shall hear them."""
    digits = given.get("digits", "").upper().replace(" ", "")
    if not digits or len(digits) > LONGEST or digits.strip("0123456789*#ABCD"):
        raise BadCommand("The digits are 0 to 9, *, # and A to D")
    if not any(call.id == given["dtmf"] and call.shown for call in phone.calls):
        raise BadCommand("That call is not on the display any more")
    return Dtmf(digits)


def _presence(given: Mapping[str, str]) -> Intent:
    for state in CHOICES:
        if state.value == given.get("presence"):
            note = given.get("note")
            return SetPresence(state, None if note is None else note[:LONGEST])
    raise BadCommand(f"The presence must be one of {', '.join(state.value for state in CHOICES)}")
