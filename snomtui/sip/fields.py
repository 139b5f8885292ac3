"""What can be asked of any message: its headers as values, read on demand and remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from snomtui.errors import MalformedMessage
from snomtui.sip.address import Address
from snomtui.sip.headers import Headers
from snomtui.sip.via import Via

Value = TypeVar("Value")
_CSEQ = re.compile(r"([0-9]{1,10})\s+(\S+)")
_EXPIRES = re.compile(r"[0-9]+")
_LONGEST = 2**32 - 1
_HOPS = ("Via", "Route", "Record-Route")
MOST_HOPS = 100
"""Values of Via, Route or Record-Route; a request has 70 hops to go (RFC 3261 8.1.1.6)."""


@dataclass(frozen=True, slots=True)
class CSeq:
    """Number and method (RFC 3261 20.16)."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> CSeq:
        """Read `314159 INVITE`; raises `MalformedMessage`."""
        found = _CSEQ.fullmatch(text.strip())
        if not found or int(found[1]) > _LONGEST:
            raise MalformedMessage(f"not a CSeq: {text[:40]!r}")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


class Fields:
    """The readers that requests and responses share. Each raises `MalformedMessage` when the header is bad."""

    __slots__ = ()

    headers: Headers
    body: bytes
    _memory: dict[str, Any]
    """Values that were read, by name. What most messages are asked for is looked up without a detour."""

    def _remember(self, name: str, make: Callable[[], Value]) -> Value:
        """Read once; the message never changes, so the value does not either."""
        if name not in self._memory:
            self._memory[name] = make()
        return cast(Value, self._memory[name])

    def _needed(self, name: str) -> str:
        value = self.headers.get(name)
        if value is None:
            raise MalformedMessage(f"no {name} header")
        return value

    @property
    def call_id(self) -> str:
        """The Call-ID."""
        found: str | None = self._memory.get("call-id")
        if found is None:
            found = self._memory["call-id"] = self._needed("Call-ID")
        return found

    @property
    def cseq(self) -> CSeq:
        """The CSeq."""
        found: CSeq | None = self._memory.get("cseq")
        if found is None:
            found = self._memory["cseq"] = CSeq.parse(self._needed("CSeq"))
        return found

    @property
    def from_(self) -> Address:
        """The From address."""
        found: Address | None = self._memory.get("from")
        if found is None:
            found = self._memory["from"] = Address.parse(self._needed("From"))
        return found

    @property
    def to(self) -> Address:
        """The To address."""
        found: Address | None = self._memory.get("to")
        if found is None:
            found = self._memory["to"] = Address.parse(self._needed("To"))
        return found

    @property
    def vias(self) -> tuple[Via, ...]:
        """All Via values, the last hop first."""
        return self._remember("vias", lambda: tuple(map(Via.parse, self.headers.values("Via"))))

    @property
    def via(self) -> Via:
        """The top Via."""
        found: Via | None = self._memory.get("via")
        if found is None:
            found = self._memory["via"] = self._top_via()
        return found

    def _top_via(self) -> Via:
        first = self.headers.get("Via")
        if first and "," not in first:
            return Via.parse(first)
        values = self.headers.values("Via")
        if not values:
            raise MalformedMessage("no Via header")
        return Via.parse(values[0])

    def _addresses(self, name: str) -> tuple[Address, ...]:
        return self._remember(name, lambda: tuple(map(Address.parse, self.headers.values(name))))

    @property
    def contacts(self) -> tuple[Address, ...]:
        """The Contact addresses; none for `Contact: *`, see `contact_star`."""
        return () if self.contact_star else self._addresses("Contact")

    @property
    def contact_star(self) -> bool:
        """Whether the Contact is `*`, which removes all registrations (RFC 3261 10.2.2)."""
        return self.headers.values("Contact") == ("*",)

    @property
    def routes(self) -> tuple[Address, ...]:
        """The Route addresses in their order."""
        return self._addresses("Route")

    @property
    def expires(self) -> int | None:
        """The Expires header in seconds; None if there is none or it is no number."""
        text = self.headers.get("Expires")
        found = _EXPIRES.match(text) if text else None
        return min(int(found.group()[:12]), _LONGEST) if found else None

    @property
    def content_type(self) -> str:
        """The media type in lower case and without parameters, "" if there is none."""
        return (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()

    def check(self) -> None:
        """Read the headers that every message needs (RFC 3261 8.1.1); raises `MalformedMessage` if one is bad."""
        if not self.call_id:
            raise MalformedMessage("empty Call-ID")
        self.via, self.cseq, self.from_, self.to  # noqa: B018  reading is the check
        for name in _HOPS:
            lines = self.headers.all(name)
            if lines and len(lines) + sum(line.count(",") for line in lines) > MOST_HOPS:
                self._count_hops(name)

    def _count_hops(self, name: str) -> None:
        """Refuse a path that no Max-Forwards allows, now that commas inside of quotes must not count."""
        if len(self.headers.values(name)) > MOST_HOPS:
            raise MalformedMessage(f"more than {MOST_HOPS} values of {name}")
