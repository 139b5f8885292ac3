"""A recording of a screen as asciinema plays it (asciicast v2): what a terminal would have been sent, and when."""

from __future__ import annotations

import json
from itertools import groupby

from snomtui.ui.picture.cells import Cell, Grid, Look

_START = "\x1b[?25l\x1b[0m\x1b[2J\x1b[H"
_END = "\x1b[0m"


class Cast:
    """Takes a grid from time to time, and writes down what has changed."""

    def __init__(self, width: int, height: int, title: str, stamp: int) -> None:
        """Size in cells; `stamp` is when it begins, seconds since 1970."""
        head = {"version": 2, "width": width, "height": height, "timestamp": stamp, "title": title}
        self._lines = [json.dumps({**head, "env": {"TERM": "xterm-256color", "SHELL": "/bin/sh"}})]
        self._shown: Grid = ()
        self.length = 0.0
        """Seconds from the first picture to the last."""

    def frame(self, at: float, grid: Grid) -> None:
        """The screen looks so from this moment on, seconds since the start."""
        if grid == self._shown:
            return
        text = _START if not self._shown else ""
        text += "".join(_changed(y, row, self._shown[y] if y < len(self._shown) else ()) for y, row in enumerate(grid))
        self._shown, self.length = grid, at
        self._lines.append(json.dumps([round(at, 3), "o", text + _END], ensure_ascii=False))

    def hold(self, at: float) -> None:
        """It looks the same until this moment: so a player waits before it begins anew."""
        if at > self.length:
            self.length = at
            self._lines.append(json.dumps([round(at, 3), "o", _END]))

    def text(self) -> str:
        """The whole file."""
        return "\n".join(self._lines) + "\n"


def _changed(y: int, row: tuple[Cell, ...], old: tuple[Cell, ...]) -> str:
    """The sequences that turn one line into another: what lies between its first and last difference."""
    differing = [x for x, cell in enumerate(row) if x >= len(old) or old[x] != cell]
    if not differing:
        return ""
    first, last = differing[0], differing[-1] + 1
    while first and row[first].text == "":
        first -= 1
    while last < len(row) and row[last].text == "":
        last += 1
    text = f"\x1b[{y + 1};{first + 1}H"
    for look, cells in groupby(row[first:last], lambda cell: cell.look):
        text += _sgr(look) + "".join(cell.text for cell in cells)
    return text


def _sgr(look: Look) -> str:
    flags = {1: look.bold, 3: look.italic, 4: look.underline, 9: look.strike}
    on = "".join(f";{number}" for number, wanted in flags.items() if wanted)
    return f"\x1b[0{on};38;2;{_parts(look.ink)};48;2;{_parts(look.ground)}m"


def _parts(color: int) -> str:
    return f"{color >> 16 & 255};{color >> 8 & 255};{color & 255}"
