"""A whole company signs in at one simulated front end, each with a long contact list; then somebody is busy."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from snomtui.kit.box import Surroundings
from snomtui.line.account import account_of
from snomtui.line.events import PresenceChanged
from snomtui.line.line import Line
from snomtui.line.lines import Lines
from snomtui.line.watch.publication import Wish
from snomtui.presence import Availability
from snomtui.settings.registry import Settings
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.runner import Runner
from tests.bench.counts import Counts
from tests.bench.programs import processor, resident
from tests.bench.table import Figure
from tests.phones import HeadlessOffice

AT_ONCE = 20
"""So many people sign in at a time; real ones do not come in the same millisecond either."""
PATIENCE = 500.0
"""Seconds that the whole company may take to come in."""
CHANGES = 20
"""People who are busy for a moment, one after the other."""


@dataclass(frozen=True, slots=True)
class Company:
    """How many people, and how many contacts each of them has: those who sit next to them, round the table."""

    people: int
    contacts: int

    @property
    def steps(self) -> tuple[int, ...]:
        """How far away at the table one's contacts sit: as many to the left as to the right, so all know each other."""
        half = self.contacts // 2
        return (*range(-half, 0), *range(1, self.contacts - half + 1))

    def user(self, number: int) -> str:
        """The user part of somebody's address."""
        return f"p{number % self.people:04}"

    def toml(self) -> str:
        """The people file."""
        parts = ['domain = "ucc.test"', 'netbios = "UCC"']
        for number in range(self.people):
            user = self.user(number)
            near = (self.user(number + step) for step in self.steps)
            listed = ", ".join(f'"sip:{each}@ucc.test"' for each in near)
            parts += [
                "[[person]]",
                f'uri = "sip:{user}@ucc.test"',
                f'password = "pw-{user}"',
                f'name = "Person {user}"',
            ]
            parts += [f'numbers = ["+4930{number:06}"]', f"contacts = [{listed}]"]
        return "\n".join(parts) + "\n"


class Crowd:
    """Everybody's phone in one process, at an office in another."""

    def __init__(self, company: Company, server: str) -> None:
        self._company = company
        self._clock = Clock()
        self._box = Lines(Surroundings(os.urandom, lambda: 0))
        self._runner = Runner(self._box, self._clock, Logbook(0), settled=self._settled)
        self.lines = [self._line(number, server) for number in range(company.people)]
        self._waiting = deque(self.lines)
        self._seen: dict[Line, set[str]] = {line: set() for line in self.lines}
        """Which contacts each has seen."""
        self._in: set[Line] = set()
        self.told: dict[str, set[Line]] = {}
        """Who has seen that somebody is busy, by address."""
        self._news = asyncio.Event()

    def _line(self, number: int, server: str) -> Line:
        user = self._company.user(number)
        values = {"user_name1": user, "user_host1": "ucc.test", "user_pname1": f"UCC\\{user}"}
        values |= {"user_pass1": f"pw-{user}", "user_outbound1": f"{server};transport=tcp", "user_server_type1": "ocs"}
        account = account_of(Settings({**values, "sim_mac": f"000413{number:06X}"}), 1, "snom370")
        assert account is not None
        return self._box.add(account)

    async def sign_in(self) -> float:
        """Everybody signs in and sees all contacts; seconds that took."""
        begin = time.perf_counter()
        for _ in range(AT_ONCE):
            self._next()
        async with asyncio.timeout(PATIENCE):
            while len(self._in) < len(self.lines):
                self._news.clear()
                await self._news.wait()
        return time.perf_counter() - begin

    def _next(self) -> None:
        if self._waiting:
            line, now = self._waiting.popleft(), self._clock.now()
            self._runner.step(lambda: self._box.do(line, lambda: line.start(now), now))

    async def busy(self, line: Line) -> float:
        """Somebody is busy; seconds until all who watch have seen it."""
        begin = time.perf_counter()
        self._wish(line, Availability.BUSY)
        async with asyncio.timeout(30):
            while len(self.told.get(line.account.uri, ())) < self._company.contacts:
                self._news.clear()
                await self._news.wait()
        return time.perf_counter() - begin

    def _wish(self, line: Line, chosen: Availability) -> None:
        now = self._clock.now()
        self._runner.step(lambda: self._box.do(line, lambda: line.wish(Wish(chosen=chosen), now), now))

    def _settled(self) -> None:
        fresh = 0
        for line, event in self._box.events():
            if isinstance(event, PresenceChanged):
                if event.presence.availability is Availability.BUSY:
                    self.told.setdefault(event.uri, set()).add(line)
                self._seen[line].add(event.uri)
            fresh += self._arrived(line, event)
        for _ in range(fresh):
            asyncio.get_running_loop().call_soon(self._next)
        self._news.set()

    def _arrived(self, line: Line, event: object) -> bool:
        """Whether somebody has everything by now: all contacts, and how others see them."""
        if line in self._in or len(self._seen[line]) < self._company.contacts:
            return False
        self._in.add(line)
        return True

    async def stop(self) -> None:
        """Close all sockets."""
        await self._runner.stop()


def company(counts: Counts) -> Iterator[Figure]:
    """How long a company takes to come in, what it costs the front end, and how fast a change is seen by all."""
    size = Company(*counts.crowd)
    with tempfile.TemporaryDirectory() as folder, front_end(size, Path(folder)) as office:
        yield from asyncio.run(_measured(size, office))


def front_end(company: Company, folder: Path) -> HeadlessOffice:
    """The office where they all work."""
    people = folder / "people.toml"
    people.write_text(company.toml(), "utf-8")
    return HeadlessOffice(people, "--log-level", "2", "--status", "off", listen=("tcp",))


async def _measured(size: Company, office: HeadlessOffice) -> list[Figure]:
    pid = office.process.pid
    before, empty = processor(pid), resident(pid)
    crowd = Crowd(size, office.ready["tcp"])
    try:
        took = await crowd.sign_in()
        cost = processor(pid) - before
        full = resident(pid)
        step = max(1, size.people // CHANGES)
        seen = [await crowd.busy(line) for line in crowd.lines[::step]]
    finally:
        await crowd.stop()
    who = f"{size.people:,} people with {size.contacts} contacts each"
    return [
        Figure(f"{who} have signed in and see them", (took,), "s", beside=f"{size.people / took:.0f} people a second"),
        Figure(
            "the same: processor time of the front end", (cost,), "s", beside=f"{cost / size.people * 1000:.1f} ms each"
        ),
        Figure("the same: memory of the front end", (full,), "MiB", beside=f"{empty:.0f} MiB before anybody came"),
        Figure(f"a presence change is seen by all {size.contacts} who watch", tuple(each * 1000 for each in seen)),
    ]
