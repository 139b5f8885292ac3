"""Telling somebody who has sent us elsewhere how that goes: NOTIFYs with a piece of SIP (RFC 3515 2.4.4, RFC 3420)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum, auto

from snomtui.kit.machine import Machine, Table
from snomtui.line.desk import Desk
from snomtui.line.events import CallChanged
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Request, Response
from snomtui.sip.reasons import reason_of

LASTS = 240
"""Seconds for which we tell: longer than any phone rings."""
_SIPFRAG = "message/sipfrag;version=2.0"


class State(Enum):
    """Where the telling stands."""

    QUIET = auto()
    """All that is known was told."""
    TELLING = auto()
    """A NOTIFY is out; the next one waits for its answer, so that none overtakes another."""
    CLOSING = auto()
    """The last NOTIFY is out."""
    ENDED = auto()
    """Nothing more will be told."""


class Input(Enum):
    """What can happen to it."""

    TELL = auto()
    CLOSE = auto()
    HEARD = auto()
    LOST = auto()


TABLE: Table[State, Input] = {
    State.QUIET: {Input.TELL: State.TELLING, Input.CLOSE: State.CLOSING, Input.LOST: State.ENDED},
    State.TELLING: {Input.HEARD: State.QUIET, Input.LOST: State.ENDED},
    State.CLOSING: {Input.HEARD: State.ENDED, Input.LOST: State.ENDED},
    State.ENDED: {},
}


class Referral:
    """What was asked of us once, and what the other side is told of it; owner of the NOTIFYs."""

    def __init__(self, desk: Desk, dialog: Dialog, event: str, over: Callable[[Referral], None], now: float) -> None:
        """`dialog` is the one of the REFER, `event` our Event header; `over(self)`: nothing more will be told."""
        self._desk, self._dialog, self._event, self._over = desk, dialog, event, over
        self._machine = Machine(f"referral {event}", TABLE, State.QUIET)
        self._ends_at = now + LASTS
        self._told = 0
        self._status, self._final = 100, ""
        """What is to be told next; `final` is the reason why it is the last."""
        desk.alarm(self, "expiry", self._ends_at)

    def begin(self, now: float) -> None:
        """Tell that we are at it."""
        self._tell(now)

    def fail(self, status: int, now: float) -> None:
        """There is no new call at all."""
        self._outcome(status)
        self._tell(now)

    def watch(self, event: CallChanged) -> None:
        """The new call took a step. It is told at the next tick, which is at once, when all that it means is known."""
        if event.state == "ended":
            failed = event.code is not None and event.code >= 300
            self._outcome(event.code if failed and event.code else 487 if event.cause == "local" else 503)
        elif event.state in ("talking", "holding", "held"):
            self._outcome(200)
        elif event.code is not None and 100 < event.code < 200:
            self._status = event.code
        if self._machine.state is not State.ENDED:
            self._desk.alarm(self, "news", 0.0)

    def _outcome(self, status: int) -> None:
        if not self._final:
            self._status, self._final = status, "noresource"

    def alarm(self, name: Hashable, now: float) -> None:
        """There is news, or the time is up."""
        if name == "expiry" and not self._final:
            self._final = "timeout"
        self._tell(now)

    def _tell(self, now: float) -> None:
        news = self._final or self._status != self._told
        if not news or not self._machine.knows(Input.TELL):
            return
        self._machine.step(Input.CLOSE if self._final else Input.TELL)
        self._told = self._status
        left = max(1, round(self._ends_at - now))
        state = f"terminated;reason={self._final}" if self._final else f"active;expires={left}"
        headers: list[Item] = [
            ("Contact", self._dialog.contact or self._desk.letterhead.contact()),
            ("Event", self._event),
            ("Subscription-State", state),
        ]
        body = f"SIP/2.0 {self._status} {reason_of(self._status)}\r\n".encode()
        notify = self._dialog.request("NOTIFY", self._desk.letterhead.via(), headers, (_SIPFRAG, body))
        self._desk.send(notify, self, now)

    # -- what the other side says to a NOTIFY

    def answered(self, request: Request, response: Response, now: float) -> None:
        """It was heard, or the other side knows nothing of it any more (RFC 6665 4.2.2)."""
        if response.status < 200 or self._machine.state is State.ENDED:
            return
        self._went(Input.HEARD if response.status < 300 else Input.LOST, now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Nobody listens any more."""
        if self._machine.state is not State.ENDED:
            self._went(Input.LOST, now)

    def _went(self, given: Input, now: float) -> None:
        if self._machine.step(given) is not State.ENDED:
            self._tell(now)
            return
        for name in ("expiry", "news"):
            self._desk.alarm(self, name, None)
        self._over(self)

    def renumbered(self, request: Request) -> int:
        """A challenged NOTIFY goes out again with the next number of the dialog."""
        return self._dialog.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this NOTIFY; the dialog knows its number."""
