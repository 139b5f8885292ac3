"""The page where the note is written that stands beside one's presence."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import SetPresence
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import back, erase_key, mode_key, ok
from snomtui.phone.pages.page import Back, Kind, Step, lone, next_mode, soft_keys, typed
from snomtui.phone.snapshot import Page, Row
from snomtui.presence import Availability
from snomtui.skin import Shape

LONGEST = 500
"""Characters of a note; what is longer is cut off, as Communicator does."""


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The text, and what others see now."""
    seen = model.own.get(model.active_line)
    shown = (Row(model.say("Shown now: {note}", note=seen.note), style="dim"),) if seen and seen.note else ()
    soft = soft_keys(ok(model), mode_key(model), erase_key(model), back(model))
    page = Page("note", model.say("My note"), shown, soft, entry=screen.entry, mode=screen.mode)
    return replace(page, rows=(Row(page.title),), cursor=0) if lone(shape) else page


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK publishes the note; an empty one takes it away."""
    if key in ("CANCEL", "ONHOOK", "back"):
        return Back()
    if key == "mode":
        return next_mode(screen)
    if key in ("ENTER", "ok"):
        return SetPresence(Availability(model.settings.text("presence_state")), screen.entry.strip()[:LONGEST])
    return typed(screen, "BACKSPACE" if key in ("LEFT", "erase") else key, now) or screen


KIND = Kind(draw, press)
