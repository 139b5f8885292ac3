"""A pretend wire: boxes joined without sockets, one clock turned by hand, and a transcript of what was said.

wire = Wire(phone, office)              # the last box is the server: whoever opens a connection gets there
wire.until(lambda: phone.registered)    # turns the clock from event to event
print(wire.transcript)

Wire(phone, office, weather=Weather(loss=0.2), seed=7)      # UDP packets get lost; see `weather.py`
Wire(phone, one, two, at={("192.0.2.1", 5060): one, ("192.0.2.2", 5060): two})
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random

from snomtui.kit.box import (
    Box,
    Close,
    Conn,
    Down,
    HostPort,
    Locate,
    Located,
    Log,
    Open,
    Output,
    Send,
    Surroundings,
    Target,
    Up,
)
from tests.weather import FAIR, Weather

START = 1_795_400_000.0
"""The moment at which stories begin, seconds since 1970."""
ADDRESS = "127.0.0.1"
MOST_STEPS = 20_000
"""More than so many outputs at one moment is a loop."""
PATIENCE = 10.0
"""Seconds after which a connection that nobody answers is given up, as the shell does."""


@dataclass(frozen=True)
class Said:
    """Bytes that crossed the wire."""

    at: float
    sender: str
    receiver: str
    data: bytes
    lost: bool = False
    delays: tuple[float, ...] = (0.0,)
    """Seconds after which each copy arrives."""

    @property
    def line(self) -> str:
        """The first line."""
        return self.data.partition(b"\r\n")[0].decode("utf-8", "replace")

    def __str__(self) -> str:
        mark = " (lost)" if self.lost else self._journey
        return f"{self.at - START:8.3f} {self.sender} -> {self.receiver}: {self.line}{mark}"

    @property
    def _journey(self) -> str:
        return "" if self.delays == (0.0,) else " (" + ", ".join(f"{delay:.1f} s" for delay in self.delays) + ")"


@dataclass(frozen=True)
class End:
    """One end of a connection."""

    box: Box
    conn: Conn


class Wire:
    """Joins boxes; only `advance` and `until` turn the clock. Nothing takes time, unless the weather is bad."""

    def __init__(
        self,
        *boxes: Box,
        server: Box | None = None,
        now: float = START,
        lose: Callable[[Said], bool] | None = None,
        weather: Weather | Mapping[str, Weather] = FAIR,
        seed: int = 1,
        at: Mapping[HostPort, Box] | None = None,
    ) -> None:
        """`server` (default: the last box) takes every connection that is opened, but those to an address of `at`.

        `lose` drops UDP packets. `weather` is that of all UDP packets, or of those of each sender by name.
        """
        self.now = now
        self.boxes = list(boxes)
        self.server = server or boxes[-1]
        self.lose = lose or (lambda said: False)
        self.weather = weather
        self.at: dict[HostPort, Box] = dict(at or {})
        """Who listens where; the host as it is asked for, which is an address or a name."""
        self.refusing = False
        """Whether new connections are refused."""
        self.refuse: set[HostPort] = set()
        """Where connections are refused; UDP packets to there vanish."""
        self.places: dict[str, tuple[Target, ...]] = {}
        """Where names lead; any other name leads to one place."""
        self.swallow: set[HostPort] = set()
        """Where nobody answers at all: an attempt to connect ends after `PATIENCE`."""
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
        self.dice = Random(seed)
        """Decides what becomes of each packet."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        """What happens later by itself: packets under way, attempts to connect that come to nothing. A heap."""
        self._count = 0
        self._waiting: set[tuple[Box, Conn]] = set()
        """Attempts to connect that nobody will answer."""
        self._turns = 0
        """Wakes at one and the same moment."""
        self.settle()

    # -- time

    def advance(self, seconds: float) -> None:
        """Turn the clock on, stopping at each moment at which a box wants to be woken or a packet arrives."""
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
        wakes = [wake for box in self.boxes if (wake := box.next_wake()) is not None]
        return min([*wakes, *(at for at, _, _ in self._due[:1])], default=None)

    def _later(self, seconds: float, happen: Callable[[], None]) -> None:
        self._count += 1
        heappush(self._due, (self.now + seconds, self._count, happen))

    def _turn(self, to: float) -> None:
        self._turns = 0 if to > self.now else self._turns + 1
        if self._turns > MOST_STEPS:
            raise AssertionError(f"somebody wants to be woken again and again:\n{self.tail()}")
        self.now = max(self.now, to)
        while self._due and self._due[0][0] <= self.now:
            heappop(self._due)[2]()
            self.settle()
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
        self.outputs[box].append(Log(8, f"DNS cache_lookup: a {order.host} ->"))  # as the shell writes it
        transport = order.transport or ("tls" if order.ocs else "udp")
        port = order.port or (5061 if transport == "tls" else 5060)
        found = self.places.get(order.host, (Target(transport, order.host, port, ADDRESS),))
        box.linked(order.conn, Located(found, "" if found else f"The name {order.host} does not resolve"), self.now)

    def _open(self, box: Box, order: Open) -> None:
        there = self._place(order)
        server = self.at.get(there, self.server)
        local = (ADDRESS, order.local_port or next(self._ports))
        if order.transport == "udp":
            self._bind(box, order.conn, local, there)
            if there not in self._sockets and there not in self.refuse | self.swallow:
                self._incoming -= 1
                self._bind(server, self._incoming, there, ("", 0))
        elif there in self.swallow:
            self._waiting.add((box, order.conn))
            self._later(PATIENCE, lambda: self._unanswered(box, order))
        elif self.refusing or there in self.refuse:
            box.linked(order.conn, Down(f"{order.host}:{order.port} refused the connection"), self.now)
        else:
            self._join(End(box, order.conn), server, Up(order.transport, local, there))

    def _unanswered(self, box: Box, order: Open) -> None:
        if (box, order.conn) in self._waiting:
            self._waiting.discard((box, order.conn))
            why = f"{order.host}:{order.port} did not answer within {PATIENCE:.0f} s"
            box.linked(order.conn, Down(why), self.now)

    def _place(self, order: Open) -> HostPort:
        """Where an order leads: an address or name that the test has given, else the one address of all names."""
        places = {*self.at, *self.refuse, *self.swallow}
        asked = (order.address or order.host, order.port), (order.host, order.port)
        return next((place for place in asked if place in places), (ADDRESS, order.port))

    def _join(self, mine: End, server: Box, up: Up) -> None:
        self._incoming -= 1
        theirs = End(server, self._incoming)
        self._streams[mine.box, mine.conn] = theirs
        self._streams[server, self._incoming] = mine
        server.linked(theirs.conn, Up(up.transport, up.remote, up.local), self.now)
        mine.box.linked(mine.conn, up, self.now)

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
        gone = end is None or to in self.refuse | self.swallow or self.lose(said)
        delays = () if gone else self._weather(said).fate(self.dice)
        self.said.append(Said(said.at, said.sender, said.receiver, data, lost=not delays, delays=delays))
        for delay in delays:
            if delay:
                self._later(delay, lambda: self._arrive(data, local, to))
            else:
                self._arrive(data, local, to)

    def _weather(self, said: Said) -> Weather:
        return self.weather if isinstance(self.weather, Weather) else self.weather.get(said.sender, FAIR)

    def _arrive(self, data: bytes, local: HostPort, to: HostPort) -> None:
        """A packet is there, if its socket still is."""
        end = self._sockets.get(to)
        if end:
            end.box.receive(end.conn, data, self.now, local)

    def _close(self, box: Box, conn: Conn) -> None:
        self._waiting.discard((box, conn))
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
