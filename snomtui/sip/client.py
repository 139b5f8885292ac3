"""Client transactions: INVITE and all others (RFC 3261 17.1, RFC 6026)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from snomtui.kit.machine import Machine, Table
from snomtui.sip.happenings import Answered, Failed, Happening, Repeated
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.means import ClientKey, Means, Wire
from snomtui.sip.message import Request, Response


class InviteState(Enum):
    """Where an INVITE of ours stands."""

    CALLING = "calling"
    """Sent; nothing came back yet."""
    CANCELLING = "cancelling"
    """As CALLING, but a CANCEL is to follow the first provisional answer (RFC 3261 9.1)."""
    PROCEEDING = "proceeding"
    """A provisional answer came."""
    CANCELLED = "cancelled"
    """The CANCEL is out; the final answer is to come."""
    COMPLETED = "completed"
    """Refused; the ACK is sent again for each repeat of the refusal."""
    ACCEPTED = "accepted"
    """A 2xx came; repeats of it, and 2xx of other branches, still come."""
    TERMINATED = "terminated"
    """Over."""


class PlainState(Enum):
    """Where another request of ours stands."""

    TRYING = "trying"
    """Sent; nothing came back yet."""
    PROCEEDING = "proceeding"
    """A provisional answer came."""
    COMPLETED = "completed"
    """Answered; repeats of the answer are swallowed."""
    TERMINATED = "terminated"
    """Over."""


class Input(Enum):
    """What can happen to a client transaction."""

    PROVISIONAL = "1xx"
    SUCCESS = "2xx"
    REFUSAL = "3xx to 6xx"
    CANCEL = "cancel"
    """The owner wants it cancelled."""
    RESEND = "timer A or E"
    GIVE_UP = "timer B or F"
    """Also the wait for the final answer after a CANCEL."""
    FORGET = "timer D, K or M"
    LOST = "connection lost"


_S, _P, _I = InviteState, PlainState, Input

INVITE_TABLE: Table[InviteState, Input] = {
    _S.CALLING: {
        _I.PROVISIONAL: _S.PROCEEDING,
        _I.SUCCESS: _S.ACCEPTED,
        _I.REFUSAL: _S.COMPLETED,
        _I.CANCEL: _S.CANCELLING,
        _I.RESEND: _S.CALLING,
        _I.GIVE_UP: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.CANCELLING: {
        _I.PROVISIONAL: _S.CANCELLED,
        _I.SUCCESS: _S.ACCEPTED,
        _I.REFUSAL: _S.COMPLETED,
        _I.CANCEL: _S.CANCELLING,
        _I.RESEND: _S.CANCELLING,
        _I.GIVE_UP: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.PROCEEDING: {
        _I.PROVISIONAL: _S.PROCEEDING,
        _I.SUCCESS: _S.ACCEPTED,
        _I.REFUSAL: _S.COMPLETED,
        _I.CANCEL: _S.CANCELLED,
        _I.LOST: _S.TERMINATED,
    },
    _S.CANCELLED: {
        _I.PROVISIONAL: _S.CANCELLED,
        _I.SUCCESS: _S.ACCEPTED,
        _I.REFUSAL: _S.COMPLETED,
        _I.CANCEL: _S.CANCELLED,
        _I.GIVE_UP: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.COMPLETED: {
        _I.PROVISIONAL: _S.COMPLETED,
        _I.SUCCESS: _S.COMPLETED,
        _I.REFUSAL: _S.COMPLETED,
        _I.CANCEL: _S.COMPLETED,
        _I.FORGET: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.ACCEPTED: {
        _I.PROVISIONAL: _S.ACCEPTED,
        _I.SUCCESS: _S.ACCEPTED,
        _I.REFUSAL: _S.ACCEPTED,
        _I.CANCEL: _S.ACCEPTED,
        _I.FORGET: _S.TERMINATED,
        _I.LOST: _S.TERMINATED,
    },
    _S.TERMINATED: {},
}

PLAIN_TABLE: Table[PlainState, Input] = {
    _P.TRYING: {
        _I.PROVISIONAL: _P.PROCEEDING,
        _I.SUCCESS: _P.COMPLETED,
        _I.REFUSAL: _P.COMPLETED,
        _I.RESEND: _P.TRYING,
        _I.GIVE_UP: _P.TERMINATED,
        _I.LOST: _P.TERMINATED,
    },
    _P.PROCEEDING: {
        _I.PROVISIONAL: _P.PROCEEDING,
        _I.SUCCESS: _P.COMPLETED,
        _I.REFUSAL: _P.COMPLETED,
        _I.RESEND: _P.PROCEEDING,
        _I.GIVE_UP: _P.TERMINATED,
        _I.LOST: _P.TERMINATED,
    },
    _P.COMPLETED: {
        _I.PROVISIONAL: _P.COMPLETED,
        _I.SUCCESS: _P.COMPLETED,
        _I.REFUSAL: _P.COMPLETED,
        _I.FORGET: _P.TERMINATED,
        _I.LOST: _P.TERMINATED,
    },
    _P.TERMINATED: {},
}

RESEND, GIVE_UP, FORGET = "A", "B", "D"
"""Names of the timers: A stands for A and E, B for B and F, D for D, K and M."""
INPUT_OF = {RESEND: Input.RESEND, GIVE_UP: Input.GIVE_UP, FORGET: Input.FORGET}


REFUSAL_STAYS = 32.0
"""Seconds, at least, for which a refusal over UDP is acknowledged again (timer D, RFC 3261 17.1.1.2)."""
MOST_FORKS = 64
"""So many different 2xx to one INVITE are told; more are no forks but a flood."""
_FOLLOWING = {
    "ACK": frozenset({"route", "authorization", "proxy-authorization"}),
    "CANCEL": frozenset({"route", "authorization", "proxy-authorization"}),
}
"""What an ACK (RFC 3261 17.1.1.3 and 22.1) and a CANCEL (9.1) copy besides the headers that every request has.

No server may challenge either of them, but some look at the credentials.
"""


class OurCancel:
    """The owner of a CANCEL: its answer interests nobody."""


def _class_of(response: Response) -> Input:
    if response.status < 200:
        return Input.PROVISIONAL
    return Input.SUCCESS if response.status < 300 else Input.REFUSAL


@dataclass(slots=True)
class _Client:
    """What both kinds share."""

    key: ClientKey
    request: Request
    wire: Wire
    owner: object
    means: Means
    pause: float = field(default=0.0, init=False)
    """Seconds to the next repeat."""

    def open(self, now: float) -> None:
        """Send the request and start the timers."""
        self.pause = self.means.t1
        self.means.send(self.wire, self.request)
        if not self.wire.reliable:
            self.means.start(self.key, RESEND, now + self.pause)
        self.means.start(self.key, GIVE_UP, now + self.means.patience)

    def _again(self, now: float, pause: float) -> None:
        self.pause = pause
        self.means.send(self.wire, self.request)
        self.means.start(self.key, RESEND, now + pause)

    def _failed(self, status: int, why: str) -> list[Happening]:
        return [Failed(self.owner, self.request, status, why)]

    def _quiet(self) -> None:
        self.means.stop(self.key, RESEND, GIVE_UP, FORGET)


@dataclass(slots=True)
class InviteClient(_Client):
    """An INVITE of ours (RFC 3261 17.1.1, RFC 6026 8.4)."""

    machine: Machine[InviteState, Input] = field(init=False)
    _heard: set[str] = field(default_factory=set, init=False)
    """To tags of the 2xx that came."""
    _cancel: tuple[Item, ...] = field(default=(), init=False)
    """Extra headers of the CANCEL."""

    def __post_init__(self) -> None:
        self.machine = Machine("client INVITE", INVITE_TABLE, InviteState.CALLING)

    @property
    def over(self) -> bool:
        """Whether it can be forgotten."""
        return self.machine.state is InviteState.TERMINATED

    @property
    def waiting(self) -> bool:
        """Whether the final answer is still to come."""
        return self.machine.state not in (InviteState.COMPLETED, InviteState.ACCEPTED, InviteState.TERMINATED)

    def cancel(self, headers: Iterable[Item], now: float) -> Request | None:
        """Cancel; returns the CANCEL if it may go out now."""
        before = self.machine.state
        if before is InviteState.CALLING:
            self._cancel = tuple(headers)
        if self.machine.step(Input.CANCEL) is InviteState.CANCELLED and before is InviteState.PROCEEDING:
            self._cancel = tuple(headers)
            return self._cancelled(now)
        return None

    def _cancelled(self, now: float) -> Request:
        self.means.start(self.key, GIVE_UP, now + self.means.patience)
        return _follow_up(self.request, "CANCEL", self.request.headers.get("To") or "", self._cancel)

    def answered(self, response: Response, now: float) -> tuple[list[Happening], Request | None]:
        """Take a response; returns what to tell the owner, and a CANCEL that may go out now."""
        before = self.machine.state
        after = self.machine.step(_class_of(response))
        told: list[Happening] = [Answered(self.owner, self.request, response)]
        if after is InviteState.ACCEPTED:
            return self._accepted(response, before, now), None
        if after is InviteState.COMPLETED:
            return (told if self._refused(response, before, now) else []), None
        self.means.stop(self.key, RESEND)
        if after is InviteState.PROCEEDING:
            self.means.stop(self.key, GIVE_UP)
        cancel = self._cancelled(now) if before is InviteState.CANCELLING else None
        return told, cancel

    def _accepted(self, response: Response, before: InviteState, now: float) -> list[Happening]:
        if before is not InviteState.ACCEPTED:
            self._quiet()
            self.means.start(self.key, FORGET, now + self.means.patience)
        if not 200 <= response.status < 300:
            return []
        tag = response.to.tag
        if tag in self._heard:
            return [Repeated(self.owner, self.request, response)]
        if len(self._heard) >= MOST_FORKS:
            return []
        self._heard.add(tag)
        return [Answered(self.owner, self.request, response)]

    def _refused(self, response: Response, before: InviteState, now: float) -> bool:
        """Acknowledge a refusal; True if it is news."""
        if response.status >= 300:
            self.means.send(self.wire, _follow_up(self.request, "ACK", response.headers.get("To") or "", ()))
        if before is InviteState.COMPLETED:
            return False
        self._quiet()
        if self.wire.reliable:
            self.machine.step(Input.FORGET)
        else:
            self.means.start(self.key, FORGET, now + max(REFUSAL_STAYS, self.means.patience))
        return True

    def fired(self, letter: str, now: float) -> list[Happening]:
        """A timer is due."""
        self.machine.step(INPUT_OF[letter])
        if letter == RESEND:
            self._again(now, self.pause * 2)
        elif letter == GIVE_UP:
            self._quiet()
            return self._failed(408, "no answer")
        return []

    def lost(self, why: str) -> list[Happening]:
        """The connection is gone."""
        waiting = self.waiting
        self.machine.step(Input.LOST)
        self._quiet()
        return self._failed(503, why) if waiting else []


@dataclass(slots=True)
class PlainClient(_Client):
    """Any other request of ours (RFC 3261 17.1.2)."""

    machine: Machine[PlainState, Input] = field(init=False)

    def __post_init__(self) -> None:
        self.machine = Machine(f"client {self.request.method}", PLAIN_TABLE, PlainState.TRYING)

    @property
    def over(self) -> bool:
        """Whether it can be forgotten."""
        return self.machine.state is PlainState.TERMINATED

    @property
    def waiting(self) -> bool:
        """Whether the final answer is still to come."""
        return self.machine.state in (PlainState.TRYING, PlainState.PROCEEDING)

    def answered(self, response: Response, now: float) -> list[Happening]:
        """Take a response."""
        before = self.machine.state
        after = self.machine.step(_class_of(response))
        if before is PlainState.COMPLETED:
            return []
        if after is PlainState.COMPLETED:
            self._quiet()
            if self.wire.reliable:
                self.machine.step(Input.FORGET)
            else:
                self.means.start(self.key, FORGET, now + self.means.t4)
        return [Answered(self.owner, self.request, response)]

    def fired(self, letter: str, now: float) -> list[Happening]:
        """A timer is due."""
        state = self.machine.step(INPUT_OF[letter])
        if letter == RESEND:
            t2 = self.means.t2
            self._again(now, t2 if state is PlainState.PROCEEDING else min(self.pause * 2, t2))
        elif letter == GIVE_UP:
            self._quiet()
            return self._failed(408, "no answer")
        return []

    def lost(self, why: str) -> list[Happening]:
        """The connection is gone."""
        waiting = self.waiting
        self.machine.step(Input.LOST)
        self._quiet()
        return self._failed(503, why) if waiting else []


def _follow_up(invite: Request, method: str, to: str, extra: tuple[Item, ...]) -> Request:
    """Make the CANCEL (RFC 3261 9.1) or the ACK for a refusal (17.1.1.3) of an INVITE."""
    via = invite.headers.values("Via")[0]
    copied = [item for item in invite.headers if key(item[0]) in _FOLLOWING[method]]
    headers = Headers.of(
        ("Via", via),
        ("Max-Forwards", "70"),
        *copied,
        ("From", invite.headers.get("From") or ""),
        ("To", to),
        ("Call-ID", invite.call_id),
        ("CSeq", f"{invite.cseq.number} {method}"),
        *extra,
    )
    return Request(method, invite.uri, headers)
