"""An INVITE read and written again: ours beside the pure-Python libraries, in turns in the same run; processor time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version

from snomtui.sip.message import Request, parse
from snomtui.sip.stream import Framer, Read, datagram
from tests.bench.counts import Counts
from tests.bench.table import Figure

TARGET = 2.0
"""So many times as fast as the fastest library."""
ROUNDS = 9
"""Each reader gets so many turns."""
AT_ONCE = 50
"""Messages between two looks at the clock."""

BODY = (
    b"v=0\r\no=alice 2890844526 2890844526 IN IP4 pc33.atlanta.example.com\r\ns=-\r\nc=IN IP4 192.0.2.101\r\nt=0 0\r\n"
    b"m=audio 49172 RTP/AVP 9 0 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    b"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n"
)
INVITE = (
    b"INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP pc33.atlanta.example.com:5060;branch=z9hG4bK-74bf9x;rport\r\n"
    b"Max-Forwards: 70\r\n"
    b'From: "Alice" <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n'
    b'To: "Bob" <sip:bob@biloxi.example.com>\r\n'
    b"Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    b"CSeq: 1 INVITE\r\n"
    b"Contact: <sip:alice@pc33.atlanta.example.com:5060;transport=udp>\r\n"
    b"Allow: INVITE, ACK, CANCEL, BYE, REFER, OPTIONS, NOTIFY, SUBSCRIBE, PRACK, MESSAGE, INFO\r\n"
    b"Supported: timer, 100rel, replaces\r\n"
    b"User-Agent: snom320/8.7.5.35\r\n"
    b"Content-Type: application/sdp\r\n"
    b"Content-Length: %d\r\n\r\n" % len(BODY)
) + BODY

Work = Callable[[], bytes]
"""Reads the INVITE and gives back what it would send on."""


def parsing(counts: Counts) -> Iterator[Figure]:
    """Messages a second: the bare library call, and all that is done before the engine gives a message out."""
    ours: dict[str, Work] = {
        "INVITE parsed and printed": lambda: bytes(parse(INVITE)),
        "the same from a datagram, checked": lambda: bytes(_sure(datagram(INVITE))),
        "the same from a stream, checked": lambda: bytes(_sure(Framer().feed(INVITE)[0])),
    }
    theirs, missing = _libraries()
    rates = _in_turns(ours | theirs, counts.seconds)
    others = [Figure(f"INVITE parsed and printed, {name}", rates[name], "1/s", digits=0) for name in theirs]
    fastest = max(others, key=lambda figure: figure.median, default=None)
    for number, name in enumerate(ours):
        figure = Figure(name, rates[name], "1/s", digits=0, target=None if number else TARGET)
        yield _beside(figure, fastest, missing)
    yield from others


def _beside(figure: Figure, fastest: Figure | None, missing: list[str]) -> Figure:
    lacks = f"{' and '.join(missing)} not installed" if missing else ""
    if fastest is None:
        return replace(figure, beside=f"nothing: {lacks}", target=None)
    name = fastest.what.rpartition(", ")[2]
    return replace(figure, against=fastest.median, beside=f"{name}; {lacks}" if lacks else name)


def _libraries() -> tuple[dict[str, Work], list[str]]:
    """What is installed of the libraries, by name and version, and what is not."""
    found: dict[str, Work] = {}
    missing: list[str] = []
    for name, prepare in LIBRARIES.items():
        try:
            found[f"{name} {version(name)}"] = prepare()
        except ImportError:
            missing.append(name)
    return found, missing


def _opensip() -> Work:
    """As its own transport and user agent do it."""
    read = import_module("opensip.message").parse_message
    return lambda: bytes(read(INVITE).encode())


def _sipmessage() -> Work:
    read = import_module("sipmessage").Message.parse
    return lambda: bytes(read(INVITE))


LIBRARIES: dict[str, Callable[[], Work]] = {"opensip": _opensip, "sipmessage": _sipmessage}


def _in_turns(works: dict[str, Work], seconds: float) -> dict[str, tuple[float, ...]]:
    """Rates of all, one turn each in every round, so that what else this machine does hits them alike."""
    for name, work in works.items():
        assert parse(work()) == parse(INVITE), f"{name} does not give the INVITE back"
    rounds = [{name: _rate(work, seconds / ROUNDS) for name, work in works.items()} for _ in range(ROUNDS)]
    return {name: tuple(each[name] for each in rounds) for name in works}


def _rate(work: Work, seconds: float) -> float:
    done, begin = 0, time.process_time()
    while (took := time.process_time() - begin) < seconds or not done:
        for _ in range(AT_ONCE):
            work()
        done += AT_ONCE
    return done / took


def _sure(read: Read | None) -> Request:
    assert isinstance(read, Request)
    return read
