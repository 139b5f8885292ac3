"""Traces as text: our own, and those of other programs."""

from __future__ import annotations

from datetime import datetime

import pytest

from snomtui.trace.stamps import Stamp, moment
from snomtui.trace.textin import read
from snomtui.trace.textout import heading, text
from tests.trace.samples import BUSY, INVITE, PHONE, REGISTER, SERVER, conversation, record

BARE = REGISTER.decode().replace("\r\n", "\n")


def test_what_is_saved_is_read_again() -> None:
    saved = text(conversation())
    again = read(saved.encode())
    assert [one.data for one in again] == [one.data for one in conversation()]
    assert [(one.source, one.target, one.transport) for one in again] == [
        (one.source, one.target, one.transport) for one in conversation()
    ]
    assert [(one.out, one.verdict) for one in again] == [(one.out, one.verdict) for one in conversation()]
    assert [round(one.at, 3) for one in again] == [round(one.at, 3) for one in conversation()]


def test_heading_is_the_one_of_a_snom() -> None:
    said = heading(record(1, REGISTER, True))
    assert said.startswith(f"Sent to tls:127.0.0.1:{SERVER[1]} from tls:127.0.0.1:{PHONE[1]} at ")
    assert said.endswith(f" ({len(REGISTER)} bytes):")
    assert heading(record(1, BUSY, False, "valid")).endswith(", signature valid):")


def test_doubt_about_a_message_outlives_the_file() -> None:
    (again,) = read(text([record(1, BUSY, False, "the signature is wrong")]).encode())
    assert (again.out, again.verdict) == (False, "the signature is wrong")


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        (
            "Received from udp:10.0.0.1:5060 at 8/3/2011 09:31:43:328 (2072 bytes):",
            Stamp(datetime(2011, 3, 8, 9, 31, 43, 328000).timestamp(), "udp", False, ("10.0.0.1", 5060)),
        ),
        (
            "Sent to Udp:10.0.0.2:5060 from Udp:10.0.0.1:5060 at Nov 21 11:28:35.878 (685 bytes):",
            Stamp(
                datetime(2000, 11, 21, 11, 28, 35, 878000).timestamp(),
                "udp",
                True,
                ("10.0.0.1", 5060),
                ("10.0.0.2", 5060),
            ),
        ),
        (
            "----------------------------------------------- 2026-11-23 15:20:01.123456\nUDP message sent (612 bytes):",
            Stamp(datetime(2026, 11, 23, 15, 20, 1, 123456).timestamp(), "udp", True),
        ),
        (
            "2015/06/05 12:23:34.123456 10.0.0.1:5060 -> 10.0.0.2:5062",
            Stamp(
                datetime(2015, 6, 5, 12, 23, 34, 123456).timestamp(), "", None, ("10.0.0.1", 5060), ("10.0.0.2", 5062)
            ),
        ),
        ("<--- SIP read from TCP:[2001:db8::1]:5060 --->", Stamp(0.0, "tcp", False, ("2001:db8::1", 5060))),
        (
            "<--- Transmitting SIP response (450 bytes) to UDP:10.0.0.1:5060 --->",
            Stamp(0.0, "udp", True, ("", 0), ("10.0.0.1", 5060)),
        ),
        ("nothing of that kind", Stamp()),
    ],
)
def test_line_above_a_message_is_understood(line: str, stamp: Stamp) -> None:
    assert Stamp.read(line) == stamp


def test_impossible_time_is_no_time() -> None:
    assert moment("99/99/2020 10:00:00") == 0.0
    assert moment("at 25:61:00") == 0.0


def test_bare_messages_tell_by_themselves_who_speaks() -> None:
    invite = (
        "INVITE sip:jan@192.0.2.9:5070 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKx\nCSeq: 1 INVITE\n\n"
    )
    ringing = "SIP/2.0 180 Ringing\nVia: SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bKx\nCSeq: 1 INVITE\n\n"
    first, second = read((invite + ringing).encode())
    assert (first.source, first.target) == (("192.0.2.1", 5061), ("192.0.2.9", 5070))
    assert (second.source, second.target) == (first.target, first.source)


def test_body_ends_where_its_length_says_whatever_the_line_ends_are() -> None:
    crlf = INVITE + b"\r\nSome words of the program\r\n\r\n" + BUSY
    assert [one.data for one in read(crlf)] == [INVITE, BUSY]
    assert [one.data for one in read(crlf.replace(b"\r\n", b"\n"))] == [INVITE, BUSY]
    plain = b"MESSAGE sip:a@b SIP/2.0\nContent-Length: 12\n\none\ntwo\nfour\nSIP/2.0 200 OK\nCSeq: 1 MESSAGE\n\n"
    assert [one.start for one in read(plain)] == ["MESSAGE sip:a@b SIP/2.0", "SIP/2.0 200 OK"]


def test_message_inside_a_body_is_not_a_message_of_its_own() -> None:
    body = b"SIP/2.0 200 OK\r\n"
    data = b"NOTIFY sip:a@b SIP/2.0\r\nContent-Type: message/sipfrag\r\nContent-Length: 16\r\n\r\n" + body
    assert [one.start for one in read(data + b"\r\n" + BUSY)] == ["NOTIFY sip:a@b SIP/2.0", "SIP/2.0 486 Busy Here"]


def test_indented_messages_are_found() -> None:
    indented = "".join(f"    {line}\n" for line in BARE.split("\n"))
    assert [one.call_id for one in read(f"log line\n{indented}".encode())] == ["reg-1"]


def test_text_without_messages_has_none() -> None:
    assert read(b"root:x:0:0:root:/root:/bin/bash\n") == []
