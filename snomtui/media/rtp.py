"""RTP packets (RFC 3550 section 5.1) and arithmetic on numbers that wrap around."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct

_FIXED = Struct("!BBHII")
_VERSION_2 = 0x80
_MARKER = 0x80
_LARGEST = 2048
"""No telephone sends more octets in one packet; longer ones are somebody else's."""


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One RTP packet; header extension, contributing sources and padding are read over."""

    payload_type: int
    sequence: int
    """16 bits, wraps."""
    timestamp: int
    """32 bits, wraps; counts samples."""
    ssrc: int
    payload: bytes
    marker: bool = False
    """First packet after a pause, or first of a digit."""

    @classmethod
    def parse(cls, data: bytes) -> RtpPacket | None:
        """Read a datagram (RFC 3550 5.1); None if it is not RTP.

        Whatever else comes to a media port (STUN, RTCP on the same port as RFC 5761 section 4 tells them apart,
        scans) is common and worth no exception.
        """
        if not 12 <= len(data) <= _LARGEST or data[0] & 0xC0 != _VERSION_2 or 192 <= data[1] <= 223:
            return None
        first, second, sequence, timestamp, ssrc = _FIXED.unpack_from(data)
        payload = data[12:] if first == _VERSION_2 else _body(data, first)
        if payload is None:
            return None
        return cls(second & 0x7F, sequence, timestamp, ssrc, payload, second >= _MARKER)

    def __bytes__(self) -> bytes:
        second = self.payload_type | (_MARKER if self.marker else 0)
        return _FIXED.pack(_VERSION_2, second, self.sequence, self.timestamp, self.ssrc) + self.payload


def _body(data: bytes, first: int) -> bytes | None:
    """The payload behind an uncommon header, or None if the lengths in it are lies."""
    start, end = 12 + 4 * (first & 0x0F), len(data)
    if first & 0x10:
        if start + 4 > end:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    if first & 0x20:
        if not data[-1]:
            return None
        end -= data[-1]
    return data[start:end] if start <= end else None


def ahead(later: int, earlier: int, bits: int = 32) -> int:
    """How far `later` is ahead of `earlier` on a circle of 2 to the power of `bits`; negative if it is behind."""
    half = 1 << (bits - 1)
    return ((later - earlier + half) & ((1 << bits) - 1)) - half
