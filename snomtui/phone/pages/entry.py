"""The page where a number or address is typed."""

from __future__ import annotations

from snomtui.phone.intents import Dial, Go
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import MODE, Back, Kind, Step, move, next_mode, scroll, soft_keys, typed
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.skin import Shape

GUESSES = 50


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The number, and whom it may mean: contacts and calls that contain it."""
    page = Page(
        "entry",
        title="Enter number",
        entry=screen.entry,
        mode=screen.mode,
        softkeys=soft_keys(
            SoftKey("Dial", Go("dial")), MODE, SoftKey("Contacts", Go("contacts")), SoftKey("Delete", Go("erase"))
        ),
    )
    guesses = guess(model, screen.entry)
    if not guesses:
        return page
    return (
        scroll(page, guesses, screen.cursor - 1, shape.rows - 1) if screen.cursor else _unmarked(page, guesses, shape)
    )


def _unmarked(page: Page, guesses: list[Row], shape: Shape) -> Page:
    shown = scroll(page, guesses, 0, shape.rows - 1)
    return Page(shown.name, shown.title, shown.rows, shown.softkeys, None, 0, shown.below, shown.entry, shown.mode)


def guess(model: Model, entry: str) -> list[Row]:
    """Contacts and dialled numbers that the entry may become (`guess_number`)."""
    if len(entry) < 2:
        return []
    wanted = entry.casefold()
    rows: dict[str, Row] = {}
    for contact in model.people():
        for number in (*contact.numbers, contact.uri):
            if wanted in number.casefold() or wanted in contact.name.casefold():
                rows.setdefault(number, Row(contact.label, right=number, intent=Dial(number)))
        if len(rows) >= GUESSES:
            break
    for record in model.history.list("dialed"):
        if wanted in record.number.casefold():
            rows.setdefault(record.number, Row(record.name or record.number, intent=Dial(record.number)))
    return list(rows.values())[:GUESSES]


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials what is typed or marked, X leaves."""
    guesses = guess(model, screen.entry)
    if key in ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET", "dial"):
        if screen.cursor and screen.cursor <= len(guesses):
            return guesses[screen.cursor - 1].intent
        return Dial(screen.entry) if screen.entry.strip() else screen
    if key == "mode":
        return next_mode(screen)
    if key in ("CANCEL", "ONHOOK"):
        return Back()
    if key in ("BACKSPACE", "LEFT", "erase"):
        return typed(screen, "BACKSPACE", now) or Back()
    return move(screen, key, len(guesses) + 1) or typed(screen, key, now)


KIND = Kind(draw, press)
