"""Fuzz target: packets for a registered line with a call, a subscription and a publication, from anybody."""

from __future__ import annotations

from collections.abc import Iterator

from snomtui.kit.box import Send
from snomtui.line.watch.publication import Wish
from snomtui.presence import Availability, Contact
from tests.line.peer import HEIKO, LineBox
from tests.stories.exchange import Exchange
from tests.wire import Wire

SETTINGS = {**HEIKO, "user_outbound1": "127.0.0.1:5060;transport=udp", "user_publish_presence_bootup1": "on"}
PEER = ("127.0.0.1", 5060)
AOR = "sip:heiko@example.org"
BETWEEN = b"\n%%%%\n"
"""Between the packets of one input."""
MOST_PACKETS = 8
LIFE = 20
"""Inputs that one line hears."""


def registered() -> tuple[LineBox, Exchange, Wire]:
    """A line that rings and has called somebody; always with the same tags and branches."""
    box, exchange = LineBox(SETTINGS, (Contact("sip:jan@example.org", "Jan"),)), Exchange()
    wire = Wire(box, exchange)
    box.line.start(wire.now)
    wire.until(lambda: box.line.registered)
    box.line.wish(Wish(Availability.AWAY), wire.now)
    box.line.calls.dial("sip:bob@example.org", "bob", wire.now)
    box.line.settle(wire.now)
    wire.advance(3)
    exchange.call(AOR, wire.now)
    wire.settle()
    return box, exchange, wire


def seeds() -> Iterator[bytes]:
    """What the other side says in an ordinary story, one packet each, and pairs of them."""
    box, exchange, wire = registered()
    (first, second) = list(exchange.calls)
    exchange.ask(first, "INVITE", wire.now, "sendonly")
    wire.settle()
    exchange.ask(first, "BYE", wire.now)
    exchange.cancel(second, wire.now)
    wire.settle()
    box.line.leave(wire.now)
    wire.advance(2)
    said = [each.data for each in wire.said if each.sender == exchange.name]
    yield from said
    yield from (BETWEEN.join(pair) for pair in zip(said, said[1:], strict=False))


MOST_TRANSACTIONS = 2048 + 256
"""What a line may have of them: those of others up to its limit, and some of its own."""


class Target:
    """A line that lives for some inputs, because to make one takes longer than an input."""

    def __init__(self) -> None:
        self._history: list[bytes] = []
        self._box, _, wire = registered()
        self._now = wire.now

    def hear(self, data: bytes) -> None:
        """Let the line hear packets, and time pass; whatever they are, it must go on."""
        if len(self._history) >= LIFE:
            self.__init__()  # type: ignore[misc]
        self._history.append(data)
        try:
            self._take(data)
        except Exception as error:
            error.add_note(f"the line had heard: {self._history!r}")
            raise

    def _take(self, data: bytes) -> None:
        for packet in data.split(BETWEEN)[:MOST_PACKETS]:
            self._box.receive(self._box.line.conn, packet, self._now, PEER)
        for _ in range(3):
            due = self._box.next_wake()
            if due is not None:
                self._now = max(self._now, due)
                self._box.tick(self._now)
        line = self._box.line
        assert len(list(line.calls)) <= line.calls.most
        assert len(line._transactions) <= MOST_TRANSACTIONS, "a peer can fill our memory"
        assert len(line._timers) <= 4 * MOST_TRANSACTIONS, "a peer can start timers without end"
        for output in self._box.outbox():
            assert not isinstance(output, Send) or output.data
        self._box.told.clear()
        self._box.done.clear()


one = Target().hear
