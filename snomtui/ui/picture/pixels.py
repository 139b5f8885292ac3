"""A grid of cells as PNG or BMP. Shapes are drawn, letters are written with a monospace font of the system.

Slow to load and not quick to draw: to be called in a thread.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from snomtui.ui.picture.cells import Cell, Grid, Look
from snomtui.ui.picture.shapes import Area, Box, Disc, Mark, Ring, Shape, Stroke, shape_of

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

CELL = (10, 20)
"""Pixels of one cell, if nothing else is wanted."""
FINE = 4
"""Shapes are drawn so many times larger and then made small, for smooth edges."""
FONTS = (
    ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    ("LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf"),
    ("NotoSansMono-Regular.ttf", "NotoSansMono-Bold.ttf"),
    ("UbuntuMono-R.ttf", "UbuntuMono-B.ttf"),
    ("Menlo.ttc", "Menlo.ttc"),
    ("consola.ttf", "consolab.ttf"),
    ("cour.ttf", "courbd.ttf"),
)
"""Files of fonts in which all characters are equally wide, ordinary and bold, the best first."""
OTHERS = ("NotoSansCJK-Regular.ttc", "wqy-microhei.ttc", "DejaVuSans.ttf", "PingFang.ttc", "msgothic.ttc")
"""Files of fonts for what those do not have."""
_NOBODY = "\U000f1234"
"""A character that no font has: what is drawn in its place tells what a font draws for those it does not know."""


def png(grid: Grid, cell: tuple[int, int] = CELL) -> bytes:
    """The picture as a PNG file; `cell` is the width and height of a cell in pixels."""
    return _file(painted(grid, cell), "PNG")


def bmp(grid: Grid, size: tuple[int, int] | None = None) -> bytes:
    """The picture as a BMP file of this size in pixels, else with cells of the usual size."""
    if size is None:
        return _file(painted(grid), "BMP")
    cell = max(1, size[0] // len(grid[0])), max(1, size[1] // len(grid))
    drawn = painted(grid, cell)
    whole = Image.new("RGB", size, _rgb(grid[0][0].look.ground))
    whole.paste(drawn, ((size[0] - drawn.width) // 2, (size[1] - drawn.height) // 2))
    return _file(whole, "BMP")


def _file(image: Picture, kind: str) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def painted(grid: Grid, cell: tuple[int, int] = CELL) -> Picture:
    """The picture itself."""
    wide, high = cell
    image = Image.new("RGB", (len(grid[0]) * wide, len(grid) * high))
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(grid):
        for x, one in enumerate(row):
            left, top = x * wide, y * high
            draw.rectangle((left, top, left + wide - 1, top + high - 1), fill=_rgb(one.look.ground))
    for y, row in enumerate(grid):
        for x, one in enumerate(row):
            if one.text.strip():
                doubled = x + 1 < len(row) and row[x + 1].text == ""
                mask = _mask(one.text, one.look.bold, (wide * (1 + doubled), high))
                image.paste(_rgb(one.look.ink), (x * wide, y * high), mask)
            _lined(draw, one, (x * wide, y * high), cell)
    return image


def _lined(draw: ImageDraw.ImageDraw, one: Cell, at: tuple[int, int], cell: tuple[int, int]) -> None:
    """What is underlined or struck through."""
    look: Look = one.look
    for wanted, part in ((look.underline, 0.9), (look.strike, 0.52)):
        if wanted:
            y = at[1] + round(cell[1] * part)
            draw.line((at[0], y, at[0] + cell[0] - 1, y), fill=_rgb(look.ink))


def _rgb(color: int) -> tuple[int, int, int]:
    return color >> 16 & 255, color >> 8 & 255, color & 255


# -- one character


@lru_cache(4096)
def _mask(text: str, bold: bool, size: tuple[int, int]) -> Picture:
    """Where a character leaves its ink in a cell of this size."""
    shape = shape_of(text)
    return _shaped(shape, size) if shape else _lettered(text, bold, size)


def _shaped(shape: Shape, size: tuple[int, int]) -> Picture:
    if all(isinstance(mark, Box) for mark in shape):
        return _boxes([mark for mark in shape if isinstance(mark, Box)], size)
    large = Image.new("L", (size[0] * FINE, size[1] * FINE))
    draw = ImageDraw.Draw(large)
    unit = size[0] * FINE
    middle = size[1] * FINE / 2
    for mark in shape:
        _draw(draw, mark, unit, middle)
    return large.resize(size, Image.Resampling.BOX)


def _boxes(shape: list[Box], size: tuple[int, int]) -> Picture:
    """Edges at whole pixels, and as high as the cell, whatever its sides are to each other."""
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    wide, half = size[0], size[1] / 2
    for box in shape:
        left, right = round(box.left * wide), round(box.right * wide)
        top, bottom = round(box.top * half), round(box.bottom * half)
        corner = max(left, right - 1), max(top, bottom - 1)
        draw.rectangle((left, top, *corner), fill=round(255 * box.strength))
    return mask


def _draw(draw: ImageDraw.ImageDraw, mark: Mark, unit: int, middle: float) -> None:
    """One mark; `unit` pixels are the width of a cell, `middle` is half of its height."""

    def at(x: float, y: float) -> tuple[float, float]:
        return x * unit, middle + (y - 1) * unit

    def round_(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
        return (*at(x - radius, y - radius), *at(x + radius, y + radius))

    match mark:
        case Box(left, top, right, bottom):
            draw.rectangle((*at(left, top), *at(right, bottom)), fill=255)
        case Disc(x, y, radius, start, end):
            draw.pieslice(round_(x, y, radius), start, end, fill=255)
        case Ring(x, y, radius, width, start, end, dashes):
            line = max(1, round(width * unit))
            step = (end - start) / (dashes or 1)
            for n in range(dashes or 1):
                first = start + n * step
                last = first + (step / 2 if dashes else step)
                draw.arc(round_(x, y, radius + width / 2), first, last, fill=255, width=line)
        case Area(points):
            draw.polygon([at(*point) for point in points], fill=255)
        case Stroke(points, width, closed):
            path = [at(*point) for point in (*points, *points[:2])] if closed else [at(*point) for point in points]
            draw.line(path, fill=255, width=max(1, round(width * unit)), joint="curve")


def _lettered(text: str, bold: bool, size: tuple[int, int]) -> Picture:
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    single = size[0] if len(text) == 1 and size[0] < size[1] else size[0] // 2
    font = _font(bold, (single, size[1]))
    if not _has(font, text[0]):
        font = next((other for other in _other_fonts(size[1]) if _has(other, text[0])), font)
    wide = font.getlength(text)
    top = _first_line(font, size[1])
    draw.text((round((size[0] - wide) / 2), top), text, fill=255, font=font)
    return mask


def _first_line(font: Font, high: int) -> int:
    """Where a line begins so that letters with and without a tail stand in the middle of the cell."""
    box = font.getbbox("Ågj")
    return round((high - (box[3] - box[1])) / 2 - box[1])  # between two pixels letters would lose their thin lines


@lru_cache(32)
def _font(bold: bool, size: tuple[int, int]) -> Font:
    """The largest font that fits into a cell."""
    largest = max(5, round(size[1] * 0.85))
    for names in FONTS:
        for points in range(largest, 4, -1):
            try:
                font = ImageFont.truetype(names[bold], points)
            except OSError:
                break
            if font.getlength("M") <= size[0] + 0.3 or points == 5:
                return font
    return ImageFont.load_default(max(5, min(size[0] * 1.5, size[1] * 0.7)))


@lru_cache(8)
def _other_fonts(high: int) -> tuple[Font, ...]:
    found: list[Font] = []
    for name in OTHERS:
        try:
            found.append(ImageFont.truetype(name, max(5, round(high * 0.75))))
        except OSError:
            continue
    return tuple(found)


@lru_cache(4096)
def _has(font: Font, letter: str) -> bool:
    """Whether a font knows this character."""
    if letter < "\x7f" or isinstance(font, ImageFont.ImageFont):
        return True
    return bytes(font.getmask(letter)) != bytes(font.getmask(_NOBODY))
