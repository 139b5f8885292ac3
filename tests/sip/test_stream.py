"""Framing: bytes of a connection become messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.sip.message import Request, Response
from snomtui.sip.stream import Framer, Ping, Read, Trouble, datagram
from tests.sip.examples import INVITE, MICROSOFT

OK = INVITE.replace(b"INVITE sip:bob@biloxi.com SIP/2.0", b"SIP/2.0 200 OK")
BAD = INVITE.replace(b"INVITE sip:bob@biloxi.com SIP/2.0", b"INVITE sip:bob biloxi.com SIP/2.0")
PIECES = [INVITE, MICROSOFT, OK, b"\r\n", b"\r\n\r\n", BAD, b"junk", b"Content-Length: 3\r\n\r\n", b"SIP/2.0 200\r\n"]


def kinds(reads: list[Read]) -> list[str]:
    """The names of what was read."""
    return [type(read).__name__ for read in reads]


def trouble(reads: list[Read]) -> Trouble:
    """The last thing read, which must be trouble."""
    last = reads[-1]
    assert isinstance(last, Trouble)
    return last


def test_framer_gives_the_same_byte_by_byte_as_at_once() -> None:
    data = INVITE + b"\r\n\r\n" + MICROSOFT + b"\r\n" + OK + BAD + INVITE
    whole = Framer().feed(data)
    framer = Framer()
    slow = [read for at in range(len(data)) for read in framer.feed(data[at : at + 1])]
    assert kinds(whole) == kinds(slow) == ["Request", "Ping", "Request", "Response", "Trouble", "Request"]
    good = [read for read in whole if not isinstance(read, Trouble | Ping)]
    assert b"".join(map(bytes, good)) == INVITE + MICROSOFT + OK + INVITE


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=40), max_size=8), st.data())
def test_framer_never_raises_and_splits_do_not_matter(pieces: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(pieces)
    whole = Framer().feed(stream)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    framer = Framer()
    split: list[Read] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        split += framer.feed(stream[start:end])
    assert kinds(split) == kinds(whole)


def test_framer_skips_lone_line_ends_and_reports_pings() -> None:
    framer = Framer()
    assert framer.feed(b"\r\n") == [] and kinds(framer.feed(INVITE)) == ["Request"]
    assert framer.feed(b"\r\n\r\n") == [Ping()] and framer.feed(b"\r") == [] and framer.feed(b"\n") == []
    assert kinds(framer.feed(MICROSOFT)) == ["Request"]


def test_bad_message_with_sound_framing_costs_only_itself() -> None:
    reads = Framer().feed(BAD + INVITE.replace(b"CSeq: 314159 INVITE", b"CSeq: x") + INVITE)
    assert kinds(reads) == ["Trouble", "Trouble", "Request"]
    first = reads[0]
    assert isinstance(first, Trouble) and not first.fatal and first.request is not None
    assert first.request.call_id == "a84b4c76e66710" and first.error.status == 400


@pytest.mark.parametrize(
    "data",
    [
        MICROSOFT.replace(b"Content-Length: 0", b"Content-Type: a/b"),
        INVITE.replace(b"Content-Length: 4", b"Content-Length: four"),
        INVITE.replace(b"Content-Length: 4", b"Content-Length: 4\r\nl: 5"),
        INVITE.replace(b"Content-Length: 4", b"Content-Length: 999999999"),
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"x" * 300_000,
    ],
)
def test_framer_gives_up_when_the_framing_is_lost(data: bytes) -> None:
    framer = Framer()
    assert trouble(framer.feed(data)).fatal
    assert framer.feed(INVITE) == []


def test_missing_content_length_without_content_type_means_no_body() -> None:
    reads = Framer().feed(MICROSOFT.replace(b"Content-Length: 0\r\n", b"") + INVITE)
    assert kinds(reads) == ["Request", "Request"]


def test_too_long_heads_and_bodies_are_answered_with_513() -> None:
    assert trouble(Framer(100).feed(INVITE)).error.status == 513
    refused = trouble(Framer(500).feed(INVITE.replace(b"Content-Length: 4", b"Content-Length: 501")))
    assert refused.error.status == 513 and refused.request is not None


def test_datagram_is_a_message_a_ping_or_nothing() -> None:
    assert isinstance(datagram(INVITE), Request) and isinstance(datagram(OK), Response)
    assert datagram(b"\r\n\r\n") == Ping() and datagram(b"\r\n") is None and datagram(b"\0\0\0\0") is None
    bad = datagram(INVITE.replace(b"Content-Length: 4", b"Content-Length: 40"))
    assert isinstance(bad, Trouble) and bad.request is not None and not bad.fatal


def test_bad_response_and_bad_ack_are_never_answered() -> None:
    for data in (OK.replace(b"SIP/2.0 200", b"SIP/2.0 2000"), BAD.replace(b"INVITE", b"ACK")):
        read = datagram(data)
        assert isinstance(read, Trouble) and read.request is None


def test_lines_of_a_body_are_never_taken_for_headers() -> None:
    data = INVITE.replace(b"314159 INVITE", b"314159 BYE").replace(b"Length: 4", b"Length: 11")[:-4]
    read = trouble(Framer().feed(data + b"Via: evil\r\n"))
    assert read.request is not None and read.request.headers.all("Via") == (
        "SIP/2.0/UDP pc33.atlanta.com;branch=z9hG4bKnashds8",
    )


@given(st.binary() | st.tuples(st.integers(0, 400), st.binary()).map(lambda cut: INVITE[: cut[0]] + cut[1]))
def test_any_datagram_is_read_without_raising(data: bytes) -> None:
    read = datagram(data)
    assert read is None or isinstance(read, Request | Response | Trouble | Ping)
