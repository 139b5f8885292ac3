"""Small pieces of ASGI: whole answers, request bodies, and who is asking."""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from snomtui.errors import RemoteError
from snomtui.kit.box import host_port
from snomtui.remote.framing import unsound
from snomtui.remote.intentjson import encode

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

LONGEST_BODY = 64 * 1024
"""The largest request body that is taken, bytes."""
PATIENCE = 10.0
"""How long a request body may take to arrive, seconds."""

HTML = b"text/html; charset=utf-8"
JSON = b"application/json"

REFUSAL = b"x-phone-refusal"
"""The header that tells why the phone refused, where the status is the real phone's and cannot say it."""

_ALWAYS: tuple[Header, ...] = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class BadRequest(RemoteError):
    """A request that cannot be served; `status` is what it is answered with."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


class Gone(RemoteError):
    """The client went away before its request was whole."""


def guarded(app: App, trouble: Callable[[str], None], broken: Callable[[Scope, Send], Awaitable[None]]) -> App:
    """The same application, so that nothing a client does ends in an exception.

    `trouble(why)` hears of a defect; `broken(scope, send)` answers the request that met it, if nothing was sent yet.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        wrong = unsound(scope) if scope["type"] == "http" else None
        if wrong:
            await _refused(scope, send, *wrong)
            return

        async def noting(event: Event) -> None:
            nonlocal begun
            begun = True
            await send(event)

        try:
            await app(scope, receive, noting)
        except Gone:
            return
        except Exception as error:
            trouble(f"{path(scope)[:80]}: {type(error).__name__}: {error}")
            if not begun and scope["type"] == "http":
                await broken(scope, send)

    return serve


async def answer(
    send: Send, status: int, body: bytes, content_type: bytes = HTML, headers: Iterable[Header] = ()
) -> None:
    """Send one whole answer."""
    length = str(len(body)).encode()
    fixed = (b"content-type", content_type), (b"content-length", length)
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *_ALWAYS, *headers]})
    await send({"type": "http.response.body", "body": body})


async def answer_json(send: Send, status: int, value: object, headers: Iterable[Header] = ()) -> None:
    """Send one JSON value."""
    await answer(send, status, encode(value), JSON, headers)


async def _refused(scope: Scope, send: Send, status: int, why: str) -> None:
    """Answer a request whose form is not sound; nothing more is read on its connection."""
    end = [(b"connection", b"close")]
    if path(scope).startswith("/api/"):
        await answer_json(send, status, {"ok": False, "why": why}, end)
    else:
        await answer(send, status, f"{why}\n".encode(), b"text/plain", end)


async def body_of(receive: Receive, patience: float = PATIENCE) -> bytes:
    """The whole request body; raises `BadRequest` if it is too large or too slow, `Gone` if it never comes."""
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(patience):
            while True:
                event = await receive()
                if event["type"] != "http.request":
                    raise Gone("the client went away")
                chunks.append(event.get("body", b""))
                size += len(chunks[-1])
                if size > LONGEST_BODY:
                    raise BadRequest(f"more than {LONGEST_BODY} bytes", 413)
                if not event.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise BadRequest("the rest of the request never came", 408) from None


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that (lower-case) name."""
    for known, value in scope["headers"]:
        if known == name:
            return str(value.decode("latin-1"))
    return None


def target(scope: Scope) -> str:
    """The request target as it was received."""
    path = scope.get("raw_path") or scope["path"].encode("utf-8")
    query = scope["query_string"]
    return str((path + b"?" + query if query else path).decode("latin-1"))


def path(scope: Scope) -> str:
    """The path, also of a target in absolute form (RFC 9112 3.2.2).

    snom's pages are found in any spelling: in capitals, with a slash too many at either end.
    """
    found = str(scope["path"])
    if not found.startswith("/") and "://" in found:
        found = "/" + found.partition("://")[2].partition("/")[2]
    plain = found.strip("/").lower()
    return f"/{plain}" if plain.endswith(".htm") or not plain else found


def peer(scope: Scope) -> str:
    """Who is asking, `ip:port`."""
    return host_port(scope.get("client") or ("", 0))


def host(scope: Scope) -> str:
    """The address of who is asking; empty where it is not known."""
    client = scope.get("client")
    return client[0] if client else ""


def basic(authorization: str) -> bytes | None:
    """The `user:password` of a Basic login (RFC 7617); None for anything else."""
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(token.strip() + "==")
    except ValueError:
        return None


def refusal(why: str) -> tuple[Header, ...]:
    """The header that carries a refusal, or none; never more than one line of ASCII."""
    text = re.sub(rb"[^ -~]", b"?", " ".join(why.split()).encode("ascii", "replace"))[:300].strip()
    return ((REFUSAL, text),) if text else ()
