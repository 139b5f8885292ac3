"""A web server of this house: an ASGI application on an embedded uvicorn that touches no signals and prints nothing."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from typing import Any, cast

import h11
import uvicorn

from snomtui.errors import ListenError
from snomtui.remote import firstline, tlspeer
from snomtui.remote.faults import cuttable
from snomtui.remote.framing import BARE_PATIENCE, HEAD_PATIENCE, status_of
from snomtui.remote.quick import QuickProtocol
from snomtui.remote.reply import App

KEEP_ALIVE = 6 * 3600
"""Some control programs keep one connection open for hours, seconds."""
LONGEST_FRAME = 64 * 1024
"""The largest message that is taken from a WebSocket, bytes."""
MOST_CONNECTIONS = 256
"""With more, a newcomer takes the place of an idle one."""

Secured = Callable[[], Awaitable[ssl.SSLContext]]
"""Makes the context with which a port speaks TLS; may take a moment. It never raises."""


class Serving:
    """One ASGI application on one listening port."""

    def __init__(
        self, app: App, host: str, port: int, banner: str, what: str = "web server", tls: Secured | None = None
    ) -> None:
        """`banner` is the Server header, `what` is for error messages; port 0 = any. With `tls` it is HTTPS."""
        self._app, self._host, self._port, self._banner, self._what = app, host, port, banner, what
        self._tls = tls
        self._server: _QuietServer | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> tuple[str, int]:
        """Listen, and say where; raises `ListenError` in words.

        With TLS, clients may connect from now on, but wait until the certificate is there.
        """
        listening = await _listen(self._host, self._port, self._what)
        _silence()
        host, port = listening.getsockname()[:2]
        if self._tls:
            self._task = asyncio.create_task(self._serve_secured(listening, self._tls))
        else:
            await self._serve(listening, None)
        return host, port

    async def _serve_secured(self, listening: socket.socket, tls: Secured) -> None:
        with listening:
            context = await tls()
            await self._serve_to_the_end(listening, context)

    async def _serve(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        self._task = asyncio.create_task(self._serve_to_the_end(listening, context))
        while not (self._server and self._server.started) and not self._task.done():
            await asyncio.sleep(0.001)
        if self._task.done():
            raise ListenError(f"the {self._what} did not start on {self._host}:{self._port}")

    async def _serve_to_the_end(self, listening: socket.socket, context: ssl.SSLContext | None) -> None:
        config = uvicorn.Config(
            self._app,
            loop="none",
            http=_PatientProtocol,
            ws=cast(Any, _websocket),
            ws_max_size=LONGEST_FRAME,
            ws_per_message_deflate=False,  # costs more in the phone's loop than the network gains
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            headers=[("server", self._banner)],
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=1,
            ssl_context_factory=(lambda config, default: context) if context else None,
        )
        self._server = _QuietServer(config)
        await self._server.serve([listening])

    async def stop(self) -> None:
        """End all connections; takes at most about two seconds. Streams must have been told to end before."""
        if self._task is None:
            return
        if self._server is None:
            self._task.cancel()  # it has no certificate yet
        else:
            self._server.end()
        _, running = await asyncio.wait({self._task}, timeout=3)
        if running:
            self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._server = self._task = None


class _QuietServer(uvicorn.Server):
    """uvicorn without its signal handlers, which belong to the program around it, and without ten ticks a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Stop serving."""
        self.should_exit = True
        self._ended.set()

    async def main_loop(self) -> None:
        """Keep the Date header fresh until the end."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), 1.0)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class _PatientProtocol(QuickProtocol):
    """HTTP/1.1 that forgives what small programs do, see `firstline`, and answers those that only still listen."""

    _line = b""
    """The beginning of a first line, until the rest of it is there."""
    _bare = False
    """Whether the request under way named no version, so that its head may be over without an empty line."""
    _heard_all = False
    """Whether the client has closed its side and waits for the answer."""
    _head_due: asyncio.TimerHandle | None = None
    """Comes if the head of a request does not."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came; too many idle ones make room."""
        super().connection_made(transport)
        self.app = tlspeer.named(self.app, transport)
        self.app = cast(Any, cuttable(cast(App, self.app), self.cut))
        if len(self.connections) > MOST_CONNECTIONS:
            idle = (c for c in self.connections if isinstance(c, _PatientProtocol) and c is not self and c.is_idle())
            victim = next(idle, None)
            if victim is not None:
                victim.transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes came; garbage costs this connection only."""
        if self.turn is not None:
            self.wait(data)
            return
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0] and self.is_idle():
            data, self._line = (self._line + data).lstrip(b"\r\n"), b""
            if self.quickly(data):
                self._watch_head()
                return
            data = self._first(data)
        if data:
            try:
                super().data_received(data)
            except h11.ProtocolError:
                self.transport.abort()
        self._watch_head()

    def _first(self, data: bytes) -> bytes:
        """The start of a request, made acceptable; nothing as long as its first line is not whole."""
        if not firstline.whole(data):
            self._line = data
            return b""
        self._bare = firstline.bare(data)
        if self._bare:
            self._forget_head()  # it need not be waited for as long
        return firstline.tolerated(data)

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client has said all it will say, and may still listen: True if an answer is due."""
        if self._bare:
            self._overdue()
        asked = self.cycle is not None and not self.cycle.more_body and not self.cycle.response_started
        self._heard_all = self.scheme == "http" and (self.turn is not None or (asked and not self.is_idle()))
        return self._heard_all

    def on_response_complete(self) -> None:
        """An answer has left."""
        super().on_response_complete()
        if self._heard_all:
            self.transport.close()

    def _turned(self, keep: bool) -> None:
        super()._turned(keep and not self._heard_all)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client went away."""
        super().connection_lost(exc)
        self._forget_head()

    def send_400_response(self, msg: str) -> None:
        """A head that cannot be read: 400, or what h11 has found besides."""
        status = status_of(sys.exception(), self.conn.trailing_data[0])
        fields = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
        head = h11.Response(status_code=status, headers=fields, reason=HTTPStatus(status).phrase)
        for event in (head, h11.Data(data=msg.encode()), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch_head(self) -> None:
        """A head that has begun must be whole in time; who sends nothing at all may wait."""
        pieces = bool(self._line or self.conn.trailing_data[0])
        if not (pieces and self.conn.their_state is h11.IDLE and self.is_idle()):
            self._forget_head()
        elif self._head_due is None:
            self._head_due = self.loop.call_later(BARE_PATIENCE if self._bare else HEAD_PATIENCE, self._overdue)

    def _forget_head(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _overdue(self) -> None:
        """No more comes of a head: without a version it is whole, else the connection ends."""
        if not self._bare:
            self.transport.abort()
        elif self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self.data_received(b"\r\n")

    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return self.turn is None and (self.cycle is None or self.cycle.response_complete)


def _websocket(*given: Any, **named: Any) -> asyncio.Protocol:
    """What takes over a connection that becomes a WebSocket; imported when the first one does."""
    from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

    return WSProtocol(*given, **named)


async def _listen(host: str, port: int, what: str) -> socket.socket:
    """A listening socket; raises `ListenError`."""
    where = f"{host or '*'}:{port}"
    if not 0 <= port <= 65535:
        raise ListenError(f"{where}: a port is a number from 0 to 65535")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host or "0.0.0.0", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError) as error:
        raise ListenError(f"{where}: no such host on this machine ({error})") from None
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)  # IPv4 first: that is what phones' clients try
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setblocking(False)
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise ListenError(f"the {what} cannot listen on {where}: {_words(error)}") from None
    return listening


def _words(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program uses this port"
    if error.errno in (errno.EACCES, errno.EPERM):
        return "this user may not use this port; take one from 1024 up"
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine does not have that address"
    return error.strerror or str(error)


def _silence() -> None:
    """Keep uvicorn's log lines off stderr, which belongs to the display; what matters is told as events."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
