"""The media of one call: RTP in and out as a box; no socket, no thread, no clock.

The doors are those of every box: `receive`, `tick`, `outbox`, `next_wake`. There is no `linked`, because UDP knows
no connection.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from snomtui.errors import LocalError
from snomtui.kit.box import HostPort
from snomtui.kit.ids import Dice
from snomtui.media.dtmf import Ear
from snomtui.media.g711 import COMFORT_NOISE, STATIC, decode
from snomtui.media.order import Order
from snomtui.media.plan import Plan
from snomtui.media.rtp import RtpPacket
from snomtui.media.source import Clip
from snomtui.media.stats import Reception, Stats, mos
from snomtui.media.talker import Talker

__all__ = ["Digit", "Heard", "Packet", "Plan", "Stats", "Stream", "StreamOutput", "Voice"]

_NOWHERE = ("0.0.0.0", "::", "")
"""Hosts that mean "send nothing" (RFC 3264 section 8.4, the old way to hold)."""


@dataclass(frozen=True, slots=True)
class Packet:
    """Please send this datagram."""

    data: bytes
    to: HostPort


@dataclass(frozen=True, slots=True)
class Heard:
    """Please add these received samples (8000 Hz, 16 bits, mono) to the recording."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Digit:
    """The other side pressed a key (RFC 4733)."""

    digit: str
    """One of `0123456789*#ABCD`, or `!` for the hook flash."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Please let all others of the conference hear these samples (8000 Hz, 16 bits, mono)."""

    pcm: bytes


StreamOutput = Packet | Heard | Digit | Voice


def no_clip(name: str) -> bytes:
    """The clips of a stream that was given none; raises `LocalError`."""
    raise LocalError(f"{name}: this stream was given no WAV files")


class Stream:
    """RTP with G.711 both ways (RFC 3550, RFC 3551), digits (RFC 4733), symmetric (RFC 4961)."""

    def __init__(self, plan: Plan, dice: Dice, now: float, clip: Clip = no_clip) -> None:
        """`clip` gives the samples of a WAV file by name; raises `LocalError` if the plan cannot be played."""
        plan.check()
        self.plan = plan
        self._talker = Talker(plan, dice, now, clip)
        self._reception = Reception()
        self._order = Order()
        self._ear = Ear()
        self._latched: HostPort | None = None
        """From where the other side really speaks."""
        self._heard_ssrc: int | None = None
        self._sent = 0
        self._out: list[StreamOutput] = []

    def receive(self, data: bytes, peer: HostPort, now: float) -> None:
        """A datagram came from `peer`; whatever is not RTP of this call is dropped without an answer."""
        packet = RtpPacket.parse(data)
        if packet is None or not self._ours(packet.payload_type) or not self._from_them(peer):
            return
        digit = packet.payload_type == self.plan.dtmf_payload
        if not self._reception.note(packet, now, audio=not digit) or not self.plan.receive:
            return
        if not digit:
            self._listen(packet)
        elif pressed := self._ear.hear(packet):
            self._out.append(Digit(pressed))

    def tick(self, now: float) -> None:
        """Send what is due; a late tick sends a few frames, never a burst."""
        packets = self._talker.tick(now)
        target = self._target()
        if target is not None:
            self._sent += len(packets)
            self._out.extend(Packet(data, target) for data in packets)

    def outbox(self) -> list[StreamOutput]:
        """What is to be done, in order; empties itself."""
        out, self._out = self._out, []
        return out

    def next_wake(self) -> float | None:
        """When the next frame is due (seconds since 1970), or None while nothing is sent."""
        return self._talker.due

    def change(self, plan: Plan, now: float) -> None:
        """Hold, resume, another address or codec: SSRC, sequence and the RTP clock go on.

        Raises `LocalError`, and changes nothing, if the new plan cannot be played.
        """
        plan.check()
        self._talker.change(plan, now)
        if plan.remote != self.plan.remote:
            self._latched = None
        self.plan = plan

    def dial(self, digits: str, now: float) -> None:
        """Send digits at the next frames (RFC 4733), or as sounds if the plan has no payload type for them.

        Raises `LocalError` for what is no digit. Digits on hold are lost.
        """
        self._talker.dial(digits)

    def join(self, who: Hashable, pcm: bytes) -> None:
        """Samples that `who` of the same conference has said; they go out with the next frames."""
        self._talker.join(who, pcm)

    def end(self) -> None:
        """No more packets will come: give what was held back for the recording."""
        self._play(self._order.flush())

    def stats(self, now: float) -> Stats:
        """The counters since the stream began."""
        counted = self._reception
        jitter, score = counted.jitter_ms, 0.0
        if counted.received:
            # One frame to fill at their side, and a buffer of twice the jitter at ours.
            score = mos(counted.lost / counted.expected, self.plan.ptime + 2 * jitter)
        return Stats(self._sent, counted.received, counted.lost, round(jitter, 2), round(score, 2))

    def _ours(self, payload_type: int) -> bool:
        """Whether this payload type can belong to the call; both G.711 laws are understood, whichever was agreed."""
        agreed = payload_type in (self.plan.payload, self.plan.dtmf_payload)
        return agreed or payload_type in STATIC or payload_type == COMFORT_NOISE

    def _from_them(self, peer: HostPort) -> bool:
        """Symmetric RTP: the first other address that speaks is answered, unless the announced one ever speaks."""
        if peer == self.plan.remote or self._latched is None:
            self._latched = peer
        return peer == self._latched

    def _target(self) -> HostPort | None:
        announced = self.plan.remote
        if announced is not None and (announced[0] in _NOWHERE or announced[1] == 0):
            return None
        return self._latched or announced

    def _listen(self, packet: RtpPacket) -> None:
        """Audio for the recording, the echo or the conference; decoded only if somebody wants it."""
        if not self.plan.record and not self.plan.room and self.plan.source != "echo":
            return
        if packet.payload_type == COMFORT_NOISE:
            return
        if packet.ssrc != self._heard_ssrc:
            self._play(self._order.flush())
            self._order.restart()
            self._heard_ssrc = packet.ssrc
        agreed = packet.payload_type == self.plan.payload
        codec = self.plan.codec if agreed else STATIC[packet.payload_type]
        self._play(self._order.put(packet.timestamp, decode(packet.payload, codec)))

    def _play(self, pieces: list[bytes]) -> None:
        for pcm in pieces:
            self._talker.echo(pcm)
            if self.plan.record and pcm:
                self._out.append(Heard(pcm))
            if self.plan.room and pcm:
                self._out.append(Voice(pcm))
