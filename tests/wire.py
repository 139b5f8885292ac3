"""A pretend wire: boxes joined without sockets, one clock turned by hand, and a transcript of what was said.

wire = Wire(phone, office)              # the last box is the server: whoever opens a connection gets there
wire.until(lambda: phone.registered)    # turns the clock from event to event
print(wire.transcript)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from snomtui.kit.box import (
    Box,
    Close,
    Conn,
    Down,
    HostPort,
    Locate,
    Located,
    Open,
    Output,
    Send,
    Surroundings,
    Target,
    Up,
)

START = 1_795_400_000.0
"""The moment at which stories begin, seconds since 1970."""
ADDRESS = "127.0.0.1"
MOST_STEPS = 20_000
"""More than so many outputs at one moment is a loop."""


@dataclass(frozen=True)
class Said:
    """Bytes that crossed the wire."""

    at: float
    sender: str
    receiver: str
    data: bytes
    lost: bool = False

    @property
    def line(self) -> str:
        """The first line."""
        return self.data.partition(b"\r\n")[0].decode("utf-8", "replace")

    def __str__(self) -> str:
        mark = " (lost)" if self.lost else ""
        return f"{self.at - START:8.3f} {self.sender} -> {self.receiver}: {self.line}{mark}"


@dataclass(frozen=True)
class End:
    """One end of a connection."""

    box: Box
    conn: Conn


class Wire:
    """Joins boxes. Nothing takes time on the wire; only `advance` and `until` turn the clock."""

    def __init__(
        self,
        *boxes: Box,
        server: Box | None = None,
        now: float = START,
        lose: Callable[[Said], bool] | None = None,
    ) -> None:
        """`server` (default: the last box) takes every connection that is opened. `lose` drops UDP packets."""
        self.now = now
        self.boxes = list(boxes)
        self.server = server or boxes[-1]
        self.lose = lose or (lambda said: False)
        self.refusing = False
        """Whether new connections are refused."""
        self.said: list[Said] = []
        self.outputs: dict[Box, list[Output]] = defaultdict(list)
        """Everything that each box wanted and that is no matter of the wire (Log, Play, Keep, ...)."""
        self._streams: dict[tuple[Box, Conn], End] = {}
        """The other end of each stream."""
        self._sockets: dict[HostPort, End] = {}
        """UDP sockets by address."""
        self._addresses: dict[tuple[Box, Conn], tuple[HostPort, HostPort]] = {}
        """UDP: own address and the peer that it was opened to."""
        self._ports = iter(range(40000, 60000))
        self._incoming = 0
        self._turns = 0
        """Wakes at one and the same moment."""
        self.settle()

    # -- time

    def advance(self, seconds: float) -> None:
        """Turn the clock on, stopping at each moment at which a box wants to be woken."""
        end = self.now + seconds
        self.settle()
        while (wake := self._next()) is not None and wake <= end:
            self._turn(wake)
        self.now = max(self.now, end)
        self.settle()

    def until(self, holds: Callable[[], object], limit: float = 60.0) -> None:
        """Turn the clock until something holds; fails with the transcript after `limit` seconds."""
        end = self.now + limit
        self.settle()
        while not holds():
            wake = self._next()
            if wake is None or wake > end:
                raise AssertionError(f"did not happen within {limit} s:\n{self.tail()}")
            self._turn(wake)

    def _next(self) -> float | None:
        return min((wake for box in self.boxes if (wake := box.next_wake()) is not None), default=None)

    def _turn(self, to: float) -> None:
        self._turns = 0 if to > self.now else self._turns + 1
        if self._turns > MOST_STEPS:
            raise AssertionError(f"somebody wants to be woken again and again:\n{self.tail()}")
        self.now = max(self.now, to)
        for box in self.boxes:
            wake = box.next_wake()
            if wake is not None and wake <= self.now:
                box.tick(self.now)
                self.settle()

    # -- the wire

    def settle(self) -> None:
        """Perform what all boxes want, until none wants anything more."""
        for _ in range(MOST_STEPS):
            pending = [(box, output) for box in self.boxes for output in box.outbox()]
            if not pending:
                return
            for box, output in pending:
                self._perform(box, output)
        raise AssertionError(f"the boxes never come to rest:\n{self.tail()}")

    def _perform(self, box: Box, output: Output) -> None:
        match output:
            case Locate():
                self._locate(box, output)
            case Open():
                self._open(box, output)
            case Send():
                self._send(box, output)
            case Close(conn):
                self._close(box, conn)
            case _:
                self.outputs[box].append(output)

    def _locate(self, box: Box, order: Locate) -> None:
        """Every name has one address; whoever asks for an OCS server by its domain gets one that speaks TLS."""
        transport = order.transport or ("tls" if order.ocs else "udp")
        port = order.port or (5061 if transport == "tls" else 5060)
        box.linked(order.conn, Located((Target(transport, order.host, port, ADDRESS),)), self.now)

    def _open(self, box: Box, order: Open) -> None:
        local = (ADDRESS, order.local_port or next(self._ports))
        there = (ADDRESS, order.port)
        if order.transport == "udp":
            self._bind(box, order.conn, local, there)
            if there not in self._sockets:
                self._incoming -= 1
                self._bind(self.server, self._incoming, there, ("", 0))
            return
        if self.refusing:
            box.linked(order.conn, Down(f"{order.host}:{order.port} refused the connection"), self.now)
            return
        self._incoming -= 1
        mine, theirs = End(box, order.conn), End(self.server, self._incoming)
        self._streams[box, order.conn] = theirs
        self._streams[self.server, self._incoming] = mine
        self.server.linked(theirs.conn, Up(order.transport, there, local), self.now)
        box.linked(order.conn, Up(order.transport, local, there), self.now)

    def _bind(self, box: Box, conn: Conn, local: HostPort, remote: HostPort) -> None:
        self._sockets[local] = End(box, conn)
        self._addresses[box, conn] = (local, remote)
        box.linked(conn, Up("udp", local, remote), self.now)

    def _send(self, box: Box, output: Send) -> None:
        if (box, output.conn) in self._addresses:
            local, remote = self._addresses[box, output.conn]
            self._datagram(box, output.data, local, output.to or remote)
            return
        end = self._streams.get((box, output.conn))
        if end:
            self.said.append(Said(self.now, name(box), name(end.box), output.data))
            end.box.receive(end.conn, output.data, self.now, None)

    def _datagram(self, box: Box, data: bytes, local: HostPort, to: HostPort) -> None:
        end = self._sockets.get(to)
        said = Said(self.now, name(box), name(end.box) if end else f"{to[0]}:{to[1]}", data)
        if end is None or self.lose(said):
            self.said.append(Said(said.at, said.sender, said.receiver, data, lost=True))
            return
        self.said.append(said)
        end.box.receive(end.conn, data, self.now, local)

    def _close(self, box: Box, conn: Conn) -> None:
        own = self._addresses.pop((box, conn), None)
        if own:
            self._sockets.pop(own[0], None)
        end = self._streams.pop((box, conn), None)
        if end:
            del self._streams[end.box, end.conn]
            end.box.linked(end.conn, Down(f"{name(box)} closed the connection"), self.now)

    def cut(self, box: Box, why: str = "the cable was pulled") -> None:
        """Break all streams of a box; both sides hear of it."""
        for (owner, conn), end in list(self._streams.items()):
            if owner is box:
                del self._streams[owner, conn], self._streams[end.box, end.conn]
                end.box.linked(end.conn, Down(why), self.now)
                owner.linked(conn, Down(why), self.now)
        self.settle()

    # -- the transcript

    @property
    def transcript(self) -> str:
        """All first lines, with seconds since the start."""
        return "\n".join(map(str, self.said))

    def tail(self, lines: int = 40) -> str:
        """The end of the transcript."""
        return "\n".join(map(str, self.said[-lines:]))

    def lines(self, sender: Box | None = None) -> list[str]:
        """The first lines of what was sent, by one box or by all."""
        return [each.line for each in self.said if sender is None or each.sender == name(sender)]

    def of_kind(self, box: Box, kind: type[Output]) -> Iterator[Output]:
        """The outputs of one kind of a box, in order."""
        return (each for each in self.outputs[box] if isinstance(each, kind))


def name(box: Box) -> str:
    """How a box is called in the transcript: its own `name`, or its class."""
    return str(getattr(box, "name", type(box).__name__.lower()))


def surroundings(seed: int = 1) -> Surroundings:
    """Random bytes that are the same in every run, and RTP ports that nobody uses."""
    ports = iter(range(20000, 30000, 2))
    return Surroundings(Random(seed).randbytes, lambda: next(ports))
