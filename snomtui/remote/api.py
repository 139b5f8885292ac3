"""The JSON API for today's programs: the snapshot, and intents as objects."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from snomtui.phone.intents import Dial
from snomtui.remote import reply
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing, Outcome
from snomtui.remote.doors import Doors
from snomtui.remote.jsonform import (
    BadIntent,
    Object,
    call_object,
    decode,
    encode,
    intents_of,
    objects_of,
    snapshot_object,
)
from snomtui.remote.reply import BadRequest


class Api:
    """Answers `/api/v1/...`, but for the event stream."""

    def __init__(self, doors: Doors, doing: Doing, names: OwnNames) -> None:
        self._doors, self._doing, self._names = doors, doing, names

    def routes(self) -> list[Route]:
        """Where it answers."""
        every = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        return [
            Route("/api/v1/phone", self.phone, methods=("GET", "HEAD")),
            Route("/api/v1/intents", self.intents, methods=("POST",)),
            Route("/api/{rest:path}", self.unknown, methods=every),
        ]

    async def phone(self, request: Request) -> Response:
        """`GET /api/v1/phone`: the snapshot."""
        why = self._names.refuses(request.scope)
        return _no(403, why) if why else _json(200, self._snapshot())

    async def intents(self, request: Request) -> Response:
        """`POST /api/v1/intents`: 200 done, 409 the phone refuses, 422 malformed, 403 a foreign page."""
        status, value, outcome = await self._answer(request)
        self._doing.tell(request.scope, status, outcome)
        return _json(status, value)

    async def unknown(self, request: Request) -> Response:
        """Anything else below `/api/`."""
        return _no(404, "no such address")

    async def _answer(self, request: Request) -> tuple[int, Object, Outcome]:
        why = self._names.refuses(request.scope)
        if why:
            return _refused(403, why)
        try:
            given = decode(await reply.body_of(request.receive))
            wanted = intents_of(given)
        except BadIntent as error:
            return _refused(422, str(error))
        except BadRequest as error:
            return _refused(error.status, str(error))
        if given["do"] == "snapshot":
            return 200, {"ok": True, "do": "snapshot", "snapshot": self._snapshot()}, Outcome()
        known = {call.id for call in self._doors.snapshot().calls}
        outcome = self._doing.do(wanted)
        if outcome.why:
            return 409, {"ok": False, "do": given["do"], "why": outcome.why}, outcome
        value: Object = {"ok": True, "do": given["do"], "did": objects_of(outcome.did)}
        if isinstance(wanted[0], Dial):
            fresh = [call for call in self._doors.snapshot().calls if call.id not in known]
            value["call"] = call_object(fresh[-1]) if fresh else None
        return 200, value, outcome

    def _snapshot(self) -> Object:
        return snapshot_object(self._doors.snapshot(), self._doors.contacts(), self._doors.version)


def _refused(status: int, why: str) -> tuple[int, Object, Outcome]:
    return status, {"ok": False, "why": why}, Outcome(why=why)


def _no(status: int, why: str) -> Response:
    return _json(status, {"ok": False, "why": why})


def _json(status: int, value: Any) -> Response:
    return Response(encode(value), status, {"cache-control": "no-store"}, "application/json")
