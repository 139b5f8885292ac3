"""Searching the address book of the server (`ABS`): a name is typed, OK searches, the found can be called and added."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Go, Search
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.card import on_person
from snomtui.phone.pages.page import MODE, Back, Kind, Step, move, next_mode, scroll, soft_keys, typed
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.presence import Contact
from snomtui.skin import Shape

BACK = SoftKey("Back", Go("back"))


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """What is typed, and who was found; the cursor is among the found, or on the text (0)."""
    people = _people(model)
    page = Page("search", _title(model), entry=screen.entry, mode=screen.mode)
    room = max(1, shape.rows - 1)
    if screen.cursor and people:
        contact = people[min(screen.cursor, len(people)) - 1]
        add = SoftKey("Add", Go(f"add:{contact.uri}")) if model.book.lister(contact.uri) is None else None
        page = replace(
            page, softkeys=soft_keys(SoftKey("Dial", Go("dial")), SoftKey("Details", Go("details")), add, BACK)
        )
        return scroll(page, [_row(model, each) for each in people], screen.cursor - 1, room)
    page = replace(page, softkeys=soft_keys(SoftKey("Search", Go("ok")), MODE, SoftKey("Delete", Go("erase")), BACK))
    if people:
        shown = scroll(page, [_row(model, each) for each in people], 0, room)
        return replace(shown, cursor=None)
    return replace(page, rows=(Row(_said(model), style="dim"),))


def _title(model: Model) -> str:
    if model.found is None or not model.found.people:
        return "Search the address book"
    more = " and more" if model.found.more else ""
    return f"Found: {len(model.found.people)}{more}"


def _people(model: Model) -> tuple[Contact, ...]:
    return model.found.people if model.found else ()


def _said(model: Model) -> str:
    """What there is to say when nobody is shown."""
    if model.searching is not None:
        return "Searching..."
    if model.found is None:
        return "Type a name or number, then OK"
    return model.found.why or f"Nobody found: {model.found.text}"


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
