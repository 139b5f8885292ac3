"""Names with deadlines. Nobody waits, somebody asks.

A heap with lazy deletion: every operation costs at most the logarithm of the number of timers.
"""

from __future__ import annotations

from collections.abc import Hashable
from heapq import heapify, heappop, heappush


class Timers:
    """A set of named deadlines; starting a name again moves it."""

    def __init__(self) -> None:
        self._deadlines: dict[Hashable, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, Hashable]] = []
        self._count = 0

    def start(self, name: Hashable, at: float) -> None:
        """Set or move the timer `name` to the moment `at` (seconds since 1970)."""
        self._count += 1
        self._deadlines[name] = (at, self._count)
        heappush(self._heap, (at, self._count, name))
        if len(self._heap) > 64 and len(self._heap) > 4 * len(self._deadlines):
            self._sweep()

    def stop(self, name: Hashable) -> None:
        """Forget the timer; a name that is not there is fine."""
        self._deadlines.pop(name, None)

    def deadline(self, name: Hashable) -> float | None:
        """When the timer is due, or None if it is not running."""
        entry = self._deadlines.get(name)
        return entry[0] if entry else None

    def next(self) -> float | None:
        """The earliest deadline, or None."""
        while self._heap:
            at, count, name = self._heap[0]
            if self._deadlines.get(name) == (at, count):
                return at
            heappop(self._heap)
        return None

    def pop(self, now: float) -> Hashable | None:
        """Take one timer that is due out of the set and return its name; the earliest first.

        Asked again and again until it says None, so that a handler may stop a timer that was due as well.
        """
        at = self.next()
        if at is None or at > now:
            return None
        name = heappop(self._heap)[2]
        del self._deadlines[name]
        return name

    def __len__(self) -> int:
        return len(self._deadlines)

    def _sweep(self) -> None:
        self._heap = [(at, count, name) for name, (at, count) in self._deadlines.items()]
        heapify(self._heap)
