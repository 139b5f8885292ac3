"""What the status pages show of a phone's insides: its log, messages, names, subscriptions, and what it takes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from snomtui.kit.box import Certificate
from snomtui.trace.trace import Trace


@dataclass(frozen=True, slots=True)
class Name:
    """One answer of the DNS that the phone remembers."""

    text: str
    """`a sip.ucc.de -> 192.0.2.1`, as the log has it."""
    ends: float
    """When it is forgotten, seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Subscribed:
    """One subscription (RFC 6665) or publication (RFC 3903) of an identity."""

    identity: int
    publishes: bool
    event: str
    """The event package; with OCS the categories are published without one."""
    uri: str
    state: str
    """The name of the state in the table of its machine, such as `ACTIVE`."""
    ends: float = 0.0
    """When the server forgets it, seconds since 1970; 0 = not known."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The connection of an identity to its server."""

    identity: int
    transport: str
    """`udp`, `tcp` or `tls`."""
    local: str
    remote: str
    """`host:port` each; `remote` is empty for a UDP socket that takes from everybody."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What the program takes of the machine; None = this system does not tell."""

    resident: int | None
    """Bytes in memory now."""
    peak: int | None
    """The most it ever were, bytes."""
    files: int | None
    """Open files and sockets."""
    threads: int
    tasks: int
    """Tasks of the loop."""
    since: float
    """When the program began, seconds since 1970."""


class Inside(Protocol):
    """Looked at when somebody opens a status page; nothing is gathered for it before."""

    @property
    def trace(self) -> Trace:
        """The messages that crossed the wire."""

    @property
    def log(self) -> Sequence[str]:
        """The lines of the log that are kept, the oldest first."""

    @property
    def log_level(self) -> int:
        """Up to which level lines are kept now, 0 to 9; the command line may have said another one than the setting."""

    def clear_log(self) -> None:
        """Forget them."""

    def names(self) -> Sequence[Name]:
        """What the DNS has told."""

    def subscriptions(self) -> Sequence[Subscribed]:
        """Subscriptions and publications of all identities."""

    def links(self) -> Sequence[Linked]:
        """The connections of the identities."""

    def certificate(self) -> Certificate | None:
        """What the web server shows over HTTPS; None = there is none yet."""

    def memory(self) -> Memory:
        """What the program takes."""
