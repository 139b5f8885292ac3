"""What a guard says: about a challenge (`Verdict`) and about a message that came in (`Belief`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do after a 401 or 407."""

    retry: bool
    """Make the request again (next CSeq), `prepare` it and send it."""
    auth: str
    """`ntlmv1`, `ntlmv2` or `digest`: what is being tried, or was refused; `none` if nothing could be."""
    why: str
    """In words that a telephone person understands."""
    register: bool = False
    """First renew the registration, because only a REGISTER carries a handshake; then send this request again."""


class Trust(Enum):
    """How far a message is believed."""

    BELIEVED = "believed"
    """Its signature is right, or there is nothing to be checked with this server."""
    UNSIGNED_BUT_FINE = "unsigned but fine"
    """Not signed, and need not be: provisional answers, challenges, anything before the handshake is done."""
    DOUBTED = "doubted"
    """Drop it. If it answers the handshake, drop the connection too."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Whether a message is to be used, and if not, why not."""

    trust: Trust
    why: str = ""
    signed: bool = field(default=False, compare=False)
    """Whether a signature was checked, and is right."""

    @property
    def ok(self) -> bool:
        """Whether the message may be used."""
        return self.trust is not Trust.DOUBTED

    @property
    def verdict(self) -> str:
        """One word: `valid` for a signature that is right, `none` if there is none and none is needed; or why not."""
        return "valid" if self.signed else self.why or "none"


BELIEVED = Belief(Trust.BELIEVED)
PROVEN = Belief(Trust.BELIEVED, signed=True)
UNSIGNED_BUT_FINE = Belief(Trust.UNSIGNED_BUT_FINE)


def doubted(why: str) -> Belief:
    """A message that must not be used."""
    return Belief(Trust.DOUBTED, why)
