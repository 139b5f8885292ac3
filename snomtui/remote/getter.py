"""One GET over HTTP, within bounds of time, size and redirects. Slow to import: import it late."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from snomtui.kit.box import Fetched
from snomtui.remote.driving.client import httpx, trusting

TIME = 5.0
"""Seconds that one page may take, redirects and all."""
MOST_REDIRECTS = 5

Login = tuple[str, str, bool]
"""User, password, and whether the phone's own web server wants Digest."""


class TooLarge(Exception):
    """More bytes than are taken."""


class Getter:
    """Gets one page after the other, over connections that are kept."""

    def __init__(self) -> None:
        self._any = _client(trusting())
        self._checking: httpx.AsyncClient | None = None

    async def close(self) -> None:
        """Close all connections."""
        await self._any.aclose()
        if self._checking:
            await self._checking.aclose()

    async def get(
        self,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        check: bool = False,
        login: Login | None = None,
        sent: Callable[[], None] | None = None,
    ) -> Fetched:
        """What stands there; `check`: its certificate must be trusted. Never raises, but for being cancelled.

        `sent` is called when the request is on the wire; then also an answer without an end counts, as far as it came.
        """
        came: list[Fetched] = []
        try:
            async with asyncio.timeout(TIME):
                return await self._got(self._client(check), url, headers, limit, login, sent, came)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TooLarge) as error:
            unending = isinstance(error, TimeoutError | httpx.TimeoutException | httpx.RemoteProtocolError)
            return came[-1] if came and unending else Fetched(why=_words(error))

    def _client(self, check: bool) -> httpx.AsyncClient:
        if not check:
            return self._any
        self._checking = self._checking or _client(ssl.create_default_context())
        return self._checking

    async def _got(
        self,
        client: httpx.AsyncClient,
        url: str,
        headers: Mapping[str, str],
        limit: int,
        login: Login | None,
        sent: Callable[[], None] | None,
        came: list[Fetched],
    ) -> Fetched:
        """`came` gets what is there so far, if it may count without an end."""
        auth = (httpx.DigestAuth if login[2] else httpx.BasicAuth)(login[0], login[1]) if login else None
        asked = {**headers, "Accept-Encoding": "identity"}
        more = {"trace": _tracing(sent)} if sent else {}
        async with client.stream("GET", url, headers=asked, auth=auth, extensions=more) as answer:
            body = bytearray()
            kind = answer.headers.get("content-type", "")
            if sent:
                came.append(Fetched(str(answer.url), answer.status_code, kind))
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > limit:
                    raise TooLarge
                if sent:
                    came[-1] = replace(came[-1], body=bytes(body))
        client.cookies.clear()  # the phone keeps none
        packed = answer.headers.get("content-encoding", "identity").lower() != "identity"
        found = _unpacked(bytes(body), limit) if packed else bytes(body)
        return Fetched(str(answer.url), answer.status_code, kind, found)


def _tracing(sent: Callable[[], None]) -> Callable[[str, object], Awaitable[None]]:
    """What httpx tells of its steps: `sent` is called when a request is out."""

    async def trace(name: str, info: object) -> None:
        if name.endswith("send_request_body.complete"):
            sent()

    return trace


def _unpacked(body: bytes, limit: int) -> bytes:
    """What a server has packed (gzip or deflate) although nobody asked for that; never more than may be."""
    unpacking = zlib.decompressobj(47)
    try:
        found = unpacking.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError("packed in a way that is not known") from error
    if len(found) > limit:
        raise TooLarge
    if not unpacking.eof:
        raise ValueError("packed in a way that is not known, or not to its end")
    return found


def _client(context: ssl.SSLContext) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        timeout=TIME, follow_redirects=True, max_redirects=MOST_REDIRECTS, trust_env=False, verify=context
    )


def _words(error: Exception) -> str:
    """Why there is no page; the display says these texts in its language."""
    match error:
        case TooLarge():
            return "What the server sent is too large"
        case TimeoutError() | httpx.TimeoutException():
            return "The server does not answer in time"
        case httpx.ConnectError() if "CERTIFICATE_VERIFY" in str(error):
            return "The certificate of the server is not trusted"
        case httpx.ConnectError():
            return "The server cannot be reached"
        case httpx.TooManyRedirects() | httpx.UnsupportedProtocol() | httpx.InvalidURL() | httpx.LocalProtocolError():
            return "The server sends us to a wrong address"
        case _:
            return "The server broke off its answer"
