"""IP, TCP and UDP packets around bytes, with right lengths and checksums (RFC 791, 8200, 9293, 768)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from struct import pack
from typing import Literal

from snomtui.kit.box import HostPort

TCP, UDP = 6, 17
FIN, SYN, RESET, PUSH, ACK = 1, 2, 4, 8, 16
Address = IPv4Address | IPv6Address
_WINDOW = 65535


def pair_of(source: str, target: str) -> tuple[Address, Address]:
    """Two addresses of one kind; what is no address becomes 0.0.0.0 or ::."""
    one, two = _address(source), _address(target)
    version = one.version if one else two.version if two else 4
    if one and two and one.version != two.version:
        version = 6
    return _as(one, version), _as(two, version)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _as(address: Address | None, version: int) -> Address:
    if address is None:
        return IPv4Address(0) if version == 4 else IPv6Address(0)
    if address.version == version:
        return address
    return IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)


def udp(source: HostPort, target: HostPort, data: bytes) -> bytes:
    """One datagram inside its IP packet."""
    addresses = pair_of(source[0], target[0])
    head = pack(">HHHH", source[1], target[1], 8 + len(data), 0)
    total = _checksum(addresses, UDP, head + data) or 0xFFFF
    return _ip(addresses, UDP, head[:6] + pack(">H", total) + data)


def tcp(source: HostPort, target: HostPort, seq: int, ack: int, flags: int, data: bytes = b"") -> bytes:
    """One segment inside its IP packet."""
    addresses = pair_of(source[0], target[0])
    head = pack(">HHIIBBHHH", source[1], target[1], seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 5 << 4, flags, _WINDOW, 0, 0)
    total = _checksum(addresses, TCP, head + data)
    return _ip(addresses, TCP, head[:16] + pack(">H", total) + head[18:] + data)


def _ip(addresses: tuple[Address, Address], protocol: int, payload: bytes) -> bytes:
    source, target = addresses
    if source.version == 6:
        return pack(">IHBB", 6 << 28, len(payload), protocol, 64) + source.packed + target.packed + payload
    head = pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0) + source.packed + target.packed
    return head[:10] + pack(">H", checksum(head)) + head[12:] + payload


def _checksum(addresses: tuple[Address, Address], protocol: int, segment: bytes) -> int:
    """Over the pseudo header as well (RFC 9293 3.1, RFC 8200 8.1)."""
    source, target = addresses
    size = (
        pack(">IHBB", len(segment), 0, 0, protocol) if source.version == 6 else pack(">BBH", 0, protocol, len(segment))
    )
    return checksum(source.packed + target.packed + size + segment)


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total = sum(memoryview(data).cast("H"))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    low = ~total & 0xFFFF
    return int.from_bytes(low.to_bytes(2, _NATIVE), "big")


_NATIVE: Literal["little", "big"] = "little" if pack("=H", 1)[0] else "big"
