"""A call comes in, seen from across the room: what is free around the phone changes its colour and its pattern.

Twice a second hatched and plain take turns, slow enough for everybody's eyes; where there is room, the caller's name
stands there in large letters. Nothing of the phone itself is hidden: only the desk flashes, and where the phone leaves
little of that, the empty places of its case.
"""

from __future__ import annotations

from functools import lru_cache

from textual.geometry import Region, Size

from snomtui.ui.bigletters import HEIGHT, big
from snomtui.ui.ringing import TICKS

Cell = tuple[str, str, str, bool]
"""A character, the palette names of its colour and its ground, and whether it is bold."""

HATCH = "▞"
ENOUGH = 0.2
"""The part of the terminal that is desk from which on the case itself need not flash."""


def paint(cells: list[Cell], y: int, size: Size, face: Region, name: str, tick: int) -> list[Cell]:
    """One line of the handset while a call comes in; what is printed on the case stays readable."""
    solid = tick // TICKS % 2 == 1
    letters = _letters(name, size, face)
    grounds = ("desk",) if size.area - face.area > ENOUGH * size.area else ("desk", "body")
    painted = []
    for x, (text, ink, ground, bold) in enumerate(cells):
        if text != " " or ground not in grounds:
            painted.append((text, ink, ground, bold))
            continue
        pixel = letters.get((x, y))
        if pixel is not None:
            inks = ("paper_ink", "orange") if solid else ("desk_ink", "desk")  # dark on bright, whatever the skin
            painted.append(("█" if pixel else " ", *inks, True))
        else:
            painted.append((" " if solid else HATCH, "orange", "orange" if solid else ground, False))
    return painted


@lru_cache(8)
def _letters(name: str, size: Size, face: Region) -> dict[tuple[int, int], bool]:
    """The pixels of the name in the largest free strip, with a margin of one; empty if there is no room."""
    strips = (
        Region(0, 0, size.width, face.y),
        Region(0, face.bottom, size.width, size.height - face.bottom),
        Region(0, 0, face.x, size.height),
        Region(face.right, 0, size.width - face.right, size.height),
    )
    for strip in sorted(strips, key=lambda one: -one.area):
        rows = big(name, strip.width - 2)
        if rows and strip.height >= HEIGHT + 2:
            left, top = strip.x + (strip.width - len(rows[0])) // 2, strip.y + (strip.height - HEIGHT) // 2
            return {
                (left + x, top + y): 0 <= y < HEIGHT and 0 <= x < len(rows[0]) and rows[y][x] != " "
                for y in range(-1, HEIGHT + 1)
                for x in range(-1, len(rows[0]) + 1)
            }
    return {}
