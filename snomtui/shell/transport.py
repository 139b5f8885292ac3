"""Sockets: what `Open`, `Send` and `Close` become.

UDP, TCP and TLS look the same from above: bytes by connection number. Numbers that a box gave are positive, those of
connections that came in are negative.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Mapping
from typing import Protocol

from snomtui.errors import ListenError, SettingsError
from snomtui.kit.box import Conn, Down, HostPort, Linked, Open, Send, Up
from snomtui.shell.tls import Trust, address, in_words

PATIENCE = 10.0
"""Seconds that a connection may take to come up, TLS included."""
STAGGER = 0.25
"""Seconds until the next address of a name is tried beside the first (RFC 8305)."""
FAREWELL = 1.0
"""Seconds that connections may take to say goodbye when all is closed."""
BACKLOG = 4 * 1024 * 1024
"""Bytes that may wait for a reader who does not read; then the connection is cut."""


class Above(Protocol):
    """Who hears what happens on the wire: the runner."""

    def received(self, conn: Conn, data: bytes, peer: HostPort | None) -> None:
        """Bytes came in."""

    def linked(self, conn: Conn, state: Linked) -> None:
        """A connection opened or closed."""


class _Stream(asyncio.Protocol):
    """One TCP or TLS connection."""

    def __init__(self, wires: Transport, conn: Conn, kind: str, remote: HostPort | None = None) -> None:
        self.wires, self.conn, self.kind, self.remote = wires, conn, kind, remote
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        sock = transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        local, remote = transport.get_extra_info("sockname"), transport.get_extra_info("peername")
        self.remote = tuple(remote[:2]) if remote else ("", 0)
        self.wires.alive.add(self)
        self.wires.up(self, Up(self.kind, tuple(local[:2]) if local else ("", 0), self.remote))

    def data_received(self, data: bytes) -> None:
        if self.wires.has(self.conn):
            self.wires.above.received(self.conn, data, None)

    def connection_lost(self, error: Exception | None) -> None:
        self.wires.alive.discard(self)
        host, port = self.remote or ("?", 0)
        self.wires.gone(self.conn, in_words(error or EOFError(), host, port))


class _Datagrams(asyncio.DatagramProtocol):
    """One local UDP socket that listens to everybody."""

    def __init__(self, wires: Transport, conn: Conn) -> None:
        self.wires, self.conn = wires, conn

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.wires.above.received(self.conn, data, (addr[0], addr[1]))

    def error_received(self, error: Exception) -> None:
        """An ICMP answer; SIP's own timers notice what matters (RFC 3261 17.1.4 allows either)."""

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            self.wires.gone(self.conn, f"The local SIP port failed ({error})")


class Transport:
    """All sockets of one box."""

    def __init__(self, above: Above, trust: Trust | None = None, hosts: Mapping[str, str] | None = None) -> None:
        """`hosts` maps names to addresses before the resolver is asked, as a hosts file does."""
        self.above = above
        self.trust = trust or Trust()
        self.hosts = dict(hosts or {})
        self.alive: set[_Stream] = set()
        """Every stream that is not quite gone, those that we have closed included."""
        self._streams: dict[Conn, asyncio.Transport] = {}
        self._sockets: dict[Conn, tuple[asyncio.DatagramTransport, HostPort]] = {}
        self._opening: dict[Conn, asyncio.Task[None]] = {}
        self._servers: list[asyncio.Server] = []
        self._incoming = 0
        self._context: tuple[Trust, ssl.SSLContext] | None = None

    # -- what a box asks for

    def open(self, order: Open) -> None:
        """Begin to connect; `linked` tells how it went."""
        task = asyncio.get_running_loop().create_task(self._open(order))
        self._opening[order.conn] = task

    def send(self, order: Send) -> None:
        """Put bytes on the wire now; to a connection that is gone they are lost."""
        if (stream := self._streams.get(order.conn)) is not None:
            if stream.get_write_buffer_size() > BACKLOG:
                self.gone(order.conn, f"{address(*stream.get_extra_info('peername')[:2])} does not read what is sent")
                stream.abort()
            else:
                stream.write(order.data)
        elif (entry := self._sockets.get(order.conn)) is not None:
            sock, peer = entry
            to = order.to or peer
            sock.sendto(order.data, (self.hosts.get(to[0], to[0]).strip("[]"), to[1]))

    def close(self, conn: Conn) -> None:
        """Close without a `linked`."""
        if (task := self._opening.pop(conn, None)) is not None:
            task.cancel()
        if (stream := self._streams.pop(conn, None)) is not None:
            stream.close()
        if (entry := self._sockets.pop(conn, None)) is not None:
            entry[0].close()

    # -- opening

    async def _open(self, order: Open) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await (self._open_socket(order) if order.transport == "udp" else self._open_stream(order))
        except SettingsError as error:
            self._failed(order, str(error))
        except socket.gaierror:
            self._failed(order, f"The name {order.host} does not resolve")
        except (OSError, EOFError) as error:  # before ValueError, which a certificate error is too
            self._failed(order, in_words(error, order.host, order.port))
        except Exception:  # asyncio raises all sorts for a name or a port that no address can be made of
            self._failed(order, f"{order.host}:{order.port} is not an address")

    def _failed(self, order: Open, why: str) -> None:
        if self._opening.pop(order.conn, None) is not None:
            self.above.linked(order.conn, Down(why))

    async def _open_stream(self, order: Open) -> None:
        loop = asyncio.get_running_loop()
        tls = self._tls() if order.transport == "tls" else None
        host = order.host.strip("[]")
        await loop.create_connection(
            lambda: _Stream(self, order.conn, order.transport, (order.host, order.port)),
            self.hosts.get(host, host),
            order.port,
            ssl=tls,
            server_hostname=host if tls else None,
            happy_eyeballs_delay=STAGGER,
        )

    async def _open_socket(self, order: Open) -> None:
        loop = asyncio.get_running_loop()
        host = order.host.strip("[]")
        found = await loop.getaddrinfo(self.hosts.get(host, host), order.port, type=socket.SOCK_DGRAM)
        family, _, _, _, resolved = found[0]
        remote = (str(resolved[0]), int(resolved[1]))
        local = (_towards(family, remote), order.local_port)
        try:
            sock, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self, order.conn), local_addr=local)
        except OSError as error:
            why = _PORT.get(error.errno or 0)
            if why is None or not order.local_port:
                raise
            self._failed(order, f"The local SIP port {order.local_port} is {why} (network_id_port)")
            return
        self._opening.pop(order.conn, None)
        self._sockets[order.conn] = (sock, remote)
        bound = sock.get_extra_info("sockname")
        self.above.linked(order.conn, Up("udp", (bound[0], bound[1]), remote))

    def _tls(self) -> ssl.SSLContext:
        if self._context is None or self._context[0] != self.trust:
            self._context = (self.trust, self.trust.context())
        return self._context[1]

    # -- listening

    async def listen(self, kind: str, host: str, port: int, tls: ssl.SSLContext | None = None) -> HostPort:
        """Take connections; port 0 = any free one. Returns the address; raises `ListenError` in words."""
        loop = asyncio.get_running_loop()
        try:
            server = await loop.create_server(lambda: _Stream(self, self._next(), kind), host, port, ssl=tls)
        except socket.gaierror:
            raise ListenError(f"Cannot listen at {address(host, port)}: the name does not resolve") from None
        except OSError as error:
            why = _WORDS.get(error.errno or 0) or error.strerror or str(error)
            raise ListenError(f"Cannot listen at {address(host, port)}: {why}") from None
        self._servers.append(server)
        bound = server.sockets[0].getsockname()
        return (bound[0], bound[1])

    def _next(self) -> Conn:
        self._incoming -= 1
        return self._incoming

    # -- what the protocols tell

    def up(self, stream: _Stream, state: Up) -> None:
        """A stream is connected."""
        assert stream.transport is not None
        if stream.conn > 0 and self._opening.pop(stream.conn, None) is None:
            stream.transport.abort()  # closed while it was opening
            return
        self._streams[stream.conn] = stream.transport
        self.above.linked(stream.conn, state)

    def gone(self, conn: Conn, why: str) -> None:
        """A connection is closed; silent if we did it."""
        if self._streams.pop(conn, None) or self._sockets.pop(conn, None):
            self.above.linked(conn, Down(why))

    def has(self, conn: Conn) -> bool:
        """Whether a stream of this number is up."""
        return conn in self._streams

    async def stop(self) -> None:
        """Close everything; gives what was written, and TLS its goodbye, a moment to leave."""
        for server in self._servers:
            server.close()
        opening = list(self._opening.values())
        for conn in {*self._opening, *self._streams, *self._sockets}:
            self.close(conn)
        await asyncio.gather(*opening, return_exceptions=True)
        end = asyncio.get_running_loop().time() + FAREWELL
        while self.alive and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.005)
        for stream in self.alive:
            if stream.transport is not None:
                stream.transport.abort()
        await asyncio.sleep(0)


_PORT = {
    errno.EADDRINUSE: "taken by another program",
    errno.EACCES: "not for this user; take one from 1024 up",
}
_WORDS = {
    errno.EADDRINUSE: "the port is taken by another program",
    errno.EACCES: "this user may not use this port; take one from 1024 up",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
}


def _towards(family: int, remote: HostPort) -> str:
    """The local address from which this machine would talk to `remote`; nothing is sent."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(remote)
        return str(probe.getsockname()[0])
