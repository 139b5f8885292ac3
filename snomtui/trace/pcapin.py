"""Reads pcap and pcapng files: their packets with times and link types. Raises `TraceError` in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as StructError
from struct import unpack_from
from typing import Literal

from snomtui.errors import TraceError

Order = Literal["<", ">"]
_MAGICS: dict[bytes, tuple[Order, int]] = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000),
    b"\xa1\xb2\xc3\xd4": (">", 1_000_000),
    b"\x4d\x3c\xb2\xa1": ("<", 1_000_000_000),
    b"\xa1\xb2\x3c\x4d": (">", 1_000_000_000),
}
"""How a pcap file begins: its byte order, and the parts of a second that it counts."""
_NEXT_GENERATION = b"\x0a\x0d\x0d\x0a"
_SECTION, _INTERFACE, _SIMPLE, _ENHANCED = 0x0A0D0D0A, 1, 3, 6
_LARGEST = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Frame:
    """One packet as it was captured."""

    at: float
    """Seconds since 1970."""
    link: int
    """The link type, see the list at tcpdump.org."""
    data: bytes


def is_capture(data: bytes) -> bool:
    """Whether this looks like a capture file."""
    return data[:4] in _MAGICS or data[:4] == _NEXT_GENERATION


def frames(data: bytes) -> Iterator[Frame]:
    """All packets of a capture; a file that ends inside a packet ends before it. Raises `TraceError`."""
    try:
        yield from _blocks(data) if data[:4] == _NEXT_GENERATION else _classic(data)
    except StructError:
        raise TraceError("the capture file is damaged") from None


def _classic(data: bytes) -> Iterator[Frame]:
    order, parts = _MAGICS[data[:4]]
    if len(data) < 24:
        raise TraceError("the capture file ends inside its head")
    link = unpack_from(order + "I", data, 20)[0] & 0xFFFF
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, size, _ = unpack_from(order + "IIII", data, at)
        if size > _LARGEST:
            raise TraceError(f"the capture file is damaged: a packet of {size} bytes at byte {at}")
        if at + 16 + size > len(data):
            return
        yield Frame(seconds + fraction / parts, link, data[at + 16 : at + 16 + size])
        at += 16 + size


def _blocks(data: bytes) -> Iterator[Frame]:
    """pcapng: sections, interfaces, packets; all other blocks are passed over."""
    at = 0
    order: Order = "<"
    links: list[tuple[int, float]] = []
    while at + 12 <= len(data):
        if data[at : at + 4] == _NEXT_GENERATION:
            order, links = "<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">", []
        kind, size = unpack_from(order + "II", data, at)
        if size < 12 or size % 4:
            raise TraceError(f"the capture file is damaged: a block of {size} bytes at byte {at}")
        if at + size > len(data):
            return
        body = data[at + 8 : at + size - 4]
        if kind == _INTERFACE:
            links.append((unpack_from(order + "H", body)[0], _resolution(body, order)))
        elif kind == _ENHANCED:
            number, high, low, length, _ = unpack_from(order + "IIIII", body)
            if number < len(links):
                link, unit = links[number]
                yield Frame(((high << 32) | low) * unit, link, body[20 : 20 + length])
        elif kind == _SIMPLE and links:
            yield Frame(0.0, links[0][0], body[4 : 4 + unpack_from(order + "I", body)[0]])
        at += size


def _resolution(body: bytes, order: Order) -> float:
    """Seconds of one tick of an interface's clock: option 9, else a microsecond."""
    at = 8
    while at + 4 <= len(body):
        code, size = unpack_from(order + "HH", body, at)
        if code == 9 and size == 1 and at + 4 < len(body):
            power = body[at + 4]
            return float(2.0 ** -(power & 0x7F)) if power & 0x80 else float(10.0**-power)
        if code == 0:
            break
        at += 4 + size + (-size) % 4
    return 1e-6
