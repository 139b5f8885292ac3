"""A trace as a capture file, and captures of others: our own reader beside what was written."""

from __future__ import annotations

from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import TraceError
from snomtui.trace.network import Reader
from snomtui.trace.packets import ACK, SYN, checksum, tcp, udp
from snomtui.trace.pcapin import Frame, frames, is_capture
from snomtui.trace.pcapout import pcap
from snomtui.trace.record import Record
from tests.trace.samples import ASKED, BUSY, INVITE, PHONE, REGISTER, SERVER, START, TAKEN, conversation, record

LONG = REGISTER.replace(b"Content-Length: 0\r\n\r\n", b"Content-Length: 90000\r\n\r\n" + b"x" * 90000)


def read(data: bytes) -> list[Record]:
    """The messages of a capture."""
    return list(Reader().records(frames(data)))


def test_what_is_saved_is_read_again_and_tls_is_plain_at_port_5060() -> None:
    again = read(pcap(conversation()))
    assert [one.data for one in again] == [one.data for one in conversation()]
    assert [one.at for one in again] == [one.at for one in conversation()]
    assert (again[0].source, again[0].target) == (PHONE, (SERVER[0], 5060))
    assert (again[1].source, again[1].target) == (again[0].target, again[0].source)
    assert (again[4].source, again[4].target, again[4].transport) == (("::1", 5062), ("::1", 5060), "udp")


def test_large_message_is_several_segments_and_one_message_again() -> None:
    data = pcap([record(1, LONG, True), record(2, TAKEN, False)])
    assert [one.data for one in read(data)] == [LONG, TAKEN]


def test_tcp_keeps_its_ports() -> None:
    one = Record(1, START, "tcp", ("10.0.0.1", 40000), ("10.0.0.2", 5080), REGISTER, True)
    assert [(again.source, again.target) for again in read(pcap([one]))] == [(one.source, one.target)]


def test_unknown_addresses_are_written_as_nowhere() -> None:
    one = Record(1, START, "udp", ("", 0), ("sip.example.org", 5060), REGISTER, True)
    assert [again.target for again in read(pcap([one]))] == [("0.0.0.0", 5060)]


@given(st.binary(max_size=99))
def test_checksum_of_a_packet_with_its_checksum_is_zero(data: bytes) -> None:
    data = data + b"\0" * (len(data) % 2)
    assert checksum(data + pack(">H", checksum(data))) == 0


# -- captures of others


def ethernet(packet: bytes, vlan: bool = False) -> bytes:
    """With the head of a network card."""
    kind = pack(">H", 0x86DD if packet[0] >> 4 == 6 else 0x0800)
    return bytes(12) + (b"\x81\x00\x00\x07" if vlan else b"") + kind + packet


def cooked(packet: bytes) -> bytes:
    """As `tcpdump -i any` writes it."""
    return bytes(14) + pack(">H", 0x0800) + packet


@pytest.mark.parametrize(
    ("link", "wrapped"),
    [
        (0, lambda packet: b"\2\0\0\0" + packet),
        (1, ethernet),
        (1, lambda packet: ethernet(packet, vlan=True)),
        (101, lambda packet: packet),
        (113, cooked),
        (276, lambda packet: pack(">H", 0x0800) + bytes(18) + packet),
    ],
)
def test_message_is_found_on_every_usual_link(link: int, wrapped: object) -> None:
    assert callable(wrapped)
    frame = Frame(START, link, wrapped(udp(("10.0.0.1", 5060), ("10.0.0.2", 5060), BUSY)))
    assert [one.data for one in Reader().records([frame])] == [BUSY]


def test_unknown_link_is_named() -> None:
    reader = Reader()
    assert list(reader.records([Frame(START, 147, b"?")])) == []
    assert reader.unknown == {147}


def segments(data: bytes, size: int, seq: int = 7) -> list[Frame]:
    """A stream in small pieces, without its beginning."""
    ends = ("10.0.0.1", 40000), ("10.0.0.2", 5060)
    return [Frame(START, 101, tcp(*ends, seq + at, 1, ACK, data[at : at + size])) for at in range(0, len(data), size)]


def test_stream_in_any_order_and_said_twice_is_put_together() -> None:
    pieces = segments(INVITE + BUSY, 50)
    mixed = [pieces[0], pieces[2], pieces[1], pieces[1], *pieces[3:]]
    assert [one.data for one in Reader().records(mixed)] == [INVITE, BUSY]


def test_numbers_that_begin_anew_at_zero_are_followed() -> None:
    assert [one.data for one in Reader().records(segments(INVITE, 40, 0xFFFFFFF0))] == [INVITE]


def test_lost_piece_costs_only_its_messages() -> None:
    pieces = segments(REGISTER * 9 + BUSY, 30)
    assert BUSY in [one.data for one in Reader().records([*pieces[:3], *pieces[4:]])]


def test_new_connection_at_the_same_ports_begins_anew() -> None:
    opened = Frame(START, 101, tcp(("10.0.0.1", 40000), ("10.0.0.2", 5060), 99, 0, SYN))
    pieces = [*segments(INVITE, 4000)[:1], opened, *segments(BUSY, 4000, 100)]
    assert [one.data for one in Reader().records(pieces)] == [INVITE, BUSY]


def test_encrypted_connection_is_counted() -> None:
    reader = Reader()
    assert list(reader.records(segments(b"\x16\x03\x01\x02\x00" + bytes(50), 20))) == []
    assert len(reader.encrypted) == 1


def test_fragments_of_a_large_datagram_are_put_together() -> None:
    packet = udp(("10.0.0.1", 5060), ("10.0.0.2", 5060), INVITE)
    head, payload = packet[:20], packet[20:]
    first = head[:6] + pack(">H", 0x2000) + head[8:] + payload[:80]
    second = head[:6] + pack(">H", 10) + head[8:] + payload[80:]
    cut = [part[:2] + pack(">H", len(part)) + part[4:] for part in (second, first)]
    assert [one.data for one in Reader().records(Frame(START, 101, part) for part in cut)] == [INVITE]


def test_pcapng_is_read() -> None:
    packet = udp(("10.0.0.1", 5060), ("10.0.0.2", 5060), ASKED)
    section = pack("<IIIHHq", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1) + pack("<I", 28)
    interface = pack("<IIHHI", 1, 20, 101, 0, 0) + pack("<I", 20)
    padded = packet + b"\0" * (-len(packet) % 4)
    size = 32 + len(padded)
    micros = round(START * 1_000_000)
    enhanced = pack("<IIIIIII", 6, size, 0, micros >> 32, micros & 0xFFFFFFFF, len(packet), len(packet))
    data = section + interface + enhanced + padded + pack("<I", size)
    assert is_capture(data)
    (one,) = read(data)
    assert (one.data, one.at) == (ASKED, START)


@pytest.mark.parametrize("data", [b"\xd4\xc3\xb2\xa1\x02", b"\x0a\x0d\x0d\x0a" + bytes(20)])
def test_damaged_capture_is_named(data: bytes) -> None:
    with pytest.raises(TraceError, match="capture"):
        read(data)


@given(st.binary(max_size=200), st.integers(0, 300))
def test_garbage_in_a_capture_harms_nobody(data: bytes, link: int) -> None:
    list(
        Reader().records(
            [Frame(START, link, data), Frame(START, 101, b"\x45" + data), Frame(START, 1, ethernet(data or b"E"))]
        )
    )


def test_capture_that_ends_too_soon_is_read_as_far_as_it_goes() -> None:
    whole = pcap(conversation())
    assert len(read(whole[:-10])) == len(conversation()) - 1
