"""Characters that are drawn and not written: blocks, lines, discs, arrows, in any size and without a font.

Measures are in widths of a cell, from its top left corner: a cell is 1 wide and 2 high.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; its edges are edges of pixels, so that neighbours join without a gap."""

    left: float
    top: float
    right: float
    bottom: float
    strength: float = 1.0
    """How much of the ink is seen; the shades have less."""


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle, or a part of it from one angle to another (degrees, clockwise from the right)."""

    x: float
    y: float
    radius: float
    start: float = 0.0
    end: float = 360.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through some points, as thick as `width`."""

    points: tuple[Point, ...]
    width: float
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """The line of a circle, or of an arc of it; with `dashes` in so many pieces."""

    x: float
    y: float
    radius: float
    width: float
    start: float = 0.0
    end: float = 360.0
    dashes: int = 0


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]


Mark = Box | Disc | Stroke | Ring | Area
Shape = tuple[Mark, ...]

MIDDLE: Point = (0.5, 1.0)
_R = 0.44
"""The radius of a disc: it fills its cell from side to side."""
_THIN, _THICK = 0.11, 0.22
"""Widths of lines."""


@lru_cache(512)
def shape_of(text: str) -> Shape | None:
    """How a character is drawn, or None if it is to be written with a font."""
    return _BLOCKS.get(text) or _SIGNS.get(text) or _lines(text)


# -- blocks


def _blocks() -> dict[str, Shape]:
    eighths = {char: (Box(0, 2 - n / 4, 1, 2),) for n, char in enumerate("▁▂▃▄▅▆▇█", 1)}
    left = {char: (Box(0, 0, 1 - n / 8, 2),) for n, char in enumerate("▉▊▋▌▍▎▏", 1)}
    shades = {char: (Box(0, 0, 1, 2, n / 4),) for n, char in enumerate("░▒▓", 1)}
    more = {
        "▀": (Box(0, 0, 1, 1),),
        "▐": (Box(0.5, 0, 1, 2),),
        "▔": (Box(0, 0, 1, 0.25),),
        "▕": (Box(0.875, 0, 1, 2),),
    }
    corners = {"1": Box(0, 0, 0.5, 1), "2": Box(0.5, 0, 1, 1), "3": Box(0, 1, 0.5, 2), "4": Box(0.5, 1, 1, 2)}
    of_corners = dict(zip("▖▗▘▙▚▛▜▝▞▟", ("3", "4", "1", "134", "14", "123", "124", "2", "23", "234"), strict=True))
    quadrants = {char: tuple(corners[one] for one in which) for char, which in of_corners.items()}
    return {**eighths, **left, **shades, **more, **quadrants}


_BLOCKS: dict[str, Shape] = _blocks()

# -- signs


def _polygon(*points: Point) -> tuple[Point, ...]:
    return points


def _diamond(radius: float) -> tuple[Point, ...]:
    return _polygon((0.5, 1 - radius), (0.5 + radius, 1), (0.5, 1 + radius), (0.5 - radius, 1))


def _arrows(radius: float) -> dict[str, tuple[Point, ...]]:
    """Triangles that point up, down, right and left."""
    low, high, flat = 1 - radius, 1 + radius, radius * 0.95
    return {
        "up": _polygon((0.5, low), (0.5 + flat, high), (0.5 - flat, high)),
        "down": _polygon((0.5, high), (0.5 + flat, low), (0.5 - flat, low)),
        "right": _polygon((0.5 + flat, 1), (0.5 - flat, low), (0.5 - flat, high)),
        "left": _polygon((0.5 - flat, 1), (0.5 + flat, low), (0.5 + flat, high)),
    }


def _signs() -> dict[str, Shape]:
    large, small, square = _arrows(0.46), _arrows(0.32), Box(0.08, 0.58, 0.92, 1.42)
    frame = Stroke(((0.13, 0.63), (0.87, 0.63), (0.87, 1.37), (0.13, 1.37)), _THIN, closed=True)
    ring = Ring(*MIDDLE, _R - _THIN / 2, _THIN)
    found: dict[str, Shape] = {
        "●": (Disc(*MIDDLE, _R),),
        "•": (Disc(*MIDDLE, 0.25),),
        "○": (ring,),
        "◌": (Ring(*MIDDLE, _R - _THIN / 2, _THIN, dashes=8),),
        "◉": (ring, Disc(*MIDDLE, 0.26)),
        "◐": (ring, Disc(*MIDDLE, _R, 90, 270)),
        "◑": (ring, Disc(*MIDDLE, _R, -90, 90)),
        "◔": (ring, Disc(*MIDDLE, _R, -90, 0)),
        "⊖": (ring, Box(0.24, 0.93, 0.76, 1.07)),
        "■": (square,),
        "□": (frame,),
        "▣": (frame, Box(0.3, 0.8, 0.7, 1.2)),
        "▪": (Box(0.25, 0.75, 0.75, 1.25),),
        "▬": (Box(0.05, 0.8, 0.95, 1.2),),
        "◆": (Area(_diamond(0.48)),),
        "◈": (Stroke(_diamond(0.43), _THIN, closed=True), Area(_diamond(0.22))),
        "✓": (Stroke(((0.12, 1.05), (0.4, 1.4), (0.9, 0.62)), 0.15),),
        "✔": (Stroke(((0.12, 1.05), (0.4, 1.4), (0.9, 0.62)), 0.22),),
        "✗": (Stroke(((0.14, 0.62), (0.86, 1.38)), 0.15), Stroke(((0.86, 0.62), (0.14, 1.38)), 0.15)),
        "✘": (Stroke(((0.14, 0.62), (0.86, 1.38)), 0.22), Stroke(((0.86, 0.62), (0.14, 1.38)), 0.22)),
    }
    filled = {"▲": large["up"], "▼": large["down"], "▶": large["right"], "►": large["right"], "◀": large["left"]}
    filled |= {"▴": small["up"], "▾": small["down"], "▸": small["right"], "◂": small["left"], "◄": large["left"]}
    hollow = {"△": large["up"], "▽": large["down"], "▷": large["right"], "◁": large["left"]}
    found |= {char: (Area(points),) for char, points in filled.items()}
    return found | {char: (Stroke(points, _THIN, closed=True),) for char, points in hollow.items()}


_SIGNS: dict[str, Shape] = _signs()

# -- lines

_ARMS = {
    **{"─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "udr", "┤": "udl"},
    **{"┬": "lrd", "┴": "lru", "┼": "lrud", "╴": "l", "╵": "u", "╶": "r", "╷": "d"},
    **{"━": "LR", "┃": "UD", "┏": "RD", "┓": "LD", "┗": "RU", "┛": "LU", "┣": "UDR", "┫": "UDL"},
    **{"┳": "LRD", "┻": "LRU", "╋": "LRUD"},
}
"""Where the arms of a line lead, capital letters thick."""
_DOUBLE = dict(
    zip("═║╔╗╚╝╠╣╦╩╬", ("lr", "ud", "rd", "ld", "ru", "lu", "udr", "udl", "lrd", "lru", "lrud"), strict=True)
)
_DASHED = {"┄": (3, True), "┈": (4, True), "╌": (2, True), "┆": (3, False), "┊": (4, False), "╎": (2, False)}
_ROUND = {"╭": (1.0, 1.5, 180.0), "╮": (0.0, 1.5, 270.0), "╯": (0.0, 0.5, 0.0), "╰": (1.0, 0.5, 90.0)}
"""Round corners: the middle of the arc, and where it begins."""


def _lines(text: str) -> Shape | None:
    if text in _ARMS:
        return tuple(_arm(where, 0.0) for where in _ARMS[text])
    if text in _DOUBLE:
        return tuple(_arm(where, shift) for where in _DOUBLE[text] for shift in (-0.18, 0.18))
    if text in _DASHED:
        return _dashed(*_DASHED[text])
    if text in _ROUND:
        x, y, start = _ROUND[text]
        side = Box(0.5 - _THIN / 2, 1.5, 0.5 + _THIN / 2, 2) if y > 1 else Box(0.5 - _THIN / 2, 0, 0.5 + _THIN / 2, 0.5)
        return (Ring(x, y, 0.5, _THIN, start, start + 90), side)
    if text in "╱╲" and text:
        return (Stroke(((0, 2), (1, 0)) if text == "╱" else ((0, 0), (1, 2)), _THIN),)
    return None


def _arm(where: str, shift: float) -> Box:
    half = (_THICK if where.isupper() else _THIN) / 2
    if where in "lrLR":
        left, right = (0.0, 0.5 + half) if where in "lL" else (0.5 - half, 1.0)
        return Box(left, 1 - half + shift, right, 1 + half + shift)
    top, bottom = (0.0, 1 + half) if where in "uU" else (1 - half, 2.0)
    return Box(0.5 - half + shift, top, 0.5 + half + shift, bottom)


def _dashed(count: int, flat: bool) -> Shape:
    length = (1 if flat else 2) / count
    half = _THIN / 2
    ends = [(n * length + length * 0.2, n * length + length * 0.8) for n in range(count)]
    if flat:
        return tuple(Box(a, 1 - half, b, 1 + half) for a, b in ends)
    return tuple(Box(0.5 - half, a, 0.5 + half, b) for a, b in ends)
