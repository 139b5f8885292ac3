"""From captured packets to SIP messages: link layers, IP with fragments, UDP, TCP put together again, WebSockets not.

Simple on purpose: what is lost stays lost, and reading goes on at the next start of a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from struct import unpack_from

from snomtui.kit.box import HostPort
from snomtui.trace.packets import SYN, TCP, UDP
from snomtui.trace.pcapin import Frame
from snomtui.trace.record import Record

_START = re.compile(rb"(?:SIP/2\.0 [1-6][0-9]{2}[ \r\n]|[A-Z]{3,20} \S{1,1000} SIP/2\.0\r?\n)")
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,8})", re.IGNORECASE | re.MULTILINE)
_TLS = (b"\x16\x03", b"\x17\x03")
_WAITING = 64
"""So many segments wait for a lost one."""
_LONGEST = 2 * 1024 * 1024
_ETHER = {0x0800: 4, 0x86DD: 6}
_VLANS = (0x8100, 0x88A8, 0x9100)
_IPV6_EXTRAS = (0, 43, 60)
_FRAGMENT = 44


@dataclass(frozen=True, slots=True)
class Packet:
    """What IP carries."""

    source: str
    target: str
    protocol: int
    payload: bytes


class Reader:
    """Reads one capture."""

    def __init__(self) -> None:
        self.encrypted: set[frozenset[HostPort]] = set()
        """TLS connections, which cannot be read."""
        self.unknown: set[int] = set()
        """Link types that are not known here."""
        self._fragments: dict[object, dict[int, tuple[bytes, bool]]] = {}
        self._sides: dict[tuple[HostPort, HostPort], _Side] = {}
        self._count = 0

    def records(self, frames: Iterable[Frame]) -> Iterator[Record]:
        """All SIP messages, in the order in which they were complete."""
        for frame in frames:
            packet = self._packet(frame)
            if packet is None:
                continue
            if packet.protocol == UDP and len(packet.payload) > 8:
                source, target = _ports(packet)
                data = packet.payload[8:]
                if _START.match(data.lstrip(b"\r\n")):
                    yield self._record(frame.at, "udp", source, target, data.lstrip(b"\r\n"))
            elif packet.protocol == TCP and len(packet.payload) >= 20:
                yield from self._segment(packet, frame.at)

    def _record(self, at: float, kind: str, source: HostPort, target: HostPort, data: bytes) -> Record:
        self._count += 1
        return Record(self._count, at, kind, source, target, data)

    # -- below TCP and UDP

    def _packet(self, frame: Frame) -> Packet | None:
        data = _without_link(frame)
        if data is None:
            self.unknown.add(frame.link)
            return None
        if not data:
            return None
        return self._ipv6(data) if data[0] >> 4 == 6 else self._ipv4(data) if data[0] >> 4 == 4 else None

    def _ipv4(self, data: bytes) -> Packet | None:
        if len(data) < 20:
            return None
        head, total = (data[0] & 15) * 4, unpack_from(">H", data, 2)[0] or len(data)
        payload, where = data[head:total], unpack_from(">H", data, 6)[0]
        source, target = str(ip_address(data[12:16])), str(ip_address(data[16:20]))
        if where & 0x3FFF:
            key = (source, target, data[9], data[4:6])
            whole = self._whole(key, (where & 0x1FFF) * 8, payload, bool(where & 0x2000))
            return Packet(source, target, data[9], whole) if whole else None
        return Packet(source, target, data[9], payload)

    def _ipv6(self, data: bytes) -> Packet | None:
        if len(data) < 40:
            return None
        source, target = str(ip_address(data[8:24])), str(ip_address(data[24:40]))
        kind, payload = data[6], data[40 : 40 + unpack_from(">H", data, 4)[0]]
        while kind in _IPV6_EXTRAS and len(payload) > 8:
            kind, payload = payload[0], payload[(payload[1] + 1) * 8 :]
        if kind == _FRAGMENT and len(payload) > 8:
            where = unpack_from(">H", payload, 2)[0]
            key = (source, target, payload[4:8])
            whole = self._whole(key, where & 0xFFF8, payload[8:], bool(where & 1))
            return Packet(source, target, payload[0], whole) if whole else None
        return Packet(source, target, kind, payload)

    def _whole(self, key: object, offset: int, part: bytes, more: bool) -> bytes:
        """The whole payload once all fragments are there; empty until then."""
        parts = self._fragments.setdefault(key, {})
        parts[offset] = (part, more)
        data, at = b"", 0
        while at in parts:
            piece, more = parts[at]
            data += piece
            if not more:
                del self._fragments[key]
                return data
            if not piece:
                break
            at += len(piece)
        return b""

    # -- TCP

    def _segment(self, packet: Packet, at: float) -> Iterator[Record]:
        source, target = _ports(packet)
        seq, flags = unpack_from(">I", packet.payload, 4)[0], packet.payload[13]
        data = packet.payload[(packet.payload[12] >> 4) * 4 :]
        side = self._sides.setdefault((source, target), _Side())
        if flags & SYN:
            self._sides[(source, target)] = _Side((seq + 1) & 0xFFFFFFFF)
            return
        if not data:
            return
        for message in side.take(seq, data):
            yield self._record(at, "tcp", source, target, message)
        if side.encrypted:
            self.encrypted.add(frozenset((source, target)))


@dataclass(slots=True)
class _Side:
    """What one side of a TCP connection says."""

    next: int | None = None
    encrypted: bool = False
    _waiting: dict[int, bytes] = field(default_factory=dict)
    _buffer: bytearray = field(default_factory=bytearray)

    def take(self, seq: int, data: bytes) -> Iterator[bytes]:
        """Take a segment; gives the messages that are whole now."""
        if self.next is None:
            self.next = seq
        self._waiting[seq] = max(self._waiting.get(seq, b""), data, key=len)
        if len(self._waiting) > _WAITING:  # what is missing will not come any more
            self.next = min(self._waiting, key=lambda one: (one - seq) & 0xFFFFFFFF ^ 0x80000000)
            self._buffer.clear()
        self._join()
        self.encrypted = self.encrypted or (self._buffer[:2] in _TLS and len(self._buffer) > 5)
        yield from self._messages()

    def _join(self) -> None:
        assert self.next is not None
        moved = True
        while moved:
            moved = False
            for seq in list(self._waiting):
                behind = (self.next - seq) & 0xFFFFFFFF
                if behind >= 0x80000000:
                    continue
                data = self._waiting.pop(seq)[behind:]
                if data:
                    self._buffer += data
                    self.next = (self.next + len(data)) & 0xFFFFFFFF
                    moved = True

    def _messages(self) -> Iterator[bytes]:
        while found := _START.search(self._buffer):
            del self._buffer[: found.start()]
            end = self._buffer.find(b"\r\n\r\n")
            length = _LENGTH.search(self._buffer[:end]) if end >= 0 else None
            whole = end + 4 + (int(length[1]) if length else 0)
            if end < 0 or len(self._buffer) < whole:
                break
            yield bytes(self._buffer[:whole])
            del self._buffer[:whole]
        if len(self._buffer) > _LONGEST or (self.encrypted and len(self._buffer) > 8):
            del self._buffer[:-8]


def _ports(packet: Packet) -> tuple[HostPort, HostPort]:
    source, target = unpack_from(">HH", packet.payload)
    return (packet.source, source), (packet.target, target)


def _without_link(frame: Frame) -> bytes | None:
    """The IP packet inside; empty if it carries something else, None for a link type that is not known."""
    data = frame.data
    match frame.link:
        case 1:
            return _ethernet(data)
        case 0 | 108:
            return data[4:]
        case 12 | 14 | 101 | 228 | 229:
            return data
        case 113:
            return data[16:] if len(data) > 16 and unpack_from(">H", data, 14)[0] in _ETHER else b""
        case 276:
            return data[20:] if len(data) > 20 and unpack_from(">H", data)[0] in _ETHER else b""
        case _:
            return None


def _ethernet(data: bytes) -> bytes:
    at = 12
    while len(data) >= at + 4 and unpack_from(">H", data, at)[0] in _VLANS:
        at += 4
    return data[at + 2 :] if len(data) > at + 2 and unpack_from(">H", data, at)[0] in _ETHER else b""
