"""The front end's status server on a listening port."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address

from snomtui.remote.console.app import OfficeWeb
from snomtui.remote.console.doors import OfficeDoors
from snomtui.remote.serving import Serving


class StatusServer:
    """The status page of one front end."""

    def __init__(self, doors: OfficeDoors, host: str, port: int, clock: Callable[[], float] = time.time) -> None:
        """Port 0 = any."""
        self._doors = doors
        self._web = OfficeWeb(doors, host, clock)
        self._serving = Serving(self._web, host, port, "snomtui", "status page")
        self._unlisten: Callable[[], None] = lambda: None

    async def start(self) -> tuple[str, int]:
        """Listen, and say where; raises `ListenError` in words."""
        where = await self._serving.start()
        self._unlisten = self._doors.listen_journal(self._web.feed.add)
        return where

    async def stop(self) -> None:
        """End all streams and connections; takes at most about two seconds."""
        self._unlisten()
        self._web.feed.end()
        await self._serving.stop()


def is_open(host: str) -> bool:
    """Whether others than programs on this machine reach what listens here."""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"
