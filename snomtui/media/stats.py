"""What a stream counts: packets, loss, jitter (RFC 3550 appendix A) and how good it sounds (ITU-T G.107)."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.media.g711 import RATE
from snomtui.media.rtp import RtpPacket, ahead

_MAX_DROPOUT = 3000
_MAX_MISORDER = 100
_WILD = 5 * RATE
"""A transit time that jumps by more than five seconds is a new clock, not jitter."""


@dataclass(frozen=True, slots=True)
class Stats:
    """The counters of one stream since it began."""

    sent: int = 0
    """RTP packets."""
    received: int = 0
    """RTP packets."""
    lost: int = 0
    """RTP packets that were sent to us and never came (RFC 3550 A.3)."""
    jitter_ms: float = 0.0
    """Interarrival jitter (RFC 3550 A.8), milliseconds."""
    mos: float = 0.0
    """Estimated opinion, 1.0 (bad) to 4.4 (best G.711 can have); 0.0 = nothing was received yet."""


class Reception:
    """Counts the packets of the other side, over restarts of its numbering."""

    def __init__(self) -> None:
        self.received = 0
        self._expected_before = 0
        self._ssrc: int | None = None
        self._base = self._highest = 0
        """Sequence numbers: the first and, extended by its turns, the highest."""
        self._doubtful: int | None = None
        self._transit: int | None = None
        self._jitter = 0.0

    @property
    def expected(self) -> int:
        """How many packets the numbers say were sent to us."""
        return self._expected_before + (0 if self._ssrc is None else self._highest - self._base + 1)

    @property
    def lost(self) -> int:
        """How many never came; never negative, although duplicates may outnumber the lost."""
        return max(0, self.expected - self.received)

    @property
    def jitter_ms(self) -> float:
        """Interarrival jitter in milliseconds."""
        return self._jitter * 1000 / RATE

    def note(self, packet: RtpPacket, now: float, audio: bool) -> bool:
        """Count one packet; False means: it is a repetition, or from a numbering that is not believed yet.

        Jitter is taken from audio only: the timestamp of a digit stands still (RFC 4733 section 2.2).
        """
        if not self._numbered(packet):
            return False
        self.received += 1
        if audio:
            self._timed(packet, now)
        return True

    def _numbered(self, packet: RtpPacket) -> bool:
        """Follow the sequence number as RFC 3550 A.1 does, without its probation."""
        if packet.ssrc != self._ssrc:
            self._restart(packet)
            return True
        step = ahead(packet.sequence, self._highest & 0xFFFF, 16)
        if not -_MAX_MISORDER <= step < _MAX_DROPOUT:
            return self._believed(packet)
        self._highest += max(0, step)
        return step != 0

    def _believed(self, packet: RtpPacket) -> bool:
        """A wild jump counts from its second packet on (RFC 3550 A.1)."""
        if packet.sequence != self._doubtful:
            self._doubtful = (packet.sequence + 1) & 0xFFFF
            return False
        self._restart(packet)
        return True

    def _restart(self, packet: RtpPacket) -> None:
        self._expected_before = self.expected
        self._ssrc = packet.ssrc
        self._base = self._highest = packet.sequence
        self._doubtful = self._transit = None

    def _timed(self, packet: RtpPacket, now: float) -> None:
        transit = (int(now * RATE) - packet.timestamp) & 0xFFFFFFFF
        if self._transit is not None:
            step = abs(ahead(transit, self._transit))
            if step < _WILD:
                self._jitter += (step - self._jitter) / 16
        self._transit = transit


def mos(loss: float, delay_ms: float) -> float:
    """The opinion that people would have: ITU-T G.107 cut down to loss and delay.

    `loss` is a share (0 to 1), `delay_ms` from mouth to ear. G.711 with concealment: Ie = 0, Bpl = 25.1 (G.113
    appendix I), loss taken as random; all else at the defaults of G.107, so that R is 93.2 at best.
    """
    percent = 100 * loss
    equipment = 95 * percent / (percent + 25.1)
    late = 0.024 * delay_ms + 0.11 * max(0.0, delay_ms - 177.3)
    rating = min(100.0, max(0.0, 93.2 - late - equipment))
    return max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
