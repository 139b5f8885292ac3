"""The one clock of a program."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970 that never step back: the wall time at start plus a monotonic clock."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """The moment, seconds since 1970."""
        return self._offset + time.monotonic()


def utc_offset() -> int:
    """Seconds that local time is ahead of UTC on this machine, now."""
    return time.localtime().tm_gmtoff
