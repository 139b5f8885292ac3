"""What a stream sends: silence, a tone, a clip, or what it heard. Every source is asked for octets of its codec."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Protocol

from snomtui.errors import LocalError
from snomtui.media import tones
from snomtui.media.g711 import SILENCE, encode, encoded
from snomtui.media.mixing import Reserve

Clip = Callable[[str], bytes]
"""Gives the samples (8000 Hz, 16 bits, mono) of the WAV file of this name; raises `LocalError` if it cannot."""

_LONGEST_FRAME = 800
"""Octets of the 100 ms that a plan may ask for at most."""


class Source(Protocol):
    """Something that can be sent."""

    def frame(self, samples: int) -> bytes | None:
        """The next `samples` octets, or None to send nothing now."""


class Nothing:
    """Sends no audio at all; digits still go out."""

    def frame(self, samples: int) -> bytes | None:
        """Nothing."""
        return None


class Loop:
    """Plays a table of octets (at least one) round and round."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets * ceil(_LONGEST_FRAME / len(octets)) if len(octets) < _LONGEST_FRAME else octets
        self._at = 0

    def frame(self, samples: int) -> bytes | None:
        """The next piece; at the end it begins again without a gap."""
        piece = self._octets[self._at : self._at + samples]
        self._at += samples
        if len(piece) < samples:
            self._at = samples - len(piece)
            piece += self._octets[: self._at]
        return piece


class Echo:
    """Sends back what was heard."""

    def __init__(self, codec: str) -> None:
        self._codec = codec
        self._voice = Reserve()

    def put(self, pcm: bytes) -> None:
        """Samples that were heard."""
        self._voice.put(pcm)

    def frame(self, samples: int) -> bytes | None:
        """The oldest samples; silence until enough are there."""
        piece = self._voice.take(samples)
        return SILENCE[self._codec] * samples if piece is None else encode(piece, self._codec)


def source(name: str, codec: str, clip: Clip) -> Source:
    """The source called `name`: silence, none, echo, tone, tone:NAME (see `tones.TONES`) or wav:FILE.

    Raises `LocalError` for any other name and for a file that cannot be played.
    """
    kind, _, rest = name.partition(":")
    if kind == "wav" and rest:
        return Loop(encoded(clip(rest), codec))
    if kind == "tone":
        return Loop(encoded(tones.pcm(rest or "test"), codec))
    if name == "echo":
        return Echo(codec)
    if name == "silence":
        return Loop(SILENCE[codec])
    if name == "none":
        return Nothing()
    raise LocalError(f"media source {name}: wanted is silence, none, tone, wav:FILE or echo")
