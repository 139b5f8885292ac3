"""A trace as a pcap file that Wireshark opens: raw IP packets, UDP as it was, TCP and TLS as made-up segments.

What went over TLS is written as it was before encryption, as TCP from and to port 5060 of the server: there Wireshark
looks for SIP. Segments have the right order, sequence numbers and checksums; each connection begins with its handshake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from struct import pack

from snomtui.kit.box import HostPort
from snomtui.trace.packets import ACK, PUSH, SYN, tcp, udp
from snomtui.trace.record import Record

SIP = 5060
MAGIC, RAW_IP, LONGEST = 0xA1B2C3D4, 101, 262144
"""Of the file format: microseconds, link type LINKTYPE_RAW, and the longest packet."""
SEGMENT = 32000
"""Bytes of data in one TCP segment."""
LARGEST = 65000
"""Bytes of one datagram that fit into an IP packet."""


def pcap(records: Iterable[Record]) -> bytes:
    """The file."""
    head = pack("<IHHiIII", MAGIC, 2, 4, 0, 0, LONGEST, RAW_IP)
    flows: dict[object, _Flow] = {}
    out = [head]
    for record in records:
        for packet in _packets(record, flows):
            seconds, micros = divmod(round(record.at * 1_000_000), 1_000_000)
            out.append(pack("<IIII", seconds, micros, len(packet), len(packet)) + packet)
    return b"".join(out)


def _packets(record: Record, flows: dict[object, _Flow]) -> Iterator[bytes]:
    if record.transport not in ("tcp", "tls"):
        yield udp(record.source, record.target, record.data[:LARGEST])
        return
    ends = frozenset((record.source, record.target))
    flow = flows.get((record.conn, ends))
    if flow is None:
        flow = flows[(record.conn, ends)] = _Flow(record)
        yield from flow.begin()
    yield from flow.say(record.source, record.data)


class _Flow:
    """One made-up TCP connection."""

    def __init__(self, record: Record) -> None:
        client, server = _sides(record)
        self._seen = client
        self._client = client
        self._server = (server[0], SIP) if record.transport == "tls" else server
        self._next = {True: 1000, False: 5000}
        """The next sequence number of client and server."""

    def begin(self) -> Iterator[bytes]:
        """The three segments with which a connection is opened (RFC 9293 3.5)."""
        yield self._segment(True, SYN)
        self._next[True] += 1
        yield self._segment(False, SYN | ACK)
        self._next[False] += 1
        yield self._segment(True, ACK)

    def say(self, source: HostPort, data: bytes) -> Iterator[bytes]:
        """Bytes of one side, and that the other side got them."""
        client = source == self._seen
        for at in range(0, len(data), SEGMENT):
            part = data[at : at + SEGMENT]
            yield self._segment(client, PUSH | ACK, part)
            self._next[client] += len(part)
        yield self._segment(not client, ACK)

    def _segment(self, client: bool, flags: int, data: bytes = b"") -> bytes:
        ends = (self._client, self._server) if client else (self._server, self._client)
        ack = self._next[not client] if flags & ACK else 0
        return tcp(*ends, self._next[client], ack, flags, data)


def _sides(record: Record) -> tuple[HostPort, HostPort]:
    """Client and server of a connection: we have opened ours; else the server is where SIP usually is."""
    if record.out is not None:
        return (record.source, record.target) if record.out else (record.target, record.source)
    usual = (SIP, SIP + 1)
    if record.source[1] in usual and record.target[1] not in usual:
        return record.target, record.source
    return record.source, record.target
