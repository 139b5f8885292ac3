"""The card of a caller on colour and touch displays: a drawing, and the name in large letters if it fits. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap

from snomtui.phone.snapshot import Page, Row
from snomtui.skin import Skin
from snomtui.ui.bigletters import big
from snomtui.ui.softkeys import Line
from snomtui.ui.text import harmless, left

FACE = ("   ▄▄   ", "  ████  ", "  ▝▜▛▘  ", " ▄████▄ ")
ASCII_FACE = ("  .--.  ", "  |  |  ", "  .''.  ", " /    \\ ")
CARD_EDGE = 9
"""Columns of the card that the drawing takes."""
_TEXT = 3
"""The lines of the card above the large letters: one free, then name and number."""
_HALVES = {("#", "#"): "█", ("#", " "): "▀", (" ", "#"): "▄"}


def card_lines(page: Page, skin: Skin, width: int, height: int, ground: str) -> list[Line]:
    """The lines of the card without its rows; each begins with the drawing, in a piece of its own."""
    face = FACE if skin.glyphs["half"] else ASCII_FACE
    top = 1 if height > len(face) else 0
    name = _large(page, width - CARD_EDGE - 2) if skin.glyphs["half"] else []
    lines: list[Line] = []
    for y in range(height):
        drawing = face[y - top] if 0 <= y - top < len(face) else ""
        text = name[y - _TEXT] if 0 <= y - _TEXT < len(name) and height > len(face) else ""
        lines.append([(left(drawing, CARD_EDGE), ground), (left(" " + text, width - CARD_EDGE), f"{ground}-large")])
    return lines


def on_card(rows: Sequence[Row], room: int) -> tuple[Row, ...]:
    """The rows with a name of two lines broken where a card of this width needs it."""
    if len(rows) < 2 or rows[0].style != "big" or rows[1].style != "big" or rows[1].right:
        return tuple(rows)
    first, second = rows[:2]
    name = first.text + ("" if first.text.endswith("-") else " ") + second.text
    taken = len(first.right) + bool(first.right)
    lines = wrap(name, room, initial_indent=" " * taken) if room > taken else []
    if len(lines) != 2:
        return tuple(rows)
    return (replace(first, text=lines[0].strip()), replace(second, text=lines[1]), *rows[2:])


def _large(page: Page, room: int) -> list[str]:
    """The name of the first row in half blocks: as many of its words as fit, else its initials."""
    name = harmless(page.rows[0].text) if page.rows else ""
    initials = "".join(word[0] for word in name.split() if word[0].isalpha())
    rows = big(name, room) or big(initials, room)
    if not rows:
        return []
    rows = [" " * len(rows[0]), *rows]
    return [
        "".join(_HALVES.get(pair, " ") for pair in zip(rows[y], rows[y + 1], strict=True))
        for y in range(0, len(rows), 2)
    ]
