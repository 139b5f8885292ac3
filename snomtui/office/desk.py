"""The desk that all rooms of the office share: clockwork, identifiers, transactions, and the one way out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Protocol

from snomtui.errors import MalformedMessage
from snomtui.kit.box import Close, Conn, HostPort, Log, Output, Send, Surroundings, Up
from snomtui.kit.ids import Ids
from snomtui.kit.timers import Timers
from snomtui.ocs.diagnostics import Refusal, diagnostics
from snomtui.ocs.endpoint import epid_of
from snomtui.office.faults import DELAY, Fault, Faults
from snomtui.office.journal import Journal
from snomtui.office.people import People, Person
from snomtui.office.policy import Policy
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.transaction import ServerKey, Transactions, Wire

COLLEAGUES: Conn = 0
"""The connection to the scripted colleagues: it is inside the house and needs no socket."""

MOST_REQUESTS = 65536
"""So many requests of all phones together may be open at a time."""

Body = tuple[str, bytes]
"""Content type and bytes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was let in, with all that is known about it."""

    request: Request
    key: ServerKey | None
    """None for what is never answered."""
    wire: Wire
    person: Person
    """Who signed in; the From of the request is theirs."""
    epid: str
    """The endpoint that the request came from; empty for ordinary phones."""
    auth: str
    """`ntlmv2`, `ntlmv1`, `digest`, or `none` for colleagues."""


class Sealer(Protocol):
    """Who signs: the doorman, with the association of the endpoint that the message goes to."""

    def __call__(self, message: Message, conn: Conn, epid: str, now: float) -> Message:
        """The message with the server's signature, or as it is where none is due."""


class Desk:
    """What every room needs, and the one way out: every message that leaves is signed and noted here."""

    def __init__(self, people: People, policy: Policy, surroundings: Surroundings, seal: Sealer) -> None:
        self.people, self.policy, self.surroundings = people, policy, surroundings
        self.ids = Ids(surroundings.dice)
        self.timers = Timers()
        self.transactions = Transactions(self.timers, most=MOST_REQUESTS, public=True)
        self.faults = Faults()
        self.links: dict[Conn, Up] = {}
        self.journal = Journal(links=self.links)
        self._addresses = {people.server, people.domain}
        """All names and addresses that mean this server."""
        self._ports: set[int] = set()
        """Where we were reached so far."""
        self.inside: deque[Message] = deque()
        """What waits for the colleagues."""
        self.patience: dict[Conn, float] = {}
        """How many seconds a connection may be silent; who promised no sign of life is not in it."""
        self.changed: dict[str, Person] = {}
        """Of whom something has changed that outlives a restart, by address."""
        self._seal = seal
        self._outputs: list[Output] = []
        self._late: deque[tuple[float, Send]] = deque()

    # -- where we are

    def here(self, conn: Conn) -> str:
        """Our own URI as the other end of this connection can reach us."""
        (host, port), transport = self._local(conn)
        return f"sip:{host}:{port};transport={transport}"

    def via(self, conn: Conn) -> str:
        """A Via with a new branch for a request on this connection."""
        (host, port), transport = self._local(conn)
        return f"SIP/2.0/{transport.upper()} {host}:{port};branch={self.ids.branch()}"

    def is_here(self, host: str) -> bool:
        """Whether a host name or address means this server."""
        return host.lower().strip("[]") in self._addresses

    def is_this_server(self, pool: str) -> bool:
        """Whether `host:port` of a pool is one of our own doors."""
        host, _, port = pool.rpartition(":")
        return self.is_here(host) and port.isascii() and port.isdigit() and int(port) in self._ports

    def link(self, conn: Conn, up: Up) -> None:
        """A connection is there."""
        self.links[conn] = up
        self._addresses.add(up.local[0].lower())
        self._ports.add(up.local[1])

    def promise(self, conn: Conn, seconds: float, now: float) -> None:
        """The other end has promised a sign of life; without one for so long the connection is closed."""
        self.patience[conn] = seconds
        self.timers.start(("silence", conn), now + seconds)

    def _local(self, conn: Conn) -> tuple[HostPort, str]:
        link = self.links.get(conn)
        if link is None:
            return (self.people.server, 5061), "tls"
        host, port = link.local
        return (f"[{host}]" if ":" in host else host, port), link.transport

    # -- answers and requests

    def answer(
        self, asked: Asked, status: int, reason: str = "", *headers: Item, body: Body | None = None, now: float
    ) -> None:
        """Answer a request that was let in; what is never answered stays so."""
        if asked.key is not None:
            tag = self.ids.hex(8).upper() if status > 100 else None
            self.reply(asked.key, respond(asked.request, status, reason, tag=tag, headers=headers, body=body), now)

    def refuse(self, asked: Asked, refusal: Refusal, now: float) -> None:
        """Refuse with ms-diagnostics ([MS-OCER]) and note why."""
        text = f"{asked.request.method} refused: {refusal.status}, {refusal.why}"
        self.journal.note(text, now, asked.wire.conn, asked.person.address)
        told = self.diagnostics(refusal.number, refusal.why)
        self.answer(asked, refusal.status, "", told, *refusal.headers, now=now)

    def diagnostics(self, number: int, why: str) -> Item:
        """The header that tells an OCS client what went wrong."""
        return diagnostics(number, why, self.people.server)

    def reply(self, key: ServerKey, response: Response, now: float) -> None:
        """Answer within a transaction."""
        self.transactions.respond(key, response, now)
        self.flush(now)

    def request(self, request: Request, wire: Wire, owner: object, now: float) -> None:
        """Send a request in a new transaction."""
        self.transactions.request(request, wire, owner, now)
        self.flush(now)

    def flush(self, now: float) -> None:
        """Let go what the transactions have to send."""
        for each in self.transactions.transmit():
            self.send(each.wire, each.message, now)

    # -- the one way out

    def send(self, wire: Wire, message: Message, now: float) -> None:
        """Sign a message, note it, and put it on its way."""
        if wire.conn == COLLEAGUES:
            self.inside.append(message)
            return
        if isinstance(message, Response):
            message = self._received(message, wire)
        if Fault.LOST_ANSWER in self.faults and isinstance(message, Response) and message.status >= 200:
            self.journal.note(f"fault lost-answer: {message.start_line} never left", now, wire.conn)
            return
        sealed = self._seal(message, wire.conn, endpoint_of(message), now)
        self.journal.message("out", sealed, wire.conn, now)
        output = Send(wire.conn, bytes(sealed), wire.peer)
        if Fault.SLOW in self.faults or self._late:
            self._late.append((now + DELAY, output))
            self.timers.start(("slow",), self._late[0][0])
        else:
            self._outputs.append(output)

    def _received(self, response: Response, wire: Wire) -> Response:
        """The same, telling an OCS client where its request came from ([MS-CONMGMT] 2.2.2)."""
        link = self.links.get(wire.conn)
        via = response.headers.get("Via") or ""
        if link is None or not wire.reliable or "ms-received" in via or not endpoint_of(response):
            return response
        first, comma, rest = via.partition(",")
        came = f"{first};ms-received-port={link.remote[1]};ms-received-cid={received_cid(wire.conn)}"
        return response.with_("Via", came + comma + rest) if len(response.headers.all("Via")) == 1 else response

    def deliver(self, now: float) -> None:
        """Let go what was held back by the fault `slow`."""
        while self._late and self._late[0][0] <= now:
            self._outputs.append(self._late.popleft()[1])
        if self._late:
            self.timers.start(("slow",), self._late[0][0])

    def put(self, output: Output) -> None:
        """Put anything but a message into the outbox."""
        self._outputs.append(output)

    def keep(self, person: Person) -> None:
        """Remember that something of this person has changed that outlives a restart."""
        self.changed[person.aor] = person

    def close(self, conn: Conn) -> None:
        """Close a connection."""
        self.put(Close(conn))

    def log(self, level: int, text: str) -> None:
        """Write a line into the front end's log."""
        self.put(Log(level, text))

    def outbox(self) -> list[Output]:
        """What is to be done, in order; empties itself."""
        out, self._outputs = self._outputs, []
        return out


def received_cid(conn: Conn) -> str:
    """What a connection is called in `ms-received-cid`."""
    return f"{abs(conn) << 8:X}"


def endpoint_of(message: Message) -> str:
    """The epid of the client at the other end: on From of what it asked, on To of what it is asked ([MS-SIPAE] 3.2)."""
    name = "From" if isinstance(message, Response) else "To"
    try:
        return epid_of(message.headers.get(name) or "")
    except MalformedMessage:
        return ""
