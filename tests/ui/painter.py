"""A screen as a small SVG: grounds and blocks as one path a colour, then the text. Equal screens, equal bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from snomtui.ui.app import PhoneApp
from snomtui.ui.picture.cells import Grid, Look, grid_of

WIDE, HIGH = 12, 24
"""Pixels of one cell."""
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels, from the cell's own corner."""
BLOCKS: dict[str, tuple[Box, ...]] = {
    "█": ((0, 0, 12, 24),),
    "▀": ((0, 0, 12, 12),),
    "▄": ((0, 12, 12, 24),),
    "▌": ((0, 0, 6, 24),),
    "▐": ((6, 0, 12, 24),),
    "▖": ((0, 12, 6, 24),),
    "▗": ((6, 12, 12, 24),),
    "▘": ((0, 0, 6, 12),),
    "▝": ((6, 0, 12, 12),),
    "▏": ((0, 0, 2, 24),),
    "─": ((0, 11, 12, 13),),
    "▁": ((0, 21, 12, 24),),
    "▔": ((0, 0, 12, 3),),
}
"""Characters that are drawn, so that they join without a gap in every font."""
STYLE = (
    "text{font:20px 'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace;white-space:pre}.b{font-weight:bold}"
)


def screen_of(app: PhoneApp) -> Grid:
    """What the app shows now."""
    size = app.screen.size
    return grid_of(app.screen._compositor.render_strips(size), size.width)


def svg(grid: Grid) -> str:
    """The picture."""
    width, height = len(grid[0]) * WIDE, len(grid) * HIGH
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">\n<style>{STYLE}</style>\n'
        + "".join(f"{line}\n" for line in (*_paths(_grounds(grid)), *_paths(_blocks(grid)), *_texts(grid)))
        + "</svg>\n"
    )


def _paths(boxes: Iterator[tuple[int, Box]]) -> Iterator[str]:
    """All boxes of one colour in one path; those that continue downwards are one."""
    colors: dict[int, dict[tuple[int, int], list[list[int]]]] = defaultdict(lambda: defaultdict(list))
    for color, (left, top, right, bottom) in boxes:
        column = colors[color][left, right]
        if column and column[-1][1] == top:
            column[-1][1] = bottom
        else:
            column.append([top, bottom])
    for color, columns in colors.items():
        path = "".join(
            f"M{left} {top}h{right - left}v{bottom - top}h{left - right}z"
            for (left, right), spans in columns.items()
            for top, bottom in spans
        )
        yield f'<path fill="#{color:06x}" shape-rendering="crispEdges" d="{path}"/>'


def _grounds(grid: Grid) -> Iterator[tuple[int, Box]]:
    for y, row in enumerate(grid):
        x = 0
        for color, cells in groupby(row, lambda cell: cell.look.ground):
            wide = len(list(cells))
            yield color, (x * WIDE, y * HIGH, (x + wide) * WIDE, (y + 1) * HIGH)
            x += wide


def _blocks(grid: Grid) -> Iterator[tuple[int, Box]]:
    for y, row in enumerate(grid):
        x = 0
        for (text, ink), cells in groupby(row, lambda cell: (cell.text, cell.look.ink)):
            wide = len(list(cells))
            for left, top, right, bottom in BLOCKS.get(text, ()):
                starts = [x] if right - left == WIDE else range(x, x + wide)
                more = (wide - 1) * WIDE if right - left == WIDE else 0
                for at in starts:
                    yield ink, (at * WIDE + left, y * HIGH + top, at * WIDE + right + more, y * HIGH + bottom)
            x += wide


def _texts(grid: Grid) -> Iterator[str]:
    looks: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for y, row in enumerate(grid):
        x = 0
        for look, cells in groupby(row, lambda cell: cell.look):
            signs = [cell.text for cell in cells]
            looks[look.ink, look.bold] += _written(signs, x, y, look)
            x += len(signs)
    for (ink, bold), texts in looks.items():
        if texts:
            strong = ' class="b"' if bold else ""
            yield "\n".join((f'<g fill="#{ink:06x}"{strong}>', *texts, "</g>"))


def _written(signs: list[str], x: int, y: int, look: Look) -> Iterator[str]:
    """Pieces of text without what is drawn and without what is empty; wide gaps part them."""
    for drawn, piece in groupby(enumerate(signs), lambda each: each[1] in BLOCKS):
        if drawn:
            continue
        cells = list(piece)
        text = "".join(sign for _, sign in cells)
        at = x + cells[0][0] + len(text) - len(text.lstrip(" "))
        text = text.strip(" ")
        if text:
            length = "" if text.isascii() else f' textLength="{_columns(cells, text) * WIDE}"'
            yield f'<text x="{at * WIDE}" y="{y * HIGH + 18}"{length}>{escape(text)}</text>'


def _columns(cells: list[tuple[int, str]], text: str) -> int:
    """How many cells the text takes, blanks around it not counted."""
    signs = [sign for _, sign in cells]
    while signs and signs[0] == " ":
        signs.pop(0)
    while signs and signs[-1] == " ":
        signs.pop()
    return len(signs)
