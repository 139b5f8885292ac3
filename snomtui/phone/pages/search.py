"""Searching the address book of the server (`ABS`): a name is typed, OK searches, the found can be called and added."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Go, Search
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.card import on_person
from snomtui.phone.pages.choosing import back, counted, erase_key, labelled, mode_key
from snomtui.phone.pages.page import Back, Kind, Step, lone, move, next_mode, scroll, soft_keys, typed, wrapped
from snomtui.phone.snapshot import Page, Row
from snomtui.presence import Contact
from snomtui.skin import Shape


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """What is typed, and who was found; the cursor is among the found, or on the text (0)."""
    people, say = _people(model), model.say
    page = Page("search", _title(model), entry=screen.entry, mode=screen.mode)
    room = max(1, shape.rows - 1)
    if screen.cursor and people:
        contact = people[min(screen.cursor, len(people)) - 1]
        add = labelled(model, "Add", Go(f"add:{contact.uri}")) if model.book.lister(contact.uri) is None else None
        dial, details = labelled(model, "Dial", Go("dial")), labelled(model, "Details", Go("details"))
        page = replace(page, softkeys=soft_keys(dial, details, add, back(model)), entry=_entry(shape, screen))
        rows = counted([_row(model, each) for each in people], shape, numbered=False)
        return scroll(page, rows, screen.cursor - 1, room)
    erase = erase_key(model)
    page = replace(
        page,
        softkeys=soft_keys(labelled(model, "Search", Go("ok")), mode_key(model), erase, back(model)),
    )
    if lone(shape):
        return replace(page, rows=(Row(say("Search") if not people else str(len(people))),), cursor=0)
    if people:
        shown = scroll(page, [_row(model, each) for each in people], 0, room)
        return replace(shown, cursor=None)
    return replace(page, rows=tuple(Row(line, style="dim") for line in wrapped(_said(model), shape)[:room]))


def _entry(shape: Shape, screen: Screen) -> str | None:
    """The text that was searched for stays in sight, but not instead of the only row."""
    return None if lone(shape) else screen.entry


def _title(model: Model) -> str:
    if model.found is None or not model.found.people:
        title = model.say("Search the address book")
        return title if len(title) <= model.shape.columns else model.say("Search")
    if model.found.more:
        return model.say("Found: {count} and more", count=len(model.found.people))
    return model.say("Found: {count}", count=len(model.found.people))


def _people(model: Model) -> tuple[Contact, ...]:
    return model.found.people if model.found else ()


def _said(model: Model) -> str:
    """What there is to say when nobody is shown."""
    if model.searching is not None:
        return model.say("Searching...")
    if model.found is None:
        return model.say("Type a name or number, then OK")
    return model.found.why or model.say("Nobody found: {text}", text=model.found.text)


def _row(model: Model, contact: Contact) -> Row:
    number = contact.numbers[0] if contact.numbers else ""
    listed = model.book.find(contact.uri) is not None
    presence = model.seen(contact.uri).availability if listed else None
    return Row(contact.label, right=number, presence=presence, intent=Go(f"contact:{contact.uri}"))


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK searches for what is typed, or dials the marked one."""
    people = _people(model)
    if key in ("CANCEL", "ONHOOK", "back"):
        return Back()
    if key == "mode":
        return next_mode(screen)
    if key in ("BACKSPACE", "LEFT", "erase"):
        fresh = typed(screen, "BACKSPACE", now)
        return replace(fresh, cursor=0) if fresh else Back()
    if key in ("UP", "DOWN"):
        return move(replace(screen, cursor=min(screen.cursor, len(people))), key, len(people) + 1)
    fresh = typed(screen, key, now)
    if fresh is not None:
        return replace(fresh, cursor=0)
    if screen.cursor and people:
        return on_person(people[min(screen.cursor, len(people)) - 1], "ENTER" if key == "ok" else key)
    if key in ("ENTER", "ok"):
        return Search(screen.entry) if screen.entry.strip() else screen
    return None


KIND = Kind(draw, press)
