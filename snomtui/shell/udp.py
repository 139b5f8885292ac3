"""One local UDP socket that listens to everybody, and notices when its server is not there."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from snomtui.kit.box import Conn, HostPort, host_port
from snomtui.sip.locating import is_literal

LARGEST = 65_000
"""Bytes that one datagram may have."""
ROOM = 1024 * 1024
"""Bytes that may wait to be read; what comes when there is no room is lost, and a flood must not drown our server."""
GRACE = 3.0
"""Seconds for which a server that has spoken before may refuse: it is being started again."""

FORGIVEN = 32.0
"""Seconds after which a refusal says nothing about the next one: as long as a transaction lasts (RFC 3261 17.1.2.2)."""

_ERRORS = {
    socket.AF_INET: (socket.IPPROTO_IP, 11),
    socket.AF_INET6: (socket.IPPROTO_IPV6, 25),
}
"""IP_RECVERR and IPV6_RECVERR of Linux, which the standard library does not name."""
_QUEUE: int = getattr(socket, "MSG_ERRQUEUE", 0)
_LOST = {
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.EADDRNOTAVAIL,
    errno.EINVAL,
    errno.EPERM,
    errno.EACCES,
}
"""Answers of our own machine: it has no way there. EINVAL: the address of the socket is ours no longer."""


class Above(Protocol):
    """Who hears what happens at a socket: the transport."""

    def datagram(self, conn: Conn, data: bytes, peer: HostPort) -> None:
        """Bytes came in."""

    def lost(self, conn: Conn, why: str) -> None:
        """The socket is of no use any more."""

    def log(self, level: int, text: str) -> None:
        """Write a line into the phone's log."""


class Datagrams(asyncio.DatagramProtocol):
    """One socket, opened to one peer (RFC 3261 18.1.1), that sends to and hears from all others too."""

    def __init__(self, above: Above, conn: Conn, sock: socket.socket, remote: HostPort, said: str) -> None:
        """`said`: the name of the peer as people know it."""
        self._above, self._conn, self._sock = above, conn, sock
        self.remote = remote
        self._said = host_port((said, remote[1]))
        self._transport: asyncio.DatagramTransport | None = None
        self._sending = False
        """Whether an error now is about what is being sent."""
        self._error = 0
        self._heard = False
        """Whether the peer has ever spoken."""
        self._refused: float | None = None
        """Since when it refuses."""

    def send(self, data: bytes, to: HostPort) -> None:
        """Send at once; to a name nothing is sent, since looking it up would stop everything."""
        if len(data) > LARGEST:
            self._above.log(2, f"A message of {len(data)} bytes does not fit into a datagram; it was not sent")
        elif not is_literal(to[0]):
            self._above.log(2, f"{host_port(to)} is no address to send a datagram to")
        elif (error := self._sent(data, to) and self._sent(data, to)) and to[:2] == self.remote:
            # Twice, since the first error may be what an earlier datagram to somebody else has met.
            self._no_way(error)

    def _sent(self, data: bytes, to: HostPort) -> int:
        """Send and return the number of the error that came at once, 0 for none."""
        if self._transport is not None:
            self._sending, self._error = True, 0
            self._transport.sendto(data, to)
            self._sending = False
        return self._error

    def _no_way(self, error: int) -> None:
        if error in _LOST:
            why = "the address of this machine has changed" if error == errno.EINVAL else os.strerror(error)
            self._tell(f"{self._said} cannot be reached ({why})")

    def close(self) -> None:
        """Let the port go."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        peer = (addr[0], addr[1])
        if peer == self.remote:
            self._heard, self._refused = True, None
        self._above.datagram(self._conn, data, peer)

    def error_received(self, error: Exception) -> None:
        """Sending failed, or an ICMP error came in.

        What concerns the peer that this socket is for is told (RFC 3261 17.1.4 and 18.4); what concerns others costs
        that message only.
        """
        if self._sending and isinstance(error, OSError):
            self._error = error.errno or 0
        for code, peer in self._noted():
            if peer == self.remote and code == errno.ECONNREFUSED:
                self._refuses(f"Nobody listens at {self._said}")
            elif peer == self.remote and code in _LOST:
                self._refuses(f"{self._said} cannot be reached ({os.strerror(code)})")

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            self._above.lost(self._conn, f"The local SIP port failed ({error})")

    def _refuses(self, why: str) -> None:
        """Somebody has told us that the peer is not there. Who has spoken before may be starting again."""
        now = asyncio.get_running_loop().time()
        if self._refused is None or now - self._refused > FORGIVEN:
            self._refused = now
        if not self._heard or now - self._refused >= GRACE:
            self._tell(why)

    def _tell(self, why: str) -> None:
        """A little later: the box may be at the very step that sends."""
        asyncio.get_running_loop().call_soon(self._above.lost, self._conn, why)

    def _noted(self) -> Iterator[tuple[int, HostPort]]:
        """The errors that the machine has noted, and whom each is about. All are taken, or the loop never rests."""
        while _QUEUE:
            try:
                _, notes, _, about = self._sock.recvmsg(1, 512, _QUEUE)
            except OSError:
                return
            for level, kind, note in notes:
                if (level, kind) in _ERRORS.values() and len(note) >= 4 and about:
                    yield struct.unpack_from("=I", note)[0], (about[0], about[1])


async def bound(
    family: socket.AddressFamily, local: HostPort, made: Callable[[socket.socket], Datagrams]
) -> tuple[Datagrams, HostPort]:
    """A socket bound to `local` with its protocol, and its address; raises OSError."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        if _QUEUE:
            sock.setsockopt(*_ERRORS[family], 1)
        sock.bind(local)
        _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(lambda: made(sock), sock=sock)
    except BaseException:
        sock.close()
        raise
    here = sock.getsockname()
    return protocol, (here[0], here[1])


def towards(family: socket.AddressFamily, remote: HostPort) -> str:
    """The local address from which this machine would talk to `remote`; nothing is sent. Raises OSError."""
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(remote)
        return str(probe.getsockname()[0])
