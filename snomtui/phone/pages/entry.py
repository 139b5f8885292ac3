"""The page where a number or address is typed."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Dial, Go
from snomtui.phone.keys import DIGITS
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.guessing import guess, marked, with_guesses
from snomtui.phone.pages.page import Back, Kind, Step, move, next_mode, soft, soft_keys, typed
from snomtui.phone.shortdial import spelled_out
from snomtui.phone.snapshot import Page, SoftKey
from snomtui.skin import Shape

NUMBER_SIGNS = f"+{DIGITS}"
"""What a number is made of, where addresses may not be dialled (`block_url_dialing`)."""


def begun(model: Model, key: str, now: float) -> Screen:
    """The page as it opens with this key; a letter of the computer's keyboard begins a name or an address."""
    mode = model.settings.text("edit_alpha_mode")
    if key.startswith("TEXT:"):
        mode = "123" if key[5] in NUMBER_SIGNS else "abc"
    screen = Screen("entry", mode="123" if model.settings.on("block_url_dialing") else mode)
    return _typed(model, screen, key, now) or screen


def _typed(model: Model, screen: Screen, key: str, now: float) -> Screen | None:
    """The entry after a key that types; what no number has is passed over where only numbers may be dialled."""
    if model.settings.on("block_url_dialing") and key.startswith("TEXT:") and key[5] not in NUMBER_SIGNS:
        return screen
    return typed(screen, key, now)


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The number, and whom it may mean: contacts and earlier calls that contain it."""
    say = model.say
    dial = soft(shape, Go("dial"), say("Dial"), say("Dl"))
    again = soft(shape, Go("redial"), say("Redial"), say("Redi."), say("Redl"))
    page = Page(
        "entry",
        title=say("Enter number"),
        entry=screen.entry,
        mode=screen.mode,
        softkeys=soft_keys(
            dial if screen.entry.strip() or not model.history.list("dialed") else again,
            mode_key(model, shape),
            soft(shape, Go("contacts"), say("Contacts"), say("Book")),
            soft(shape, Go("erase"), say("Delete"), say("Del")),
        ),
    )
    return with_guesses(page, guess(model, screen.entry), screen, shape)


def mode_key(model: Model, shape: Shape) -> SoftKey | None:
    """The soft key that changes what the keypad types; there is none where only numbers may be dialled."""
    return None if model.settings.on("block_url_dialing") else soft(shape, Go("mode"), "123/abc", "abc")


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials what is typed or marked, X leaves."""
    guesses = guess(model, screen.entry)
    if key in ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET", "dial"):
        found = marked(screen, guesses)
        if found is not None:
            return found.intent
        return Dial(spelled_out(model.settings, screen.entry)) if screen.entry.strip() else screen
    if key == "redial":
        dialled = model.history.list("dialed")
        return Dial(dialled[0].number) if dialled else screen
    if key == "mode":
        return screen if model.settings.on("block_url_dialing") else next_mode(screen)
    if key in ("CANCEL", "ONHOOK"):
        return Back()
    if key in ("BACKSPACE", "LEFT", "erase"):
        return typed(screen, "BACKSPACE", now) or Back()
    moved = move(screen, key, len(guesses) + 1)
    if moved is not None:
        return moved
    longer = _typed(model, screen, key, now)
    return replace(longer, cursor=0) if longer else None


KIND = Kind(draw, press)
