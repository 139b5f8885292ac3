"""RTP packets as RFC 3550 section 5.1 lays them out."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.media.rtp import RtpPacket, ahead

PACKET = RtpPacket(8, 0xFFFF, 0xFFFFFFFF, 0x01020304, b"sound", marker=True)


def test_packet_is_written_as_the_rfc_draws_it() -> None:
    assert bytes(PACKET) == bytes.fromhex("8088ffffffffffff01020304") + b"sound"


@given(
    st.builds(
        RtpPacket,
        st.integers(0, 63),
        st.integers(0, 0xFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.integers(0, 0xFFFFFFFF),
        st.binary(max_size=400),
        st.booleans(),
    )
)
def test_reader_reads_what_the_writer_wrote(packet: RtpPacket) -> None:
    assert RtpPacket.parse(bytes(packet)) == packet


def test_reader_steps_over_sources_extension_and_padding() -> None:
    fixed = struct.pack("!BBHII", 0x80 | 0x20 | 0x10 | 2, 8, 1, 2, 3)
    data = fixed + b"\0" * 8 + struct.pack("!HH", 0xBEDE, 1) + b"\0" * 4 + b"sound" + b"\0\0\3"
    read = RtpPacket.parse(data)
    assert read is not None
    assert read.payload == b"sound"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80" * 11,
        bytes.fromhex("000100002112a442") + bytes(12),  # a STUN binding request
        bytes.fromhex("80c80006") + bytes(24),  # an RTCP sender report
        b"OPTIONS sip:x@y SIP/2.0\r\n\r\n",
        bytes.fromhex("8f08000100000002") + bytes(4),  # fifteen sources that are not there
        bytes.fromhex("9008000100000002") + bytes(4),  # an extension that is not there
        bytes.fromhex("a008000100000002") + bytes(4) + b"\xff",  # more padding than packet
        bytes.fromhex("a008000100000002") + bytes(4) + b"\x00",  # padding of nothing
        b"\x80\x08" + bytes(3000),
    ],
)
def test_reader_takes_nothing_that_is_not_rtp(data: bytes) -> None:
    assert RtpPacket.parse(data) is None


@given(st.binary(max_size=100))
def test_reader_never_falls_over_garbage(data: bytes) -> None:
    packet = RtpPacket.parse(data)
    assert packet is None or len(packet.payload) <= len(data) - 12


def test_numbers_that_wrapped_are_ahead() -> None:
    assert ahead(2, 0xFFFF, 16) == 3
    assert ahead(0xFFFF, 2, 16) == -3
    assert ahead(0, 0xFFFFFFFF) == 1
