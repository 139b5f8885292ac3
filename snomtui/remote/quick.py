"""A short way for the commonest request: one whole GET of command.htm, as programs that dial send it.

The general way reads HTTP with h11, which took a third of the time from such a request to its INVITE on the wire. What
is not of exactly this form goes the general way, and so does whatever comes while an answer is still due.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from uvicorn.protocols.http.h11_impl import H11Protocol

from snomtui.remote.reply import Event, Scope

_WHOLE = re.compile(
    rb"GET (/command\.htm)\?([\x21-\x22\x24-\x7e]{1,4096}) HTTP/1\.([01])\r\n"
    rb"((?:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}:[\t\x20-\x7e\x80-\xff]{0,4096}\r\n){0,64})\r\n"
)
"""RFC 9112 2.1: a request line and fields, without any of the old liberties."""
_LONG = (b"content-length", b"transfer-encoding", b"expect", b"upgrade")
"""With one of these fields a request is more than its head."""
_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


class QuickProtocol(H11Protocol):
    """HTTP/1.1 with the short way beside the general one."""

    turn: QuickTurn | None = None
    """The request on the short way that is being answered."""
    _ending = False
    """Whether the server stops as soon as that is done."""

    def quickly(self, data: bytes) -> bool:
        """Answer these bytes the short way; False if they are not of its form. No other request may be under way."""
        found = _WHOLE.fullmatch(data)
        if found is None:
            return False
        headers = [
            (name.lower(), value.strip())
            for name, _, value in (line.partition(b":") for line in found[4].split(b"\r\n")[:-1])
        ]
        names = [name for name, _ in headers]
        if names.count(b"host") > 1 or any(name in names for name in _LONG):
            return False
        self._unset_keepalive_if_required()
        self.turn = QuickTurn(self, self._scope(found, headers), self._turned)
        task = self.loop.create_task(self.turn.run())
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        return True

    def _scope(self, found: re.Match[bytes], headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
        return {
            "type": "http",
            "asgi": {"version": self.asgi_version, "spec_version": "2.3"},
            "http_version": f"1.{found[3].decode()}",
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": "GET",
            "root_path": "",
            "path": unquote(found[1].decode()),
            "raw_path": found[1],
            "query_string": found[2],
            "headers": headers,
            "state": {},
        }

    def wait(self, data: bytes) -> None:
        """Bytes came while an answer is due: no more are read until it has left."""
        if self.turn:
            self.turn.later += data
            self.flow.pause_reading()

    def cut(self, at_once: bool) -> None:
        """End the connection in the middle of an answer; unless `at_once`, what there is of it leaves before."""
        if at_once:
            self.transport.abort()
            return
        if self.turn:
            self.transport.write(self.turn.so_far)
        self.transport.close()

    def shutdown(self) -> None:
        """The server stops; an answer that is due leaves before."""
        if self.turn:
            self._ending = True
        else:
            super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone; whoever answers it learns so."""
        if self.turn:
            self.turn.gone.set()
        super().connection_lost(exc)

    def _turned(self, keep: bool) -> None:
        """The answer has left: close, or wait for the next request."""
        waiting = self.turn.later if self.turn else b""
        self.turn = None
        self.flow.resume_reading()
        if self.transport.is_closing():
            return
        if not keep or self._ending:
            self.transport.close()
            return
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        if waiting:
            self.data_received(waiting)


class QuickTurn:
    """One request on the short way, and its answer."""

    def __init__(self, protocol: QuickProtocol, scope: dict[str, Any], over: Callable[[bool], None]) -> None:
        """`over(keep)` is called when the answer has left; `keep`: the connection stays open."""
        self._protocol, self._scope, self._over = protocol, scope, over
        self.gone, self.later = asyncio.Event(), b""
        self._asked, self._head, self._body, self._whole = False, b"", b"", False
        self._stays = _stays(scope)

    @property
    def so_far(self) -> bytes:
        """What there is of the answer."""
        return self._head + self._body

    async def run(self) -> None:
        """Have the application answer; a client that gets no whole answer is cut off."""
        try:
            await self._protocol.app(self._scope, self._receive, self._send)
        finally:
            if not self._whole:
                self._protocol.transport.abort()
            self._over(self._whole and self._stays)

    async def _receive(self) -> Event:
        if self._asked:
            await self.gone.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, event: Event) -> None:
        """Collect the answer, which is short, and write it at once."""
        if event["type"] == "http.response.start":
            self._head = self._head_of(event)
            return
        self._body += event.get("body", b"")
        self._whole = not event.get("more_body", False)
        if self._whole and not self._protocol.transport.is_closing():
            self._protocol.transport.write(self.so_far)

    def _head_of(self, event: Event) -> bytes:
        status = event["status"]
        fields = [*self._protocol.server_state.default_headers, *event.get("headers", ())]
        if (b"connection", b"close") in fields:
            self._stays = False
        elif not self._stays:
            fields.append((b"connection", b"close"))
        if any(b"\r" in value or b"\n" in value for _, value in fields):
            raise ValueError("a header of more than one line")
        lines = [b"HTTP/1.1 %d %s" % (status, _REASONS.get(status, b"")), *(b"%s: %s" % field for field in fields)]
        return b"\r\n".join(lines) + b"\r\n\r\n"


def _stays(scope: Scope) -> bool:
    """Whether the connection stays open after the answer (RFC 9112 9.3); with HTTP/1.0 it never does."""
    said = b",".join(value.lower() for name, value in scope["headers"] if name == b"connection")
    words = {word.strip() for word in said.split(b",")}
    return b"close" not in words and scope["http_version"] == "1.1"
