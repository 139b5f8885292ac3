"""What every transaction works with: where it lives, its three times, its timers, its way out."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from snomtui.kit.box import Conn, HostPort
from snomtui.kit.timers import Timers
from snomtui.sip.grammar import MAGIC_COOKIE
from snomtui.sip.message import Message, Request


@dataclass(frozen=True, slots=True)
class Wire:
    """Where a transaction lives."""

    conn: Conn
    reliable: bool
    """TCP or TLS: nothing is sent twice."""
    peer: HostPort | None = None
    """UDP: who is there; None where the connection has only one other end."""


@dataclass(frozen=True, slots=True)
class Transmit:
    """Please sign this message and put it on the wire."""

    wire: Wire
    message: Message


@dataclass(frozen=True, slots=True)
class ClientKey:
    """Finds a client transaction (RFC 3261 17.1.3)."""

    identity: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class ServerKey:
    """Finds a server transaction (RFC 3261 17.2.3); ACK has the method INVITE."""

    identity: tuple[str, ...]
    method: str


@dataclass(slots=True)
class Means:
    """Timers, times and the way out, shared by all transactions of one owner."""

    timers: Timers
    t1: float
    """Round trip time, in seconds."""
    t2: float
    """The longest pause between repeats."""
    t4: float
    """How long a message may stay in the network."""
    out: list[Transmit] = field(default_factory=list)

    @property
    def patience(self) -> float:
        """64 * T1: how long anybody waits (timers B, D, F, H, J, L, M)."""
        return 64 * self.t1

    def send(self, wire: Wire, message: Message) -> None:
        """Put a message into the outbox."""
        self.out.append(Transmit(wire, message))

    def start(self, key: Hashable, letter: str, at: float) -> None:
        """Start or move one timer of a transaction."""
        self.timers.start(("transaction", key, letter), at)

    def stop(self, key: Hashable, *letters: str) -> None:
        """Stop timers of a transaction."""
        for letter in letters:
            self.timers.stop(("transaction", key, letter))


def client_key(message: Message) -> ClientKey:
    """The key of the client transaction that a request opens or a response belongs to."""
    return ClientKey(_identity(message), message.cseq.method)


def server_key(request: Request) -> ServerKey:
    """The key of the server transaction that a request opens or belongs to."""
    method = "INVITE" if request.method == "ACK" else request.method
    return ServerKey((*_identity(request), request.via.sent_by.lower()), method)


def _identity(message: Message) -> tuple[str, ...]:
    """The branch if it was made by the rules; else what stays the same in one transaction (RFC 3261 17.2.3)."""
    branch = message.via.branch
    if branch.startswith(MAGIC_COOKIE) and len(branch) > len(MAGIC_COOKIE):
        return (branch,)
    return (branch, message.call_id, str(message.cseq.number), message.from_.tag)
