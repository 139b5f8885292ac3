"""DTMF as named events in RTP (RFC 4733): one digit, the row of packets that says it, and the ear for it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import ceil

from snomtui.errors import LocalError
from snomtui.media.g711 import RATE
from snomtui.media.rtp import RtpPacket, ahead

_DIGITS = "0123456789*#ABCD!"
"""The place is the event code (RFC 4733 table 3); `!` is the hook flash, code 16."""
_IGNORED = " -./()"
_PAUSE = ","
TONE_MS, GAP_MS, PAUSE_MS = 100, 80, 1000
END_PACKETS = 3
"""How often the end of a digit is said (RFC 4733 section 2.5.1.4)."""
_VOLUME = 10
"""Sent loudness: -10 dBm0."""


@dataclass(frozen=True, slots=True)
class Event:
    """The payload of one event packet (RFC 4733 section 2.3)."""

    code: int
    end: bool
    duration: int
    """Samples since the digit began."""
    volume: int = _VOLUME
    """Minus dBm0."""

    @classmethod
    def parse(cls, payload: bytes) -> Event | None:
        """Read the first event of a payload; None if it is too short to be one."""
        if len(payload) < 4:
            return None
        return cls(payload[0], bool(payload[1] & 0x80), int.from_bytes(payload[2:4], "big"), payload[1] & 0x3F)

    def __bytes__(self) -> bytes:
        return bytes((self.code, self.volume | (0x80 if self.end else 0))) + self.duration.to_bytes(2, "big")

    @property
    def digit(self) -> str:
        """The key, or an empty string for an event that no key makes."""
        return _DIGITS[self.code] if self.code < len(_DIGITS) else ""


def codes(digits: str) -> tuple[int | None, ...]:
    """The event codes of what a person typed: 0 to 9, `*`, `#`, A to D, `!` (flash); None for `,`, a pause.

    Blanks and the usual separators of numbers say nothing. Raises `LocalError` for any other character.
    """
    return tuple(_code(one) for one in digits if one not in _IGNORED)


def _code(character: str) -> int | None:
    if character == _PAUSE:
        return None
    code = _DIGITS.find(character.upper())
    if code < 0:
        raise LocalError(f"{character!r} cannot be sent as a DTMF digit")
    return code


@dataclass(frozen=True, slots=True)
class Step:
    """What one frame time is used for while a digit is sent."""

    event: Event
    first: bool = False
    """Sets the marker bit and the timestamp that all packets of the digit share."""
    again: bool = False
    """A repetition of the end."""


class Dialler:
    """The digits still to be sent, laid out frame by frame."""

    def __init__(self) -> None:
        self._steps: deque[Step | None] = deque()

    def dial(self, digits: str, ptime: int) -> None:
        """Add digits to the row; `ptime` is the frame time in ms; raises `LocalError` for what is no digit."""
        for code in codes(digits):
            if code is None:
                self._steps.extend([None] * ceil(PAUSE_MS / ptime))
            else:
                self._steps.extend(_steps_of(code, ptime))
                self._steps.extend([None] * ceil(GAP_MS / ptime))

    def next(self) -> Step | None:
        """What the next frame time is used for; None = audio."""
        return self._steps.popleft() if self._steps else None

    def clear(self) -> None:
        """Forget all digits that were not sent."""
        self._steps.clear()


def _steps_of(code: int, ptime: int) -> list[Step]:
    frames = ceil(TONE_MS / ptime)
    samples = ptime * RATE // 1000
    steps = [Step(Event(code, n == frames, n * samples), first=n == 1) for n in range(1, frames + 1)]
    last = Step(steps[-1].event, again=True)
    return steps + [last] * (END_PACKETS - 1)


class Ear:
    """Hears each digit of the other side once, whichever of its packets come."""

    def __init__(self) -> None:
        self._ssrc: int | None = None
        self._timestamp = 0
        self._event: Event | None = None

    def hear(self, packet: RtpPacket) -> str:
        """The digit that begins with this packet, or an empty string."""
        event = Event.parse(packet.payload)
        if event is None:
            return ""
        if self._event is not None and packet.ssrc == self._ssrc:
            distance = ahead(packet.timestamp, self._timestamp)
            if distance <= 0:  # more of the same digit, or a straggler of an older one
                if distance == 0 and event.end:
                    self._event = event
                return ""
            if self._goes_on(packet, event, distance):
                self._timestamp, self._event = packet.timestamp, event
                return ""
        self._ssrc, self._timestamp, self._event = packet.ssrc, packet.timestamp, event
        return event.digit

    def _goes_on(self, packet: RtpPacket, event: Event, distance: int) -> bool:
        """Whether a new timestamp still is the old digit.

        So it is in the next segment of a long one (RFC 4733 section 2.5.1.3), and with senders that wrongly let
        the timestamp run on during a digit.
        """
        old = self._event
        if old is None or old.end or packet.marker or event.code != old.code:
            return False
        return distance <= RATE or distance == 0xFFFF
