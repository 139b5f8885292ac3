"""The web server as one ASGI application: login, then the quick routes, then the pages.

command.htm and the event stream are answered before any framework is asked: a dial should be on the wire at once.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from starlette.routing import Router

from snomtui.errors import LocalError
from snomtui.remote import commands, reply
from snomtui.remote.api import Api
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing, Outcome, asked_of
from snomtui.remote.doors import Doors, Told
from snomtui.remote.intentjson import whole_text
from snomtui.remote.login import Login
from snomtui.remote.pages import home, saving, security, status
from snomtui.remote.pages.frame import Frame
from snomtui.remote.pictures import Pictures
from snomtui.remote.reply import App, BadRequest, Receive, Scope, Send
from snomtui.remote.screen.app import ScreenWeb
from snomtui.remote.screen.doors import Screens
from snomtui.remote.sse import Feed

_COMMANDS = (
    *("/", "/index.htm", "/dummy.htm", "/minibrowser.htm", "/advanced_qos_security.htm"),
    *(commands.PAGE, "/api/v1/intents"),
)


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
        self._names = OwnNames(host)
        self.feed = Feed(f"{int(clock() * 1000):x}", clock)
        self._pictures = Pictures(screens, self._names) if screens else None
        self._router = self._routes(clock)
        self._login = Login(self._front, lambda: doors.settings, doors.model, clock)
        self._login.denied = self._denied
        self._screen = ScreenWeb(doors, screens, self._names, "/phone", clock) if screens else None
        if self._screen:
            self._login.admits = self._screen.admits
        self._app = reply.guarded(self._login, self._doing.trouble, _broken)
        self._quick: dict[str, App] = {commands.PAGE: self._command, "/api/v1/events": self._events}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Nothing that a client does ends in an exception here."""
        if scope["type"] in ("http", "websocket"):
            await self._app(scope, receive, send)

    def _routes(self, clock: Callable[[], float]) -> Router:
        frame = Frame(self._doors, self._doing, self._names, clock)
        api = Api(self._doors, self._doing, self._names)

        async def missing(scope: Scope, receive: Receive, send: Send) -> None:
            await frame.message("There is no such page on this phone.", 404)(scope, receive, send)

        routes = [route for room in (home, saving, security, status) for route in room.routes(frame)]
        routes += api.routes()
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
        else:
            await self._router({**scope, "path": path}, receive, send)

    async def _command(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`command.htm`: 302 to index.htm for a dial, else 200; 400 with the reason for what cannot be understood."""
        method = scope["method"]
        if method == "HEAD":  # asks whether the page is there; must not do anything
            await reply.answer(send, 200, b"")
            return
        if method not in ("GET", "POST"):
            await reply.answer(send, 405, b"", headers=[(b"allow", b"GET, HEAD, POST")])
            return
        try:
            asked = await asked_of(scope, receive)
            command = commands.read(asked, self._doors.snapshot().identities)
        except (LocalError, BadRequest) as error:
            status = error.status if isinstance(error, BadRequest) else 400
            self._doing.tell(scope, status, Outcome(why=str(error)))
            await reply.answer(send, status, _page(str(error)), headers=reply.refusal(str(error)))
            return
        outcome = self._doing.do(command.intents)
        status = 302 if command.dials else 200
        self._doing.tell(scope, status, outcome)
        headers = reply.refusal(outcome.why)
        if command.dials:
            headers = ((b"location", b"/index.htm"), *headers)
        await reply.answer(send, status, _page(outcome.why or "OK"), headers=headers)

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`GET /api/v1/events`: the event stream."""
        why = self._names.refuses(scope)
        if why:
            await reply.answer_json(send, 403, {"ok": False, "why": why})
        elif scope["method"] != "GET":
            await reply.answer_json(send, 405, {"ok": False, "why": "only GET"}, [(b"allow", b"GET")])
        else:
            await self.feed.stream(scope, receive, send)

    def _denied(self, scope: Scope, status: int, why: str) -> None:
        if scope["type"] == "http" and reply.path(scope) in _COMMANDS and self._asks(scope):
            self._doing.tell(scope, status, Outcome(why=why))

    def _asks(self, scope: Scope) -> bool:
        """Whether a request that was turned away wanted to do something, not just look."""
        return scope["method"] == "POST" or bool(scope["query_string"])


async def _broken(scope: Scope, send: Send) -> None:
    said = "Something went wrong in the phone."
    if reply.path(scope).startswith("/api/"):
        await reply.answer_json(send, 500, {"ok": False, "why": said})
    else:
        await reply.answer(send, 500, f"{said}\n".encode(), b"text/plain")


def _page(text: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>snom</title></head><body><p>{escape(whole_text(text))}</p>"
        '<p><a href="/index.htm">Home</a></p></body></html>\n'
    ).encode()
