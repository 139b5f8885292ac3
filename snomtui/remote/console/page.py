"""The status page: tables that people read, forms that change what the front end does. No script is needed for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.responses import Response

from snomtui.office.faults import Fault
from snomtui.office.journal import Entry
from snomtui.office.orders import ENDS
from snomtui.office.policy import KNOBS, Value
from snomtui.remote.console.doors import OfficeDoors
from snomtui.remote.console.shown import Wanted
from snomtui.remote.paper import Paper

MOST_ROWS = 300
"""So many rows of a table are shown."""
KINDS = ("note", "in", "out", "ntlm", "REGISTER", "SUBSCRIBE", "SERVICE", "NOTIFY", "INVITE", "MESSAGE")
"""What the journal can be cut down to with one choice."""


class Page:
    """Draws the one page."""

    def __init__(self, doors: OfficeDoors, clock: Callable[[], float]) -> None:
        self._doors, self._clock = doors, clock
        self._paper = Paper(
            "snomtui.remote.console", {"moment": moment, "time": time, "span": span, "some": some, "word": word}
        )

    def shown(self, wanted: Wanted, status: int, error: str = "") -> Response:
        """The page as it is now; `error` says why an order was refused."""
        now = self._doors.status()
        total = sum(each.count for each in now.versions)
        return self._paper.page(
            "office.html",
            status,
            error=error,
            now=self._clock(),
            office=now,
            server=now.server,
            total=total,
            most=MOST_ROWS,
            knobs=KNOBS.values(),
            faults=tuple(Fault),
            ends=ENDS,
            wanted=wanted,
            kinds=KINDS,
            entries=self._entries(wanted),
        )

    def _entries(self, wanted: Wanted) -> list[Entry]:
        """The newest first, as far as they are wanted."""
        found: list[Entry] = []
        for entry in reversed(tuple(self._doors.journal)):
            if wanted.takes(entry):
                found.append(entry)
            if len(found) == MOST_ROWS:
                break
        return found


def moment(at: float) -> str:
    """Day and time of this machine."""
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M:%S")


def time(at: float) -> str:
    """Time of day with thousandths."""
    return datetime.fromtimestamp(at).strftime("%H:%M:%S.%f")[:-3]


def span(seconds: float) -> str:
    """A length of time in words."""
    whole = max(0, int(seconds))
    if whole < 120:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 7200 else f"{whole // 3600} h {whole % 3600 // 60} min"


def some(number: int, thing: str) -> str:
    """A number of things in words."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def word(value: Value) -> str:
    """A policy's value as it is written in a form."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)
