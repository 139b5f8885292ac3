"""The web side of a phone: its ports, its certificate and where that comes from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from snomtui.phone.phone import Phone
from snomtui.remote.doors import Told
from snomtui.settings.registry import Settings
from snomtui.shell.webtls import CurrentContext
from snomtui.webside.enrolment import Enrolment
from snomtui.webside.identity import NAMES, WebIdentity
from snomtui.webside.ports import Given, Moved, Port, WebPorts, planned

if TYPE_CHECKING:  # long to load, and the phone's first picture is not to wait for it
    from snomtui.remote.server import WebServer

REBOOT = 0.2
"""Seconds until the ports are opened anew: who has ordered the reboot shall have an answer before."""
Step = Callable[[Callable[[], None]], None]


class House(Protocol):
    """What the web side needs of the phone around it."""

    phone: Phone

    @property
    def settings(self) -> Settings:
        """As they are now."""

    @property
    def tell(self) -> Told:
        """Hands an event to all who listen."""

    def log(self, level: int, text: str) -> None:
        """Write a line into the phone's log."""

    def step(self, what: Callable[[], None]) -> None:
        """Do something with the phone; what it leads to is on the wire then."""

    def now(self) -> float:
        """Seconds since 1970."""


class WebSide:
    """Everything between the phone and its web server."""

    def __init__(
        self,
        house: House,
        given: dict[str, Given],
        moves: bool,
        folder: Path | None,
        trusted: str,
        make: Callable[[str, int], WebServer],
    ) -> None:
        """`given`: where to listen, by scheme; `trusted`: PEM of who vouches for the EST server, if no setting does."""
        self._house, self._given, self._moves = house, given, moves
        host = next((place[0] for place in reversed(given.values()) if place), "127.0.0.1")
        settings = self._settings
        self.identity = WebIdentity(settings, folder, host, house.now, self._untrusted, house.tell)
        """The certificate."""
        self.enrolment = Enrolment(self.identity, settings, trusted, house.now, house.log)
        """Where it comes from."""
        self._ports = WebPorts(make, self._context)
        self._opening: asyncio.Task[None] | None = None
        self._ended = False

    @property
    def urls(self) -> dict[str, str]:
        """The base URL of each scheme that is served, or empty."""
        return self._ports.urls

    def _settings(self) -> Settings:
        return self._house.settings

    async def start(self) -> list[Moved]:
        """Open the ports; returns what is not where it was wanted, to be told with `tell` when there is somebody."""
        moved = await self._ports.open(self._planned())
        self._served()
        return moved

    async def stop(self) -> None:
        """Close all; takes a bounded time."""
        self._ended = True
        if self._opening:
            await self._opening
        await self.enrolment.stop()
        await self._ports.close()

    def kept(self, name: str) -> None:
        """The phone has had something remembered, under a name as `Store.keep` knows it."""
        if name in ("reboot", "reset") and not self._ended and (self._opening is None or self._opening.done()):
            self._opening = asyncio.get_running_loop().create_task(self._reopen())
        if name.startswith(tuple(f"setting:{each}" for each in NAMES)):
            self.identity.changed()
            self.enrolment.look()

    def tell(self, moved: Moved) -> None:
        """Say once where the web server is instead, or that it is nowhere."""
        house, url = self._house, self.urls[moved.scheme]
        if not url:
            house.step(lambda: house.phone.trouble(moved.scheme, moved.why, house.now()))
            return
        text = "Web server at {url} ({port} cannot be used)"
        if "another program" in moved.why:
            text = "Web server at {url} ({port} is taken)"
        values = {"url": url, "port": moved.port}
        house.log(5, text.format(**values))
        if moved.scheme == "http":
            house.step(lambda: house.phone.notice(house.phone.model.say(text, **values), house.now()))

    def _planned(self) -> dict[str, Port]:
        return planned(self._given, self._house.settings, self._moves)

    def _served(self) -> None:
        self._house.phone.serves(self.urls["http"] or self.urls["https"])

    async def _context(self) -> CurrentContext:
        """What the HTTPS port listens with, once the certificate is there."""
        context = await self.identity.context()
        self.enrolment.start()
        return context

    async def _reopen(self) -> None:
        """After a reboot the web server is where the settings say."""
        await asyncio.sleep(REBOOT)
        before = dict(self.urls)
        for each in await self._ports.open(self._planned()):
            self.tell(each)
        self._house.step(self._served)
        for scheme, url in self.urls.items():
            if url != before[scheme]:
                self._house.log(5, f"Web server: {scheme.upper()} {f'at {url}' if url else 'is off'}")

    def _untrusted(self, why: str) -> None:
        """Something is wrong with the certificate."""
        self._house.step(lambda: self._house.phone.trouble("certificate", why, self._house.now()))
