"""The requests to us that are not over, found in every way in which they are looked for."""

from __future__ import annotations

from collections.abc import Iterator

from snomtui.kit.box import Conn
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Message, Request
from snomtui.sip.server import InviteServer, PlainServer

Server = InviteServer | PlainServer
AckKey = tuple[str, int, str, str]
"""Call-ID, CSeq number, From tag, To tag: what an ACK shares with the 2xx that it acknowledges."""
Origin = tuple[str, str, int, str]
"""Call-ID, From tag, CSeq: what all copies of one request share, whatever way they came (RFC 3261 8.2.2.2)."""


class Ledger:
    """Server transactions. Every look-up costs the same, however many there are."""

    def __init__(self) -> None:
        self._servers: dict[ServerKey, Server] = {}
        self._unacknowledged: dict[AckKey, ServerKey] = {}
        self._settled: dict[ServerKey, None] = {}
        """Those that only wait for late repeats, the oldest first."""
        self._of_conn: dict[Conn, dict[ServerKey, None]] = {}
        self._origins: dict[Origin, ServerKey] = {}
        self._origin_of: dict[ServerKey, Origin] = {}

    def __len__(self) -> int:
        return len(self._servers)

    def __iter__(self) -> Iterator[Server]:
        return iter(self._servers.values())

    def get(self, key: ServerKey) -> Server | None:
        """The transaction with this key."""
        return self._servers.get(key)

    def invite(self, key: ServerKey) -> InviteServer | None:
        """The INVITE with this key."""
        found = self._servers.get(key)
        return found if isinstance(found, InviteServer) else None

    def accepted(self, ack: Request) -> InviteServer | None:
        """The INVITE whose 2xx this ACK is for: it has a branch of its own (RFC 3261 17)."""
        key = self._unacknowledged.get(_ack_key(ack))
        return self.invite(key) if key else None

    def of(self, conn: Conn) -> list[Server]:
        """All on one connection."""
        return [self._servers[key] for key in self._of_conn.get(conn, ())]

    def add(self, server: Server, request: Request) -> None:
        """A request has come."""
        key, origin = server.key, _origin(request)
        self._servers[key] = server
        self._of_conn.setdefault(server.wire.conn, {})[key] = None
        self._origins.setdefault(origin, key)
        self._origin_of[key] = origin

    def merged(self, request: Request, key: ServerKey) -> bool:
        """Whether another copy of this request is being dealt with, which came another way (RFC 3261 8.2.2.2)."""
        return self._origins.get(_origin(request), key) != key

    def answered(self, server: Server) -> None:
        """Something was answered or acknowledged: note what it waits for now, or forget it."""
        if server.over:
            self._remove(server)
        elif server.settled:
            self._settled.setdefault(server.key)
        elif isinstance(server, InviteServer) and server.last and 200 <= server.last.status < 300:
            self._unacknowledged[_ack_key(server.last)] = server.key

    def oldest(self) -> Server | None:
        """The one that has waited longest for nothing but late repeats."""
        key = next(iter(self._settled), None)
        return self._servers[key] if key else None

    def _remove(self, server: Server) -> None:
        key = server.key
        if self._servers.pop(key, None) is None:
            return
        self._settled.pop(key, None)
        here = self._of_conn[server.wire.conn]
        del here[key]
        if not here:
            del self._of_conn[server.wire.conn]
        origin = self._origin_of.pop(key)
        if self._origins.get(origin) == key:
            del self._origins[origin]
        if isinstance(server, InviteServer) and server.last:
            self._unacknowledged.pop(_ack_key(server.last), None)


def _ack_key(message: Message) -> AckKey:
    return message.call_id, message.cseq.number, message.from_.tag, message.to.tag


def _origin(request: Request) -> Origin:
    return request.call_id, request.from_.tag, request.cseq.number, request.method
