"""The page where one says to whom a call is transferred."""

from __future__ import annotations

from snomtui.phone.intents import Go, Transfer
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import MODE, Back, Kind, Many, Step, move, next_mode, scroll, soft_keys, typed
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.skin import Shape

JOINABLE = ("dialling", "ringing", "talking", "holding", "held")
"""States of a call with which another one can be connected."""


def _others(model: Model) -> list[Row]:
    """The other calls, with which this one can be connected."""
    return [
        Row(f"{call.key} {call.remote_name or call.number}".strip(), intent=Transfer(call.id, model.shown_call))
        for call in model.calls.values()
        if call.id != model.shown_call and call.state in JOINABLE
    ]


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Where the other side shall go: a number, or one of the other calls."""
    call = model.call
    who = (call.remote_name or call.number) if call else ""
    soft = soft_keys(SoftKey("Transfer", Go("ok")), MODE, None, SoftKey("Back", Go("back")))
    title = f"Transfer {who}"
    others = [] if screen.entry else _others(model)
    if others:
        page = Page("transfer", title, softkeys=soft, entry=screen.entry, mode=screen.mode)
        return scroll(page, others, screen.cursor, shape.rows)
    rows = (Row("Enter the number, then OK"),)
    return Page("transfer", title, rows, soft, entry=screen.entry, mode=screen.mode)


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK sends the other side to the number that was typed; as long as there is none, to the marked call."""
    if key in ("CANCEL", "back"):
        return Back()
    if key == "mode":
        return next_mode(screen)
    others = [] if screen.entry else _others(model)
    if key in ("ENTER", "ok", "TRANSFER"):
        if others:
            wish = others[min(screen.cursor, len(others) - 1)].intent
            return Many((wish,)) if wish else screen
        return Many((Transfer(screen.entry.strip(), model.shown_call),)) if screen.entry.strip() else screen
    return move(screen, key, len(others)) or typed(screen, "BACKSPACE" if key == "LEFT" else key, now) or screen


KIND = Kind(draw, press)
