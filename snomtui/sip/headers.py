"""The headers of a message: raw text, in order, unknown ones included (RFC 3261 7.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from snomtui.errors import LocalError
from snomtui.sip.grammar import split_list

COMPACT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "d": "request-disposition",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "j": "reject-contact",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "n": "identity-info",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
    "y": "identity",
}
"""Compact forms (RFC 3261 7.3.3 and the IANA registry) and what they stand for."""

Item = tuple[str, str]
"""Name as written and value without the blanks around it."""


@dataclass(frozen=True, slots=True)
class Headers:
    """Headers as raw text; lookups ignore case and know the compact forms both ways."""

    items: tuple[Item, ...] = ()
    _places: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, *pairs: Item) -> Headers:
        """Make headers from name and value pairs; a line end in one is a `LocalError`."""
        for name, value in pairs:
            _check(name, value)
        return cls(pairs)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and key(name) in self._index()

    def _index(self) -> dict[str, list[str]]:
        places = self._places
        if not places and self.items:
            for name, value in self.items:
                places.setdefault(key(name), []).append(value)
        return places

    def get(self, name: str) -> str | None:
        """The first value of that name, or None."""
        found = self._index().get(key(name))
        return found[0] if found else None

    def all(self, name: str) -> tuple[str, ...]:
        """The values of all lines of that name, one for each line."""
        return tuple(self._index().get(key(name), ()))

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a list header: all lines, split at commas outside of quotes and angle brackets."""
        lines = self._index().get(key(name), ())
        return tuple(value for line in lines for value in split_list(line))

    def with_(self, name: str, value: str) -> Headers:
        """Replace all lines of that name by one, at the first's place; else append it."""
        _check(name, value)
        wanted = key(name)
        kept: list[Item] = []
        placed = False
        for item in self.items:
            if key(item[0]) != wanted:
                kept.append(item)
            elif not placed:
                kept.append((item[0], value))
                placed = True
        return Headers(tuple(kept if placed else [*kept, (name, value)]))

    def adding(self, name: str, value: str) -> Headers:
        """Append a line."""
        _check(name, value)
        return Headers((*self.items, (name, value)))

    def first(self, name: str, value: str) -> Headers:
        """Put a line before the first of that name, else on top of all."""
        _check(name, value)
        wanted = key(name)
        place = next((at for at, item in enumerate(self.items) if key(item[0]) == wanted), 0)
        return Headers((*self.items[:place], (name, value), *self.items[place:]))

    def without(self, name: str) -> Headers:
        """Leave out all lines of that name."""
        wanted = key(name)
        return Headers(tuple(item for item in self.items if key(item[0]) != wanted))


def key(name: str) -> str:
    """The name under which a header is found: the long form in lower case."""
    lower = name.lower()
    return COMPACT.get(lower, lower) if len(lower) == 1 else lower


def _check(name: str, value: str) -> None:
    """What we send must never end a line early; a dialled number could try."""
    if any(sign in value or sign in name for sign in "\r\n\0"):
        raise LocalError(f"header {name!r} would break the line")
