"""The one loop that every road ends in: it drives a box with a real clock and real sockets."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from functools import partial
from typing import Protocol

from snomtui.kit.box import (
    Box,
    Close,
    Conn,
    Digits,
    Fetch,
    HostPort,
    Keep,
    Linked,
    Locate,
    Log,
    Open,
    Output,
    Play,
    Send,
)
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.transport import Transport

REST = 1.0
"""Seconds of rest after a defect, so that a box whose alarm fails each time does not eat the machine."""


class Media(Protocol):
    """The media thread, as far as a box needs it."""

    def play(self, port: int, plan: object | None) -> None:
        """Start, change or (None) end the stream at a reserved port."""

    def digits(self, port: int, text: str) -> None:
        """Send DTMF."""


class Tap(Protocol):
    """Who writes down what crosses the wire."""

    def linked(self, conn: Conn, state: Linked) -> None:
        """A connection opened or closed."""

    def sent(self, order: Send, now: float) -> None:
        """Bytes leave."""


class Runner:
    """Performs what a box wants, in order, and wakes it in time."""

    def __init__(
        self,
        box: Box,
        clock: Clock,
        logbook: Logbook,
        media: Media | None = None,
        settled: Callable[[], None] | None = None,
        keep: Callable[[str, str], None] | None = None,
        fetch: Callable[[Fetch], None] | None = None,
        tap: Tap | None = None,
    ) -> None:
        """`settled` is called once after each step, when all answers have left."""
        self.tap = tap
        self.box, self.clock, self.logbook, self.media = box, clock, logbook, media
        self.settled, self.keep, self.fetch = settled, keep, fetch
        self.transport = Transport(self, now=clock.now)
        self._timer: asyncio.TimerHandle | None = None
        self._wake: float | None = None
        self._earliest = 0.0
        """After a defect no alarm rings before this moment."""
        self._inside = False

    # -- what comes in from below

    def received(self, conn: Conn, data: bytes, peer: HostPort | None) -> None:
        """Bytes came in."""
        self.step(lambda: self.box.receive(conn, data, self.clock.now(), peer))

    def linked(self, conn: Conn, state: Linked) -> None:
        """A connection opened or closed, or a server was located."""
        if self.tap is not None:
            self.tap.linked(conn, state)
        self.step(lambda: self.box.linked(conn, state, self.clock.now()))

    def logged(self, level: int, text: str) -> None:
        """A line for the phone's log, about the wire."""
        self.logbook.write(level, text, self.clock.now())

    def step(self, do: Callable[[], object]) -> None:
        """Let the box do something, then settle. A defect in the box costs this one step and is logged."""
        self._guarded(do)
        self.settle()

    def _guarded(self, do: Callable[[], object]) -> bool:
        """Do it; whether it went well."""
        try:
            do()
        except Exception:
            self._earliest = self.clock.now() + REST
            for line in traceback.format_exc().splitlines():
                self.logbook.write(1, f"defect: {line}", self.clock.now())
            return False
        return True

    def settle(self) -> None:
        """Perform everything in the outbox, arm one timer, tell the listeners."""
        if self._inside:
            return
        self._inside = True
        try:
            while outputs := self._outputs():
                for output in outputs:
                    self._guarded(partial(self._perform, output))
        finally:
            self._inside = False
        self._guarded(self._arm)
        if self.settled:
            self._guarded(self.settled)

    def _outputs(self) -> list[Output]:
        """What the box wants done. A box may think about that too: after a defect it is asked once more."""
        found: list[Output] = []
        for _ in range(2):
            if self._guarded(lambda: found.extend(self.box.outbox())):
                break
        return found

    # -- what goes out

    def _perform(self, output: Output) -> None:
        match output:
            case Send():
                self.transport.send(output)
                if self.tap is not None:
                    self.tap.sent(output, self.clock.now())
            case Locate():
                self.transport.locate(output)
            case Open():
                self.transport.open(output)
            case Close(conn):
                self.transport.close(conn)
            case Log(level, text):
                self.logbook.write(level, text, self.clock.now())
            case Play(port, plan):
                if self.media:
                    self.media.play(port, plan)
            case Digits(port, digits):
                if self.media:
                    self.media.digits(port, digits)
            case Keep(name, value):
                if self.keep:
                    self.keep(name, value)
            case Fetch():
                if self.fetch:
                    self.fetch(output)

    def _arm(self) -> None:
        wake = self.box.next_wake()
        if wake == self._wake and self._timer is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._wake = None, wake
        if wake is not None:
            delay = max(0.0, max(wake, self._earliest) - self.clock.now())
            self._timer = asyncio.get_running_loop().call_later(delay, self._ring)

    def _ring(self) -> None:
        self._timer, self._wake = None, None
        self.step(lambda: self.box.tick(self.clock.now()))

    async def stop(self) -> None:
        """Close all sockets and forget the timer."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._wake = None, None
        await self.transport.stop()
