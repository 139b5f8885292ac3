"""The page where one says to whom a call is transferred: a number, somebody from the book, or another call.

A call that still rings here is forwarded instead: its caller is sent elsewhere before anybody has answered.
"""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Go, Transfer
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.entry import mode_key
from snomtui.phone.pages.guessing import SEND, everybody, for_the_page, guess, taken, with_guesses
from snomtui.phone.pages.page import (
    Back,
    Kind,
    Many,
    Step,
    lone,
    move,
    next_mode,
    scroll,
    soft,
    soft_keys,
    typed,
    wrapped,
)
from snomtui.phone.pages.parties import name_of
from snomtui.phone.snapshot import CallState, Page, Row
from snomtui.skin import Shape

JOINABLE = ("dialling", "ringing", "talking", "holding", "held")
"""States of a call with which another one can be connected."""
_BOOK = "book"
"""The subject of the page while everybody from the book is offered."""


def _offered(model: Model) -> bool:
    """Whether the call on the display rings here."""
    return model.call is not None and model.call.state == "offered"


def _others(model: Model, screen: Screen) -> list[Row]:
    """The other calls, with which this one can be connected, as long as nothing is typed."""
    if screen.entry or screen.subject or _offered(model):
        return []
    return [
        Row(f"{call.key} {name_of(model, call)}".strip(), intent=Transfer(call.id, model.shown_call))
        for call in model.calls.values()
        if call.id != model.shown_call and call.state in JOINABLE
    ]


def _guesses(model: Model, screen: Screen) -> list[Row]:
    """Whom the number may mean; a click on a row sends the other side there."""
    found = everybody(model, screen.entry) if screen.subject else guess(model, screen.entry)
    return for_the_page(found)


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """Where the other side shall go."""
    page = Page(
        "transfer",
        _title(model, model.call),
        softkeys=soft_keys(
            soft(shape, Go("ok"), *_deed(model)),
            mode_key(model, shape),
            soft(shape, Go("book"), model.say("Contacts"), model.say("Book")),
            soft(shape, Go("back"), model.say("Back"), model.say("Bck")),
        ),
        entry=screen.entry,
        mode=screen.mode,
    )
    if others := _others(model, screen):
        return scroll(replace(page, entry=None, mode="") if lone(shape) else page, others, screen.cursor, shape.rows)
    guesses = _guesses(model, screen)
    if guesses:
        return with_guesses(page, guesses, screen, shape)
    hint = model.say("Enter the number, then OK")
    return replace(page, rows=tuple(Row(line) for line in wrapped(hint, shape)[: shape.rows - 1]))


def _deed(model: Model) -> tuple[str, ...]:
    """What OK does, in labels of several lengths."""
    if _offered(model):
        return model.say("Forward"), model.say("Fwd")
    return model.say("Transfer"), model.say("Transf."), model.say("Xfer")


def _title(model: Model, call: CallState | None) -> str:
    if call is None:
        return model.say("Transfer")
    say, name = model.say, name_of(model, call)
    long, short = say("Transfer {name}", name=name), say("Transfer")
    if _offered(model):
        long, short = say("Forward {name}", name=name), say("Forward")
    return long if len(long) <= model.shape.columns else short


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK sends the other side to the marked call or number, else to what was typed."""
    if key in ("CANCEL", "back"):
        return replace(screen, subject="", cursor=0) if screen.subject else Back()
    if key.startswith(SEND):
        return Many((Transfer(key.removeprefix(SEND), model.shown_call),))
    if key == "mode":
        return next_mode(screen)
    if key == "book":
        return replace(screen, subject="" if screen.subject else _BOOK, cursor=0 if screen.subject else 1)
    others, guesses = _others(model, screen), _guesses(model, screen)
    if key in ("ENTER", "ok", "TRANSFER"):
        return _send(model, screen, others, guesses)
    moved = move(screen, key, len(others) or len(guesses) + 1)
    if moved is not None:
        return moved
    longer = typed(screen, "BACKSPACE" if key in ("LEFT", "erase") else key, now)
    return replace(longer, cursor=min(1, len(longer.subject))) if longer else screen


def _send(model: Model, screen: Screen, others: list[Row], guesses: list[Row]) -> Step:
    if others:
        wish = others[min(screen.cursor, len(others) - 1)].intent
        return Many((wish,)) if wish else screen
    to = taken(screen, guesses)
    return Many((Transfer(to, model.shown_call),)) if to else screen


KIND = Kind(draw, press)
