"""The status server as one ASGI application: the page, the JSON, the event stream, and orders from both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route, Router

from snomtui.office.orders import BadOrder, object_of, order_of
from snomtui.remote import query, reply
from snomtui.remote.console.doors import OfficeDoors
from snomtui.remote.console.page import Page
from snomtui.remote.console.shown import Wanted, entry_object, journal_object, status_object
from snomtui.remote.crosssite import OwnNames, taken_as_json
from snomtui.remote.intentjson import BadIntent, Object, decode, encode
from snomtui.remote.reply import BadRequest, Receive, Scope, Send
from snomtui.remote.sse import Feed

_ALL = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class OfficeWeb:
    """Everything behind the status port."""

    def __init__(self, doors: OfficeDoors, host: str, clock: Callable[[], float]) -> None:
        """`host` is where the server listens."""
        self._doors, self._clock = doors, clock
        self._names = OwnNames(host, "front end")
        self._page = Page(doors, clock)
        self.feed = Feed(f"{int(clock() * 1000):x}", clock, entry_object)
        routes = [
            Route("/", self._home, methods=("GET", "HEAD")),
            Route("/do", self._form, methods=("POST",)),
            Route("/api/v1/office", self._office, methods=("GET", "HEAD")),
            Route("/api/v1/journal", self._journal, methods=("GET", "HEAD")),
            Route("/api/v1/intents", self._intents, methods=("POST",)),
            Route("/api/{rest:path}", self._unknown, methods=_ALL),
        ]
        self._router = Router(routes, redirect_slashes=False, default=self._missing)
        self._app = reply.guarded(self._served, lambda why: doors.trouble(f"status page: {why}"), _broken)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Nothing that a client does ends in an exception here."""
        if scope["type"] == "http":
            await self._app(scope, receive, send)

    async def _served(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = reply.path(scope)
        # A link elsewhere may lead to the page; nothing else may come from other sites.
        why = self._names.misnamed(scope) if path == "/" else self._names.refuses(scope)
        if why:
            await reply.answer_json(send, 403, {"ok": False, "why": why})
        elif path == "/api/v1/events" and scope["method"] == "GET":
            await self._events(scope, receive, send)
        else:
            await self._router({**scope, "path": path}, receive, send)

    # -- for people

    async def _home(self, request: Request) -> Response:
        return self._page.shown(_wanted(request), 200)

    async def _form(self, request: Request) -> Response:
        """`POST /do`: a button of the page, with the fields of an order."""
        try:
            given = dict(query.pairs(await reply.body_of(request.receive), form=True))
            refusal = self._doors.do(order_of(given))
            status, why = 409, refusal.why if refusal else ""
        except (BadOrder, BadRequest) as error:
            status, why = error.status if isinstance(error, BadRequest) else 422, str(error)
        if why:
            return self._page.shown(Wanted(), status, why)
        # A redirect, so that reloading the page does not order again.
        return RedirectResponse("/", 303, {"cache-control": "no-store"})

    async def _missing(self, scope: Scope, receive: Receive, send: Send) -> None:
        await reply.answer(send, 404, b"There is no such page here.\n", b"text/plain")

    # -- for programs

    async def _office(self, request: Request) -> Response:
        """`GET /api/v1/office`: the status."""
        return _json(200, self._status())

    async def _journal(self, request: Request) -> Response:
        """`GET /api/v1/journal?since=N&user=...&kind=...`: the newest entries of the journal."""
        since = _asked(request).get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 16):
            return _json(422, {"ok": False, "why": '"since" must be a whole number'})
        return _json(200, journal_object(self._doors.journal, int(since), _wanted(request)))

    async def _intents(self, request: Request) -> Response:
        """`POST /api/v1/intents`: 200 done, 409 the front end refuses, 415 no JSON, 422 malformed."""
        try:
            if not taken_as_json(request.scope):
                raise BadRequest("send it as application/json", 415)
            given = decode(await reply.body_of(request.receive))
            if given.get("do") == "snapshot":
                return _json(200, {"ok": True, "do": "snapshot", "snapshot": self._status()})
            order = order_of(given)
        except (BadIntent, BadOrder) as error:
            return _json(422, {"ok": False, "why": str(error)})
        except BadRequest as error:
            return _json(error.status, {"ok": False, "why": str(error)})
        refusal = self._doors.do(order)
        if refusal:
            return _json(409, {"ok": False, "do": given["do"], "why": refusal.why})
        return _json(200, {"ok": True, "do": given["do"], "did": [object_of(order)]})

    async def _events(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`GET /api/v1/events`: the journal as it grows; with `since=ID` from there on."""
        if self.feed.full:
            await reply.answer_json(send, 503, {"ok": False, "why": "too many event streams are open"})
            return
        since = dict(query.pairs(scope["query_string"], form=True)).get("since")
        await self.feed.stream(scope, receive, send, since=since)

    async def _unknown(self, request: Request) -> Response:
        return _json(404, {"ok": False, "why": "no such address"})

    def _status(self) -> Object:
        return status_object(self._doors.status(), self._clock())


async def _broken(scope: Scope, send: Send) -> None:
    await reply.answer_json(send, 500, {"ok": False, "why": "Something went wrong in the front end."})


def _asked(request: Request) -> Mapping[str, str]:
    return dict(query.pairs(request.scope["query_string"], form=True))


def _wanted(request: Request) -> Wanted:
    asked = _asked(request)
    return Wanted(asked.get("user", "").strip()[:200], asked.get("kind", "").strip()[:40])


def _json(status: int, value: Any) -> Response:
    return Response(encode(value), status, {"cache-control": "no-store"}, "application/json")
