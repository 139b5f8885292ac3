"""Values of a skin file, checked one by one: what is wrong is noted with file and line, and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar
from unicodedata import category, combining, east_asian_width

from snomtui.skin.lines import origin
from snomtui.skin.values import Place, Sheet

Table = dict[str, Any]
T = TypeVar("T")
WIDEST, HIGHEST = 500, 200
"""Columns and rows of the largest face; no terminal has more."""
TYPES = {"str": "a text in quotes", "bool": "true or false", "dict": "a table", "list": "a list in brackets"}
"""Python's names of types, as a person says them."""


def hint(word: str, words: Iterable[str]) -> str:
    """The known word that was perhaps meant, as the end of a sentence; empty if none is near."""
    known = {one.casefold(): one for one in words}
    near = get_close_matches(word.casefold(), list(known), 1)
    return f", did you mean {known[near[0]]!r}?" if near else ""


def shown(value: object) -> str:
    """A value as it stands in TOML, as far as one line can tell."""
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, date) else repr(value)


def is_wide(text: str) -> bool:
    """Whether a character of the text takes two cells, or none."""
    return any(east_asian_width(one) in "WF" or combining(one) or category(one) in ("Mn", "Me", "Cf") for one in text)


class Checked:
    """The tables of one skin, already laid over those of its bases."""

    def __init__(self, files: tuple[Sheet, ...], raw: Table) -> None:
        """`files` are those that `raw` was read from, the lowest first."""
        self.files, self.raw = files, raw
        self._told: list[tuple[int, int, str]] = []
        self.faulty = set[str]()
        """The keys about which something was said."""

    def say(self, where: str, what: str) -> None:
        """Note one mistake with the file and line that it comes from."""
        self.faulty.add(where)
        path, line = origin(self.files, where)
        self._told.append((-self.rank(where), line, f"{path}:{line}: {where}: {what}"))

    @property
    def wrong(self) -> list[str]:
        """All mistakes as they stand in the files, the skin's own file first."""
        return [text for _, _, text in sorted(self._told, key=lambda told: told[:2])]

    def rank(self, where: str) -> int:
        """How far up the file lies that has the last word on a key; 0 is the lowest base."""
        path, _ = origin(self.files, where)
        return [one.path for one in self.files].index(path)

    def known(self, where: str, table: Table, names: Iterable[str]) -> None:
        """Complain about keys that nobody reads."""
        names = tuple(names)
        for key in table:
            if key not in names:
                what = f"unknown key{hint(key, names) or '; known: ' + ', '.join(names)}"
                self.say(f"{where}.{key}".lstrip("."), what)

    def tables(self, part: str) -> list[tuple[str, Table]]:
        """The tables inside one table."""
        outer = self.table(self.raw, part)
        return [(key, self.table(outer, key, part)) for key in outer]

    def table(self, outer: Table, key: str, where: str = "") -> Table:
        """One table; an empty one if it is something else."""
        return self.value(outer, f"{where}." if where else "", key, dict, dict[str, Any])

    def value(self, table: Table, where: str, key: str, kind: type[T], default: T | Callable[[], T]) -> T:
        """One value of the right type, else the default."""
        value = table.get(key)
        if isinstance(value, kind) and (not isinstance(value, str) or value.isprintable()):
            return value
        if isinstance(value, str) and kind is str:
            self.say(f"{where}{key}", f"characters that can be printed are expected, not {value!r}")
        elif value is not None:
            self.say(f"{where}{key}", f"{TYPES.get(kind.__name__, kind.__name__)} is expected, not {shown(value)}")
        return default() if callable(default) else default

    def narrow(self, table: Table, where: str, key: str, default: str) -> str:
        """A text that takes as many cells as it has characters."""
        text = self.value(table, where, key, str, default)
        if is_wide(text):
            self.say(f"{where}{key}", f"characters of one cell are expected, not {text!r}")
            return default
        return text

    def number(self, table: Table, where: str, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number between two limits; it may be missing only if there is a default."""
        value = table.get(key, default)
        if type(value) is int and low <= value <= high:
            return value
        told = "not given" if value is None else f"not {shown(value)}"
        self.say(where, f"a whole number from {low} to {high} is expected, {told}")
        return low

    def words(self, part: str, table: Table, default: Mapping[str, str]) -> dict[str, str]:
        """A table of texts, completed from the defaults."""
        self.known(part, table, default)
        return {key: self.value(table, f"{part}.", key, str, value) for key, value in default.items()}

    def size(self, value: object, where: str) -> Place:
        """Two whole numbers; the largest face there can be, if they are wrong: nothing else is to blame then."""
        whole = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
        if isinstance(value, list) and whole and 1 <= value[0] <= WIDEST and 1 <= value[1] <= HIGHEST:
            return Place(0, 0, *value)
        told = ", which is not given" if value is None else f", not {shown(value)}"
        limits = f", 1 x 1 at least and {WIDEST} x {HIGHEST} at most," if whole else ""
        self.say(where, f"[width, height] in character cells{limits} is expected{told}")
        return Place(0, 0, WIDEST, HIGHEST)

    def place(self, value: object, where: str, inside: Place, least: int = 1) -> Place:
        """Four whole numbers that lie inside the face; `least` is the smallest width that can be drawn."""
        if not isinstance(value, list) or len(value) != 4 or not all(type(one) is int for one in value):
            told = ", which is not given" if value is None else f", not {shown(value)}"
            self.say(where, f"[x, y, width, height] in character cells is expected{told}")
            return Place(0, 0, 1, 1)
        place = Place(*value)
        if min(place.x, place.y) < 0 or min(place.width, place.height) < 1:
            self.say(where, f"x and y start at 0, width and height at 1: {value}")
        elif place.x + place.width > inside.width or place.y + place.height > inside.height:
            self.say(where, f"{value} reaches out of the face, which is {inside.width} x {inside.height}")
        elif place.width < least:
            self.say(where, f"a width of {least} cells at least is expected, not {place.width}")
        else:
            return place
        return Place(0, 0, 1, 1)
