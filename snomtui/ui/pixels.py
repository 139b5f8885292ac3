"""Pictures on the display: each character cell shows one pixel above another one. Pure."""

from __future__ import annotations

from itertools import groupby

from snomtui.phone.snapshot import GROUND, INK, Picture
from snomtui.skin import Skin
from snomtui.ui.softkeys import Line

SHADES = " .:-=+*#%@"
"""From nothing to full ink, where there are no half blocks."""
MANY = 256
"""From so many colours on a pixel has its own."""
_BAYER = ((51, 178), (229, 102))
"""Thresholds by which two colours look like more of them, in a pattern of two by two pixels."""


def drawn(picture: Picture, skin: Skin, width: int, height: int, colors: int = MANY) -> list[Line]:
    """The picture in at most so many cells, shrunk if it must be; `colors` = how many the terminal has, 0 = none."""
    rows = _shrunk(picture.rows, width, 2 * height)
    if not rows or not rows[0]:
        return []
    if len(rows) % 2:
        rows = (*rows, (GROUND,) * len(rows[0]))
    pairs = [list(zip(rows[y], rows[y + 1], strict=True)) for y in range(0, len(rows), 2)]
    bright = _ink_is_bright(skin) if colors else skin.dark
    half = skin.glyphs["half"]
    if not half or not colors:
        return [[("".join(_shade(up, down, bright) for up, down in line), "text")] for line in pairs]
    if colors < MANY:
        pairs = [[_two_colours(pair, x, y, bright) for x, pair in enumerate(line)] for y, line in enumerate(pairs)]
    return [[(half * len(list(run)), tint) for tint, run in groupby(line)] for line in pairs]


def _shrunk(rows: tuple[tuple[int, ...], ...], width: int, height: int) -> tuple[tuple[int, ...], ...]:
    """The same picture in at most so many pixels, with its proportions."""
    if not rows or not rows[0] or width < 1 or height < 1:
        return ()
    across, down = len(rows[0]), len(rows)
    if across <= width and down <= height:
        return rows
    scale = min(width / across, height / down)
    new_across, new_down = max(1, int(across * scale)), max(1, int(down * scale))
    columns = [x * across // new_across for x in range(new_across)]
    return tuple(tuple(rows[y * down // new_down][x] for x in columns) for y in range(new_down))


def _brightness(pixel: int) -> int:
    """0 to 255, as an eye sees it."""
    return ((pixel >> 16 & 255) * 299 + (pixel >> 8 & 255) * 587 + (pixel & 255) * 114) // 1000


def _ink_is_bright(skin: Skin) -> bool:
    """Whether text on this display is brighter than its ground."""
    ink, ground = skin.palette["lcd_ink"], skin.palette["lcd"]
    if ink[:1] == ground[:1] == "#" and len(ink) == len(ground) == 7:
        return _brightness(int(ink[1:], 16)) > _brightness(int(ground[1:], 16))
    return skin.dark


def _cover(pixel: int, bright: bool) -> int:
    """How much ink a pixel has, 0 to 255."""
    if pixel in (GROUND, INK):
        return 255 if pixel == INK else 0
    light = _brightness(pixel)
    return light if bright else 255 - light


def _shade(up: int, down: int, bright: bool) -> str:
    return SHADES[(_cover(up, bright) + _cover(down, bright)) * (len(SHADES) - 1) // 510]


def _two_colours(pair: tuple[int, int], x: int, y: int, bright: bool) -> tuple[int, int]:
    up, down = (INK if _cover(pixel, bright) > _BAYER[n][x % 2] else GROUND for n, pixel in enumerate(pair))
    return up, down
