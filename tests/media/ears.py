"""What the media tests listen with."""

from __future__ import annotations

from array import array
from math import cos, pi, sqrt

from snomtui.kit.box import HostPort
from snomtui.media.rtp import RtpPacket
from snomtui.media.stream import Digit, Heard, Packet, Plan, Stream

THEM: HostPort = ("192.0.2.7", 40000)
START = 1_795_400_000.0


def loudness(pcm: bytes, hertz: float, rate: int = 8000) -> float:
    """The amplitude of one frequency in some samples, as a share of full scale (Goertzel)."""
    samples = array("h", pcm)
    turn = 2 * cos(2 * pi * hertz / rate)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    power = before * before + last * last - turn * before * last
    return 2 * sqrt(max(0.0, power)) / len(samples) / 32768


def plan(source: str = "silence", dtmf: int | None = 101, ptime: int = 20, record: str = "") -> Plan:
    """An A-law call with somebody at `THEM`."""
    return Plan("c1", THEM, "PCMA", 8, dtmf, ptime=ptime, source=source, record=record)


def dice(count: int) -> bytes:
    """A die that always falls the same way: SSRC 01010101, sequence from 0101, timestamp from 01010101."""
    return b"\x01" * count


def packets(stream: Stream) -> list[RtpPacket]:
    """The RTP packets in the outbox."""
    read = [RtpPacket.parse(one.data) for one in stream.outbox() if isinstance(one, Packet)]
    return [packet for packet in read if packet is not None]


def heard(stream: Stream) -> bytes:
    """The samples for the recording in the outbox."""
    return b"".join(one.pcm for one in stream.outbox() if isinstance(one, Heard))


def digits(stream: Stream) -> str:
    """The digits in the outbox."""
    return "".join(one.digit for one in stream.outbox() if isinstance(one, Digit))


def run(stream: Stream, seconds: float, start: float) -> list[RtpPacket]:
    """Tick a stream exactly when it wants to be, for some seconds."""
    sent: list[RtpPacket] = []
    while (wake := stream.next_wake()) is not None and wake < start + seconds - 1e-4:
        stream.tick(wake)
        sent += packets(stream)
    return sent


def frame(n: int, payload: bytes = b"\xd5" * 160, ssrc: int = 7, first: int = 1000) -> bytes:
    """The n-th audio packet of the other side."""
    return bytes(RtpPacket(8, (first + n) & 0xFFFF, (n * 160) & 0xFFFFFFFF, ssrc, payload))
