"""The headers of a message: raw text, in order, unknown ones included (RFC 3261 7.3)."""

from __future__ import annotations

from collections.abc import Iterator

from snomtui.errors import LocalError
from snomtui.sip.grammar import breaks_line, split_list

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

_USUAL = (
    "Via",
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Max-Forwards",
    "Contact",
    "Route",
    "Record-Route",
    "Content-Type",
    "Content-Length",
    "Expires",
    "Event",
    "Allow",
    "Supported",
    "Require",
    "User-Agent",
    "Server",
    "Authorization",
    "Proxy-Authorization",
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "Authentication-Info",
    "Proxy-Authentication-Info",
    "Date",
    "Subscription-State",
    "Accept",
    "Allow-Events",
    "Session-Expires",
    "Min-SE",
)
_KEYS = {name: name.lower() for name in _USUAL} | {name.lower(): name.lower() for name in _USUAL} | COMPACT
"""The usual spellings, so that they need no second thought. It never grows: what the wire brings is not kept."""

Item = tuple[str, str]
"""Name as written and value without the blanks around it."""


class Headers:
    """Headers as raw text, never changed; lookups ignore case and know the compact forms both ways.

    Those of a message from the wire are cut into names and values when somebody asks for the first one.
    """

    __slots__ = ("_items", "_lines", "_places")

    def __init__(self, items: tuple[Item, ...] = ()) -> None:
        self._items: tuple[Item, ...] | None = items
        self._lines = b""
        self._places: dict[str, list[str]] | None = None

    @classmethod
    def of(cls, *pairs: Item) -> Headers:
        """Make headers from name and value pairs; a line end in one is a `LocalError`."""
        for name, value in pairs:
            _check(name, value)
        return cls(pairs)

    @classmethod
    def plain(cls, lines: bytes) -> Headers:
        """Take header lines as `head.PLAIN_REQUEST` found them: each behind CR LF, none folded."""
        made = cls()
        made._items, made._lines = None, lines
        return made

    @property
    def items(self) -> tuple[Item, ...]:
        """Names and values in their order."""
        if self._items is None:
            self._items, self._lines = _cut(self._lines), b""
        return self._items

    def __eq__(self, other: object) -> bool:
        return self.items == other.items if isinstance(other, Headers) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.items)

    def __repr__(self) -> str:
        return f"Headers(items={self.items!r})"

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and key(name) in self._index()

    def _index(self) -> dict[str, list[str]]:
        places = self._places
        if places is None:
            places = self._places = {}
            for name, value in self.items:
                wanted = _KEYS.get(name) or key(name)
                if wanted in places:
                    places[wanted].append(value)
                else:
                    places[wanted] = [value]
        return places

    def get(self, name: str) -> str | None:
        """The first value of that name, or None."""
        places = self._places  # every message is asked some ten times, so no detour is made here
        found = (self._index() if places is None else places).get(_KEYS.get(name) or key(name))
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
    known = _KEYS.get(name)
    if known is not None:
        return known
    lower = name.lower()
    return COMPACT.get(lower, lower) if len(lower) == 1 else lower


def _cut(lines: bytes) -> tuple[Item, ...]:
    """Cut plain lines into names and values; bytes that are not UTF-8 are kept as surrogates."""
    text = lines.decode("utf-8", "surrogateescape")
    pairs = [line.partition(":") for line in text[2:].split("\r\n")]
    return tuple([(name.rstrip(" \t"), value.strip()) for name, _, value in pairs])


def _check(name: str, value: str) -> None:
    """What we send must never end a line early; a dialled number could try."""
    if breaks_line(value) or breaks_line(name):
        raise LocalError(f"header {name!r} would break the line")
