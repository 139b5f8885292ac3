"""What goes wrong at a server's door: one word for each cause, so that a journal can name it and a page count it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """Why a message was not let in; the value is for people, the name in lower case for programs."""

    NONE = "accepted"
    """Nothing is wrong: it was let in, or this is an ordinary step of a handshake."""
    UNREADABLE = "unreadable credentials"
    USED = "challenge used twice"
    LATE = "challenge answered too late"
    NO_CHALLENGE = "answer to an unknown challenge"
    """Not one of ours: the server was restarted meanwhile, or the opaque was changed."""
    ANONYMOUS = "anonymous"
    FLAGS = "flags not negotiated"
    WEAK = "session security too weak"
    """The flags lack what the minimum session security demands."""
    UNKNOWN_DOMAIN = "unknown Windows domain"
    UNKNOWN_USER = "unknown user"
    NO_PASSWORD = "user without a password"
    LEVEL = "refused by level"
    WRONG_PASSWORD = "wrong password"
    CLOCK = "clocks differ"
    MIC = "wrong MIC"
    SIGNATURE = "wrong signature"
    REPLAY = "message number used twice"
    UNSIGNED = "signature missing"
    NO_ASSOCIATION = "unknown association"
    """No association has this opaque: the server was restarted, or the connection is a new one."""
    OPAQUE = "changed opaque"
    EXPIRED = "association expired"
    NAMES = "wrong realm or targetname"
    KERBEROS = "Kerberos refused"
    TLS_DSK = "TLS-DSK refused"
    SCHEME = "scheme not offered"
    STALE = "stale Digest nonce"
    FROM = "foreign From"

    @property
    def refuses(self) -> bool:
        """Whether a proof was given and is no good; else the client only has to begin again."""
        return self not in _BEGIN_AGAIN


_BEGIN_AGAIN = frozenset(
    {
        Fault.NONE, Fault.LATE, Fault.NO_CHALLENGE, Fault.UNSIGNED, Fault.NO_ASSOCIATION, Fault.OPAQUE,
        Fault.EXPIRED, Fault.NAMES, Fault.SCHEME, Fault.STALE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is wrong with a message, as a cause and in words; false if nothing is."""

    fault: Fault
    why: str

    def __bool__(self) -> bool:
        return self.fault is not Fault.NONE


NO_DOUBT = Doubt(Fault.NONE, "")


def short(text: str) -> str:
    """A name that came from the wire, short enough for a line of a journal."""
    return text if len(text) <= 64 else f"{text[:64]}..."
