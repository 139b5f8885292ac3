"""Names become places: asks what `sip.locating` wants to know, remembers the answers, and writes both into the log."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from snomtui.kit.box import HostPort, Locate, Located
from snomtui.shell.dnscache import DnsCache, Entry, told
from snomtui.shell.hostsfile import HostsFile, known
from snomtui.sip.locating import Answer, Question, is_literal, locate

PATIENCE = 2.0
"""Seconds for one question; a search asks three times at most."""
Log = Callable[[int, str], None]
_dice = random.SystemRandom()


_SERVER = re.compile(r"\[?(?P<host>[^\[\]]+?)\]?(?::(?P<port>[0-9]{1,5}))?")


def servers_of(texts: Iterable[str]) -> list[HostPort]:
    """DNS servers as the settings have them: `192.0.2.1:5353`, `[2001:db8::1]:53`, or without a port."""
    found: list[HostPort] = []
    for text in texts:
        parts = _SERVER.fullmatch(text)
        if is_literal(text):
            found.append((text, 53))
        elif parts and is_literal(parts["host"]):
            found.append((parts["host"], int(parts["port"] or 53)))
    return found


class Resolver:
    """Finds servers for one box. Nothing heavy is loaded until a DNS server must be asked."""

    def __init__(self, now: Callable[[], float], log: Log, hosts: Mapping[str, str] | None = None) -> None:
        """`now` is the box's clock, for the ends of answers. `hosts`: names known without asking anybody."""
        self._now, self._log = now, log
        self.hosts = hosts or {}
        self.servers: Sequence[HostPort] = ()
        """Whom to ask (`dns_server1`, `dns_server2`); none = the servers of this machine."""
        self.file = HostsFile()
        self._cache = DnsCache()
        self._asking: dict[Question, asyncio.Task[Answer]] = {}

    @property
    def hosts(self) -> Mapping[str, str]:
        """Names that are known without asking anybody, in small letters, each with its address."""
        return self._hosts

    @hosts.setter
    def hosts(self, hosts: Mapping[str, str]) -> None:
        self._hosts = {name.casefold(): address for name, address in hosts.items()}

    def entries(self) -> tuple[Entry, ...]:
        """What the cache holds now, the first to end first."""
        return self._cache.entries(self._now())

    def ask_others(self, servers: Sequence[HostPort]) -> None:
        """From now on ask these servers; what others told is forgotten."""
        if tuple(servers) != tuple(self.servers):
            self.servers = tuple(servers)
            self._cache.clear()

    async def locate(self, wanted: Locate) -> Located:
        """Where a server is; takes at most three times `PATIENCE`, and raises nothing but a cancellation."""
        search = locate(wanted, lambda most: _dice.randint(0, most))
        try:
            questions = next(search)
            while True:
                questions = search.send(tuple(await asyncio.gather(*map(self.answer, questions))))
        except StopIteration as end:
            found = end.value
            assert isinstance(found, Located)
            return found

    async def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses of a host or literal; none if there is no such name."""
        found = await self.locate(Locate(0, host, 1))
        return tuple(each.address for each in found.targets)

    async def answer(self, question: Question) -> Answer:
        """The answer to one question, from the hosts file, the cache or a server."""
        known_here = known(question, self.hosts, self.file)
        cached = None if known_here else self._cache.find(question, self._now())
        self._log(8, f"DNS cache_lookup: {told(question, cached)}")
        if known_here or cached:
            return known_here or cached or Answer()
        task = self._asking.get(question)
        if task is None:
            # A task of its own: one who no longer wants the answer takes it from nobody else.
            task = self._asking[question] = asyncio.get_running_loop().create_task(self._ask(question))
            task.add_done_callback(lambda done: self._asking.pop(question, None))
        return await asyncio.shield(task)

    async def _ask(self, question: Question) -> Answer:
        from snomtui.shell.nameservers import ask

        found = await ask(question, self.servers, PATIENCE)
        if found.answer.silent:
            self._log(8, f"DNS: no server answers for {question.kind} {question.name}")
        else:
            entry = self._cache.add(question, found.answer, found.ttl, self._now())
            self._log(8, f"DNS cache_add: {entry} (ttl {round(entry.ends - self._now())})")
        return found.answer

    async def stop(self) -> None:
        """Ask nobody any more."""
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
