"""The web server as one ASGI application: login, then the quick routes, then the pages.

command.htm and the event stream are answered before any framework is asked: a dial should be on the wire at once.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import Router

from snomtui.remote import commands, csta, query, reply, tlspeer
from snomtui.remote.api.front import Api
from snomtui.remote.commanding import CommandPage
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing, Outcome
from snomtui.remote.doors import Doors, Told
from snomtui.remote.faults import Faulty
from snomtui.remote.intentjson import whole_text
from snomtui.remote.login import Login
from snomtui.remote.pages import (
    advanced,
    commands_seen,
    directory,
    fkeys,
    home,
    identity,
    live,
    log,
    mode,
    restarting,
    saving,
    settingsdump,
    setup,
    speed,
    status,
    tracing,
)
from snomtui.remote.pages.frame import Frame
from snomtui.remote.pages.restarting import Restarting
from snomtui.remote.pictures import Pictures
from snomtui.remote.reply import App, Receive, Scope, Send
from snomtui.remote.screen.app import ScreenWeb
from snomtui.remote.screen.doors import Screens
from snomtui.remote.seen import noted
from snomtui.remote.sse import Feed
from snomtui.remote.tags import LOOKING

_SETUP = (setup, speed, fkeys, identity, advanced, settingsdump, restarting, mode)
"""The pages below Setup."""
_OPERATION = (home, live, directory)
"""The pages below Operation."""
_STATUS = (status, log, tracing, commands_seen)
"""The pages below Status."""


class PhoneWeb:
    """Everything behind the phone's HTTP port."""

    def __init__(
        self, doors: Doors, told: Told, host: str, clock: Callable[[], float], screens: Screens | None = None
    ) -> None:
        """`told` takes `command` and `error` events; `host` is where the server listens.

        `screens` draws the phone for `/phone` and for pictures of it; without it there are no such pages.
        """
        self._doors = doors
        self._doing = Doing(doors, told, clock)
        self._names = OwnNames(host, others=lambda: doors.settings.text("sim_http_names").split())
        self.feed = Feed(f"{int(clock() * 1000):x}", clock)
        self._pictures = Pictures(screens, self._names) if screens else None
        frame = Frame(doors, self._doing, self._names, clock)
        frame.pictures = screens is not None
        rows = commands_seen.operations(frame)
        self.api = Api(doors, self._doing, self._names, self.feed, rows, pictures=screens is not None)
        self._router = Restarting(frame, self._routes(frame))
        self._login = Login(self._front, lambda: doors.settings, doors.model, clock)
        self._login.denied = self._denied
        self._login.led = self._doing.repeats.led
        frame.guard = self._login
        self._login.knows = lambda scope: bool(tlspeer.vouched(scope, doors.settings))
        self._screen = ScreenWeb(doors, screens, self._names, "/phone", clock) if screens else None
        self._login.admits = self._admits
        self.faulty = Faulty(self._login, doors, self._login.challenge, self._denied)
        self._app = reply.guarded(self.faulty, self._doing.trouble, _broken)
        self._quick: dict[str, App] = {commands.PAGE: CommandPage(doors, self._doing), "/api/v1/intents": self.api}
        self._quick[csta.PAGE] = csta.CstaPage(doors, self._doing, self._names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Nothing that a client does ends in an exception here."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, noted(scope, receive), send)
        elif scope["type"] in ("http", "websocket"):
            await self._app(scope, receive, send)

    def _routes(self, frame: Frame) -> Router:
        async def missing(scope: Scope, receive: Receive, send: Send) -> None:
            await frame.message("There is no such page on this phone.", 404)(scope, receive, send)

        routes = [route for room in (*_OPERATION, saving, *_SETUP, *_STATUS) for route in room.routes(frame)]
        routes += self.api.routes()
        routes += self._pictures.routes() if self._pictures else []
        return Router(routes, redirect_slashes=False, default=missing)

    async def stop(self) -> None:
        """End the streams, and whatever draws pictures."""
        self.feed.end()
        if self._pictures:
            await self._pictures.stop()

    async def _front(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What comes behind the login."""
        path = reply.path(scope)
        if self._screen and self._screen.owns(path):
            await self._screen(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "no WebSocket here"})
            return
        quick = self._quick.get(path)
        if quick is not None:
            await quick(scope, receive, send)
        elif self.api.knows(scope):
            await self.api(scope, receive, send)
        else:
            why = None if path in home.PATHS else self._names.misnamed(scope)
            if why:
                await reply.answer(send, 403, f"{whole_text(why)}\n".encode(), b"text/plain; charset=utf-8")
                return
            await self._router({**scope, "path": path}, receive, send)

    def _admits(self, scope: Scope) -> bool:
        """What needs no login: a WebSocket with a ticket, and a browser that asks what a page of a friend may do."""
        ticket = self._screen is not None and self._screen.admits(scope)
        return ticket or self.api.friends.asks_first(scope)

    def _denied(self, scope: Scope, status: int, why: str) -> None:
        if reply.path(scope) in home.PATHS:
            self._doing.repeats.lost(scope)
        if scope["type"] == "http" and self._asks(scope):
            self._doing.tell(scope, status, Outcome(why=why))

    def _asks(self, scope: Scope) -> bool:
        """Whether a request that was turned away wanted to do something, not just look."""
        asked = query.pairs(scope["query_string"])
        return scope["method"] not in ("GET", "HEAD") or any(name.lower() not in LOOKING for name, _ in asked)


async def _broken(scope: Scope, send: Send) -> None:
    said = "Something went wrong in the phone."
    if reply.path(scope).startswith("/api/"):
        await reply.answer_json(send, 500, {"ok": False, "why": said})
    else:
        await reply.answer(send, 500, f"{said}\n".encode(), b"text/plain")
