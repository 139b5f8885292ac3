"""The phone's web server: its application on a listening port."""

from __future__ import annotations

import time
from collections.abc import Callable

from snomtui.remote.app import PhoneWeb
from snomtui.remote.doors import Doors, Told
from snomtui.remote.screen.doors import Screens
from snomtui.remote.serving import Serving


class WebServer:
    """One listening port of the phone."""

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
        self._doors = doors
        self._web = PhoneWeb(doors, told, host, clock, screens)
        self._serving = Serving(self._web, host, port, "snom embedded")
        self._unlisten: Callable[[], None] = lambda: None

    async def start(self) -> tuple[str, int]:
        """Listen, and say where; raises `ListenError` in words."""
        where = await self._serving.start()
        self._unlisten = self._doors.listen_events(self._web.feed.add)
        return where

    @property
    def watchers(self) -> int:
        """How many event streams are open."""
        return self._web.feed.listeners

    async def stop(self) -> None:
        """End all streams and connections; takes at most about two seconds."""
        self._unlisten()
        await self._web.stop()
        await self._serving.stop()
