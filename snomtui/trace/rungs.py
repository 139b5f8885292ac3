"""One rung of a ladder: an arrow between two columns, with its label on it, or behind all columns where they are close.

Pure text with the names of styles.
"""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[str, str]
"""Text and the name of its style: `time`, `line`, `arrow`, `label`, `mark`, `alert`, `title`."""
WIDE = 64
"""From this width on thousandths of seconds are shown."""
ROOMY = 24
"""From so many cells between two columns on the labels stand on the arrows."""
CLOSE = 5
"""Cells from one column to the next where the labels stand behind all of them."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What lines and arrows are made of."""

    bar: str = "│"
    shaft: str = "─"
    right: str = "▶"
    left: str = "◀"
    good: str = "✓"
    bad: str = "✗"
    ellipsis: str = "…"


ASCII = Signs("|", "-", ">", "<", "+", "!", "~")


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the columns are in a line."""

    before: int
    """Cells in front of the first one, for the time."""
    places: tuple[int, ...]
    labelled: bool
    """Whether the labels stand on the arrows."""

    @classmethod
    def of(cls, count: int, width: int) -> Grid:
        """Share out a line among so many columns."""
        before = (12 if width >= WIDE else 8) + 2
        room = max(0, width - before - 1)
        if count <= 2 or room / (count - 1) >= ROOMY:
            steps = max(1, count - 1)
            return cls(before, tuple(before + round(number * room / steps) for number in range(count)), True)
        return cls(before, tuple(before + number * CLOSE for number in range(count)), False)


def titles(names: list[str], grid: Grid, width: int, signs: Signs) -> str:
    """The line with the names of the columns; numbers with their meaning where they are close together."""
    cells = [" "] * width
    if not grid.labelled:
        for number, place in enumerate(grid.places, 1):
            if place < width:
                cells[place] = str(number)
        legend = "  ".join(f"{number} {name}" for number, name in enumerate(names, 1))
        start = grid.places[-1] + 2 if grid.places else 0
        return (("".join(cells[:start])) + cut(legend, max(0, width - start), signs)).ljust(width)[:width]
    gap = grid.places[1] - grid.places[0] if len(names) > 1 else width - grid.before
    for number, (name, place) in enumerate(zip(names, grid.places, strict=True)):
        first, last = number == 0, number == len(names) - 1
        room = gap - 1 if not (first or last) else gap // 2
        if len(names) == 2 and last:
            room = gap - min(gap // 2, len(names[0])) - 1
        text = cut(name, room if len(names) > 1 else gap, signs)
        start = place if first else place - len(text) + 1 if last else place - len(text) // 2
        cells[start : start + len(text)] = text
    return "".join(cells[:width]).ljust(width)


def rung(text: str, style: str, ends: tuple[int, int], grid: Grid, width: int, signs: Signs) -> list[Span]:
    """The arrow and its label, from the first column to the end of the line."""
    source, target = ends
    if source == target or max(ends) >= len(grid.places):
        return [(cut(text, width - grid.before, signs).ljust(width - grid.before), style)]
    first, last = sorted((grid.places[source], grid.places[target]))
    bars = "".join(signs.bar if at in grid.places else " " for at in range(width))
    left, right = (bars[grid.before : first + 1], "line"), bars[last:]
    arrow = _arrow(text if grid.labelled else "", style, last - first - 1, target > source, signs)
    if grid.labelled:
        return [left, *arrow, (right, "line")]
    end = grid.places[-1] + 2
    room = width - end
    if room <= 0:
        return [left, *arrow, (right, "line")]
    return [left, *arrow, (bars[last:end], "line"), (cut(text, room, signs).ljust(room), style)]


def _arrow(text: str, style: str, room: int, forwards: bool, signs: Signs) -> list[Span]:
    """The part between two columns, exactly `room` cells."""
    if room <= 0:
        return []
    written = cut(text, room - 4, signs) if room > 5 else ""
    if not written:
        shaft = signs.shaft * (room - 1)
        return [(shaft + signs.right if forwards else signs.left + shaft, "arrow")]
    rest = signs.shaft * (room - len(written) - 4)
    if forwards:
        return [(f"{signs.shaft} ", "arrow"), (written, style), (f" {rest}{signs.right}", "arrow")]
    return [(f"{signs.left}{signs.shaft} ", "arrow"), (written, style), (f" {rest}", "arrow")]


def cut(text: str, width: int, signs: Signs) -> str:
    """At most so many cells; what is cut off is marked."""
    if len(text) <= width:
        return text
    return text[: width - 1] + signs.ellipsis if width > 0 else ""
