"""A simulated office put together with clock, sockets, media thread, memory and status page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from snomtui.kit.box import HostPort, host_port
from snomtui.office.faults import Fault
from snomtui.office.journal import Entry, Journal
from snomtui.office.office import Office
from snomtui.office.orders import Order, Refusal, Restart
from snomtui.office.status import Status
from snomtui.shell.certificates import Bundle
from snomtui.shell.clock import Clock
from snomtui.shell.logbook import Logbook
from snomtui.shell.media import MediaThread
from snomtui.shell.officestore import OfficeStore
from snomtui.shell.ports import somewhere
from snomtui.shell.runner import Runner

if TYPE_CHECKING:  # a web server is long to load, and the phone of a demo is not to wait for it
    from snomtui.remote.console.server import StatusServer
    from snomtui.webside.vouching import Vouching

Object = dict[str, Any]
RESTART_AFTER = 10.0
"""Seconds after which the fault `restart`, given at the start, happens."""


class FrontEnd:
    """The simulated office with everything it needs to live; the doors of status page and command line lead here."""

    def __init__(
        self, office: Office, media: MediaThread, clock: Clock, book: Logbook, store: OfficeStore | None = None
    ) -> None:
        """`store` is where it remembers things over restarts; None = nowhere."""
        self.office, self._media, self._clock, self._book, self._store = office, media, clock, book, store
        self.runner = Runner(office, clock, book, media, self._settled, store.keep if store else None)
        self.listening: dict[str, str] = {}
        """`tls` and `tcp` with `host:port`."""
        self.http = ""
        """The URL of the status page, or empty."""
        self.est = ""
        """The URL of the certificate server, or empty."""
        self._vouching: Vouching | None = None
        self._web: StatusServer | None = None
        self._hearers: list[Callable[[Entry], None]] = []
        self._told = 0
        self._restart: asyncio.TimerHandle | None = None

    # -- the doors

    @property
    def journal(self) -> Journal:
        """What crossed the wire, and what was decided."""
        return self.office.journal

    def status(self) -> Status:
        """The front end at this moment."""
        return self.office.status(self._clock.now())

    def do(self, order: Order) -> Refusal | None:
        """Do what an administrator orders; what it leads to is on the wire when this returns."""
        refusals: list[Refusal | None] = []
        self.runner.step(lambda: refusals.append(self.office.do(order, self._clock.now())))
        return refusals[0] if refusals else Refusal("That failed; the log tells more")

    def listen_journal(self, callback: Callable[[Entry], None]) -> Callable[[], None]:
        """Call back with each new entry of the journal; what is returned ends that."""
        self._hearers.append(callback)
        return lambda: self._hearers.remove(callback)

    def trouble(self, why: str) -> None:
        """Write into the log that something around the office went wrong."""
        self._book.write(2, why, self._clock.now())

    def object(self) -> Object:
        """Its part of the `ready` event."""
        where = {"tls": self.listening.get("tls"), "tcp": self.listening.get("tcp")}
        return {**where, "status": self.http or None, "est": self.est or None}

    # -- life

    async def start(
        self,
        listen: Iterable[tuple[str, str, int]],
        bundle: Bundle,
        moves: bool = False,
        status: tuple[str, int] | None = None,
        est: tuple[str, int] | None = None,
    ) -> None:
        """Listen; raises `ListenError`. `moves`: a taken port is replaced by a free one.

        `status`: for its page; `est`: for its certificate server.
        """
        self._media.start()
        if self._store:
            self._store.later, self._store.trouble = asyncio.get_running_loop().call_later, self.trouble
        for kind, host, port in listen:
            tls = bundle.server_context() if kind == "tls" else None
            at = partial(self.runner.transport.listen, kind, host, tls=tls)
            bound, _ = await somewhere(at, port, moves)
            self.listening[kind] = host_port(bound)
        if status:
            await self._serve(*status, moves)
        if est:
            await self._vouch(*est, bundle, moves)
        self._faults_at_start()
        self.runner.step(lambda: None)

    async def _serve(self, host: str, port: int, moves: bool) -> None:
        from snomtui.remote.console.server import StatusServer, is_open

        async def listen(port: int) -> HostPort:
            self._web = StatusServer(self, host, port)
            return await self._web.start()

        bound, _ = await somewhere(listen, port, moves)
        self.http = f"http://{host_port(bound)}"
        if is_open(bound[0]):
            self.trouble(f"The status page at {self.http} asks for no login, and other machines can reach it")

    async def _vouch(self, host: str, port: int, bundle: Bundle, moves: bool) -> None:
        from snomtui.webside.vouching import Vouching, url_of

        vouching = self._vouching = Vouching(self.office.people, bundle, self._clock.now, self._log)
        bound, _ = await somewhere(lambda port: vouching.start(host, port), port, moves)
        self.est = url_of(bound)

    def _log(self, level: int, text: str) -> None:
        self._book.write(level, text, self._clock.now())

    def _faults_at_start(self) -> None:
        """The fault `restart` is one moment, so from the command line it comes a while after the start."""
        if Fault.RESTART in self.office.faults:
            self.office.faults = self.office.faults.without(Fault.RESTART)
            self._restart = asyncio.get_running_loop().call_later(RESTART_AFTER, self.do, Restart())

    async def stop(self) -> None:
        """Close everything."""
        if self._restart:
            self._restart.cancel()
        if self._web:
            await self._web.stop()
        if self._vouching:
            await self._vouching.stop()
        self._media.stop()
        await self.runner.stop()
        if self._store:
            self._store.flush()

    def _settled(self) -> None:
        """After each step: tell the journal to those who listen."""
        journal, told = self.office.journal, self._told
        self._told = journal.count
        if self._hearers and told != journal.count:
            for entry in journal.since(told):
                for hear in tuple(self._hearers):
                    hear(entry)
