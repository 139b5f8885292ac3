"""The call lists: missed, received, dialled."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from math import isfinite

LENGTH = 100
"""How many entries each list holds; the oldest falls out."""

LISTS = ("missed", "received", "dialed")


@dataclass(frozen=True, slots=True)
class Record:
    """One call that is over."""

    which: str
    """`missed`, `received` or `dialed`."""
    name: str
    number: str
    """What a press on it dials: a number or `sip:...`."""
    at: float
    """When it began, seconds since 1970."""
    identity: int = 1
    seconds: int = 0
    """How long it was talked."""

    @property
    def id(self) -> str:
        """What a page names it by."""
        return f"{self.at:.3f}/{self.number}"

    def text(self) -> str:
        """One line of JSON, for `Keep`."""
        return json.dumps(asdict(self))

    @classmethod
    def parse(cls, text: str) -> Record | None:
        """Read what `text` wrote; None if it is something else."""
        try:
            record = cls(**json.loads(text))
        except (ValueError, TypeError):
            return None
        return record if record.sound else None

    @property
    def sound(self) -> bool:
        """Whether every value is of its kind; a file may say anything."""
        texts = all(isinstance(each, str) for each in (self.which, self.name, self.number))
        numbers = all(
            isinstance(each, int | float) and isfinite(each) for each in (self.at, self.identity, self.seconds)
        )
        whole = texts and not any("\ud800" <= each <= "\udfff" for each in self.name + self.number)
        return whole and numbers and self.which in LISTS


class History:
    """The three lists, newest first."""

    def __init__(self, records: tuple[Record, ...] = ()) -> None:
        self._lists: dict[str, list[Record]] = {which: [] for which in LISTS}
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        """Put a call on top of its list."""
        entries = self._lists.setdefault(record.which, [])
        entries.insert(0, record)
        del entries[LENGTH:]

    def clear(self, which: str) -> None:
        """Empty one list."""
        self._lists[which] = []

    def find(self, which: str, id: str) -> Record | None:
        """The call with this id."""
        return next((each for each in self._lists.get(which, ()) if each.id == id), None)

    def forget(self, record: Record) -> None:
        """Take one call out of its list."""
        self._lists[record.which].remove(record)

    def list(self, which: str) -> list[Record]:
        """One list, newest first."""
        return self._lists[which]
