"""The replay window of [MS-SIPAE] 3.1.1: which message numbers of the other side were seen already."""

from __future__ import annotations

WIDTH = 256


class Window:
    """Remembers the last 256 numbers; older ones count as seen."""

    __slots__ = ("_highest", "_seen")

    def __init__(self) -> None:
        self._highest = 0
        self._seen = 0  # bit n stands for the number `_highest - n`

    def is_new(self, number: int) -> bool:
        """Whether a message with this number may still come; changes nothing."""
        age = self._highest - number
        if number < 1 or age >= WIDTH:
            return False
        return age < 0 or not self._seen >> age & 1

    def take(self, number: int) -> None:
        """Remember a number, once its signature was found right."""
        age = self._highest - number
        if age < 0:
            # A shift by more than the width would only make a giant number before it is cut.
            self._seen = (self._seen << min(-age, WIDTH)) & ((1 << WIDTH) - 1)
            self._highest, age = number, 0
        self._seen |= 1 << age
