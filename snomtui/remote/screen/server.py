"""The page with the phone on a port of its own, for `snomtui browse`."""

from __future__ import annotations

import time
from collections.abc import Callable

from snomtui.remote import reply
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doors import Doors
from snomtui.remote.login import Login
from snomtui.remote.reply import Receive, Scope, Send
from snomtui.remote.screen.app import ScreenWeb
from snomtui.remote.screen.doors import Screens
from snomtui.remote.serving import Serving


class ScreenServer:
    """One listening port with nothing but the phone, behind the login of the phone's web server."""

    def __init__(
        self,
        doors: Doors,
        screens: Screens,
        host: str,
        port: int,
        trouble: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`trouble` hears of defects; port 0 = any."""
        self._web = ScreenWeb(doors, screens, OwnNames(host), "", clock)
        login = Login(self._web, lambda: doors.settings, doors.model, clock)
        login.admits = self._web.admits
        self._app = reply.guarded(login, trouble, _broken)
        self._serving = Serving(self._served, host, port, "snomtui", "phone in the browser")

    async def start(self) -> tuple[str, int]:
        """Listen, and say where; raises `ListenError` in words."""
        return await self._serving.start()

    async def stop(self) -> None:
        """Close all tabs and connections; takes at most about two seconds."""
        await self._serving.stop()

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            await self._app(scope, receive, send)


async def _broken(scope: Scope, send: Send) -> None:
    await reply.answer(send, 500, b"Something went wrong in the phone.\n", b"text/plain")
