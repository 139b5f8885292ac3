"""Where in a TOML text each key stands: what `tomllib` reads, but does not tell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from snomtui.skin.values import Sheet

Steps = tuple[str | int, ...]
"""The way to a value: names of tables and keys, and numbers of array elements."""

_GAP = re.compile(r"(?:\s|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)[ \t]*""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'", re.DOTALL
)
_BARE = re.compile(r"[^,\]}#\n]*")


@lru_cache(maxsize=16)
def lines(text: str) -> dict[Steps, int]:
    """The line, from 1, of every table, key and array element of a text that is valid TOML."""
    scan = _Scan(text)
    scan.all()
    return scan.found


def steps(where: str) -> Steps:
    """`faces.full.panels[0].color` as the way to a value."""
    found = re.findall(r"\[(\d+)\]|([^.\[\]]+)", where)
    return tuple(int(number) if number else name for number, name in found)


def origin(files: Sequence[Sheet], where: str) -> tuple[Path, int]:
    """File and line of a key: in the topmost file that has it, or else of what is nearest above it."""
    way, known = steps(where), [(file.path, lines(file.text)) for file in reversed(files)]
    if way[:1] == ("expansion",):  # what lies below a new module is not in the skin
        newest = next((at for at, (_, found) in enumerate(known) if ("expansion", "keys") in found), len(known))
        known = known[: newest + 1]
    for length in range(len(way), 0, -1):
        for path, found in known:
            if way[:length] in found:
                return path, found[way[:length]]
    return files[-1].path, 1


class _Scan:
    """Goes through a text once; it has been read without complaint, so nothing is checked here."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Steps, int] = {}
        self._ends = [mark.start() for mark in re.finditer("\n", text)]
        self._arrays: dict[Steps, int] = {}

    def all(self) -> None:
        """Every table and every key."""
        table: Steps = ()
        while self._gap():
            before = self.at
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            if self.at == before:
                return

    def _gap(self) -> str:
        """Skip blanks and comments; the character behind them, empty at the end."""
        self._take(_GAP)
        return self.text[self.at : self.at + 1]

    def _take(self, form: re.Pattern[str]) -> str:
        found = form.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def _note(self, way: Steps) -> None:
        self.found.setdefault(way, bisect_right(self._ends, self.at - 1) + 1)

    def _keys(self, table: Steps) -> Steps:
        """A key with its dots, noted together with the tables that it makes."""
        way = table
        while (found := _KEY.match(self.text, self.at)) is not None:
            name = found[1]
            way = (*way, name[1:-1] if name[0] in "\"'" else name)
            self._note(way)
            self.at = found.end()
            if self.text[self.at : self.at + 1] != ".":
                break
            self.at += 1
            way = self._last_of(way)
        return way

    def _last_of(self, way: Steps) -> Steps:
        """Below an array of tables the last of its tables is meant."""
        return (*way, self._arrays[way]) if way in self._arrays else way

    def _header(self) -> Steps:
        many = self.text.startswith("[[", self.at)
        self.at += 1 + many
        way = self._keys(())
        if many:
            self._arrays[way] = self._arrays.get(way, -1) + 1
            way = self._last_of(way)
            self._note(way)
        self.at += 1 + many
        return way

    def _pair(self, table: Steps) -> None:
        way = self._keys(table)
        if self.text[self.at : self.at + 1] == "=":
            self.at += 1
            self._value(way)

    def _value(self, way: Steps) -> None:
        first = self._gap()
        if first == "{":
            self._inside("}", lambda _: self._pair(way))
        elif first == "[":
            self._inside("]", lambda number: self._element((*way, number)))
        elif first in ('"', "'"):
            self._take(_STRING)
        else:
            self._take(_BARE)

    def _element(self, way: Steps) -> None:
        self._note(way)
        self._value(way)

    def _inside(self, end: str, read: Callable[[int], None]) -> None:
        """The parts between two brackets, each handed to `read` with its number."""
        self.at += 1
        number = 0
        while (next_one := self._gap()) not in ("", end):
            before = self.at
            if next_one == ",":
                self.at += 1
                number += 1
            else:
                read(number)
            if self.at == before:
                return
        self.at += 1
