"""What the transaction layer tells its owner."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.sip.means import ServerKey, Wire
from snomtui.sip.message import Request, Response


@dataclass(frozen=True, slots=True)
class Arrived:
    """A new request; its top Via already notes where it came from."""

    request: Request
    key: ServerKey | None
    """To answer with; None for an ACK to a 2xx and for BENOTIFY, which are never answered."""
    wire: Wire


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A CANCEL came for this INVITE and was answered; the owner answers the INVITE with 487."""

    key: ServerKey
    request: Request
    """The CANCEL, for its Reason header."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A response to a request of ours."""

    owner: object
    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same 2xx to an INVITE once more: the ACK is to be sent again."""

    owner: object
    request: Request
    response: Response


@dataclass(frozen=True, slots=True)
class Failed:
    """A request of ours came to nothing."""

    owner: object
    request: Request
    status: int
    """The response that it counts as: 408 for silence, 503 for a lost connection (RFC 3261 8.1.3.1)."""
    why: str


@dataclass(frozen=True, slots=True)
class NoAck:
    """A 2xx of ours was never acknowledged (RFC 3261 13.3.1.4): end the call."""

    key: ServerKey


@dataclass(frozen=True, slots=True)
class Stray:
    """A response that fits nothing."""

    response: Response
    wire: Wire


Happening = Arrived | Cancelled | Answered | Repeated | Failed | NoAck | Stray
