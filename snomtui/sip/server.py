"""Server transactions: INVITE and all others (RFC 3261 17.2, RFC 6026), and the repeats of a 2xx (13.3.1.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from snomtui.kit.machine import Machine, Table
from snomtui.sip.happenings import Happening, NoAck
from snomtui.sip.means import Means, ServerKey, Wire
from snomtui.sip.message import Request, Response, respond


class InviteState(Enum):
    """Where an INVITE to us stands."""

    PROCEEDING = "proceeding"
    """Not answered finally."""
    ACCEPTED = "accepted"
    """Our 2xx is out and repeated until the ACK comes."""
    ACKNOWLEDGED = "acknowledged"
    """The ACK to our 2xx is here; late repeats of the INVITE are swallowed."""
    COMPLETED = "completed"
    """Our refusal is out and repeated until the ACK comes."""
    CONFIRMED = "confirmed"
    """The ACK to our refusal is here; late repeats are swallowed."""
    TERMINATED = "terminated"
    """Over."""


class PlainState(Enum):
    """Where another request to us stands."""

    TRYING = "trying"
    """Not answered at all."""
    PROCEEDING = "proceeding"
    """Answered provisionally."""
    COMPLETED = "completed"
    """Answered; a repeat of the request gets the same answer."""
    TERMINATED = "terminated"
    """Over."""


class Input(Enum):
    """What can happen to a server transaction."""

    REQUEST = "the request again"
    ACK = "ACK"
    PROVISIONAL = "1xx from the owner"
    SUCCESS = "2xx from the owner"
    REFUSAL = "3xx to 6xx from the owner"
    TRYING = "200 ms without an answer"
    RESEND = "timer G, or a 2xx is due again"
    GIVE_UP = "timer H, or L without an ACK"
    FORGET = "timer I, J, or L after the ACK"
    LOST = "connection lost"


_S, _P, _I = InviteState, PlainState, Input

INVITE_TABLE: Table[InviteState, Input] = {
    _S.PROCEEDING: {
        _I.REQUEST: _S.PROCEEDING,
        _I.ACK: _S.PROCEEDING,
        _I.PROVISIONAL: _S.PROCEEDING,
        _I.SUCCESS: _S.ACCEPTED,
        _I.REFUSAL: _S.COMPLETED,
        _I.TRYING: _S.PROCEEDING,
        _I.LOST: _S.TERMINATED,
    },
    _S.ACCEPTED: {
        _I.REQUEST: _S.ACCEPTED,
        _I.ACK: _S.ACKNOWLEDGED,
        _I.SUCCESS: _S.ACCEPTED,
        _I.RESEND: _S.ACCEPTED,
        _I.GIVE_UP: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.ACKNOWLEDGED: {
        _I.REQUEST: _S.ACKNOWLEDGED,
        _I.ACK: _S.ACKNOWLEDGED,
        _I.SUCCESS: _S.ACKNOWLEDGED,
        _I.FORGET: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.COMPLETED: {
        _I.REQUEST: _S.COMPLETED,
        _I.ACK: _S.CONFIRMED,
        _I.RESEND: _S.COMPLETED,
        _I.GIVE_UP: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.CONFIRMED: {
        _I.REQUEST: _S.CONFIRMED,
        _I.ACK: _S.CONFIRMED,
        _I.FORGET: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.TERMINATED: {},
}

PLAIN_TABLE: Table[PlainState, Input] = {
    _P.TRYING: {
        _I.REQUEST: _P.TRYING,
        _I.PROVISIONAL: _P.PROCEEDING,
        _I.SUCCESS: _P.COMPLETED,
        _I.REFUSAL: _P.COMPLETED,
        _I.LOST: _P.TERMINATED,
    },
    _P.PROCEEDING: {
        _I.REQUEST: _P.PROCEEDING,
        _I.PROVISIONAL: _P.PROCEEDING,
        _I.SUCCESS: _P.COMPLETED,
        _I.REFUSAL: _P.COMPLETED,
        _I.LOST: _P.TERMINATED,
    },
    _P.COMPLETED: {
        _I.REQUEST: _P.COMPLETED,
        _I.FORGET: _P.TERMINATED,
        _I.LOST: _P.TERMINATED,
    },
    _P.TERMINATED: {},
}

TRYING, RESEND, GIVE_UP, FORGET = "T", "G", "H", "I"
"""Names of the timers: H stands for H and for L without an ACK, I for I, J and for L after the ACK."""
INPUT_OF = {TRYING: Input.TRYING, RESEND: Input.RESEND, GIVE_UP: Input.GIVE_UP, FORGET: Input.FORGET}

TRYING_AFTER = 0.2
"""Seconds without an answer after which an INVITE gets a 100 (RFC 3261 17.2.1)."""


def _class_of(response: Response) -> Input:
    if response.status < 200:
        return Input.PROVISIONAL
    return Input.SUCCESS if response.status < 300 else Input.REFUSAL


@dataclass(slots=True)
class InviteServer:
    """An INVITE to us (RFC 3261 17.2.1, RFC 6026 8.3)."""

    key: ServerKey
    request: Request
    """Without its body, which nobody asks for again."""
    wire: Wire
    means: Means
    machine: Machine[InviteState, Input] = field(init=False)
    last: Response | None = field(default=None, init=False)
    """What was answered last."""
    pause: float = field(default=0.0, init=False)
    """Seconds to the next repeat."""

    def __post_init__(self) -> None:
        self.machine = Machine("server INVITE", INVITE_TABLE, InviteState.PROCEEDING)

    @property
    def over(self) -> bool:
        """Whether it can be forgotten."""
        return self.machine.state is InviteState.TERMINATED

    @property
    def settled(self) -> bool:
        """Whether it only waits for late repeats."""
        return self.machine.state in (InviteState.ACKNOWLEDGED, InviteState.CONFIRMED)

    @property
    def waiting(self) -> bool:
        """Whether the ACK to our final answer is still to come."""
        return self.machine.state in (InviteState.ACCEPTED, InviteState.COMPLETED)

    def open(self, now: float) -> None:
        """The request is here."""
        self.means.start(self.key, TRYING, now + TRYING_AFTER)

    def again(self) -> None:
        """The request came again: the same answer; a 2xx goes out at its own times only."""
        if self.machine.step(Input.REQUEST) in (InviteState.PROCEEDING, InviteState.COMPLETED) and self.last:
            self.means.send(self.wire, self.last)

    def respond(self, response: Response, now: float) -> None:
        """The owner answers."""
        before = self.machine.state
        after = self.machine.step(_class_of(response))
        self.last = response
        self.means.send(self.wire, response)
        self.means.stop(self.key, TRYING)
        if after is before:
            return
        self.pause = self.means.t1
        if after is InviteState.ACCEPTED or not self.wire.reliable:
            self.means.start(self.key, RESEND, now + self.pause)
        self.means.start(self.key, GIVE_UP, now + self.means.patience)

    def acknowledged(self, now: float) -> bool:
        """An ACK is here; True if it is one for a 2xx, which the owner wants to see."""
        before = self.machine.state
        after = self.machine.step(Input.ACK)
        if after is not before:
            self.means.stop(self.key, RESEND, GIVE_UP)
            if after is InviteState.ACKNOWLEDGED:
                self.means.start(self.key, FORGET, now + self.means.patience)
            elif self.wire.reliable:
                self.machine.step(Input.FORGET)
            else:
                self.means.start(self.key, FORGET, now + self.means.t4)
        return after is InviteState.ACKNOWLEDGED

    def fired(self, letter: str, now: float) -> list[Happening]:
        """A timer is due."""
        before = self.machine.state
        self.machine.step(INPUT_OF[letter])
        if letter == TRYING:
            self.last = respond(self.request, 100)
            self.means.send(self.wire, self.last)
        elif letter == RESEND and self.last:
            self.pause = min(self.pause * 2, self.means.t2)
            self.means.send(self.wire, self.last)
            self.means.start(self.key, RESEND, now + self.pause)
        elif letter == GIVE_UP:
            self.means.stop(self.key, RESEND)
            return [NoAck(self.key)] if before is InviteState.ACCEPTED else []
        return []

    def lost(self) -> None:
        """The connection is gone, or there is no room to wait any longer.

        Nobody hears of an ACK that is missing: it may come over the next connection, and the owner knows how long.
        """
        self.machine.step(Input.LOST)
        self.means.stop(self.key, TRYING, RESEND, GIVE_UP, FORGET)


@dataclass(slots=True)
class PlainServer:
    """Any other request to us (RFC 3261 17.2.2)."""

    key: ServerKey
    wire: Wire
    means: Means
    machine: Machine[PlainState, Input] = field(init=False)
    last: Response | None = field(default=None, init=False)
    """What was answered last."""

    def __post_init__(self) -> None:
        self.machine = Machine(f"server {self.key.method}", PLAIN_TABLE, PlainState.TRYING)

    @property
    def over(self) -> bool:
        """Whether it can be forgotten."""
        return self.machine.state is PlainState.TERMINATED

    @property
    def settled(self) -> bool:
        """Whether it only waits for late repeats."""
        return self.machine.state is PlainState.COMPLETED

    @property
    def waiting(self) -> bool:
        """Nobody acknowledges these."""
        return False

    def again(self) -> None:
        """The request came again: the same answer."""
        self.machine.step(Input.REQUEST)
        if self.last:
            self.means.send(self.wire, self.last)

    def respond(self, response: Response, now: float) -> None:
        """The owner answers."""
        after = self.machine.step(_class_of(response))
        self.last = response
        self.means.send(self.wire, response)
        if after is not PlainState.COMPLETED:
            return
        if self.wire.reliable:
            self.machine.step(Input.FORGET)
        else:
            self.means.start(self.key, FORGET, now + self.means.patience)

    def fired(self, letter: str, now: float) -> list[Happening]:
        """A timer is due."""
        self.machine.step(INPUT_OF[letter])
        return []

    def lost(self) -> None:
        """The connection is gone, or there is no room to wait any longer."""
        self.machine.step(Input.LOST)
        self.means.stop(self.key, FORGET)
