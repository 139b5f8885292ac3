"""What all pages share: the answer to a key, rows that scroll, and texts that are typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from snomtui.phone.intents import Go, Intent
from snomtui.phone.keys import DIGITS
from snomtui.phone.model import Model, Screen
from snomtui.phone.snapshot import Page, Row, SoftKey
from snomtui.skin import Shape


@dataclass(frozen=True, slots=True)
class Back:
    """Leave this page."""


@dataclass(frozen=True, slots=True)
class Many:
    """Several wishes at once, in order."""

    intents: tuple[Intent, ...]
    leave: bool = True


Step = Screen | Intent | Back | Many | None
"""What a key does here: the page in a new state, a wish, a way back, or nothing that this page knows."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page."""

    draw: Callable[[Model, Shape, Screen, float], Page]
    press: Callable[[Model, Screen, str, float], Step]


def soft_keys(*keys: SoftKey | None) -> tuple[SoftKey | None, ...]:
    """Four soft keys; missing ones are empty."""
    return (*keys, None, None, None, None)[:4]


def soft(shape: Shape, intent: Intent, *words: str) -> SoftKey:
    """A soft key with the first of these labels that the display has room for, else the last one."""
    room = (shape.columns + 2) // 4 - 1
    label = next((word for word in words if len(word) <= room), words[-1])
    return SoftKey(label, intent, words[0] if label != words[0] else "")


def lone(shape: Shape) -> bool:
    """Whether the display has one row and no more: neither title nor status line (snom 320)."""
    return shape.rows == 1


def weighed(rows: Sequence[tuple[int, Row]], height: int) -> tuple[Row, ...]:
    """As many rows as there is room for, in their order; those of a greater weight (a smaller number) come first."""
    best = sorted(range(len(rows)), key=lambda at: (rows[at][0], at))[:height]
    return tuple(rows[at][1] for at in sorted(best))


def wrapped(text: str, shape: Shape, taken: int = 0) -> list[str]:
    """A sentence in lines that fit the display; `taken` columns of the first one are not free."""
    lines = wrap(text, max(10, shape.columns), initial_indent=" " * taken)
    return [lines[0].lstrip(), *lines[1:]] if lines else []


def clipped(lines: Sequence[str], height: int) -> list[str]:
    """The first lines of a text of which there is more elsewhere; dots say so."""
    shown = list(lines[: max(0, height)])
    if shown and len(lines) > len(shown):
        words = shown[-1].split()
        shown[-1] = " ".join(words[:-1] if len(words) > 1 else words) + " ..."
    return shown


def scroll(page: Page, rows: Sequence[Row], cursor: int, height: int) -> Page:
    """Fill a page with the rows that are in sight, so that the cursor is one of them."""
    if not rows:
        return page
    cursor = max(0, min(cursor, len(rows) - 1))
    top = max(0, min(cursor - height // 2, len(rows) - height))
    return replace(
        page,
        rows=tuple(rows[top : top + height]),
        cursor=cursor - top,
        above=top,
        below=max(0, len(rows) - top - height),
    )


def move(screen: Screen, key: str, count: int) -> Screen | None:
    """The cursor after UP or DOWN; it runs round at the ends."""
    if key not in ("UP", "DOWN") or not count:
        return None
    return replace(screen, cursor=(screen.cursor + (1 if key == "DOWN" else -1)) % count)


def pick(screen: Screen, key: str, rows: Sequence[Row]) -> Step:
    """UP, DOWN, OK and a digit on a list: the digit jumps to that row."""
    if key in ("UP", "DOWN"):
        return move(screen, key, len(rows))
    if key == "ENTER" and 0 <= screen.cursor < len(rows):
        return rows[screen.cursor].intent
    if key in "123456789" and len(key) == 1 and int(key) <= len(rows):
        return replace(screen, cursor=int(key) - 1)
    return None


LETTERS = {
    "1": ".,-_@1",
    "2": "abc2",
    "3": "def3",
    "4": "ghi4",
    "5": "jkl5",
    "6": "mno6",
    "7": "pqrs7",
    "8": "tuv8",
    "9": "wxyz9",
    "0": " +0",
    "*": "*\\/",
    "#": "#:;=",
}
TAP = 1.0
"""Seconds within which another press of the same key changes the letter."""

MODES = {"123": "abc", "abc": "ABC", "ABC": "123"}


def typed(screen: Screen, key: str, now: float) -> Screen | None:
    """The entry after a key that types: a digit, a letter by repeated presses, a PC key, or BACKSPACE."""
    if key == "BACKSPACE":
        return replace(screen, entry=screen.entry[:-1], tapped=("", 0, 0.0)) if screen.entry else None
    if key.startswith("TEXT:"):
        return replace(screen, entry=screen.entry + key[5], tapped=("", 0, 0.0))
    if len(key) != 1 or key not in DIGITS:
        return None
    if screen.mode == "123":
        return replace(screen, entry=screen.entry + key)
    return _tapped(screen, key, now)


def _tapped(screen: Screen, key: str, now: float) -> Screen:
    last, count, at = screen.tapped
    again = last == key and now - at < TAP
    count = count + 1 if again else 0
    letters = LETTERS[key]
    letter = letters[count % len(letters)]
    entry = screen.entry[:-1] if again else screen.entry
    return replace(screen, entry=entry + (letter.upper() if screen.mode == "ABC" else letter), tapped=(key, count, now))


def to_field(screen: Screen, cursor: int) -> Screen:
    """A form with the cursor in this field, and what was typed kept in the old one; after the last comes the first."""
    fields = list(screen.fields)
    fields[screen.cursor] = screen.entry
    cursor %= len(fields)
    return replace(screen, cursor=cursor, fields=tuple(fields), entry=fields[cursor], tapped=("", 0, 0.0))


def next_mode(screen: Screen) -> Screen:
    """The entry in the next input mode: 123, abc, ABC."""
    return replace(screen, mode=MODES[screen.mode], tapped=("", 0, 0.0))


MODE = SoftKey("123/abc", Go("mode"))
"""The soft key that changes what the keypad types."""
