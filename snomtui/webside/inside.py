"""The insides of a telephone for its status pages: log, trace, names, subscriptions, and what the program takes."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from snomtui.kit.box import Certificate, HostPort, host_port
from snomtui.line.line import Line
from snomtui.phone.phone import Phone
from snomtui.remote.inside import Linked, Memory, Name, Subscribed
from snomtui.shell.logbook import Logbook
from snomtui.shell.resolver import Resolver
from snomtui.trace.trace import Trace

_BEGAN = time.time()


class Insides:
    """Looks into the rooms of one telephone."""

    def __init__(
        self,
        phone: Phone,
        logbook: Logbook,
        trace: Trace,
        resolver: Resolver,
        certificate: Callable[[], Certificate | None],
    ) -> None:
        self.trace, self.certificate = trace, certificate
        self._phone, self._logbook, self._resolver = phone, logbook, resolver

    @property
    def log(self) -> Sequence[str]:
        """The lines that are kept, the oldest first."""
        return tuple(self._logbook.lines)

    @property
    def log_level(self) -> int:
        """Up to which level lines are kept now."""
        return self._logbook.level

    def clear_log(self) -> None:
        """Forget them; a file that they were written to keeps them."""
        self._logbook.lines.clear()

    def names(self) -> Sequence[Name]:
        """What the DNS has told."""
        return [Name(str(each), each.ends) for each in self._resolver.entries()]

    def subscriptions(self) -> Sequence[Subscribed]:
        """Subscriptions and publications, identity by identity."""
        return [each for line in self._phone.lines() for each in _told(line)]

    def links(self) -> Sequence[Linked]:
        """The connections that are up or were last."""
        found = [(line.account.number, self.trace.link(line.conn)) for line in self._phone.lines()]
        return [Linked(number, up.transport, _place(up.local), _place(up.remote)) for number, up in found if up]

    def memory(self) -> Memory:
        """What the program takes now."""
        resident, peak = _memory()
        tasks = len(asyncio.all_tasks())
        return Memory(resident, peak, _files(), threading.active_count(), tasks, _BEGAN)


def _told(line: Line) -> list[Subscribed]:
    number, publisher = line.account.number, line.publisher
    told = [
        Subscribed(number, False, each.topic.event, each.topic.uri, each.state.name, each.until)
        for each in line.subscriptions
    ]
    return [*told, Subscribed(number, True, publisher.event, line.account.uri, publisher.state.name)]


def _place(place: HostPort) -> str:
    return host_port(place) if place[0] else ""


def _memory() -> tuple[int | None, int | None]:
    """Resident bytes now and at most; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None, None
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None, peak
    resident = pages * resource.getpagesize()
    return resident, max(resident, peak)  # the system brings the peak up to date later


def _files() -> int | None:
    for folder in ("/proc/self/fd", "/dev/fd"):
        try:
            return len(os.listdir(folder))
        except OSError:
            continue
    return None
