"""The phone and the front end of a recording: in one process, without sockets, on a clock that a script turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from snomtui.kit.box import Box, Close, Conn, Down, Fetch, Fetched, Locate, Located, Log, Open, Output, Send, Target, Up
from snomtui.kit.box import Surroundings as Around
from snomtui.office.faults import Faults
from snomtui.office.office import Office
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.phone.intents import Intent, Refusal
from snomtui.phone.phone import Phone
from snomtui.phone.snapshot import Snapshot
from snomtui.settings.registry import Settings
from snomtui.shell.logbook import Logbook
from snomtui.skin import Shape
from snomtui.trace.chronicle import Kept

PORT = 5061
_HERE = "127.0.0.1"
_MOST = 10_000
"""More than so many outputs at one moment is a loop."""


@dataclass(frozen=True, slots=True)
class _End:
    box: Box
    conn: Conn


class Stage:
    """A demo that stands still until its clock is turned; the doors of the ui lead here."""

    def __init__(self, settings: Settings, people: People, shape: Shape, seed: int, start: float) -> None:
        """`start` is the moment at which it begins, seconds since 1970; `seed` decides all that is left to chance."""
        self.now, self.began = start, start
        self.book = Logbook(8)
        self.kept = Kept()
        """What crossed the wire, for the desk."""
        dice, ports = Random(seed), iter(range(50000, 60000, 2))
        self.office = Office(
            people, Policy(), Around(dice.randbytes, lambda: next(ports)), start, Faults.parse(), kept={}
        )
        around = Around(Random(seed + 1).randbytes, lambda: next(ports), self.kept.trace.heard)
        self.phone = Phone(settings, shape, around, (), (), start)
        self._ends: dict[tuple[int, Conn], _End] = {}
        self._incoming = 0
        self._watchers: list[Callable[[Snapshot], None]] = []
        self._seen: Snapshot | None = None

    # -- the doors of the ui

    def snapshot(self) -> Snapshot:
        """The phone at this moment."""
        return self.phone.snapshot()

    def do(self, intent: Intent) -> Refusal | None:
        """Do what a person wants."""
        refusal = self.phone.do(intent, self.now)
        self._settle()
        return refusal

    def listen(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call back at each new snapshot; what is returned ends that."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    # -- time

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.now - self.began

    def start(self) -> None:
        """Switch the phone on."""
        self.phone.start(self.now)
        self._settle()

    def next_wake(self) -> float | None:
        """When something happens by itself."""
        wakes = (self.phone.next_wake(), self.office.next_wake())
        return min((wake for wake in wakes if wake is not None), default=None)

    def turn(self, to: float) -> None:
        """Turn the clock on to a moment; what is due then happens."""
        self.now = max(self.now, to)
        for box in (self.phone, self.office):
            wake = box.next_wake()
            if wake is not None and wake <= self.now:
                box.tick(self.now)
                self._settle()

    # -- the wire

    def _settle(self) -> None:
        """Perform what both want, until neither wants anything more."""
        boxes: tuple[Box, ...] = (self.phone, self.office)
        for _ in range(_MOST):
            wanted = [(box, output) for box in boxes for output in box.outbox()]
            if not wanted:
                break
            for box, output in wanted:
                self._perform(box, output)
        self.phone.events()
        new = self.phone.snapshot()
        if new is not self._seen:
            self._seen = new
            for watch in list(self._watchers):
                watch(new)

    def _perform(self, box: Box, output: Output) -> None:
        match output:
            case Locate(conn=conn, host=host):
                found = Located((Target("tls", host, PORT, _HERE),))
                box.linked(conn, found, self.now)
            case Open():
                self._open(box, output)
            case Send(conn=conn, data=data):
                end = self._ends.get((id(box), conn))
                if box is self.phone:
                    self.kept.trace.sent(output, self.now)
                if end:
                    end.box.receive(end.conn, data, self.now)
            case Close(conn=conn):
                self._close(box, conn)
            case Log(level, text) if box is self.phone:
                self.book.write(level, text, self.now)
            case Fetch(ask=ask):
                self.phone.fetched(ask, Fetched(why="There is no web server in a recording"), self.now)
            case _:
                return  # nobody hears the media of a recording, and nothing is kept

    def _open(self, box: Box, order: Open) -> None:
        self._incoming -= 1
        mine, theirs = (_HERE, 40000 - self._incoming), (_HERE, PORT)
        self._ends[id(box), order.conn] = _End(self.office, self._incoming)
        self._ends[id(self.office), self._incoming] = _End(box, order.conn)
        self.office.linked(self._incoming, Up("tls", theirs, mine), self.now)
        up = Up("tls", mine, theirs)
        self.kept.trace.linked(order.conn, up)
        box.linked(order.conn, up, self.now)

    def _close(self, box: Box, conn: Conn) -> None:
        end = self._ends.pop((id(box), conn), None)
        if end:
            del self._ends[id(end.box), end.conn]
            end.box.linked(end.conn, Down("the connection was closed"), self.now)
