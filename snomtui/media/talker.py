"""The sending half of a stream: an RTP clock that never drifts, one frame at each of its beats."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from snomtui.kit.ids import Dice
from snomtui.media import tones
from snomtui.media.dtmf import Dialler, Step
from snomtui.media.g711 import RATE, SILENCE, encoded
from snomtui.media.mixing import Mixer
from snomtui.media.plan import Plan
from snomtui.media.rtp import RtpPacket
from snomtui.media.source import Clip, Echo, Source, source

CATCH_UP = 3
"""A late tick sends at most so many frames; what is older stays unsaid, and the timestamp jumps over it."""
_SLACK = 1e-6
"""A clock of seconds since 1970 is only exact to a part of a microsecond."""


class Talker:
    """Makes the packets of one synchronisation source (RFC 3550); it keeps SSRC and clock whatever the plan becomes."""

    def __init__(self, plan: Plan, dice: Dice, now: float, clip: Clip) -> None:
        """Raises `LocalError` if the plan's source cannot be played."""
        seed = dice(10)
        self.ssrc = int.from_bytes(seed[:4], "big")
        self._sequence = int.from_bytes(seed[4:6], "big")
        self._clip = clip
        self._plan = plan
        self._source: Source = source(plan.source, plan.codec, clip)
        self._dialler = Dialler()
        self._mixer = Mixer()
        self._digit_timestamp = 0
        self._begin_at, self._begin_timestamp = now, int.from_bytes(seed[6:10], "big")
        self._beats = 0
        """Frames since `_begin_at`."""
        self._fresh = True
        """Whether the next audio packet follows a pause and gets the marker (RFC 3551 section 4.1)."""

    @property
    def due(self) -> float | None:
        """When the next frame is to be sent (seconds since 1970); None = not at all."""
        return self._begin_at + self._beats * self._plan.ptime / 1000 if self._plan.send else None

    def change(self, plan: Plan, now: float) -> None:
        """Go on as `plan` says; raises `LocalError`, and changes nothing, if its source cannot be played."""
        old = self._plan
        if (plan.source, plan.codec) != (old.source, old.codec):
            self._source = source(plan.source, plan.codec, self._clip)
        if plan.send and not old.send:
            self._begin(max(now, self._beat_at()), plan)
        elif plan.ptime != old.ptime:
            self._begin(self._beat_at(), plan)
        if not plan.send or plan.ptime != old.ptime:
            self._dialler.clear()
        if plan.room != old.room or not plan.send:
            self._mixer.forget()
        self._plan = plan

    def dial(self, digits: str) -> None:
        """Send digits after those still waiting; raises `LocalError` for what is no digit; not while on hold."""
        if self._plan.send:
            self._dialler.dial(digits, self._plan.ptime)

    def echo(self, pcm: bytes) -> None:
        """Samples that were heard, for a source that wants them."""
        if isinstance(self._source, Echo):
            self._source.put(pcm)

    def join(self, who: Hashable, pcm: bytes) -> None:
        """Samples that another one of the conference has said."""
        if self._plan.room and self._plan.send:
            self._mixer.put(who, pcm)

    def tick(self, now: float) -> list[bytes]:
        """The packets that are due; after a long silence of the caller only the newest few."""
        due = self.due
        if due is None or due > now + _SLACK:
            return []
        waiting = int((now + _SLACK - due) * 1000 / self._plan.ptime) + 1
        if waiting > CATCH_UP:
            self._beats += waiting - CATCH_UP
            self._fresh = True
        packets = [self._frame() for _ in range(min(waiting, CATCH_UP))]
        return [bytes(packet) for packet in packets if packet is not None]

    def _beat_at(self) -> float:
        return self._begin_at + self._beats * self._plan.ptime / 1000

    def _timestamp(self) -> int:
        return (self._begin_timestamp + self._beats * self._plan.samples) & 0xFFFFFFFF

    def _begin(self, at: float, plan: Plan) -> None:
        """Count beats anew from `at`; the timestamp goes on as if the clock had run all the time."""
        passed = round((at - self._begin_at) * RATE)
        self._begin_timestamp = (self._begin_timestamp + passed) & 0xFFFFFFFF
        self._begin_at, self._beats, self._fresh = at, 0, True

    def _frame(self) -> RtpPacket | None:
        """What belongs to the present beat, then one beat on."""
        step = self._dialler.next()
        packet = self._audio(self._voices()) if step is None else self._digit(step)
        self._beats += 1
        return packet

    def _voices(self) -> bytes | None:
        own = self._source.frame(self._plan.samples)
        return self._mixer.add(own, self._plan.samples, self._plan.codec) if self._plan.room else own

    def _digit(self, step: Step) -> RtpPacket | None:
        if self._plan.dtmf_payload is None:
            return self._audio(self._sound(step))
        if step.first:
            self._digit_timestamp = self._timestamp()
        packet = self._packet(self._plan.dtmf_payload, bytes(step.event), step.first)
        return replace(packet, timestamp=self._digit_timestamp)

    def _sound(self, step: Step) -> bytes:
        """The digit as a sound, for another side that knows no telephone-event."""
        size = self._plan.samples
        if step.again or step.event.code > 15:
            return SILENCE[self._plan.codec] * size
        octets = encoded(tones.keypad(step.event.code), self._plan.codec)
        return octets[step.event.duration - size : step.event.duration]

    def _audio(self, octets: bytes | None) -> RtpPacket | None:
        if octets is None:
            self._fresh = True
            return None
        packet = self._packet(self._plan.payload, octets, self._fresh)
        self._fresh = False
        return packet

    def _packet(self, payload_type: int, payload: bytes, marker: bool) -> RtpPacket:
        packet = RtpPacket(payload_type, self._sequence, self._timestamp(), self.ssrc, payload, marker)
        self._sequence = (self._sequence + 1) & 0xFFFF
        return packet
