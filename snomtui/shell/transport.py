"""Sockets: what `Locate`, `Open`, `Send` and `Close` become.

UDP, TCP and TLS look the same from above: bytes by connection number. Numbers that a box gave are positive, those of
connections that came in are negative.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time
from collections.abc import Callable, Coroutine, Mapping
from ipaddress import ip_address
from typing import Protocol

from snomtui.errors import ListenError, SettingsError
from snomtui.kit.box import Conn, Down, HostPort, Linked, Locate, Open, Send, Up, host_port
from snomtui.shell.connecting import Connector, NotTrusted
from snomtui.shell.resolver import Resolver
from snomtui.shell.streams import Stream
from snomtui.shell.tls import Trust, in_words
from snomtui.shell.udp import Datagrams, bound, towards
from snomtui.shell.whereabouts import Whereabouts

PATIENCE = 10.0
"""Seconds that a connection may take to come up, all addresses and TLS included."""
FAREWELL = 1.0
"""Seconds that connections may take to say goodbye when all is closed."""
BACKLOG = 4 * 1024 * 1024
"""Bytes that may wait for a reader who does not read; then the connection is cut."""
HANDSHAKE = 10.0
"""Seconds that one who connects to us may take for TLS."""
SILENCE = 60.0
"""Seconds within which one who has connected to us must say something."""
MOST_SILENT = 2000
"""So many may have said nothing yet; the one who has been silent longest makes room for another."""
MOST_INCOMING = 5000
"""So many connections may come in; the next ones are refused."""
AT_THE_DOOR = 1024
"""So many may wait to be taken; after a restart all clients come at once, and one who finds no place waits a second."""


class Above(Protocol):
    """Who hears what happens on the wire: the runner."""

    def received(self, conn: Conn, data: bytes, peer: HostPort | None) -> None:
        """Bytes came in."""

    def linked(self, conn: Conn, state: Linked) -> None:
        """A connection opened or closed, or a server was located."""

    def logged(self, level: int, text: str) -> None:
        """A line for the phone's log."""


class Transport:
    """All sockets of one box."""

    def __init__(
        self,
        above: Above,
        trust: Trust | None = None,
        hosts: Mapping[str, str] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`hosts` maps names to addresses before anybody is asked, as a hosts file does. `now`: the box's clock."""
        self._above = above
        self.resolver = Resolver(now, above.logged, hosts)
        self._connector = Connector(self, trust or Trust())
        self.alive: set[Stream] = set()
        """Every stream that is not quite gone, those that we have closed included."""
        self._streams: dict[Conn, asyncio.Transport] = {}
        self._sockets: dict[Conn, Datagrams] = {}
        self._opening: dict[Conn, asyncio.Task[None]] = {}
        self._servers: list[asyncio.Server] = []
        self._silent: dict[Conn, asyncio.TimerHandle] = {}
        """Those who came in and have said nothing yet, the longest silent first."""
        self._incoming = 0
        self._whereabouts = Whereabouts(self._moved)

    @property
    def trust(self) -> Trust:
        """Whom we believe; the next connection is the first that notices a change."""
        return self._connector.trust

    @trust.setter
    def trust(self, trust: Trust) -> None:
        self._connector.trust = trust

    # -- what a box asks for

    def locate(self, order: Locate) -> None:
        """Begin to look for a server; `linked` tells the places."""
        self._begin(order.conn, self._locate(order))

    def open(self, order: Open) -> None:
        """Begin to connect; `linked` tells how it went."""
        self._begin(order.conn, self._open(order))

    def _begin(self, conn: Conn, work: Coroutine[None, None, None]) -> None:
        self._opening[conn] = asyncio.get_running_loop().create_task(work)

    def send(self, order: Send) -> None:
        """Put bytes on the wire now; to a connection that is gone they are lost."""
        if (stream := self._streams.get(order.conn)) is not None:
            if stream.get_write_buffer_size() > BACKLOG:
                self._gone(order.conn, f"{host_port(stream.get_extra_info('peername')[:2])} does not read what is sent")
                stream.abort()
            else:
                stream.write(order.data)
        elif (sock := self._sockets.get(order.conn)) is not None:
            host, port = order.to or sock.remote
            sock.send(order.data, (self.resolver.hosts.get(host.casefold(), host).strip("[]"), port))

    def close(self, conn: Conn) -> None:
        """Close without a `linked`, or stop looking for a server."""
        self._whereabouts.forget(conn)
        if (task := self._opening.pop(conn, None)) is not None:
            task.cancel()
        if (stream := self._streams.pop(conn, None)) is not None:
            self._spoke(conn)
            stream.close()
        if (sock := self._sockets.pop(conn, None)) is not None:
            sock.close()

    # -- finding and opening

    async def _locate(self, order: Locate) -> None:
        found = await self.resolver.locate(order)
        if self._opening.pop(order.conn, None) is not None:
            self._above.linked(order.conn, found)

    async def _open(self, order: Open) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                addresses = await self._addresses(order)
                if not addresses:
                    self._failed(order, f"The name {order.host} does not resolve")
                elif order.transport == "udp":
                    await self._open_socket(order, addresses[0])
                else:
                    await self._connector.connect(order, addresses)
        except SettingsError as error:
            self._failed(order, str(error))
        except NotTrusted as error:
            self._failed(order, Down(str(error), error.certificate))
        except (OSError, EOFError) as error:  # before ValueError, which a certificate error is too
            self._failed(order, in_words(error, order.host, order.port))
        except Exception:  # asyncio raises all sorts for a name or a port that no address can be made of
            self._failed(order, f"{order.host}:{order.port} is not an address")

    async def _addresses(self, order: Open) -> tuple[str, ...]:
        if order.address:
            return (order.address,)
        return await self.resolver.addresses(order.host)

    def _failed(self, order: Open, why: str | Down) -> None:
        if self._opening.pop(order.conn, None) is not None:
            self._above.linked(order.conn, why if isinstance(why, Down) else Down(why))

    async def _open_socket(self, order: Open, host: str) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        remote = (str(ip_address(host)), order.port)  # as the socket will show it
        local = (towards(family, remote), order.local_port)
        try:
            protocol, here = await bound(
                family, local, lambda sock: Datagrams(self, order.conn, sock, remote, order.host)
            )
        except OSError as error:
            why = _PORT.get(error.errno or 0)
            if why is None or not order.local_port:
                raise
            self._failed(order, f"The local SIP port {order.local_port} is {why} (network_id_port)")
            return
        if self._opening.pop(order.conn, None) is None:
            protocol.close()
            return
        self._sockets[order.conn] = protocol
        self._whereabouts.note(order.conn, here[0], remote)
        self._above.linked(order.conn, Up("udp", here, remote))

    # -- listening

    async def listen(self, kind: str, host: str, port: int, tls: ssl.SSLContext | None = None) -> HostPort:
        """Take connections; port 0 = any free one. Returns the address; raises `ListenError` in words."""
        loop = asyncio.get_running_loop()
        patience = HANDSHAKE if tls else None
        try:
            server = await loop.create_server(
                lambda: Stream(self, self._next(), kind),
                host,
                port,
                backlog=AT_THE_DOOR,
                ssl=tls,
                ssl_handshake_timeout=patience,
            )
        except socket.gaierror:
            raise ListenError(f"Cannot listen at {host_port((host, port))}: the name does not resolve") from None
        except OSError as error:
            why = _WORDS.get(error.errno or 0) or error.strerror or str(error)
            raise ListenError(f"Cannot listen at {host_port((host, port))}: {why}") from None
        self._servers.append(server)
        here = server.sockets[0].getsockname()
        return (here[0], here[1])

    def _next(self) -> Conn:
        self._incoming -= 1
        return self._incoming

    def _watch(self, conn: Conn) -> None:
        """One who has come in must say something soon; to come and wait costs us more than him."""
        if len(self._silent) >= MOST_SILENT:
            self._hush(next(iter(self._silent)))
        self._silent[conn] = asyncio.get_running_loop().call_later(SILENCE, self._hush, conn)

    def _spoke(self, conn: Conn) -> None:
        if conn < 0 and (timer := self._silent.pop(conn, None)) is not None:
            timer.cancel()

    def _hush(self, conn: Conn) -> None:
        stream = self._streams.get(conn)
        self._gone(conn, "It never said anything")
        if stream is not None:
            stream.abort()

    def has(self, conn: Conn) -> bool:
        """Whether a stream of this number is up."""
        return conn in self._streams

    # -- what streams and sockets tell

    def came(self, stream: Stream, state: Up) -> None:
        """A stream is connected."""
        assert stream.transport is not None
        closed = stream.conn > 0 and self._opening.pop(stream.conn, None) is None
        full = stream.conn < 0 and len(self._streams) >= MOST_INCOMING
        if closed or full:
            stream.transport.abort()
            return
        self.alive.add(stream)
        self._streams[stream.conn] = stream.transport
        if stream.conn < 0:
            self._watch(stream.conn)
        else:
            self._whereabouts.note(stream.conn, state.local[0], state.remote)
        self._above.linked(stream.conn, state)

    def data(self, stream: Stream, data: bytes) -> None:
        """Bytes came in on a stream."""
        if self.has(stream.conn):
            self._spoke(stream.conn)
            self._above.received(stream.conn, data, None)

    def left(self, stream: Stream, why: str) -> None:
        """A stream is closed."""
        self.alive.discard(stream)
        self._gone(stream.conn, why)

    def datagram(self, conn: Conn, data: bytes, peer: HostPort) -> None:
        """Bytes came in at a socket."""
        self._above.received(conn, data, peer)

    def lost(self, conn: Conn, why: str) -> None:
        """A socket is of no use any more."""
        if (sock := self._sockets.get(conn)) is not None:
            sock.close()
            self._gone(conn, why)

    def log(self, level: int, text: str) -> None:
        """A line for the phone's log."""
        self._above.logged(level, text)

    def _gone(self, conn: Conn, why: str) -> None:
        """A connection is closed; silent if we did it."""
        self._spoke(conn)
        self._whereabouts.forget(conn)
        if self._streams.pop(conn, None) or self._sockets.pop(conn, None):
            self._above.linked(conn, Down(why))

    def _moved(self, conn: Conn, why: str) -> None:
        """A connection leads from an address that is ours no longer, or no longer the best."""
        stream, sock = self._streams.get(conn), self._sockets.get(conn)
        self._gone(conn, why)
        if stream is not None:
            stream.abort()
        if sock is not None:
            sock.close()

    async def stop(self) -> None:
        """Close everything; gives what was written, and TLS its goodbye, a moment to leave."""
        self._whereabouts.stop()
        for server in self._servers:
            server.close()
        opening = list(self._opening.values())
        for conn in {*self._opening, *self._streams, *self._sockets}:
            self.close(conn)
        await asyncio.gather(*opening, return_exceptions=True)
        await self.resolver.stop()
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
