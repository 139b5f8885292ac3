"""Framing: bytes of a connection become messages."""

from __future__ import annotations

from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.sip.message import Request, Response
from snomtui.sip.stream import FARTHEST_SKIP, LONGEST_BODY, Framer, Ping, Read, Trouble, datagram
from tests.sip.examples import INVITE, MICROSOFT

OK = INVITE.replace(b"INVITE sip:bob@biloxi.com SIP/2.0", b"SIP/2.0 200 OK")
BAD = INVITE.replace(b"INVITE sip:bob@biloxi.com SIP/2.0", b"INVITE sip:bob biloxi.com SIP/2.0")
PIECES = [INVITE, MICROSOFT, OK, b"\r\n", b"\r\n\r\n", BAD, b"junk", b"Content-Length: 3\r\n\r\n", b"SIP/2.0 200\r\n"]


def kinds(reads: list[Read]) -> list[str]:
    """The names of what was read."""
    return [type(read).__name__ for read in reads]


def told(reads: list[Read]) -> list[object]:
    """What was read, to be compared, but pings: of several in one read only one is told."""
    return [
        (str(read.error), read.error.status, read.request, read.fatal) if isinstance(read, Trouble) else read
        for read in reads
        if not isinstance(read, Ping)
    ]


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
    assert told(split) == told(whole)


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


def test_too_long_heads_are_answered_with_513_and_end_the_connection() -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 2000) for number in range(40))
    data = INVITE.replace(b"Max-Forwards: 70\r\n", lines)
    refused = trouble(Framer().feed(data))
    assert refused.error.status == 513 and refused.fatal and refused.request is not None
    slow = Framer()
    assert told([read for at in range(0, len(data), 999) for read in slow.feed(data[at : at + 999])]) == told([refused])


def test_message_with_too_much_in_its_head_costs_only_itself() -> None:
    many = INVITE.replace(b"Max-Forwards: 70\r\n", b"X: y\r\n" * 300)
    wide = INVITE.replace(b"Max-Forwards: 70\r\n", b"X: %s\r\n" % (b"y" * 20_000))
    path = INVITE.replace(b"Max-Forwards: 70\r\n", b"Route: %s\r\n" % b", ".join([b"<sip:a>"] * 1000))
    far = INVITE.replace(b"sip:bob@biloxi.com SIP", b"sip:%s SIP" % (b"b" * 30_000))
    reads = Framer().feed(many + wide + path + far + INVITE)
    assert kinds(reads) == ["Trouble"] * 4 + ["Request"]
    assert [read.error.status for read in reads if isinstance(read, Trouble)] == [513, 513, 400, 414]
    for read, data in zip(reads, (many, wide, path, far), strict=False):
        assert isinstance(read, Trouble) and read.request is not None and not read.fatal
        again = datagram(data)
        assert again is not None and told([again]) == told([read])


def sized(length: int, start: bytes = b"NOTIFY sip:bob@biloxi.com SIP/2.0") -> bytes:
    """The head of a message with so long a body."""
    head = INVITE.replace(b"INVITE sip:bob@biloxi.com SIP/2.0", start).replace(b"314159 INVITE", b"1 NOTIFY")
    return head.replace(b"Content-Length: 4\r\n\r\nv=0\n", b"Content-Length: %d\r\n\r\n" % length)


@pytest.mark.parametrize("piece", [1400, 65_536, 10_000_000])
def test_body_that_is_too_long_is_passed_by_and_the_connection_lives_on(piece: int) -> None:
    data = sized(5_000_000) + b"x" * 5_000_000 + INVITE + sized(LONGEST_BODY + 1, b"SIP/2.0 200 OK")
    data += b"y" * (LONGEST_BODY + 1) + INVITE
    framer, reads, most = Framer(), list[Read](), 0
    for at in range(0, len(data), piece):
        reads += framer.feed(data[at : at + piece])
        most = max(most, len(framer._buffer))
    assert kinds(reads) == ["Trouble", "Request", "Trouble", "Request"] and most <= 2000
    first, _, third, _ = reads
    assert isinstance(first, Trouble) and first.error.status == 513 and not first.fatal
    assert first.request is not None and first.request.method == "NOTIFY"
    assert isinstance(third, Trouble) and third.request is None


def test_body_of_a_length_that_nobody_waits_for_ends_the_connection() -> None:
    refused = trouble(Framer().feed(sized(FARTHEST_SKIP)))
    assert refused.fatal and refused.error.status == 513 and refused.request is not None


def test_bodies_up_to_the_limit_pass_in_one_piece_and_in_many() -> None:
    body = b"z" * LONGEST_BODY
    framer = Framer()
    assert framer.feed(sized(len(body))) == []
    reads = [read for at in range(0, len(body), 8192) for read in framer.feed(body[at : at + 8192])]
    assert kinds(reads) == ["Request"] and isinstance(reads[0], Request) and reads[0].body == body
    whole = Framer().feed(sized(65_536) + body[:65_536] + INVITE)
    assert kinds(whole) == ["Request", "Request"]


def test_one_byte_a_read_and_endless_empty_lines_are_cheap() -> None:
    data = sized(65_536) + b"z" * 65_536
    framer = Framer()
    slow = [read for at in range(len(data)) for read in framer.feed(data[at : at + 1])]
    assert kinds(slow) == ["Request"]
    assert framer.feed(b"\r\n" * 1_000_000) == [Ping()] and not framer._buffer
    assert framer.feed(b"\n" * 1_000_000) == [] and kinds(framer.feed(INVITE)) == ["Request"]
    assert kinds(framer.feed(b"\r" * 100_000 + INVITE)) == ["Request"]


@pytest.mark.parametrize(
    "line",
    [
        b"Contact: " + b"," * 16_000,
        b"Contact: " + b"<sip:a>," * 2000,
        b'Contact: "' + b'\\"' * 8000,
        b"Subject:" + b"\r\n " * 200 + b"x",
        b"Subject: " + b" \t" * 8000 + b"x",
        b"From" + b" " * 16_000 + b": x",
        b"Via: " + b"SIP / 2.0 / UDP a ; " * 800,
        b"To: " + b"<" * 16_000,
        b"CSeq: " + b"1" * 16_000,
        b"Supported: " + b";" * 16_000,
    ],
)
def test_long_and_nasty_lines_cost_no_more_than_their_length(line: bytes) -> None:
    read = datagram(INVITE.replace(b"Max-Forwards: 70", line))
    assert isinstance(read, Request | Trouble)
    if isinstance(read, Request):
        for name, _ in read.headers:
            assert isinstance(read.headers.values(name), tuple)


@given(
    st.lists(st.sampled_from([*PIECES, sized(3000) + b"q" * 3000]), min_size=1, max_size=5),
    st.lists(st.integers(1, 700), min_size=1, max_size=6),
)
def test_stream_gives_the_same_in_pieces_of_any_size(pieces: list[bytes], sizes: list[int]) -> None:
    stream, framer, at = b"".join(pieces), Framer(2000), 0
    reads = list[Read]()
    for size in cycle(sizes):
        if at >= len(stream):
            break
        reads += framer.feed(stream[at : at + size])
        at += size
    whole = Framer(2000).feed(stream)
    assert told(reads) == told(whole)
    assert (Ping() in reads) == (Ping() in whole)


@pytest.mark.parametrize("cut", range(1, len(INVITE)))
def test_two_messages_in_two_reads_are_the_same_wherever_they_are_cut(cut: int) -> None:
    framer = Framer()
    reads = framer.feed(INVITE[:cut]) + framer.feed(INVITE[cut:] + OK)
    assert kinds(reads) == ["Request", "Response"]
    assert list(map(bytes, (read for read in reads if isinstance(read, Request | Response)))) == [INVITE, OK]


def test_datagram_is_a_message_a_ping_or_nothing() -> None:
    assert isinstance(datagram(INVITE), Request) and isinstance(datagram(OK), Response)
    assert datagram(b"\r\n\r\n") == Ping() and datagram(b"\r\n") is None and datagram(b"\0\0\0\0") is None
    short = datagram(INVITE.replace(b"Content-Length: 4", b"Content-Length: 2"))
    assert isinstance(short, Request) and short.body == b"v="
    bare = datagram(INVITE.replace(b"Content-Length: 4\r\n", b""))
    assert isinstance(bare, Request) and bare.body == b"v=0\n"
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
