"""One table of a TOML file, read key by key, with complaints that name file, entry and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from snomtui.errors import MalformedMessage, PeopleError
from snomtui.ocs.routing import LONGEST_WAIT

Value = TypeVar("Value")
MOST_LISTS = 60
"""A contact list has 63 groups at most."""


class Table:
    """One table of the file, and which of its keys nobody has asked for yet."""

    def __init__(self, values: Mapping[str, object], where: str, source: str = "") -> None:
        """`source` is the text of the file, which tells the lines on which its entries begin."""
        self.where = where
        self._left = dict(values)
        self._source = source
        self._known: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self._take(key, default)
        if value is None:
            raise PeopleError(f"{self.where}: {key} is missing")
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise PeopleError(f"{self.where}: {key}: a text in quotes is wanted")
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in value):
            raise PeopleError(f"{self.where}: {key}: one line of text is wanted")
        return value

    def checked(self, key: str, read: Callable[[str], Value], default: str | None = None) -> Value:
        """A text that `read` understands."""
        return self._read(key, self.text(key, default), read)

    def many(self, key: str, read: Callable[[str], Value]) -> tuple[Value, ...]:
        """A list of texts that `read` understands; may be missing."""
        return self._texts(key, self._take(key, []), read)

    def lists(self, key: str, read: Callable[[str], Value]) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """A table of names with lists of texts that `read` understands; may be missing."""
        value = self._take(key, {})
        if not isinstance(value, dict) or len(value) > MOST_LISTS:
            raise PeopleError(f"{self.where}: {key}: a table of at most {MOST_LISTS} names with lists is wanted")
        for name in value:
            if not name.strip() or name == "~" or not name.isprintable():
                raise PeopleError(f"{self.where}: {key}: {name!r} is no name for a group")
        return tuple((name, self._texts(f"{key}: {name}", each, read)) for name, each in value.items())

    def seconds(self, key: str, default: float) -> float:
        """A number of seconds above zero; may be missing."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST_WAIT:
            raise PeopleError(f"{self.where}: {key}: a number of seconds from 1 to {LONGEST_WAIT} is wanted")
        return float(value)

    def tables(self, key: str) -> list[Table]:
        """The tables of an array of tables."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise PeopleError(f"{self.where}: {key}: wanted is [[{key}]]")
        begins = re.compile(rf"^[ \t]*\[\[[ \t]*{key}[ \t]*\]\]", re.MULTILINE)
        lines = [self._source.count("\n", 0, each.start()) + 1 for each in begins.finditer(self._source)]
        # Where the count is another one, some are written in another form, and no line is better than a wrong one.
        places = [f":{line}" for line in lines] if len(lines) == len(value) else [""] * len(value)
        return [
            Table(each, f"{self.where}{place}: {key} {at}")
            for at, (each, place) in enumerate(zip(value, places, strict=True), start=1)
        ]

    def done(self) -> None:
        """Complain about keys that nobody knows."""
        for key in self._left:
            raise PeopleError(f"{self.where}: {key} is not known; there are {' '.join(self._known)}")

    def _take(self, key: str, default: object) -> object:
        self._known.append(key)
        return self._left.pop(key, default)

    def _texts(self, key: str, value: object, read: Callable[[str], Value]) -> tuple[Value, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise PeopleError(f"{self.where}: {key}: a list of texts is wanted")
        return tuple(self._read(key, each, read) for each in value)

    def _read(self, key: str, text: str, read: Callable[[str], Value]) -> Value:
        try:
            return read(text)
        except (ValueError, MalformedMessage) as error:
            raise PeopleError(f"{self.where}: {key}: {text!r}: {error}") from None
