"""How others shall see us, and the conversation that tells the server; the dialects fill in its words."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import Enum, auto

from snomtui.kit.machine import Machine, Table
from snomtui.line.desk import Desk
from snomtui.line.retries import AGAIN, after_refusal
from snomtui.line.seconds import retry_after
from snomtui.presence import Availability, Presence
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Request, Response

CONFLICTS = 5
"""So many conflicts in a row, then it is a refusal."""
_NEVER = frozenset({403, 404, 410, 603, 604})
"""Besides what the server does not know: it does not let us publish, and will not while it runs."""


class State(Enum):
    """Where the publication stands."""

    SILENT = auto()
    """Nothing is published."""
    PUBLISHING = auto()
    """A request is out."""
    PUBLISHED = auto()
    """The server has what we want."""
    STALE = auto()
    """A request is out, and a newer wish waits for its answer."""
    ABANDONED = auto()
    """A request is out, and nobody wants it any more: its answer tells what is to be taken away."""
    WITHDRAWING = auto()
    """The request that takes it away is out."""
    WAITING = auto()
    """Refused; the next try is timed."""
    REFUSED = auto()
    """The server will have nothing of it until the line registers anew."""


class Input(Enum):
    """What can happen to it."""

    WISH = auto()
    ACCEPTED = auto()
    CONFLICT = auto()
    DENIED = auto()
    FORBIDDEN = auto()
    DUE = auto()
    WITHDRAW = auto()
    GONE = auto()


TABLE: Table[State, Input] = {
    State.SILENT: {
        Input.WISH: State.PUBLISHING,
        Input.WITHDRAW: State.SILENT,
        Input.GONE: State.SILENT,
    },
    State.PUBLISHING: {
        Input.WISH: State.STALE,
        Input.ACCEPTED: State.PUBLISHED,
        Input.CONFLICT: State.PUBLISHING,
        Input.DENIED: State.WAITING,
        Input.FORBIDDEN: State.REFUSED,
        Input.WITHDRAW: State.ABANDONED,
        Input.GONE: State.SILENT,
    },
    State.STALE: {
        Input.WISH: State.STALE,
        Input.ACCEPTED: State.PUBLISHING,
        Input.CONFLICT: State.PUBLISHING,
        Input.DENIED: State.WAITING,
        Input.FORBIDDEN: State.REFUSED,
        Input.WITHDRAW: State.ABANDONED,
        Input.GONE: State.SILENT,
    },
    State.PUBLISHED: {
        Input.WISH: State.PUBLISHING,
        Input.DUE: State.PUBLISHING,
        Input.WITHDRAW: State.WITHDRAWING,
        Input.GONE: State.SILENT,
    },
    State.WAITING: {
        Input.WISH: State.PUBLISHING,
        Input.DUE: State.PUBLISHING,
        Input.WITHDRAW: State.SILENT,
        Input.GONE: State.SILENT,
    },
    State.REFUSED: {
        Input.WISH: State.REFUSED,
        Input.WITHDRAW: State.SILENT,
        Input.GONE: State.SILENT,
    },
    State.ABANDONED: {
        Input.ACCEPTED: State.WITHDRAWING,
        Input.CONFLICT: State.WITHDRAWING,
        Input.DENIED: State.WITHDRAWING,
        Input.FORBIDDEN: State.WITHDRAWING,
        Input.WISH: State.STALE,
        Input.WITHDRAW: State.ABANDONED,
        Input.GONE: State.SILENT,
    },
    State.WITHDRAWING: {
        Input.ACCEPTED: State.SILENT,
        Input.CONFLICT: State.SILENT,
        Input.DENIED: State.SILENT,
        Input.FORBIDDEN: State.SILENT,
        Input.WISH: State.PUBLISHING,
        Input.WITHDRAW: State.WITHDRAWING,
        Input.GONE: State.SILENT,
    },
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How others shall see us."""

    chosen: Availability | None = None
    """What the person chose on this phone; None = nothing yet, the device speaks for itself."""
    note: str = ""
    machine: Availability = Availability.AVAILABLE
    """Whether somebody has used the phone lately: AVAILABLE, INACTIVE or AWAY."""
    on_phone: bool = False
    """Whether a call is up."""
    chosen_at: float = 0.0
    """When it was chosen, seconds since 1970, so that the same may be chosen once more; 0 = before we were there, so
    that a state which a server has kept from another device goes before it."""

    @property
    def presence(self) -> Presence:
        """The wish as one state, for servers that do not aggregate."""
        chosen = self.chosen or Availability.AVAILABLE
        if self.on_phone and chosen in (Availability.AVAILABLE, Availability.BUSY, Availability.INACTIVE):
            return Presence(Availability.IN_A_CALL, "on-the-phone", self.note)
        if chosen is Availability.AVAILABLE:
            chosen = self.machine
        return Presence(chosen, "", self.note)


class Publisher:
    """Says to the server what the person wants, one request at a time."""

    event = "presence"
    """What is published."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._machine = Machine(f"publication {desk.account.number}", TABLE, State.SILENT)
        self._wish: Wish | None = None
        self._request: Request | None = None
        self._conflicts = 0

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to be said at a farewell."""
        return self.state not in (State.ABANDONED, State.WITHDRAWING)

    def wish(self, wish: Wish, now: float) -> None:
        """Others shall see this."""
        if wish == self._wish and self.state not in (State.SILENT, State.ABANDONED, State.WITHDRAWING):
            return
        self._wish = wish
        if self._machine.step(Input.WISH) is State.PUBLISHING:
            self._publish(now)

    def gone(self) -> None:
        """The registration is gone, and with it what was published."""
        self._machine.step(Input.GONE)
        self._desk.alarm(self, "refresh", None)
        self._request = None
        self._forget()

    def withdraw(self, now: float) -> None:
        """Take everything back, and a request that is still out as soon as it is answered."""
        self._desk.alarm(self, "refresh", None)
        before, after = self.state, self._machine.step(Input.WITHDRAW)
        if after is State.WITHDRAWING and before is not State.WITHDRAWING:
            self._take_back(now)

    def _go_on(self, state: State, now: float) -> None:
        """The server has answered: what is to be said next."""
        if state is State.PUBLISHING:
            self._publish(now)
        elif state is State.WITHDRAWING:
            self._take_back(now)

    def _publish(self, now: float) -> None:
        assert self._wish is not None
        self._desk.alarm(self, "refresh", None)  # whatever was timed is done now
        request = self._made(self._wish)
        if request is None:
            self._go_on(self._machine.step(Input.ACCEPTED), now)
        else:
            self._send(request, now)

    def _take_back(self, now: float) -> None:
        request = self._taking_back()
        if request is None:
            self._machine.step(Input.ACCEPTED)
        else:
            self._send(request, now)

    def _send(self, request: Request, now: float) -> None:
        self._request = request
        self._desk.send(request, self, now)

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        self._request = request

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The server's answer."""
        if response.status < 200 or not self._is_ours(request):
            return
        self._request = None
        if response.status < 300:
            self._conflicts = 0
            self._took(request, response, now)
            self._go_on(self._machine.step(Input.ACCEPTED), now)
        elif response.status in (409, 412, 423) and self._repaired(request, response):
            self._go_on(self._machine.step(Input.CONFLICT), now)
        else:
            self._denied(response.status, retry_after(response), now)

    def _repaired(self, request: Request, response: Response) -> bool:
        self._conflicts += 1
        return self._conflicts <= CONFLICTS and self._repair(request, response)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """It came to nothing."""
        if self._is_ours(request):
            self._request = None
            self._denied(status, None, now)

    def _is_ours(self, request: Request) -> bool:
        """Whether it is the request that is waited for; each has a Call-ID of its own."""
        return self._request is not None and request.call_id == self._request.call_id

    def _denied(self, status: int, told: int | None, now: float) -> None:
        self._desk.log(4, f"Publication refused with code {status}")
        self._conflicts = 0
        pause = None if status in _NEVER else after_refusal(status, told)
        after = self._machine.step(Input.FORBIDDEN if pause is None else Input.DENIED)
        if after in (State.WAITING, State.REFUSED):
            self._doubt()
        if after is State.WAITING:
            self._desk.alarm(self, "refresh", now + (pause or AGAIN))
        self._go_on(after, now)

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to refresh or to try again."""
        if self._machine.step(Input.DUE) is State.PUBLISHING:
            self._publish(now)

    # -- what the dialects fill in

    def _made(self, wish: Wish) -> Request | None:
        """The request that brings the server from what it has to what is wanted; None if it has it."""
        raise NotImplementedError

    def _taking_back(self) -> Request | None:
        raise NotImplementedError

    def _took(self, request: Request, response: Response, now: float) -> None:
        raise NotImplementedError

    def _repair(self, request: Request, response: Response) -> bool:
        raise NotImplementedError

    def _doubt(self) -> None:
        """A request came to nothing: what the server has is not known."""
        raise NotImplementedError

    def _forget(self) -> None:
        """The registration is gone."""
        raise NotImplementedError
