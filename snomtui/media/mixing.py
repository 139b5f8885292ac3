"""Voices on their way out again: what was heard is saved for a moment, and several voices become one."""

from __future__ import annotations

from collections.abc import Hashable

from snomtui.media.g711 import decode, encode, mixed

START = 320
"""Samples that are saved before a voice is passed on: two frames hide the jitter of a good network."""
MOST = 3200
"""Older samples than these 400 ms are dropped, so a voice never lags more."""
_WIDTH = 2
"""Octets of a sample."""


class Reserve:
    """Samples of one voice, saved until enough are there to go on without gaps."""

    def __init__(self) -> None:
        self._saved = bytearray()
        self._starved = True

    def put(self, pcm: bytes) -> None:
        """Samples (16 bits, mono) that were heard."""
        self._saved += pcm
        del self._saved[: -MOST * _WIDTH]

    def take(self, samples: int) -> bytes | None:
        """The oldest samples; None until enough are there."""
        wanted = max(samples, START) if self._starved else samples
        self._starved = len(self._saved) < wanted * _WIDTH
        if self._starved:
            return None
        piece = bytes(self._saved[: samples * _WIDTH])
        del self._saved[: samples * _WIDTH]
        return piece


class Mixer:
    """Adds the voices of others to what one of a conference would hear anyway."""

    def __init__(self) -> None:
        self._voices: dict[Hashable, Reserve] = {}

    def put(self, who: Hashable, pcm: bytes) -> None:
        """Samples that `who` has said."""
        self._voices.setdefault(who, Reserve()).put(pcm)

    def forget(self) -> None:
        """Nobody is in the conference any more."""
        self._voices.clear()

    def add(self, octets: bytes | None, samples: int, codec: str) -> bytes | None:
        """One frame with all voices in it; as it was while nobody speaks."""
        said = [piece for voice in self._voices.values() if (piece := voice.take(samples)) is not None]
        if not said:
            return octets
        own = [decode(octets, codec)] if octets is not None else []
        return encode(mixed(own + said), codec)
