"""The page with the phone, as an ASGI application: the page, a ticket for a WebSocket, and the WebSocket.

Who may come in was asked before (the login); here foreign pages are kept away. A tab that reads slowly waits for
itself only: nothing is taken from its screen before the last piece has left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from snomtui.language import code, known
from snomtui.remote import query, reply
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doors import Doors
from snomtui.remote.paper import Paper
from snomtui.remote.reply import Receive, Scope, Send
from snomtui.remote.screen.doors import Screen, Screens
from snomtui.remote.screen.tickets import Tickets

MOST_TABS = 32
"""So many tabs may be open at the same time."""
SMALLEST, LARGEST = (10, 3), (500, 200)
"""Columns and rows that a tab may have; what is outside is brought in."""
AWAY, FULL = 1008, 1013
"""RFC 6455 7.4.1 and its registry: not allowed; try again later."""


class ScreenWeb:
    """Everything under one path."""

    def __init__(self, doors: Doors, screens: Screens, names: OwnNames, path: str, clock: Callable[[], float]) -> None:
        """`path` is where it is served, without a slash at its end; empty = the whole server is this page."""
        self._doors, self._screens, self._names, self._path = doors, screens, names, path
        self._tickets = Tickets(clock)
        self._paper: Paper | None = None
        self.tabs = 0
        """How many tabs are open."""
        routes = [
            Route(path or "/", self._page, methods=("GET", "HEAD")),
            Route(f"{path}/ticket", self._ticket, methods=("POST",)),
        ]
        self._router = Router(routes, redirect_slashes=False, default=_missing)

    def owns(self, path: str) -> bool:
        """Whether a path of the server belongs to it."""
        return path == self._path or path.startswith(f"{self._path}/")

    def admits(self, scope: Scope) -> bool:
        """Whether a WebSocket shows a ticket, which only those have who are logged in."""
        if scope["type"] != "websocket" or reply.path(scope) != f"{self._path}/screen":
            return False
        return self._tickets.good(_asked(scope).get("ticket", ""))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, behind the login."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        path = reply.path(scope)
        # A link elsewhere may lead to the page; nothing else may come from other sites.
        page = path in (self._path, f"{self._path}/")
        why = self._names.misnamed(scope) if page else self._names.refuses(scope)
        if why:
            await reply.answer_json(send, 403, {"ok": False, "why": why})
        else:
            await self._router({**scope, "path": self._path or "/" if page else path}, receive, send)

    async def _page(self, request: Request) -> Response:
        if self._paper is None:
            self._paper = Paper("snomtui.remote.screen", script="terminal.js")
        language = self._doors.settings.text("language")
        return self._paper.page(
            "phone.html",
            200,
            model=self._doors.model,
            language=code(language),
            say=known(language).say,
            path=self._path,
            sizes=self._screens.sizes,
        )

    async def _ticket(self, request: Request) -> Response:
        return JSONResponse({"ticket": self._tickets.issue()}, headers={"cache-control": "no-store"})

    # -- a tab

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        asked = _asked(scope)
        if (
            not self.owns(reply.path(scope))
            or self._names.refuses(scope)
            or not self._tickets.use(asked.get("ticket", ""))
        ):
            await send({"type": "websocket.close", "code": AWAY, "reason": "not allowed"})
            return
        await send({"type": "websocket.accept"})
        if self.tabs >= MOST_TABS:
            await send({"type": "websocket.close", "code": FULL, "reason": "too many tabs"})
            return
        self.tabs += 1
        screen = self._screens.open(*_size(f"{asked.get('columns')},{asked.get('rows')}"))
        try:
            await _both_ways(screen, receive, send)
        finally:
            self.tabs -= 1
            await screen.close()


async def _both_ways(screen: Screen, receive: Receive, send: Send) -> None:
    """Carry keys in and pictures out until one of the two sides ends."""
    ways = {asyncio.ensure_future(_inwards(screen, receive)), asyncio.ensure_future(_outwards(screen, send))}
    try:
        done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in done:
            way.result()
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _inwards(screen: Screen, receive: Receive) -> None:
    """`K` and what was typed, or `R` and the new size; anything else is passed over."""
    while (event := await receive())["type"] == "websocket.receive":
        text = event.get("text") or ""
        if text.startswith("K"):
            screen.put(text[1:])
        elif text.startswith("R"):
            screen.resize(*_size(text[1:]))


async def _outwards(screen: Screen, send: Send) -> None:
    while text := await screen.get():
        try:
            await send({"type": "websocket.send", "text": text})
        except OSError:  # the client went away in the middle
            return
    await send({"type": "websocket.close", "code": 1000})


def _size(text: str) -> tuple[int, int]:
    """Columns and rows from `80,24`; what is wrong becomes the smallest."""
    parts = [int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0 for part in text.split(",")]
    columns, rows = (*parts, 0, 0)[:2]
    return (
        min(max(columns, SMALLEST[0]), LARGEST[0]),
        min(max(rows, SMALLEST[1]), LARGEST[1]),
    )


def _asked(scope: Scope) -> dict[str, str]:
    return dict(query.pairs(scope["query_string"], form=True))


async def _missing(scope: Scope, receive: Receive, send: Send) -> None:
    await reply.answer(send, 404, b"There is no such page here.\n", b"text/plain")
