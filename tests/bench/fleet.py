"""A thousand lines of one process register at a real Kamailio over UDP, and stay registered."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from snomtui.kit.box import Surroundings
from snomtui.line.account import account_of
from snomtui.line.events import RegistrationChanged
from snomtui.line.line import Line
from snomtui.line.lines import Lines
from snomtui.settings.registry import Settings
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.runner import Runner
from tests.bench.counts import Counts
from tests.bench.table import Figure
from tests.peers.pbx import KAMAILIO, TABLES, Pbx

SIZES = (100, 300, 1000)
AT_ONCE = 60
"""So many registrations are under way at a time: more would only fill the socket's buffer and be sent again."""
STAY = 6.0
"""Seconds for which all must stay registered; with an expiry of `EXPIRY` each refreshes at least twice."""
EXPIRY = 20
"""Seconds; the least that this Kamailio grants."""
TARGET = 2000.0


class Fleet:
    """Lines of one process at one Kamailio."""

    def __init__(self, pbx: Pbx, size: int) -> None:
        self._pbx, self._size = pbx, size
        self._clock = Clock()
        self._box = Lines(Surroundings(os.urandom, lambda: 0))
        self._runner = Runner(self._box, self._clock, Logbook(0), settled=self._settled)
        self._waiting: deque[Line] = deque(self._line(number) for number in range(1000, 1000 + size))
        self._lines = list(self._waiting)
        self._registered: set[Line] = set()
        self.lost = 0
        """How often a line that was registered was not any more."""
        self._done = asyncio.Event()

    def _line(self, number: int) -> Line:
        values = {"user_name1": f"{number}", "user_host1": "pbx.test", "user_pass1": f"pw{number}"}
        values |= {"user_outbound1": self._pbx.proxy("udp"), "user_expiry1": str(EXPIRY)}
        account = account_of(Settings({**values, "user_publish_presence_bootup1": "off"}), 1, "snom370")
        assert account is not None
        return self._box.add(account)

    async def register(self) -> float:
        """Register all; registrations a second."""
        begin = time.perf_counter()
        for _ in range(AT_ONCE):
            self._next()
        async with asyncio.timeout(60):
            await self._done.wait()
        return self._size / (time.perf_counter() - begin)

    def _next(self) -> None:
        if not self._waiting:
            return
        line, now = self._waiting.popleft(), self._clock.now()
        self._runner.step(lambda: self._box.do(line, lambda: line.start(now), now))

    def _settled(self) -> None:
        fresh = 0
        for line, event in self._box.events():
            if isinstance(event, RegistrationChanged):
                fresh += self._heard(line, event)
        for _ in range(fresh):
            asyncio.get_running_loop().call_soon(self._next)

    def _heard(self, line: Line, event: RegistrationChanged) -> int:
        if event.state != "registered":
            self.lost += line in self._registered
            return 0
        if line in self._registered:
            return 0
        self._registered.add(line)
        if len(self._registered) == self._size:
            self._done.set()
        return 1

    async def stop(self) -> None:
        """Close all sockets."""
        await self._runner.stop()


def registrations(counts: Counts) -> Iterator[Figure]:
    """How many lines of one process register a second, beside how many there are."""
    if not (KAMAILIO.exists() and TABLES.exists()):
        yield Figure(
            "lines registered at Kamailio over UDP", (0.0,), "1/s", beside="kamailio is not installed", digits=0
        )
        return
    for size in SIZES:
        rate, kept = asyncio.run(_measured(size, STAY if size == SIZES[-1] else 0.0))
        what = f"lines of one process registered at Kamailio over UDP, {size}"
        yield Figure(what, (rate,), "1/s", beside=kept, digits=0, target=TARGET)
    with _patient_collector():
        rate, kept = asyncio.run(_measured(SIZES[-1], 0.0))
    what = f"the same, {SIZES[-1]}, with Python's garbage collector told to be patient"
    yield Figure(what, (rate,), "1/s", beside=kept, digits=0, target=TARGET)


@contextmanager
def _patient_collector() -> Iterator[None]:
    """Without this it looks through a thousand lines again and again, and finds nothing."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _measured(size: int, stay: float) -> tuple[float, str]:
    with tempfile.TemporaryDirectory() as folder:
        pbx = Pbx(Path(folder))
        fleet = Fleet(pbx, size)
        try:
            rate = await fleet.register()
            await asyncio.sleep(stay)
            bound = len(pbx.ask("ul.dump")["Domains"][0]["Domain"]["AoRs"])
        finally:
            await fleet.stop()
            pbx.stop()
    kept = f"{bound} of {size} known to Kamailio" + (f" {stay:.0f} s later, {fleet.lost} lost" if stay else "")
    return rate, kept
