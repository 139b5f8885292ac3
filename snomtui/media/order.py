"""Puts received frames back into the order in which they were spoken, with silence for what is missing."""

from __future__ import annotations

from snomtui.media.g711 import RATE
from snomtui.media.rtp import ahead

_PATIENCE = 3
"""So many later frames are waited for before a missing one counts as lost."""
_LONGEST_GAP = 2 * RATE
"""A longer pause (hold, silence suppression) is kept as two seconds."""


class Order:
    """Takes frames as they come, gives them back as they belong; in order means at once."""

    def __init__(self) -> None:
        self._expected: int | None = None
        """The timestamp of the next sample."""
        self._held: dict[int, bytes] = {}

    def put(self, timestamp: int, pcm: bytes) -> list[bytes]:
        """Take one frame of samples and give all that can be played now; late repetitions vanish."""
        if self._expected is None:
            self._expected = timestamp
        distance = ahead(timestamp, self._expected)
        if distance < 0:
            if distance > -RATE:
                return []
            self._expected = timestamp  # the other side began a new clock
        self._held[timestamp] = pcm
        ready = self._ready()
        if len(self._held) > _PATIENCE:
            ready += self._leap()
        return ready

    def flush(self) -> list[bytes]:
        """Give what is still held, at the end."""
        ready: list[bytes] = []
        while self._held:
            ready += self._leap()
        return ready

    def restart(self) -> None:
        """Forget the clock of the other side: another one follows."""
        self._expected = None
        self._held.clear()

    def _ready(self) -> list[bytes]:
        ready: list[bytes] = []
        while self._expected is not None and self._expected in self._held:
            pcm = self._held.pop(self._expected)
            self._expected = (self._expected + len(pcm) // 2) & 0xFFFFFFFF
            ready.append(pcm)
        return ready

    def _leap(self) -> list[bytes]:
        """Give up the missing samples: silence instead, then what follows."""
        start = self._expected or 0
        nearest = min(self._held, key=lambda timestamp: ahead(timestamp, start))
        gap = ahead(nearest, start)
        self._expected = nearest
        return [bytes(2 * min(max(gap, 0), _LONGEST_GAP)), *self._ready()]
