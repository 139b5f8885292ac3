"""The contact list with presence, and the card of one contact."""

from __future__ import annotations

from dataclasses import replace

from snomtui.phone.intents import Dial, Go
from snomtui.phone.keys import DIGITS
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import LETTERS, Back, Kind, Step, move, pick, scroll, soft_keys
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.presence import WORDS, Contact
from snomtui.skin import Shape


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """One row a contact; only those in sight are looked up."""
    people = model.people()
    page = Page(
        "contacts",
        title=f"Contacts ({len(people)})",
        softkeys=soft_keys(
            SoftKey("Dial", Go("dial")),
            SoftKey("Details", Go("details")),
            SoftKey("Presence", Go("presence")),
            SoftKey("Back", Go("back")),
        ),
    )
    if not people:
        return replace(page, rows=(Row("No contacts", style="dim"),))
    # The frame is scrolled over bare rows; presence is looked up for the few that are seen.
    cursor = min(screen.cursor, len(people) - 1)
    top = max(0, min(cursor - shape.rows // 2, len(people) - shape.rows))
    shown = [_row(model, contact) for contact in people[top : top + shape.rows]]
    below = max(0, len(people) - top - shape.rows)
    return replace(page, rows=tuple(shown), cursor=cursor - top, above=top, below=below)


def _row(model: Model, contact: Contact) -> Row:
    seen = model.seen(contact.uri)
    word = WORDS[seen.availability] if contact.watched else ""
    return Row(
        contact.label,
        right=word,
        presence=seen.availability if contact.watched else None,
        intent=Go(f"contact:{contact.uri}"),
    )


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials, right shows the card, a digit jumps to its letters."""
    people = model.people()
    if key in ("UP", "DOWN"):
        return move(screen, key, len(people))
    if key in ("CANCEL", "LEFT", "back"):
        return Back()
    if key.startswith("TEXT:") or (len(key) == 1 and key in DIGITS):
        return _jump(people, screen, LETTERS[key] if len(key) == 1 else key[5])
    if not people:
        return None
    contact = people[min(screen.cursor, len(people) - 1)]
    if key in ("ENTER", "OFFHOOK", "SPEAKER", "HEADSET", "dial"):
        return Go(f"contact:{contact.uri}") if len(contact.numbers) > 1 else Dial(_best(contact))
    if key in ("RIGHT", "details"):
        return Go(f"contact:{contact.uri}")
    return None


def _best(contact: Contact) -> str:
    return contact.uri if contact.uri.startswith("sip") or not contact.numbers else contact.numbers[0]


def _jump(people: tuple[Contact, ...], screen: Screen, letters: str) -> Step:
    starts = [n for n, contact in enumerate(people) if contact.label[:1].casefold() in letters.casefold()]
    later = [n for n in starts if n > screen.cursor]
    return replace(screen, cursor=(later or starts)[0]) if starts else screen


def draw_card(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """One contact: presence, note, and every way to call."""
    contact = _contact(model, screen.subject)
    if contact is None:
        return Page("contact", title="Contact", rows=(Row("No longer in the list", style="dim"),))
    page = Page(
        "contact",
        title=contact.label,
        softkeys=soft_keys(SoftKey("Dial", Go("dial")), None, None, SoftKey("Back", Go("back"))),
    )
    ways = _ways(contact)
    seen = model.seen(contact.uri)
    about = [Row(WORDS[seen.availability], presence=seen.availability)] if contact.watched else []
    about += [Row(seen.note, style="dim")] if seen.note else []
    shown = scroll(page, ways, screen.cursor, shape.rows - len(about))
    return replace(shown, rows=(*shown.rows, *about))


def _ways(contact: Contact) -> list[Row]:
    ways = [Row(contact.uri, intent=Dial(contact.uri))] if contact.uri.startswith("sip") else []
    return ways + [Row(number, intent=Dial(number)) for number in contact.numbers]


def _contact(model: Model, uri: str) -> Contact | None:
    return next((c for c in model.people() if c.uri == uri), None)


def press_card(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK dials the marked number."""
    contact = _contact(model, screen.subject)
    if key in ("CANCEL", "LEFT", "back") or contact is None:
        return Back()
    key = "ENTER" if key in ("OFFHOOK", "SPEAKER", "HEADSET", "dial") else key
    return pick(screen, key, _ways(contact))


KIND = Kind(draw, press)
CARD = Kind(draw_card, press_card)
