"""The page where an instant message is written: an answer, or the first word to somebody."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Go, Write
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import back, erase_key, labelled, mode_key
from snomtui.phone.pages.page import Back, Kind, Many, Step, lone, next_mode, soft_keys, typed, wrapped
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

LONGEST = 1000
"""Characters of a message that is written on the phone."""


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """To whom, the whole text as it will be read, and the end of it where one types."""
    say = model.say
    to = model.name_of(screen.subject) or screen.subject.removeprefix("sip:").partition(";")[0]
    mode, erase = mode_key(model), erase_key(model)
    soft = soft_keys(labelled(model, "Send", Go("ok")), mode, erase, back(model))
    page = Page("write", say("To {name}", name=to), (), soft, entry=screen.entry, mode=screen.mode)
    if lone(shape):
        return replace(page, rows=(Row(to),), cursor=0)
    lines = wrapped(screen.entry, shape) if len(screen.entry) > shape.columns else []
    room = max(0, shape.rows - 1)
    rows = tuple(Row(line) for line in lines[-room:]) if room else ()
    return replace(page, rows=rows)


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK sends; nothing is sent without a text."""
    if key in ("CANCEL", "ONHOOK", "back"):
        return Back()
    if key == "mode":
        return next_mode(screen)
    if key in ("ENTER", "ok"):
        text = screen.entry.strip()
        return Many((Write(screen.subject, text),)) if text else screen
    fresh = typed(screen, "BACKSPACE" if key in ("LEFT", "erase") else key, now)
    return fresh if fresh is not None and len(fresh.entry) <= LONGEST else screen


KIND = Kind(draw, press)
