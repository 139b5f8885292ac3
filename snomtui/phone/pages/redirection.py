"""Redirection: which callers are sent elsewhere, where to, and after how long."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone import redirection
from snomtui.phone.intents import Go, Redirect
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, choose, drawn, marked
from snomtui.phone.pages.entry import mode_key
from snomtui.phone.pages.guessing import SEND, for_the_page, guess, taken, with_guesses
from snomtui.phone.pages.page import Back, Kind, Many, Step, move, next_mode, soft, soft_keys, typed
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

EVENTS = tuple(redirection.KINDS)


def _rows(model: Model) -> list[Row]:
    """A row for each kind, and one for the time."""
    say, seconds = model.say, model.settings.number("redirect_time")
    kinds = zip(EVENTS, (say("All calls"), say("When busy"), say("No answer")), strict=True)
    rows = [Row(word, right=_where(model, kind), intent=_turned(model, kind)) for kind, word in kinds]
    return [*rows, Row(say("Answer within"), right=f"{seconds} s", intent=Go("setting:redirect_time"))]


def _where(model: Model, kind: str) -> str:
    """Where callers of a kind go now."""
    if redirection.works(model.settings, kind):
        return redirection.target(model.settings, kind)
    return model.say("off")


def _turned(model: Model, kind: str) -> Redirect | Go:
    """The wish to switch a kind on or off; without a number one is asked for."""
    settings = model.settings
    if redirection.works(settings, kind):
        return Redirect(kind, on=False)
    return Redirect(kind, on=True) if redirection.target(settings, kind) else Go(f"redirect_to:{kind}")


def _draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    softkeys = soft_keys(
        soft(shape, Go("ok"), model.say("On/off"), model.say("I/O")),
        soft(shape, Go("number"), model.say("Number"), model.say("No.")),
        None,
        soft(shape, Go("back"), model.say("Back"), model.say("Bck")),
    )
    listing = Listing(model.say("Redirection"), _rows(model), softkeys)
    return drawn(model, shape, screen, "redirection", listing)


def _press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK switches the marked kind on or off; the soft key Number changes where it goes."""
    rows = _rows(model)
    if key == "number":
        at = marked(screen, len(rows))
        return Go(f"redirect_to:{EVENTS[at]}") if at < len(EVENTS) else rows[at].intent
    return choose(screen, key, rows, now)


# -- where they go


def _draw_number(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    page = Page(
        "redirect_to",
        model.say("Redirect to"),
        softkeys=soft_keys(
            soft(shape, Go("ok"), model.say("OK")),
            mode_key(model, shape),
            soft(shape, Go("erase"), model.say("Delete"), model.say("Del")),
            soft(shape, Go("back"), model.say("Back"), model.say("Bck")),
        ),
        entry=screen.entry,
        mode=screen.mode,
    )
    return with_guesses(page, _guesses(model, screen), screen, shape)


def _guesses(model: Model, screen: Screen) -> list[Row]:
    return for_the_page(guess(model, screen.entry))


def _to(screen: Screen, number: str) -> Step:
    if not number:
        return screen
    return Many((Redirect(screen.subject if screen.subject in EVENTS else EVENTS[0], on=True, to=number),))


def _press_number(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK sends the callers to what was typed or marked, from now on."""
    guesses = _guesses(model, screen)
    if key in ("CANCEL", "back"):
        return Back()
    if key == "mode":
        return next_mode(screen)
    if key in ("ENTER", "ok"):
        return _to(screen, taken(screen, guesses))
    if key.startswith(SEND):
        return _to(screen, key.removeprefix(SEND))
    moved = move(screen, key, len(guesses) + 1)
    if moved is not None:
        return moved
    longer = typed(screen, "BACKSPACE" if key in ("LEFT", "erase") else key, now)
    return replace(longer, cursor=0) if longer else screen


def opened(model: Model, kind: str) -> Screen:
    """The page for the number of a kind, with the present one."""
    settings = model.settings
    return Screen("redirect_to", subject=kind, entry=redirection.target(settings, kind) if kind in EVENTS else "")


KIND = Kind(_draw, _press)
NUMBER = Kind(_draw_number, _press_number)
