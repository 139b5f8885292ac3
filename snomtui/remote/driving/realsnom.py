"""How a real snom is asked for what our phone takes as an intent: by keys, by settings, or not at all.

What keys and settings mean is in the fact file, chapters 1.1, 1.4 and 3.3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from snomtui.errors import LocalError
from snomtui.phone import intents as want
from snomtui.phone.intents import Intent
from snomtui.remote import commands, query

SETTINGS_PAGE = "/dummy.htm"


class Cannot(LocalError):
    """A real snom has no way to do this over HTTP; the text says what can be done instead."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent."""

    target: str
    form: str = ""
    """The body of a POST; empty = GET. What may be secret goes here and not into a target, which ends in logs."""
    follow: bool = False
    """Whether the pages that it leads to belong to it, as with a restart."""
    note: str = ""
    """What a person should know about it."""


def request(intents: Sequence[Intent], outgoing: str = "") -> Request:
    """What asks a real snom for this; raises `Cannot` or `BadCommand`."""
    if len(intents) == 1:
        match intents[0]:
            case want.Hold():
                return Request(_keys("F_HOLD"), note="a snom has one key for hold and resume; it was pressed")
            case want.Resume():
                return Request(_keys("F_HOLD"), note="a snom has one key for hold and resume; it was pressed")
            case want.Transfer(to):
                return Request(_keys(f"TRANSFER;{_digits(to)};ENTER"), note="done by keys; look at the phone")
            case want.Conference(on):
                return _conference(on)
            case want.Redirect():
                return _redirect(intents[0])
            case want.SetSetting(name, value):
                return settings({name: value})
            case want.Reboot():
                return Request("/advanced_update.htm?reboot=Reboot", follow=True)
            case want.Reset():
                return Request("/advanced_update.htm?reset=Reset", follow=True)
            case want.SetPresence():
                raise Cannot("a real snom takes no presence over HTTP; DND: snomtui press DND")
            case want.Write():
                raise Cannot("a real snom sends no instant messages over HTTP")
    return Request(commands.target(intents, outgoing))


def settings(values: dict[str, str]) -> Request:
    """Save settings, and into the flash memory too."""
    pairs = {"settings": "save", "store_settings": "save", **values}
    form = "&".join(f"{query.encoded(name)}={query.encoded(value)}" for name, value in pairs.items())
    return Request(SETTINGS_PAGE, form)


def _conference(on: bool) -> Request:
    if not on:
        raise Cannot("a real snom has no key that parts a conference; put one call on hold: snomtui hold")
    return Request(_keys("F_CONFERENCE"), note="the conference key was pressed; look at the phone")


def _redirect(wish: want.Redirect) -> Request:
    if wish.on is None:
        raise Cannot("say on or off: what a real snom is set to cannot be turned over unseen")
    if not wish.on:
        return settings({"redirect_event": "none"})
    where = {"all": "redirect_number", "busy": "redirect_busy_number", "time": "redirect_time_number"}[wish.when]
    return settings({"redirect_event": wish.when, **({where: wish.to} if wish.to else {})})


def _keys(sequence: str) -> str:
    return f"{commands.PAGE}?key={query.encoded(sequence)}"


def _digits(number: str) -> str:
    if not re.fullmatch(r"[0-9*#]{1,40}", number):
        raise Cannot(
            f"a real snom is told by keys where to transfer to, and {number!r} has more than digits; "
            'with number rules and form = "00" a + becomes digits'
        )
    return ";".join(number)
