"""CSTA over HTTP: `POST /csta` with one request of ECMA-323, plain or in a SOAP envelope; its answer comes back.

Under which path snom had it is not known; this one is ours. Events go out as action URLs and `/api/v1/events`: a
monitor needs CSTA over SIP.
"""

from __future__ import annotations

from snomtui.phone.csta.exchange import exchange
from snomtui.phone.csta.services import View
from snomtui.phone.csta.words import SOAP_TYPE
from snomtui.phone.intents import Intent
from snomtui.remote import reply, tags
from snomtui.remote.crosssite import OwnNames
from snomtui.remote.doing import Doing, Outcome
from snomtui.remote.doors import Doors
from snomtui.remote.reply import BadRequest, Receive, Scope, Send

PAGE = "/csta"
_KIND = SOAP_TYPE.encode()


class CstaPage:
    """Answers programs that speak CSTA. A negative answer of CSTA is an answer: its status is 200 as well."""

    def __init__(self, doors: Doors, doing: Doing, names: OwnNames) -> None:
        self._doors, self._doing, self._names = doors, doing, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["method"].upper() != "POST":
            await reply.answer(send, 405, b"POST a CSTA request\n", b"text/plain", [(b"allow", b"POST")])
            return
        try:
            self._check(scope)
            body = await reply.body_of(receive)
        except BadRequest as error:
            self._doing.tell(scope, error.status, Outcome(why=str(error)))
            await reply.answer(send, error.status, f"{error}\n".encode(), b"text/plain", reply.refusal(str(error)))
            return
        done = exchange(body, self._look, self._do)
        status = 200 if done.name else 400
        self._doing.tell(scope, status, Outcome(done.did, done.why, done.wanted))
        await reply.answer(send, status, done.answer, _KIND, reply.refusal(done.why))

    def _check(self, scope: Scope) -> None:
        """Raises `BadRequest` for what must not even be read; a page of another site cannot send XML unasked."""
        settings = self._doors.settings
        if not settings.on("csta_control"):
            raise BadRequest("CSTA is off (csta_control)", 403)
        if why := self._names.refuses(scope) or tags.forbids_remote(settings):
            raise BadRequest(why, 403)
        kind = (reply.header(scope, b"content-type") or "").partition(";")[0].strip().lower()
        if not kind.endswith(("/xml", "+xml")):
            raise BadRequest("send XML, with Content-Type: text/xml or application/csta+xml", 415)

    def _look(self) -> View:
        snapshot = self._doors.snapshot()
        return View(snapshot.calls, snapshot.identities)

    def _do(self, wish: Intent) -> str:
        refusal = self._doors.do(wish)
        return refusal.why if refusal else ""
