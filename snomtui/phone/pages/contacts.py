"""The contact list: groups that open and close, who is there, and a search that narrows while one types."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.book import Entry, Section
from snomtui.phone.intents import Go, Search
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.card import on_person
from snomtui.phone.pages.choosing import Listing, choose, drawn, labelled, placed
from snomtui.phone.pages.page import Back, Kind, Many, Step, lone, move, next_mode, soft_keys, typed
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.presence import OTHER_CONTACTS, WORDS, Contact
from snomtui.skin import Shape

NARROW = 30
"""A display with fewer columns has no room for a name in the middle of a wish."""
OPEN, CLOSED = "-", "+"
"""What stands before the name of a group."""


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """One row a heading or contact; only those in sight are looked up."""
    say, entries = model.say, model.book.listing(model.folded, screen.entry)
    count = sum(isinstance(each, Contact) for each in entries) if screen.entry else len(model.people())
    marked = _marked(entries, screen)
    page = Page(
        "contacts",
        title=say("Contacts ({count})", count=count),
        softkeys=soft_keys(
            *_on_marked(model, marked, screen),
            labelled(model, "Presence", Go("presence")),
            labelled(model, "More", Go(f"more:{marked.uri}" if isinstance(marked, Contact) else "more")),
        ),
        entry=screen.entry or None,
        mode=screen.mode,
    )
    if not entries:
        text = say("Nobody fits; OK asks the address book") if screen.entry else say("No contacts")
        return replace(page, rows=(Row(text, style="dim"),))
    # The frame is scrolled over bare entries; presence is looked up for the few that are seen.
    height = max(1, shape.rows - (page.entry is not None))
    cursor = min(screen.cursor, len(entries) - 1)
    top = max(0, min(cursor - height // 2, len(entries) - height))
    shown = [_row(model, each) for each in entries[top : top + height]]
    if lone(shape):
        shown = [placed(replace(shown[0], right=""), cursor + 1, len(entries))]
    below = max(0, len(entries) - top - height)
    return replace(page, rows=tuple(shown), cursor=cursor - top, above=top, below=below)


def _on_marked(model: Model, marked: Entry | None, screen: Screen) -> tuple[SoftKey | None, SoftKey | None]:
    """The soft keys for what the cursor is on: a person, a group, or nobody, whom the address book may know."""
    if isinstance(marked, Contact):
        return labelled(model, "Dial", Go("dial")), labelled(model, "Details", Go("details"))
    if marked is not None:
        return labelled(model, "Open" if marked.name in model.folded else "Close", Go("dial")), None
    return (labelled(model, "Search", Go("dial")) if screen.entry else None), None


def _row(model: Model, entry: Entry) -> Row:
    if isinstance(entry, Section):
        mark = CLOSED if entry.name in model.folded else OPEN
        counts = f"({model.book.online(entry)}/{len(entry.members)})"
        name = model.say("Other contacts") if entry.name == OTHER_CONTACTS else entry.name
        return Row(f"{mark} {name} {counts}", style="big", intent=Go(f"fold:{entry.name}"))
    seen = model.seen(entry.uri)
    return Row(
        entry.label,
        right=model.say(WORDS[seen.availability]) if entry.watched else model.say(entry.type) if entry.type else "",
        presence=seen.availability if entry.watched else None,
        intent=Go(f"contact:{entry.uri}"),
    )


def opened(model: Model) -> Screen:
    """The list with its cursor on the first contact, so that OK dials."""
    entries = model.book.listing(model.folded, "")
    first = next((n for n, each in enumerate(entries) if isinstance(each, Contact)), 0)
    return Screen("contacts", first, mode="abc")


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials or opens a group, left and right close and open, what is typed narrows the list."""
    entries = model.book.listing(model.folded, screen.entry)
    if key in ("UP", "DOWN"):
        return move(replace(screen, cursor=min(screen.cursor, max(0, len(entries) - 1))), key, len(entries))
    if key in ("CANCEL", "ONHOOK", "back"):
        return opened(model) if screen.entry and key == "CANCEL" else Back()
    if key == "mode":
        return next_mode(screen)
    fresh = typed(screen, key, now)
    if fresh is not None:
        return replace(fresh, cursor=0) if fresh.entry else opened(model)
    marked = _marked(entries, screen)
    if isinstance(marked, Section):
        return _on_heading(model, screen, marked, key)
    return _on_contact(entries, screen, marked, key) if marked is not None else _on_nobody(screen, key)


def _marked(entries: tuple[Entry, ...], screen: Screen) -> Entry | None:
    return entries[min(screen.cursor, len(entries) - 1)] if entries else None


def _on_heading(model: Model, screen: Screen, section: Section, key: str) -> Step:
    closed = section.name in model.folded
    if key == "LEFT" and closed:
        return Back()
    if key == "RIGHT" and not closed:
        return replace(screen, cursor=screen.cursor + 1) if section.members else screen
    if key in ("ENTER", "LEFT", "RIGHT", "dial"):
        return Go(f"fold:{section.name}")
    return None


def _on_nobody(screen: Screen, key: str) -> Step:
    if key in ("ENTER", "dial") and screen.entry.strip():
        return Many((Go(f"search:{screen.entry}"), Search(screen.entry)), leave=False)
    return Back() if key == "LEFT" else None


def _on_contact(entries: tuple[Entry, ...], screen: Screen, contact: Contact, key: str) -> Step:
    if key == "LEFT":
        cursor = min(screen.cursor, len(entries) - 1)
        heading = next((n for n in range(cursor, -1, -1) if isinstance(entries[n], Section)), None)
        return Back() if heading is None else replace(screen, cursor=heading)
    return on_person(contact, key)


# -- what else can be done


def _more(model: Model, screen: Screen) -> list[Row]:
    """Wishes about the marked contact and about the whole list."""
    contact = model.book.find(screen.subject) if screen.subject else None
    say = model.say
    narrow = model.shape.columns < NARROW
    rows = [Row(say("Search") if narrow else say("Search the address book"), intent=Go("search"))]
    rows.append(Row(say("Directory") if narrow else say("Directory of this phone"), intent=Go("directory")))
    if contact is not None:
        listed = model.book.lister(contact.uri) is not None
        name, wish = contact.label, Go(f"remove:{contact.uri}")
        add = say("Add to a group") if narrow else say("Add {name} to a group", name=name)
        remove = say("Remove") if narrow else say("Remove {name}", name=name)
        rows.append(Row(add, intent=Go(f"add:{contact.uri}")))
        rows += [Row(remove, intent=wish)] if listed else []
        if contact.uri.startswith("sip"):
            write = say("Write") if narrow else say("Write to {name}", name=name)
            rows.append(Row(write, intent=Go(f"write:{contact.uri}")))
    if model.book.sections:
        rows += [Row(say("Open all groups"), intent=Go("unfold")), Row(say("Close all groups"), intent=Go("foldall"))]
    return rows


def draw_more(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """A list to pick from."""
    return drawn(model, shape, screen, "more", Listing(model.say("Contacts"), _more(model, screen), numbered=True))


def press_more(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK does it; the page is left then."""
    if key in ("CANCEL", "ONHOOK", "LEFT", "back"):
        return Back()
    rows = _more(model, screen)
    step = choose(screen, key, rows, now)
    return Many((Go("back"), step), leave=False) if isinstance(step, Go) else step


KIND = Kind(draw, press)
MORE = Kind(draw_more, press_more)
