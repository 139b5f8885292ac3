"""The phone's web server: its application on listening ports, one for HTTP and one for HTTPS."""

from __future__ import annotations

import time
from collections.abc import Callable

from snomtui.remote.app import PhoneWeb
from snomtui.remote.doors import Doors, Told
from snomtui.remote.elsewhere import Elsewhere
from snomtui.remote.screen.doors import Screens
from snomtui.remote.serving import Secured, Serving

BANNER = "snom embedded"


class WebServer:
    """One application on the phone's ports: logins, lock-outs and event streams are the same on both."""

    def __init__(
        self,
        doors: Doors,
        host: str,
        port: int,
        told: Told,
        clock: Callable[[], float] = time.time,
        screens: Screens | None = None,
    ) -> None:
        """`told` takes `command` and `error` events, which the caller hands on to all listeners; port 0 = any.

        `screens` draws the phone for the page `/phone` and for `/screen.svg` and its like.
        """
        self._doors, self._host, self._port = doors, host, port
        self._web = PhoneWeb(doors, told, host, clock, screens)
        self._ports: dict[str, Serving] = {}
        self._unlisten: Callable[[], None] | None = None

    async def start(self) -> tuple[str, int]:
        """Listen for HTTP, and say where; raises `ListenError` in words."""
        return await self.open("http", self._host, self._port)

    async def open(
        self, scheme: str, host: str, port: int, tls: Secured | None = None, instead: Callable[[], str] | None = None
    ) -> tuple[str, int]:
        """Listen for `http` or `https` (with `tls`), and say where; the old port of the scheme stays open until then.

        `instead` tells the base URL of the other scheme: then everybody is sent there. Raises `ListenError` in words.
        """
        app = Elsewhere(instead) if instead else self._web
        fresh = Serving(app, host, port, BANNER, f"{scheme.upper()} server" if tls else "web server", tls)
        where = await fresh.start()
        await self.close(scheme)
        self._ports[scheme] = fresh
        if self._unlisten is None:
            self._unlisten = self._doors.listen_events(self._web.feed.add)
        return where

    async def close(self, scheme: str) -> None:
        """Listen for a scheme no more; takes at most about two seconds. Event streams on that port are cut."""
        old = self._ports.pop(scheme, None)
        if old:
            await old.stop()

    @property
    def watchers(self) -> int:
        """How many event streams are open."""
        return self._web.feed.listeners

    async def stop(self) -> None:
        """End all streams and connections; takes at most about two seconds a port."""
        if self._unlisten:
            self._unlisten()
        self._unlisten = None
        await self._web.stop()
        for scheme in tuple(self._ports):
            await self.close(scheme)
