"""TCP and TLS connections, those that we open and those that come in."""

from __future__ import annotations

import asyncio
import socket
from typing import Protocol

from snomtui.kit.box import Conn, HostPort, Up
from snomtui.shell.tls import fingerprint, in_words

IDLE, EVERY, TIMES = 60, 10, 3
"""Seconds of silence until the machine asks whether the other end is there, seconds between, and how often it asks."""
UNANSWERED = 30_000
"""Milliseconds for which sent bytes may stay unconfirmed; then the other end is dead."""


class Above(Protocol):
    """Who hears what happens on a connection: the transport."""

    def came(self, stream: Stream, state: Up) -> None:
        """It is up."""

    def data(self, stream: Stream, data: bytes) -> None:
        """Bytes came in."""

    def left(self, stream: Stream, why: str) -> None:
        """It is gone."""


class Stream(asyncio.Protocol):
    """One connection."""

    def __init__(self, above: Above, conn: Conn, kind: str, remote: HostPort | None = None) -> None:
        self._above, self.conn, self.kind, self.remote = above, conn, kind, remote
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if (sock := transport.get_extra_info("socket")) is not None:
            watch_over(sock)
        local, remote = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        self.remote = tuple(remote[:2]) if remote else ("", 0)
        self._above.came(self, Up(self.kind, tuple(local[:2]) if local else ("", 0), self.remote))

    def data_received(self, data: bytes) -> None:
        self._above.data(self, data)

    def connection_lost(self, error: Exception | None) -> None:
        host, port = self.remote or ("?", 0)
        self._above.left(self, in_words(error or EOFError(), host, port))


class Doubted(Stream):
    """A TLS connection that nothing vouches for. It comes up only if its certificate is one of the accepted ones."""

    def __init__(self, above: Above, conn: Conn, pins: tuple[str, ...], remote: HostPort) -> None:
        super().__init__(above, conn, "tls", remote)
        self._pins = pins
        self.certificate = b""
        """What the server has shown, DER."""
        self.shown = ""
        """Its fingerprint."""
        self.accepted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.certificate = transport.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
        self.shown = fingerprint(self.certificate)
        self.accepted = self.shown in self._pins
        if self.accepted:
            super().connection_made(transport)
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.accepted:
            super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self.accepted:
            super().connection_lost(error)


def watch_over(sock: socket.socket) -> None:
    """Have the machine notice that the other end is dead, and send without waiting for more (RFC 1122 4.2.3)."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    wishes = {
        "TCP_KEEPIDLE": IDLE,
        "TCP_KEEPINTVL": EVERY,
        "TCP_KEEPCNT": TIMES,
        "TCP_USER_TIMEOUT": UNANSWERED,
    }
    for name, value in wishes.items():
        option = getattr(socket, name, None)
        if option is not None:
            sock.setsockopt(socket.IPPROTO_TCP, option, value)
