"""Lists to choose from: entries with their numbers, digits that jump to them, texts that scroll.

A display of one row cannot show where in a list one is, so the row itself says it: `3/12 Language`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from snomtui.phone.intents import Go, Intent
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.page import Back, Kind, Step, lone, move, scroll, soft, soft_keys, wrapped
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.skin import Shape

LEAVE = ("CANCEL", "LEFT", "back")
TAKE = ("ENTER", "RIGHT", "OFFHOOK", "ok", "dial")
PAUSE = 1.0
"""Seconds within which a second digit belongs to the number of the same entry."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as a page shows it, but for the rows that are out of sight."""

    title: str
    rows: list[Row]
    softkeys: tuple[SoftKey | None, ...] = ()
    """Empty = OK and Back."""
    empty: str = ""
    """What stands there when there are no rows, in the language of the display."""
    numbered: bool = False
    """Whether the entries show their numbers on every display."""


SHORT: Mapping[str, str] = {
    "123/abc": "abc",
    "Accept": "Acc.",
    "Add": "",
    "Back": "Bck",
    "Call": "",
    "Change": "Chg.",
    "Clear": "Clr",
    "Close": "Cls",
    "Delete": "Del",
    "Details": "Info",
    "Dial": "Dl",
    "Domain": "Dom.",
    "Edit": "Ed.",
    "Help": "Hlp",
    "Ignore": "Ign.",
    "Keep": "Kp.",
    "More": "",
    "New": "",
    "Next": "Nxt",
    "No": "",
    "Note": "Nt.",
    "OK": "",
    "Open": "Opn",
    "Options": "Opt.",
    "Password": "Pass",
    "Presence": "Pres",
    "Read": "Rd.",
    "Reject": "Rej.",
    "Remove": "Rem.",
    "Reply": "Rep.",
    "Save": "Sv.",
    "Search": "Srch",
    "Send": "Snd",
    "Sign in": "Sign",
    "User": "Usr",
    "Warn": "Wrn",
    "Write": "Wrt.",
    "Yes": "",
}
"""The words over soft keys that the pages of lists and settings use, each with a shorter one for small displays.

`labelled` says both, so a language file must have them; empty = the word is short in every language.
"""


def labelled(model: Model, word: str, intent: Intent) -> SoftKey:
    """A soft key with one of the words of `SHORT`, in the language of the display and as long as there is room."""
    short = SHORT[word]
    return soft(model.shape, intent, model.say(word), model.say(short) if short else "")


def ok(model: Model) -> SoftKey:
    """The soft key that takes the marked entry."""
    return labelled(model, "OK", Go("ok"))


def back(model: Model) -> SoftKey:
    """The soft key that leaves the page."""
    return labelled(model, "Back", Go("back"))


def mode_key(model: Model) -> SoftKey:
    """The soft key that changes what the keypad types."""
    return labelled(model, "123/abc", Go("mode"))


def erase_key(model: Model) -> SoftKey:
    """The soft key that takes back what was typed, or deletes what is marked."""
    return labelled(model, "Delete", Go("erase"))


def counted(rows: Sequence[Row], shape: Shape, numbered: bool) -> list[Row]:
    """The rows with their numbers: `3 Language`, or `3/12 Language` where only one row is in sight."""
    if lone(shape):
        return [placed(row, n, len(rows)) for n, row in enumerate(rows, 1)]
    if not numbered:
        return list(rows)
    width = len(str(len(rows)))
    return [replace(row, text=f"{n:>{width}} {row.text}") for n, row in enumerate(rows, 1)]


def placed(row: Row, number: int, count: int) -> Row:
    """The only row with its place in the list; beside a presence it stands where the word for that would be."""
    if row.presence is not None and not row.right:
        return replace(row, right=f"{number}/{count}")
    return replace(row, text=f"{number}/{count} {row.text}")


def drawn(model: Model, shape: Shape, screen: Screen, name: str, listing: Listing, below: Sequence[Row] = ()) -> Page:
    """The page of a list; `below` are rows that stay in sight under it."""
    page = Page(name, listing.title, softkeys=listing.softkeys or soft_keys(ok(model), None, None, back(model)))
    if not listing.rows:
        return replace(page, rows=(Row(listing.empty or model.say("Nothing here"), style="dim"),))
    rows = counted(listing.rows, shape, listing.numbered)
    shown = scroll(page, rows, screen.cursor, max(1, shape.rows - len(below)))
    return replace(shown, rows=(*shown.rows, *below)[: max(1, shape.rows)])


def marked(screen: Screen, count: int) -> int:
    """Where the cursor of a list is, whose end may have gone; -1 if the list is empty."""
    return min(screen.cursor, count - 1)


def choose(screen: Screen, key: str, rows: Sequence[Row], now: float) -> Step:
    """UP, DOWN and digits move the cursor of a list, OK does what the row stands for."""
    if key in LEAVE:
        return Back()
    at = marked(screen, len(rows))
    if key in ("UP", "DOWN"):
        return move(replace(screen, cursor=max(0, at)), key, len(rows))
    if key in TAKE:
        return rows[at].intent if rows else None
    return _jump(screen, key, len(rows), now) if len(key) == 1 and key.isdecimal() else None


def _jump(screen: Screen, key: str, count: int, now: float) -> Screen:
    """To the entry of this number; digits that follow each other at once make one number."""
    _, before, at = screen.tapped
    number = before * 10 + int(key) if before and now - at < PAUSE else int(key)
    if not 1 <= number <= count:
        number = int(key)
    if not 1 <= number <= count:
        return screen
    return replace(screen, cursor=number - 1, tapped=("", number, now))


def list_page(name: str, listing: Callable[[Model, Screen, float], Listing]) -> Kind:
    """A kind of page that is nothing but a list."""

    def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
        return drawn(model, shape, screen, name, listing(model, screen, now))

    def press(model: Model, screen: Screen, key: str, now: float) -> Step:
        return choose(screen, key, listing(model, screen, now).rows, now)

    return Kind(draw, press)


# -- texts


def text_page(name: str, content: Callable[[Model, Screen], tuple[str, Sequence[str]]]) -> Kind:
    """A kind of page that is a title and sentences to read; they are wrapped, and scroll."""

    def lines(model: Model, screen: Screen, shape: Shape) -> list[str]:
        return [line for text in content(model, screen)[1] for line in wrapped(text, shape) or [""]]

    def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
        found = lines(model, screen, shape)
        height = max(1, shape.rows)
        top = max(0, min(screen.cursor, len(found) - height))
        shown = tuple(Row(line) for line in found[top : top + height])
        soft = soft_keys(None, None, None, back(model))
        below = max(0, len(found) - top - len(shown))
        return Page(name, content(model, screen)[0], shown, soft, above=top, below=below)

    def press(model: Model, screen: Screen, key: str, now: float) -> Step:
        if key in (*LEAVE, "ONHOOK"):
            return Back()
        if key in ("UP", "DOWN", "ENTER"):
            last = max(0, len(lines(model, screen, model.shape)) - max(1, model.shape.rows))
            if key == "ENTER" and screen.cursor >= last:
                return Back()
            return replace(screen, cursor=max(0, min(screen.cursor + (-1 if key == "UP" else 1), last)))
        return None

    return Kind(draw, press)
