"""What happened, kept in order, and waited for with a deadline: from a thread that is not the phone's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

Object = dict[str, Any]
LAST = 15
"""So many events are shown when something did not happen."""


class NotSeen(AssertionError):
    """What was waited for did not happen in time; the text tells what did."""


def fits(event: Mapping[str, Any], wanted: Mapping[str, object]) -> bool:
    """Whether an event has these fields.

    A wanted text may hold `*` for anything, and looks at no case; a wanted function says yes or no to the value.
    """
    return all(_same(event.get(name), value) for name, value in wanted.items())


def _same(value: Any, wanted: object) -> bool:
    if callable(wanted):
        return bool(wanted(value))
    if isinstance(wanted, str) and isinstance(value, list):
        return any(_same(each, wanted) for each in value)
    if isinstance(wanted, str):
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        plain = wanted.replace("[", "[[]").replace("?", "[?]")  # a star is the only sign that means something
        return fnmatchcase(text.lower(), plain.lower())
    return bool(value == wanted)


class Happenings:
    """The events of one phone."""

    def __init__(self) -> None:
        self._all: list[Object] = []
        self._taken: set[int] = set()
        """Which events, by their place, have been waited for already."""
        self._news = threading.Condition()
        self.over = ""
        """Why no more will come; empty = they still do."""

    def add(self, event: Object) -> None:
        """Take one event, from any thread."""
        with self._news:
            self._all.append(event)
            self._news.notify_all()

    def end(self, why: str) -> None:
        """No more will come: whoever waits is told at once."""
        with self._news:
            self.over = self.over or why
            self._news.notify_all()

    def __len__(self) -> int:
        return len(self._all)

    def all(self, since: int = 0) -> list[Object]:
        """All events so far, or those from a place on."""
        with self._news:
            return self._all[since:]

    def wait(self, name: str, timeout: float, fields: Mapping[str, object], since: int = 0) -> Object:
        """The first event of this name with these fields that nobody has waited for yet; raises `NotSeen`."""
        found: list[Object] = []

        def seen() -> bool:
            for place, event in enumerate(self._all[since:], since):
                if place not in self._taken and event["event"] == name and fits(event, fields):
                    self._taken.add(place)
                    found.append(event)
                    return True
            return False

        if not self.until(seen, timeout):
            raise NotSeen(self._missing(name, fields, timeout))
        return found[0]

    def until(self, true: Callable[[], bool], timeout: float) -> bool:
        """Ask after each event, until it is true or the time is over; whether it is."""
        end = time.monotonic() + timeout
        with self._news:
            while not true():
                left = end - time.monotonic()
                if left <= 0 or self.over:
                    return False
                self._news.wait(left)
            return True

    def _missing(self, name: str, fields: Mapping[str, object], timeout: float) -> str:
        wanted = " ".join([name, *(f"{field}={value!r}" for field, value in fields.items())])
        why = self.over or f"not within {timeout:g} s"
        return f"{why}: {wanted}\nseen:\n{told(self._all)}"


def told(events: list[Object], most: int = LAST) -> str:
    """The last events, one a line, without what differs each time."""
    lines = ["  " + in_words(event) for event in events]
    return "\n".join([f"  ({len(lines) - most} before)"] * (len(lines) > most) + lines[-most:]) or "  nothing"


def in_words(event: Mapping[str, Any]) -> str:
    """One event in a line."""
    passed = ("at", "event", "id")
    values = (
        f"{name}={value}" for name, value in event.items() if name not in passed and value not in (None, "", [], {})
    )
    return " ".join([str(event.get("event")), *values])[:300]
