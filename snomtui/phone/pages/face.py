"""The clock with hands that a snom 360 shows while it is idle, as pixels: a pure function of the time."""

from __future__ import annotations

from collections.abc import Iterator
from math import copysign, cos, floor, pi, sin

from snomtui.phone.snapshot import GROUND, INK, Picture

SMALLEST, LARGEST = 7, 15
"""Pixels across; a smaller one cannot be read, a larger one leaves no room for text."""


def across(rows: int) -> int:
    """How many pixels across a clock beside so many rows of text has; 0 = there is no room for one."""
    size = min(LARGEST, 2 * rows - 1)
    return size if size >= SMALLEST else 0


def clock_face(hour: int, minute: int, size: int) -> Picture:
    """A face of `size` pixels (odd) with the hands of this time, for the right edge of the display."""
    middle = size // 2
    lit = {
        *(_point(mark / 12, middle, middle) for mark in range(12)),
        *_hand(hour % 12 / 12 + minute / 720, max(1.0, middle * 0.5), middle),
        *_hand(minute / 60, middle - 1.0, middle),
    }
    rows = (
        tuple(INK if (x, y) in lit else GROUND for x in range(size))
        for y in range(size + 1)  # two pixels are one cell high
    )
    return Picture(tuple(rows), "right")


def _hand(turn: float, length: float, middle: int) -> Iterator[tuple[int, int]]:
    """The pixels from the middle outwards; `turn` is a part of the whole circle, from 12 o'clock."""
    steps = 4 * middle
    for step in range(steps + 1):
        yield _point(turn, length * step / steps, middle)


def _point(turn: float, away: float, middle: int) -> tuple[int, int]:
    angle = 2 * pi * turn
    return middle + _whole(away * sin(angle)), middle - _whole(away * cos(angle))


def _whole(part: float) -> int:
    """Rounded alike on both sides of the middle."""
    return int(copysign(floor(abs(part) + 0.5 + 1e-9), part))
