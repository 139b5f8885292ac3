"""What a doorman says about a message that came in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from snomtui.auth.association import SecurityAssociation
from snomtui.auth.faults import Fault
from snomtui.auth.ntlm.policy import ResponseKind
from snomtui.auth.ntlm.server import ServerContext
from snomtui.kit.box import Conn
from snomtui.kit.machine import Machine, Table
from snomtui.kit.secret import Secret

Header = tuple[str, str]
Place = tuple[Conn, str, str]
"""Connection, address of record and epid: where an endpoint is."""


class Account(Protocol):
    """A person who may sign in."""

    @property
    def uri(self) -> str:
        """The address of record that this person may write into From, such as `sip:heiko@ucc.test`."""

    @property
    def password(self) -> Secret:
        """The password."""


class State(Enum):
    """How far one endpoint's handshake has come."""

    UNKNOWN = auto()
    """No challenge was sent, or the association has ended."""
    CHALLENGED = auto()
    """The CHALLENGE is out; good for one answer."""
    TRUSTED = auto()
    """The user is who they say; everything is signed."""
    REFUSED = auto()
    """The answer was wrong, or not allowed by the level."""


class Given(Enum):
    """What moves an association."""

    ASKED = auto()
    RIGHT = auto()
    WRONG = auto()
    ENDED = auto()


TABLE: Table[State, Given] = {
    State.UNKNOWN: {Given.ASKED: State.CHALLENGED, Given.ENDED: State.UNKNOWN},
    State.CHALLENGED: {Given.RIGHT: State.TRUSTED, Given.WRONG: State.REFUSED, Given.ENDED: State.UNKNOWN},
    State.TRUSTED: {Given.ENDED: State.UNKNOWN},
    State.REFUSED: {Given.ENDED: State.UNKNOWN},
}


class Association:
    """One endpoint on one connection, as the doorman knows it; ask `state`, `account` and `kind` only."""

    def __init__(
        self,
        opaque: str,
        place: Place,
        version: int,
        realm: str,
        made: float,
        noted: Callable[[str], None] | None,
    ) -> None:
        self.opaque = opaque
        self.place = place
        self.version = version
        """The protocol version: first the one offered, in the end the client's, if that is lower."""
        self.realm = realm
        self.made = made
        self.context: ServerContext | None = None
        self.security: SecurityAssociation | None = None
        self.account: Account | None = None
        self.kind: ResponseKind | None = None
        """How the user signed in, or tried to."""
        self.former: Association | None = None
        """The one that this one replaced; messages under way may still be signed with it."""
        self._machine = Machine(f"association {opaque}", TABLE, State.UNKNOWN, noted)

    @property
    def state(self) -> State:
        """How far the handshake has come."""
        return self._machine.state

    @property
    def auth(self) -> str:
        """`ntlmv1`, `ntlmv2`, or `none` before the end of the handshake."""
        return self.kind.auth if self.kind and self.state is State.TRUSTED else "none"

    def step(self, given: Given) -> None:
        """Take one step of the table."""
        self._machine.step(given)


@dataclass(frozen=True, slots=True)
class Admit:
    """The message is from this account. `association` is None for a Digest phone."""

    account: Account
    association: Association | None
    why: str = ""
    """How the user signed in, in words, if this message ended a handshake; else ""."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer the request with this challenge, unsigned."""

    headers: tuple[Header, ...]
    why: str
    """In words, for a journal. The client sees none of it: every refusal looks alike."""
    fault: Fault = Fault.NONE
    """The cause; NONE for the ordinary steps of a handshake."""
    user: str = ""
    """`DOMAIN\\user` of a proof, as the client wrote it."""
    kind: str = ""
    """What was tried: `ntlmv1`, `ntlmv2`, `digest`, `kerberos`, `tls-dsk`, or empty if no proof was given."""
    status: int = 401
    reason: str = "Unauthorized"

    @property
    def refusal(self) -> bool:
        """Whether a proof was given and refused; false where the client only has to begin, or to begin again."""
        return self.fault.refuses


@dataclass(frozen=True, slots=True)
class Forbid:
    """Answer the request with this refusal, signed for `association`."""

    status: int
    reason: str
    headers: tuple[Header, ...]
    why: str
    association: Association | None
    fault: Fault = Fault.NONE


@dataclass(frozen=True, slots=True)
class Discard:
    """Drop the message without an answer, and count it."""

    why: str
    fault: Fault = Fault.NONE
    user: str = ""
    """The address of record of the association whose signature is wrong; empty if there is none."""


@dataclass(frozen=True, slots=True)
class Pass:
    """The message needs no authentication: an answer or ACK of somebody who does not sign."""


Ruling = Admit | Ask | Forbid | Discard | Pass
