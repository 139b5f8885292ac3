"""G.711: 16-bit samples to octets and back, A-law and mu-law (ITU-T G.711), at 8000 samples a second."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache

from snomtui.errors import LocalError

with warnings.catch_warnings():
    # Python 3.11 and 3.12 call it deprecated; from 3.13 on the package audioop-lts takes its place.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

RATE = 8000
"""Samples a second."""
STATIC = {0: "PCMU", 8: "PCMA"}
"""Payload types that never need an rtpmap (RFC 3551 section 6)."""
COMFORT_NOISE = 13
"""The payload type of comfort noise (RFC 3389)."""
SILENCE = {"PCMA": b"\xd5", "PCMU": b"\xff"}
"""The octet for sample value 0."""


def encode(pcm: bytes, codec: str) -> bytes:
    """Samples (16 bits, the machine's byte order) to octets, one each; raises `LocalError` for another codec."""
    if codec == "PCMA":
        return audioop.lin2alaw(pcm, 2)
    if codec == "PCMU":
        return audioop.lin2ulaw(pcm, 2)
    raise LocalError(f"codec {codec}: only PCMA and PCMU are spoken")


def decode(octets: bytes, codec: str) -> bytes:
    """Octets to samples (16 bits, the machine's byte order); raises `LocalError` for another codec."""
    if codec == "PCMA":
        return audioop.alaw2lin(octets, 2)
    if codec == "PCMU":
        return audioop.ulaw2lin(octets, 2)
    raise LocalError(f"codec {codec}: only PCMA and PCMU are spoken")


def mixed(pieces: Sequence[bytes]) -> bytes:
    """Several pieces of the same length (16 bits, the machine's byte order) as one; too loud is cut off."""
    sum = pieces[0]
    for piece in pieces[1:]:
        sum = audioop.add(sum, piece, 2)
    return sum


@lru_cache(maxsize=32)
def encoded(pcm: bytes, codec: str) -> bytes:
    """As `encode`, remembered: two hundred calls that play one clip share its octets."""
    return encode(pcm, codec)
