"""Transactions: what is repeated, matched and given up, so that nobody above has to (RFC 3261 17, RFC 6026).

The four tables stand in `client.py` and `server.py`. Messages are handed out unsigned: whoever takes them from
`transmit` signs each one on its way out, repeats included.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from zlib import crc32

from snomtui.errors import LocalError, MalformedMessage
from snomtui.kit.box import Conn
from snomtui.kit.timers import Timers
from snomtui.sip.client import InviteClient, OurCancel, PlainClient
from snomtui.sip.grammar import split_list
from snomtui.sip.happenings import (
    Answered,
    Arrived,
    Cancelled,
    Failed,
    Happening,
    NoAck,
    Repeated,
    Stray,
)
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.ledger import Ledger
from snomtui.sip.means import ClientKey, Means, ServerKey, Transmit, Wire, client_key, server_key
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.server import InviteServer, InviteState, PlainServer

__all__ = [
    "Answered",
    "Arrived",
    "Cancelled",
    "ClientKey",
    "Failed",
    "Happening",
    "NoAck",
    "Repeated",
    "ServerKey",
    "Stray",
    "Transactions",
    "Transmit",
    "Wire",
]

MOST = 2048
"""So many requests to us may be open at a time; a phone has no use for more."""
_OF_CALLS = ("INVITE", "BYE")
TRY_AGAIN = 10
"""Seconds after which one who found no room may try again."""


class Transactions:
    """All transactions of one owner.

    Timers are named `("transaction", key, letter)`; whoever owns the `Timers` gives due ones back through `fire`.
    No step costs more than the logarithm of the number of transactions.
    """

    def __init__(
        self,
        timers: Timers,
        t1: float = 0.5,
        t2: float = 4.0,
        t4: float = 5.0,
        most: int = MOST,
        *,
        public: bool = False,
    ) -> None:
        """`t1`, `t2`, `t4` in seconds (RFC 3261 17.1.1.1).

        A `public` owner serves many who do not trust each other: nobody gets at a transaction over another
        connection than its own. Others take what belongs to it from any, since a server may come over a new one.

        Of `most` requests to us those that are answered make room for new ones; if all are open, the newest gets a
        503 and is not remembered (RFC 3261 8.2.7).
        """
        self._means = Means(timers, t1, t2, t4)
        self._most, self._public = most, public
        self._clients: dict[ClientKey, InviteClient | PlainClient] = {}
        self._clients_of: dict[Conn, dict[ClientKey, None]] = {}
        """The same by connection."""
        self._servers = Ledger()

    def __len__(self) -> int:
        return len(self._clients) + len(self._servers)

    @property
    def quiet(self) -> bool:
        """Whether every INVITE and BYE of ours is answered, and every final answer to an INVITE acknowledged."""
        ours = (each for each in self._clients.values() if each.key.method in _OF_CALLS)
        return not any(each.waiting for each in (*ours, *self._servers))

    def transmit(self) -> list[Transmit]:
        """What is to be signed and sent, in order; empties itself."""
        out, self._means.out = self._means.out, []
        return out

    # -- our requests

    def request(self, request: Request, wire: Wire, owner: object, now: float) -> ClientKey:
        """Open a client transaction and send the request. Not for an ACK to a 2xx, which is simply sent."""
        made = client_key(request)
        if request.method == "ACK" or made in self._clients:
            raise LocalError(f"no new client transaction for {request.method} with {made.identity}")
        kind = InviteClient if request.method == "INVITE" else PlainClient
        client = kind(made, request, wire, owner, self._means)
        self._clients[made] = client
        self._clients_of.setdefault(wire.conn, {})[made] = None
        client.open(now)
        return made

    def cancel(self, key: ClientKey, headers: Iterable[Item], now: float) -> None:
        """Cancel an INVITE of ours, at once or after its first provisional answer (RFC 3261 9.1).

        `headers` are extra ones for the CANCEL, such as Reason. A transaction that is over is not an error.
        """
        client = self._clients.get(key)
        if isinstance(client, InviteClient):
            self._send_cancel(client, client.cancel(headers, now), now)

    def _send_cancel(self, client: InviteClient, cancel: Request | None, now: float) -> None:
        if cancel:
            self.request(cancel, client.wire, OurCancel(), now)

    # -- messages in

    def receive(self, message: Message, wire: Wire, now: float) -> list[Happening]:
        """Take one message; raises `MalformedMessage` if a header that is needed here is bad."""
        if isinstance(message, Response):
            return self._response(message, wire, now)
        return self._request(message, wire, now)

    def _response(self, response: Response, wire: Wire, now: float) -> list[Happening]:
        client = self._clients.get(client_key(response))
        if client is None or not (_answers(response, client.request) and self._is_its(client.wire, wire)):
            return [Stray(response, wire)]
        if isinstance(client, InviteClient):
            told, cancel = client.answered(response, now)
            self._send_cancel(client, cancel, now)
        else:
            told = client.answered(response, now)
        if client.over:
            self._forget(client)
        return _without_our_cancels(told)

    def _forget(self, client: InviteClient | PlainClient) -> None:
        del self._clients[client.key]
        here = self._clients_of[client.wire.conn]
        del here[client.key]
        if not here:
            del self._clients_of[client.wire.conn]

    def _request(self, request: Request, wire: Wire, now: float) -> list[Happening]:
        if wire.peer:
            request, wire = _stamped(request, wire)
        found = server_key(request)
        if request.method == "ACK":
            return self._ack(request, found, wire, now)
        if request.method == "BENOTIFY":  # never answered, so there is nothing to remember
            return [Arrived(request, None, wire)]
        server = self._servers.get(found)
        if server:
            if self._is_its(server.wire, wire):
                server.again()
            return []
        if not (self._has_room() or self._cancels(request, found)):
            self._means.send(wire, _busy(request, found))
            return []
        self._opened(request, found, wire, now)
        if request.method == "CANCEL":
            return self._cancelled(request, found, wire, now)
        return [Arrived(request, found, wire)]

    def _is_its(self, own: Wire, wire: Wire) -> bool:
        """Whether a transaction takes what came this way."""
        return own.conn == wire.conn or not self._public

    def _has_room(self) -> bool:
        """Whether one more request can be remembered; what was answered longest ago makes room for it."""
        while len(self._servers) >= self._most:
            oldest = self._servers.oldest()
            if oldest is None:
                return False
            oldest.lost()
            self._servers.answered(oldest)
        return True

    def _cancels(self, request: Request, found: ServerKey) -> bool:
        """Whether this takes an INVITE back that is remembered: one each, and each of them makes room."""
        return request.method == "CANCEL" and self._servers.invite(ServerKey(found.identity, "INVITE")) is not None

    def _opened(self, request: Request, found: ServerKey, wire: Wire, now: float) -> None:
        if request.method != "INVITE":
            self._servers.add(PlainServer(found, wire, self._means), request)
            return
        invite = InviteServer(found, Request(request.method, request.uri, request.headers), wire, self._means)
        self._servers.add(invite, request)
        invite.open(now)

    def merged(self, request: Request, key: ServerKey) -> bool:
        """Whether another copy of this request came another way and is open: answer 482 (RFC 3261 8.2.2.2)."""
        return self._servers.merged(request, key)

    def _ack(self, ack: Request, found: ServerKey, wire: Wire, now: float) -> list[Happening]:
        server = self._servers.invite(found) or self._servers.accepted(ack)
        if server is None or not self._is_its(server.wire, wire):
            return [Arrived(ack, None, wire)]
        for_owner = server.acknowledged(now)
        self._servers.answered(server)
        return [Arrived(ack, None, wire)] if for_owner else []

    def _cancelled(self, cancel: Request, found: ServerKey, wire: Wire, now: float) -> list[Happening]:
        """Answer a CANCEL (RFC 3261 9.2)."""
        invite = self._servers.invite(ServerKey(found.identity, "INVITE"))
        tag = _tag_of(found)
        if invite is None or not self._is_its(invite.wire, wire):
            self.respond(found, respond(cancel, 481, tag=tag), now)
            return []
        if invite.last and invite.last.to.tag:
            tag = invite.last.to.tag
        self.respond(found, respond(cancel, 200, tag=tag), now)
        if invite.machine.state is not InviteState.PROCEEDING:
            return []
        return [Cancelled(invite.key, cancel)]

    # -- our answers

    def respond(self, key: ServerKey, response: Response, now: float) -> None:
        """Answer a request. If its transaction is gone (connection lost), nothing happens.

        A second final answer is an `IllegalStep`. A 2xx to an INVITE is repeated until its ACK is here.
        """
        server = self._servers.get(key)
        if server is None:
            return
        server.respond(response, now)
        self._servers.answered(server)

    # -- time and trouble

    def fire(self, name: Hashable, now: float) -> list[Happening]:
        """A timer of ours is due; other names are not ours and are ignored."""
        if not (isinstance(name, tuple) and len(name) == 3 and name[0] == "transaction"):
            return []
        owner, letter = name[1], name[2]
        if isinstance(owner, ClientKey):
            return self._fire_client(owner, letter, now)
        server = self._servers.get(owner)
        if server is None:
            return []
        told = server.fired(letter, now)
        self._servers.answered(server)
        return told

    def _fire_client(self, key: ClientKey, letter: str, now: float) -> list[Happening]:
        client = self._clients.get(key)
        if client is None:
            return []
        told = client.fired(letter, now)
        if client.over:
            self._forget(client)
        return _without_our_cancels(told)

    def lost(self, conn: Conn, why: str, now: float) -> list[Happening]:
        """The connection is gone: our open requests on it fail, requests to us are forgotten (RFC 3261 17.1.4)."""
        told: list[Happening] = []
        for client in [self._clients[one] for one in self._clients_of.get(conn, ())]:
            told += client.lost(why)
            self._forget(client)
        for server in self._servers.of(conn):
            server.lost()
            self._servers.answered(server)
        return _without_our_cancels(told)


def _without_our_cancels(told: list[Happening]) -> list[Happening]:
    return [one for one in told if not (isinstance(one, Answered | Failed) and isinstance(one.owner, OurCancel))]


def _answers(response: Response, request: Request) -> bool:
    """Whether a response with the right branch says what the request says (RFC 3261 8.2.6.2), and is meant for us.

    One with more hops was meant for somebody else (8.1.3.3).
    """
    return (
        response.cseq.number == request.cseq.number
        and response.call_id == request.call_id
        and response.from_.tag == request.from_.tag
        and _hops(response) <= _hops(request)
    )


def _hops(message: Message) -> int:
    """How many Vias there are; a request of ours has one, one that we pass on has more."""
    return len(message.headers.values("Via"))


def _tag_of(key: ServerKey) -> str:
    """A To tag that is the same each time, for answers that nobody remembers (RFC 3261 8.2.7)."""
    return f"{crc32(repr(key).encode('utf-8', 'replace')):08x}"


def _busy(request: Request, key: ServerKey) -> Response:
    return respond(request, 503, tag=_tag_of(key), headers=[("Retry-After", str(TRY_AGAIN))])


def way_back(request: Request, wire: Wire) -> tuple[Request, Wire]:
    """The same for a request that nobody remembers: one whose top Via is bad is answered where it came from."""
    try:
        return _stamped(request, wire)
    except MalformedMessage:
        return request, wire


def _stamped(request: Request, wire: Wire) -> tuple[Request, Wire]:
    """Note in the top Via where the request came from, and find out where the answer goes."""
    if not wire.peer:
        return request, wire
    via = request.via.answered_from(wire.peer)
    if via is not request.via:
        request = request.with_headers(_with_top_via(request.headers, str(via)))
    return request, wire if wire.reliable else replace(wire, peer=via.reply_to)


def _with_top_via(headers: Headers, via: str) -> Headers:
    items = list(headers)
    place = next(at for at, (name, _) in enumerate(items) if key(name) == "via")
    others = split_list(items[place][1])[1:]
    items[place] = (items[place][0], ", ".join((via, *others)))
    return Headers(tuple(items))
