"""An EST endpoint (RFC 7030): gives certificates to those who log in, and renews them for those who show one.

Knows HTTP; who may log in and what a certificate is, it asks its doors.
"""

from __future__ import annotations

from base64 import encodebytes
from collections.abc import Callable
from math import ceil
from ssl import PEM_cert_to_DER_cert
from typing import Protocol

from snomtui.remote import reply, tlspeer
from snomtui.remote.login import Lockout
from snomtui.remote.reply import BadRequest, Header, Receive, Scope, Send
from snomtui.remote.serving import Secured, Serving

ROOT = "/.well-known/est/"
_CERTIFICATES = b"application/pkcs7-mime; smime-type=certs-only"
_ALONE = b"application/pkcs7-mime"
_BASE64: Header = (b"content-transfer-encoding", b"base64")
_ASKS: Header = (b"www-authenticate", b'Basic realm="EST", charset="UTF-8"')


class EstDoors(Protocol):
    """The authority behind the endpoint."""

    def authorities(self) -> bytes:
        """Its certificates, PKCS#7 in DER."""

    def person(self, login: str, password: str) -> str:
        """Who logs in; empty = nobody has this login with this password."""

    def enrol(self, request: bytes, who: str, old: bytes | None) -> bytes:
        """A certificate for a request, PKCS#7 in DER; `old` (DER) shall be renewed. Raises ValueError in words."""


class EstWeb:
    """The endpoint as an ASGI application."""

    def __init__(self, doors: EstDoors, trouble: Callable[[str], None], clock: Callable[[], float]) -> None:
        """`trouble` hears of defects."""
        self._doors, self._clock = doors, clock
        self._lockout = Lockout()
        self._app = reply.guarded(self._serve, trouble, _broken)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. Nothing that a client does ends in an exception here."""
        if scope["type"] == "http":
            await self._app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = {"cacerts": ("GET", self._authorities), "csrattrs": ("GET", self._attributes)}
        known |= {"simpleenroll": ("POST", self._enrol), "simplereenroll": ("POST", self._renew)}
        path = reply.path(scope)
        found = known.get(path.removeprefix(ROOT)) if path.startswith(ROOT) else None
        if found is None:
            await _say(send, 404, "here are /.well-known/est/cacerts, csrattrs, simpleenroll and simplereenroll")
        elif scope["method"] not in (found[0], "HEAD" if found[0] == "GET" else found[0]):
            await _say(send, 405, f"only {found[0]}", [(b"allow", found[0].encode())])
        else:
            try:
                await found[1](scope, receive, send)
            except BadRequest as error:
                await _say(send, error.status, str(error))

    async def _authorities(self, scope: Scope, receive: Receive, send: Send) -> None:
        await reply.answer(send, 200, encodebytes(self._doors.authorities()), _ALONE, [_BASE64])

    async def _attributes(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Nothing is demanded of requests (RFC 7030 4.5.2: 204)."""
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _enrol(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = await self._login(scope, send)
        if who:
            await self._issue(scope, receive, send, who, None)

    async def _renew(self, scope: Scope, receive: Receive, send: Send) -> None:
        shown = tlspeer.shown_by(scope)
        if not shown:
            await _say(send, 403, "show the certificate that shall be renewed, as a client certificate of TLS")
            return
        old = PEM_cert_to_DER_cert(shown["client_cert_chain"][0])
        await self._issue(scope, receive, send, str(shown["client_cert_name"]), old)

    async def _issue(self, scope: Scope, receive: Receive, send: Send, who: str, old: bytes | None) -> None:
        kind = (reply.header(scope, b"content-type") or "").partition(";")[0].strip().lower()
        if kind != "application/pkcs10":
            raise BadRequest("send a request with Content-Type: application/pkcs10", 415)
        body = await reply.body_of(receive)
        try:
            given = self._doors.enrol(body, who, old)
        except ValueError as error:
            raise BadRequest(str(error)) from None
        await reply.answer(send, 200, encodebytes(given), _CERTIFICATES, [_BASE64])

    async def _login(self, scope: Scope, send: Send) -> str:
        """Who asks, or empty: then the answer has been given."""
        host, now = reply.host(scope), self._clock()
        left = ceil(self._lockout.left(host, now))
        if left:
            again = (b"retry-after", str(left).encode())
            await _say(send, 429, f"blocked after too many wrong logins; try again in {left} seconds", [again])
            return ""
        given = reply.basic(reply.header(scope, b"authorization") or "")
        if given is None:
            await _say(send, 401, "log in with the name and password of a person of this office", [_ASKS])
            return ""
        login, _, password = given.decode("utf-8", "replace").partition(":")
        who = self._doors.person(login, password)
        if who:
            self._lockout.succeeded(host)
        else:
            self._lockout.failed(host, now)
            await _say(send, 401, "wrong name or password", [_ASKS])
        return who


class EstServer:
    """The endpoint on a port with TLS; clients are asked for a certificate, and need none to enrol."""

    def __init__(
        self,
        doors: EstDoors,
        host: str,
        port: int,
        tls: Secured,
        trouble: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        """Port 0 = any."""
        self._serving = Serving(EstWeb(doors, trouble, clock), host, port, "snomtui", "certificate server", tls)

    async def start(self) -> tuple[str, int]:
        """Listen, and say where; raises `ListenError` in words."""
        return await self._serving.start()

    async def stop(self) -> None:
        """End all connections; takes at most about two seconds."""
        await self._serving.stop()


async def _say(send: Send, status: int, text: str, headers: list[Header] | None = None) -> None:
    """An error as people can read it (RFC 7030 4.2.3)."""
    await reply.answer(send, status, f"{text}\n".encode(), b"text/plain; charset=utf-8", headers or ())


async def _broken(scope: Scope, send: Send) -> None:
    await _say(send, 500, "something went wrong in the certificate server")
