"""A grid of cells as SVG that needs nothing else: no script, no font of the net, no picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from math import cos, pi, radians, sin
from xml.sax.saxutils import escape

from snomtui.ui.picture.cells import Cell, Grid, Look
from snomtui.ui.picture.shapes import Area, Box, Disc, Mark, Ring, Stroke, shape_of

WIDTH, HEIGHT = 10, 20
"""Of one cell, in the picture's own measure."""
_SIZE, _BASE = 16.4, 15
"""Of the letters, and where they stand in their cell."""
_At = Callable[[float, float], str]
_FONTS = "'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,'Courier New',monospace"


def svg(grid: Grid, title: str, margin: int = 0, corner: int = 0) -> str:
    """The picture as text; `title` is what it shows, for people who cannot see it.

    `margin` is free room around it and `corner` the radius of its corners, both in the picture's own measure.
    """
    wide, high = len(grid[0]) * WIDTH + 2 * margin, len(grid) * HEIGHT + 2 * margin
    looks = Counter(cell.look.ground for row in grid for cell in row)
    common = looks.most_common(1)[0][0]
    ground = grid[0][0].look.ground if margin else common
    inner = "".join((*_grounds(grid, ground), *_drawn(grid), *_written(grid)))
    said = escape(_clean(title))
    size = f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n'
        f"<title>{said}</title>\n"
        f"<style>text{{font:{_SIZE}px {_FONTS};white-space:pre}}.b{{font-weight:bold}}.i{{font-style:italic}}"
        ".u{text-decoration:underline}.s{text-decoration:line-through}</style>\n"
        f'<rect width="{wide}" height="{high}" rx="{corner}" fill="{_hex(ground)}"/>\n'
        f'<g transform="translate({margin} {margin})">\n{inner}</g>\n</svg>\n'
    )


def _clean(text: str) -> str:
    """Without characters that XML does not know; names of people may hold anything."""
    return (
        "".join(one if one in "\t\n" or (one >= " " and one not in "\ufffe\uffff") else " " for one in text)
        .encode("utf-8", "replace")
        .decode()
    )


def _hex(color: int) -> str:
    return f"#{color:06x}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


# -- grounds


def _grounds(grid: Grid, common: int) -> Iterator[str]:
    """Rectangles of one colour; equal ones that lie one below the other are one."""
    open_: dict[tuple[int, int, int], int] = {}
    for y in range(len(grid) + 1):
        now = _runs(grid[y], common) if y < len(grid) else set()
        for run in [each for each in open_ if each not in now]:
            x, wide, color = run
            top = open_.pop(run)
            yield (
                f'<rect x="{x * WIDTH}" y="{top * HEIGHT}" width="{wide * WIDTH}" height="{(y - top) * HEIGHT}" '
                f'fill="{_hex(color)}" shape-rendering="crispEdges"/>\n'
            )
        for run in sorted(now):
            open_.setdefault(run, y)


def _runs(row: tuple[Cell, ...], common: int) -> set[tuple[int, int, int]]:
    found, x = set(), 0
    for color, cells in groupby(row, lambda cell: cell.look.ground):
        wide = len(list(cells))
        if color != common:
            found.add((x, wide, color))
        x += wide
    return found


# -- what is drawn


def _drawn(grid: Grid) -> Iterator[str]:
    for y, row in enumerate(grid):
        x = 0
        for cell, same in groupby(row):
            count = len(list(same))
            shape = shape_of(cell.text)
            if shape is not None and len(shape) == 1 and _spans(shape[0]):
                yield _mark(shape[0], x, y, cell.look.ink, count)
            elif shape is not None:
                yield from (_mark(mark, x + n, y, cell.look.ink) for n in range(count) for mark in shape)
            x += count


def _spans(mark: Mark) -> bool:
    """Whether equal marks side by side are one."""
    return isinstance(mark, Box) and (mark.left, mark.right) == (0, 1)


def _mark(mark: Mark, column: int, line: int, ink: int, count: int = 1) -> str:
    left, top, paint = column * WIDTH, line * HEIGHT, _hex(ink)

    def at(x: float, y: float) -> str:
        return f"{_number(left + x * WIDTH)} {_number(top + y * WIDTH)}"

    match mark:
        case Box(x, y, right, bottom, strength):
            wide, high = (right - x + count - 1) * WIDTH, (bottom - y) * WIDTH
            less = f' opacity="{strength}"' if strength < 1 else ""
            return (
                f'<rect x="{_number(left + x * WIDTH)}" y="{_number(top + y * WIDTH)}" width="{_number(wide)}" '
                f'height="{_number(high)}" fill="{paint}"{less} shape-rendering="crispEdges"/>\n'
            )
        case Area(points):
            path = "L".join(at(*point) for point in points)
            return f'<path d="M{path}Z" fill="{paint}"/>\n'
        case Stroke(points, width, closed):
            path = "L".join(at(*point) for point in points) + ("Z" if closed else "")
            return _outline(f"M{path}", width, paint)
        case Disc(x, y, radius, start, end):
            if end - start >= 360:
                place = f'cx="{_number(left + x * WIDTH)}" cy="{_number(top + y * WIDTH)}"'
                return f'<circle {place} r="{_number(radius * WIDTH)}" fill="{paint}"/>\n'
            return f'<path d="M{at(x, y)}L{_arc(mark, at)}Z" fill="{paint}"/>\n'
        case Ring(x, y, radius, width, start, end, dashes):
            if end - start < 360:
                return _outline(f"M{_arc(mark, at)}", width, paint)
            dash = _number(pi * radius * WIDTH / dashes) if dashes else ""
            broken = f' stroke-dasharray="{dash}"' if dash else ""
            place = f'cx="{_number(left + x * WIDTH)}" cy="{_number(top + y * WIDTH)}"'
            line_ = f'fill="none" stroke="{paint}" stroke-width="{_number(width * WIDTH)}"{broken}'
            return f'<circle {place} r="{_number(radius * WIDTH)}" {line_}/>\n'


def _outline(path: str, width: float, paint: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{paint}" stroke-width="{_number(width * WIDTH)}"/>\n'


def _arc(mark: Disc | Ring, at: _At) -> str:
    """From the first point of an arc to its last."""
    start, end = (
        at(mark.x + mark.radius * cos(radians(angle)), mark.y + mark.radius * sin(radians(angle)))
        for angle in (mark.start, mark.end)
    )
    radius = _number(mark.radius * WIDTH)
    return f"{start}A{radius} {radius} 0 {int(mark.end - mark.start > 180)} 1 {end}"


# -- what is written


def _written(grid: Grid) -> Iterator[str]:
    for y, row in enumerate(grid):
        start = 0
        while start < len(row):
            look, end = row[start].look, start
            while end < len(row) and row[end].look == look and shape_of(row[end].text) is None and not _wide(row, end):
                end += 1
            if _wide(row, start):  # on its own: the font that has it knows nothing of our cells
                end = start + 2
            if end > start:
                yield from _run(row[start:end], start, y, look)
            start = max(end, start + 1)


def _wide(row: tuple[Cell, ...], x: int) -> bool:
    return x + 1 < len(row) and row[x + 1].text == ""


def _run(cells: tuple[Cell, ...], x: int, y: int, look: Look) -> Iterator[str]:
    """A piece of text in one look, without the blanks around it unless they are underlined."""
    plain = not (look.underline or look.strike)
    while plain and cells and cells[0].text == " ":
        cells, x = cells[1:], x + 1
    while plain and cells and cells[-1].text == " ":
        cells = cells[:-1]
    if not cells:
        return
    flags = {"b": look.bold, "i": look.italic, "u": look.underline, "s": look.strike}
    names = " ".join(name for name, wanted in flags.items() if wanted)
    kind = f' class="{names}"' if names else ""
    text = escape(_clean("".join(cell.text for cell in cells)))
    yield (
        f'<text x="{x * WIDTH}" y="{y * HEIGHT + _BASE}" textLength="{len(cells) * WIDTH}" '
        f'lengthAdjust="spacingAndGlyphs" xml:space="preserve" fill="{_hex(look.ink)}"{kind}>{text}</text>\n'
    )
