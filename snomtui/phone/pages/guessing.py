"""Number guessing: whom the signs that were typed so far may mean (`guess_number`, `guess_start_length`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from snomtui.phone.book import bare, plain
from snomtui.phone.intents import Dial, Go
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import lone, scroll
from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Shape

MOST = 50
LISTS = ("dialed", "received", "missed")
"""The call lists that are looked through, the likeliest first."""
SEND = "send:"
"""What a page with other uses for a guess calls it to take the number that follows."""


def guess(model: Model, entry: str) -> list[Row]:
    """Contacts and numbers of earlier calls that the entry may become; each row dials its number."""
    settings = model.settings
    if not settings.on("guess_number") or len(entry.strip()) < settings.number("guess_start_length"):
        return []
    return everybody(model, entry)


def everybody(model: Model, entry: str = "") -> list[Row]:
    """All whom the entry fits, people first; an empty entry fits all."""
    wanted, rows = plain(entry), dict[str, Row]()
    needles = {entry.casefold().strip(), model.normal(entry), *_without_trunk(entry)}
    for name, number in (*_people(model), *_earlier(model)):
        if wanted in _searched(name) or any(needle in number.casefold() for needle in needles):
            label = name or number
            rows.setdefault(bare(number), Row(label, number if number != label else "", intent=Dial(number)))
        if len(rows) >= MOST:
            break
    return list(rows.values())


def _without_trunk(entry: str) -> list[str]:
    """`030` is also found in `+4930`, where no number plan says so."""
    rest = entry.strip().removeprefix("0")
    return [rest] if entry.startswith("0") and len(rest) > 1 else []


def for_the_page(rows: list[Row]) -> list[Row]:
    """The same guesses, which the page on top takes, instead of being dialled."""
    return [replace(row, intent=Go(f"{SEND}{row.intent.number}")) for row in rows if isinstance(row.intent, Dial)]


def taken(screen: Screen, rows: list[Row]) -> str:
    """The number under the cursor, else what was typed."""
    row = marked(screen, rows)
    return row.intent.page.removeprefix(SEND) if row and isinstance(row.intent, Go) else screen.entry.strip()


@lru_cache(maxsize=8192)
def _searched(name: str) -> str:
    """A name as it is searched; a thousand of them are looked through at every key."""
    return plain(name)


def _people(model: Model) -> Iterator[tuple[str, str]]:
    for contact in model.people():
        for number in (*contact.numbers, contact.uri):
            yield contact.label, number


def _earlier(model: Model) -> Iterator[tuple[str, str]]:
    for which in LISTS:
        for record in model.history.list(which):
            yield record.name, record.number


def marked(screen: Screen, rows: list[Row]) -> Row | None:
    """The row under the cursor; the first place belongs to what was typed."""
    return rows[screen.cursor - 1] if 0 < screen.cursor <= len(rows) else None


def with_guesses(page: Page, rows: list[Row], screen: Screen, shape: Shape) -> Page:
    """A page with an entry line and rows to pick from; where there is one row only, a marked one takes its place."""
    if not rows:
        return page
    found = marked(screen, rows)
    if lone(shape):
        if found is None:
            return page
        alone = replace(page, rows=(found,), cursor=0, entry=None, mode="")
        return replace(alone, above=screen.cursor, below=len(rows) - screen.cursor)
    full = scroll(page, rows, max(0, screen.cursor - 1), shape.rows - 1)
    return full if found else replace(full, cursor=None)
