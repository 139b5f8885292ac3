"""What one more call costs beside many that are open: the curve must not rise faster than the logarithm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from statistics import median

from snomtui.kit.timers import Timers
from snomtui.line.events import CallChanged
from snomtui.sip.message import Request, Response, parse, respond
from snomtui.sip.transaction import Arrived, Transactions, Wire
from tests.bench.counts import Counts
from tests.bench.table import Figure
from tests.line.peer import HEIKO, LineBox, sdp
from tests.stories.exchange import Exchange
from tests.wire import ADDRESS, START
from tests.wire import Wire as PretendWire

PEER = (ADDRESS, 5060)
UDP = Wire(1, False, PEER)
BATCHES = 9
"""Each figure is the middle of so many batches."""
_HEAD = (
    "{method} sip:heiko@127.0.0.1:40000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-{number}-{cseq}\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:anna@example.org>;tag=a{number}\r\nTo: <sip:heiko@example.org>{tag}\r\n"
    "Call-ID: c{number}\r\nCSeq: {count} {method}\r\nContact: <sip:anna@127.0.0.1:5060>\r\n"
)


def grown(counts: Counts) -> Iterator[Figure]:
    """The cost of a call, from its INVITE to its BYE, at the transactions and at a whole line."""
    yield from _curve("a call at the transactions", AtTheLayer, counts)
    yield from _curve("a call at a line", AtALine, counts)


def _curve(what: str, kind: Callable[[], AtTheLayer | AtALine], counts: Counts) -> Iterator[Figure]:
    first = None
    for size in counts.dialogs:
        side = kind()
        for _ in range(size):
            side.begin()
        times = tuple(_batches(side, counts.seconds / BATCHES))
        first = first or median(times)
        yield Figure(f"{what}, {size:,} open", times, "us", first, f"{counts.dialogs[0]} open")


def _batches(side: AtTheLayer | AtALine, seconds: float) -> Iterator[float]:
    """Microseconds for one call, from its INVITE to its BYE."""
    for _ in range(BATCHES):
        done, begin = 0, time.process_time()
        while (took := time.process_time() - begin) < seconds or not done:
            side.end(side.begin())
            done += 1
        yield took / done * 1e6


def spoken(method: str, number: int, count: int, tag: str = "", body: bytes = b"") -> bytes:
    """A request of one call."""
    text = _HEAD.format(method=method, number=number, cseq=f"{method}{count}", count=count, tag=tag)
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return f"{text}{kind}Content-Length: {len(body)}\r\n\r\n".encode() + body


class AtTheLayer:
    """Transactions of one owner; every open call is one INVITE that was answered and acknowledged, and one of ours."""

    def __init__(self) -> None:
        self._timers = Timers()
        self._layer = Transactions(self._timers, most=1_000_000)
        self._numbers = count()

    def begin(self) -> int:
        """A call comes in and is answered and acknowledged."""
        number = next(self._numbers)
        for status in (180, 200):
            self._ask(spoken("INVITE", number, 1), status)
        self._layer.receive(parse(spoken("ACK", number, 1, ";tag=t")), UDP, START)
        self._layer.request(_request(spoken("OPTIONS", number, 7)), UDP, self, START)
        self._layer.transmit()
        return number

    def end(self, number: int) -> None:
        """It is hung up; our own request is answered."""
        self._ask(spoken("BYE", number, 2, ";tag=t"), 200)
        self._layer.receive(respond(_request(spoken("OPTIONS", number, 7)), 200, tag="t"), UDP, START)
        self._layer.transmit()

    def _ask(self, data: bytes, status: int) -> None:
        for told in self._layer.receive(parse(data), UDP, START):
            if isinstance(told, Arrived) and told.key:
                self._layer.respond(told.key, respond(told.request, status, tag="t"), START)


class AtALine:
    """A line with its calls, dialogs and media plans; every open call is up."""

    def __init__(self) -> None:
        self._box = LineBox({**HEIKO, "user_outbound1": "127.0.0.1:5060;transport=udp"})
        self._box.ports_left = 1_000_000_000
        self._line = self._box.line
        self._line.calls.most = 1_000_000  # a phone refuses more calls than it can have any use for
        wire = PretendWire(self._box, Exchange())
        self._line.start(START)
        wire.until(lambda: self._line.registered)
        self._numbers = count()
        self._ids: dict[int, tuple[str, str]] = {}
        self._body = sdp()

    def begin(self) -> int:
        """A call comes in and is answered and acknowledged."""
        number = next(self._numbers)
        self._hear(spoken("INVITE", number, 1, body=self._body))
        answered = parse(self._said())
        assert isinstance(answered, Response) and answered.status == 180
        call = self._line.calls.find(self._box.of(CallChanged)[-1].id)
        assert call is not None
        call.answer(START)
        self._hear(spoken("ACK", number, 1, f";tag={answered.to.tag}"))
        self._ids[number] = call.id, answered.to.tag
        self._clear()
        return number

    def end(self, number: int) -> None:
        """It is hung up."""
        id, tag = self._ids.pop(number)
        self._hear(spoken("BYE", number, 2, f";tag={tag}"))
        assert self._line.calls.find(id) is None
        self._clear()

    def _clear(self) -> None:
        """Let nothing pile up but what the line itself keeps."""
        self._box.outbox()
        self._box.told.clear()
        self._box.done.clear()
        self._box.reserved.clear()

    def _hear(self, data: bytes) -> None:
        self._line.receive(self._line.conn, data, START, PEER)

    def _said(self) -> bytes:
        return next(getattr(each, "data", b"") for each in self._box.outbox() if b" 180 " in getattr(each, "data", b""))


def _request(data: bytes) -> Request:
    read = parse(data)
    assert isinstance(read, Request)
    return read
