"""Parameters of a URI or a header value: `;name=value;flag` (RFC 3261 7.3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from snomtui.errors import LocalError
from snomtui.sip.grammar import breaks_line, quote_if_needed, split_outside, unquote


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters in their order and spelling; names are looked up without regard to case."""

    items: tuple[tuple[str, str | None], ...] = ()
    """Name and raw value (with its quotes); None is a flag without a value."""

    @classmethod
    def parse(cls, text: str) -> Params:
        """Read `;a=b;c`; the leading semicolon may be missing. Never fails: odd pieces are kept as they are."""
        if not text:
            return NONE
        items: list[tuple[str, str | None]] = []
        for piece in split_outside(text, ";"):
            name, equals, value = piece.partition("=")
            name = name.strip()
            if name or equals:
                items.append((name, value.strip() if equals else None))
        return cls(tuple(items))

    def __str__(self) -> str:
        return "".join([f";{name}" if value is None else f";{name}={value}" for name, value in self.items])

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.raw(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str | None]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def raw(self, name: str) -> str | None:
        """The first value of that name as it was written, "" for a flag, None if it is not there."""
        wanted = name.lower()
        for own, value in self.items:
            if own.lower() == wanted:
                return value or ""
        return None

    def get(self, name: str) -> str | None:
        """The value of that name without quotes, "" for a flag, None if it is not there."""
        value = self.raw(name)
        return unquote(value) if value else value

    def with_(self, name: str, value: str | None) -> Params:
        """Set a parameter in its old place, or at the end; quoted where needed. None makes a flag."""
        return self.with_raw(name, None if value is None else quote_if_needed(value))

    def with_raw(self, name: str, raw: str | None) -> Params:
        """Set a parameter to a value that is already in its written form. A line end in it is a `LocalError`."""
        if breaks_line(name) or (raw is not None and breaks_line(raw)):
            raise LocalError(f"parameter {name!r} would break the line")
        wanted = name.lower()
        kept: list[tuple[str, str | None]] = []
        placed = False
        for own, value in self.items:
            if own.lower() != wanted:
                kept.append((own, value))
            elif not placed:
                kept.append((own, raw))
                placed = True
        return Params(tuple(kept if placed else [*kept, (name, raw)]))

    def without(self, name: str) -> Params:
        """Leave out every parameter of that name."""
        wanted = name.lower()
        return Params(tuple(item for item in self.items if item[0].lower() != wanted))


NONE = Params()
"""No parameters at all."""


def parameter_named(text: str, name: str) -> str:
    """The value of a parameter of a header value, which may be odd in every other way; "" if it is not there."""
    for piece in split_outside(text, ";")[1:]:
        own, _, value = piece.partition("=")
        if own.strip().lower() == name:
            return unquote(value.strip())
    return ""
