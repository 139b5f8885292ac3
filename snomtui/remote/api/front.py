"""The door of the API: finds the operation, keeps foreign pages away, and tells what was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import unquote

from starlette.routing import Route

from snomtui.errors import LocalError
from snomtui.remote import reply
from snomtui.remote.api import accounts, directory, intents, lists, phone, settings
from snomtui.remote.api.friends import Friends, told_to
from snomtui.remote.api.operation import Answer, Asked, Operation, Refused, said_wrong
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing
from snomtui.remote.doors import Doors
from snomtui.remote.intentjson import encode
from snomtui.remote.reply import JSON, BadRequest, Receive, Scope, Send
from snomtui.remote.sse import Feed

DOCUMENT = "/openapi.json"


class Api:
    """Answers `/api/v1/...` and `/openapi.json`."""

    def __init__(
        self,
        doors: Doors,
        doing: Doing,
        names: OwnNames,
        feed: Feed,
        others: Iterable[Operation] = (),
        pictures: bool = False,
    ) -> None:
        """`others` are rows that belong to pages; `pictures` tells the document whether somebody draws the phone."""
        self._doors, self._doing, self._names, self._pictures = doors, doing, names, pictures
        self.operations: tuple[Operation, ...] = (
            *phone.operations(doors, feed),
            *intents.operations(doors, doing),
            *lists.operations(doors, doing),
            *directory.operations(doors, doing),
            *settings.operations(doors, doing),
            *accounts.operations(doors, doing),
            *others,
        )
        self.friends = Friends(lambda: doors.settings)
        """The web pages of other sites that may ask."""
        self._plain: dict[str, list[Operation]] = {}
        for row in self.operations:
            self._plain.setdefault(row.path, []).append(row)

    def knows(self, scope: Scope) -> bool:
        """Whether an address is in the table."""
        path = reply.path(scope)
        return path == DOCUMENT or path in self._plain or (path.startswith("/api/") and bool(self._find(scope)[0]))

    def routes(self) -> list[Route]:
        """For what else is asked for below `/api/`, after all who answer there."""
        return [Route("/api/{rest:path}", self, include_in_schema=False)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, behind the login."""
        rows, place = self._find(scope)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        row = next((row for row in rows if row.method == method), None)
        origin = self.friends.origin(scope)
        why = self._names.misnamed(scope) if origin else self._names.refuses(scope)
        send = told_to(origin, self.friends.asks_first(scope), send) if origin else send
        if why:
            answer = said_wrong(Refused(why, 403))
        elif row is not None:
            made = await self._made(row, Asked(scope, receive, place))
            if not isinstance(made, Answer):
                await made(scope, receive, send)
                return
            answer = made
        else:
            answer = self._nothing(scope, rows)
        if row is not None and row.does:
            self._doing.tell(scope, answer.status, answer.outcome)
        await _send(send, answer, row.kind if row and answer.status < 400 else JSON.decode())

    def _find(self, scope: Scope) -> tuple[Sequence[Operation], dict[str, str]]:
        path = reply.path(scope)
        rows = self._plain.get(path)
        if rows is not None:
            return rows, {}
        given = _pieces(scope)
        found = [(row, place) for row in self.operations if (place := row.at(given)) is not None]
        return [row for row, _ in found], dict(found[0][1]) if found else {}

    async def _made(self, row: Operation, asked: Asked) -> Answer | reply.App:
        if row.method == "GET" and not _wanted(asked.scope, row.kind):
            return said_wrong(Refused(f"this is {row.kind}, which Accept leaves out", 406))
        try:
            return await row.answer(asked)
        except (LocalError, BadRequest) as error:
            return said_wrong(error)

    def _nothing(self, scope: Scope, rows: Sequence[Operation]) -> Answer:
        """There is no such address, or none with this method."""
        if reply.path(scope) == DOCUMENT:
            return self._document(scope)
        if not rows:
            return said_wrong(Refused("no such address", 404))
        return _other_method(scope, {row.method for row in rows})

    def _document(self, scope: Scope) -> Answer:
        if scope["method"] not in ("GET", "HEAD"):
            return _other_method(scope, {"GET"})
        from snomtui.remote.api.openapi import document  # not before somebody asks for it

        return Answer(200, document(self.operations, self._doors, self._pictures))


def _other_method(scope: Scope, methods: set[str]) -> Answer:
    known = ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
    allow = ((b"allow", known.encode()),)
    if scope["method"] == "OPTIONS":
        return Answer(204, None, allow)
    return Answer(405, {"ok": False, "why": f"only {known}"}, allow)


async def _send(send: Send, answer: Answer, kind: str) -> None:
    if answer.status == 204:
        await send({"type": "http.response.start", "status": 204, "headers": [*answer.headers]})
        await send({"type": "http.response.body", "body": b""})
        return
    await reply.answer(send, answer.status, encode(answer.value), kind.encode(), answer.headers)


def _pieces(scope: Scope) -> tuple[str, ...]:
    """The path in decoded pieces; a slash that came percent-encoded stays within its piece."""
    raw = bytes(scope.get("raw_path") or b"").decode("latin-1")
    if not raw.startswith("/"):
        raw = reply.path(scope)
    return tuple(unquote(piece) for piece in raw.partition("?")[0].strip("/").split("/"))


def _wanted(scope: Scope, kind: str) -> bool:
    """Whether `Accept` has room for this media type (RFC 9110 12.5.1)."""
    given = reply.header(scope, b"accept")
    if not given or not given.strip():
        return True
    fitting = (kind, f"{kind.partition('/')[0]}/*", "*/*")
    for part in given.lower().split(","):
        name, *more = (piece.strip() for piece in part.split(";"))
        if name in fitting and not any(piece in ("q=0", "q=0.0", "q=0.00", "q=0.000") for piece in more):
            return True
    return False
