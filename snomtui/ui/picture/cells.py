"""A screen as a grid of character cells, each with its colours: what all pictures are drawn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

DARK, LIGHT = 0x0C0C0C, 0xE6E6E6
"""Ground and ink where nobody has named a colour."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell is written. Colours are 0xRRGGBB."""

    ink: int = LIGHT
    ground: int = DARK
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


class Cell(NamedTuple):
    """One character, with what is combined with it; empty = the right half of a wide one."""

    text: str
    look: Look


Grid = tuple[tuple[Cell, ...], ...]
"""Rows from the top, all equally long."""


def grid_of(strips: Iterable[Iterable[Segment]], width: int) -> Grid:
    """The cells of lines as the toolkit draws them; each line is brought to this width."""
    return tuple(_row(strip, width) for strip in strips)


def cropped(grid: Grid, x: int, y: int, width: int, height: int) -> Grid:
    """A part of it."""
    return tuple(row[x : x + width] for row in grid[y : y + height])


def text_of(grid: Grid) -> str:
    """What is to be read, one line a row, without blanks at the ends."""
    return "\n".join("".join(cell.text for cell in row).rstrip() for row in grid)


def _row(strip: Iterable[Segment], width: int) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for text, style, control in strip:
        if not control:
            _write(cells, text, _look(style or Style.null()))
    cells += [Cell(" ", Look())] * (width - len(cells))
    return tuple(cells[:width])


def _write(cells: list[Cell], text: str, look: Look) -> None:
    for letter in text:
        wide = cell_len(letter)
        if wide == 0 and cells:
            owner = -2 if cells[-1].text == "" and len(cells) > 1 else -1
            cells[owner] = Cell(cells[owner].text + letter, cells[owner].look)
        elif wide:
            cells.append(_cell(letter if letter.isprintable() else " ", look))
            cells += [_cell("", look)] * (wide - 1)


@lru_cache(8192)
def _cell(text: str, look: Look) -> Cell:
    return Cell(text, look)


@lru_cache(4096)
def _look(style: Style) -> Look:
    ink = _rgb(style.color, LIGHT, True)
    ground = _rgb(style.bgcolor, DARK, False)
    if style.reverse:
        ink, ground = ground, ink
    if style.dim:
        ink = _between(ink, ground)
    return Look(
        ground if style.conceal else ink,
        ground,
        bool(style.bold),
        bool(style.italic),
        bool(style.underline),
        bool(style.strike),
    )


def _rgb(color: Color | None, default: int, foreground: bool) -> int:
    if color is None or color.is_default:
        return default
    red, green, blue = color.get_truecolor(foreground=foreground)
    return red << 16 | green << 8 | blue


def _between(one: int, other: int) -> int:
    """The colour in the middle of two."""
    return sum(((one >> shift & 255) + (other >> shift & 255)) // 2 << shift for shift in (16, 8, 0))
