"""One program that controls and watches the phone over SIP: an INVITE with CSTA in it, INFOs, a BYE (ECMA TR/87 7).

It is no call: nothing rings, and there is no audio. Requests come in the INVITE and in INFOs, their answers go back in
the 200s; events go out in INFOs of ours, one after the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from enum import Enum, auto

from snomtui.kit.machine import Machine, Table
from snomtui.line.calls.call import fits
from snomtui.line.desk import Desk
from snomtui.line.methods import ALLOW, CSTA
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response, respond

KIND = CSTA
MOST_WAITING = 200
"""So many events may wait; a program that takes none of them is given up."""
_DISPOSITION: tuple[Item, ...] = (("Content-Disposition", "signal;handling=required"),)
_GONE = (408, 481)


class State(Enum):
    """Where the session stands."""

    BEGINNING = auto()
    """Our 200 is out or to come; the ACK is missing."""
    OPEN = auto()
    """Requests and events go."""
    ENDING = auto()
    """Our BYE is out."""
    ENDED = auto()
    """Over."""


class Input(Enum):
    """What can happen to it."""

    CONFIRMED = auto()
    CLOSE = auto()
    OVER = auto()


TABLE: Table[State, Input] = {
    State.BEGINNING: {Input.CONFIRMED: State.OPEN, Input.CLOSE: State.ENDING, Input.OVER: State.ENDED},
    State.OPEN: {Input.CONFIRMED: State.OPEN, Input.CLOSE: State.ENDING, Input.OVER: State.ENDED},
    State.ENDING: {Input.CONFIRMED: State.ENDING, Input.OVER: State.ENDED},
    State.ENDED: {},
}


class CstaSession:
    """One session. Owner of our INFOs and of our BYE."""

    def __init__(
        self, desk: Desk, number: int, invite: Request, key: ServerKey, over: Callable[[CstaSession], None]
    ) -> None:
        """`over(session)`: nothing of it is left. Raises `MalformedMessage`."""
        self.number = number
        self._desk, self._key, self._over = desk, key, over
        self._machine = Machine(f"csta {number}", TABLE, State.BEGINNING)
        self._dialog = Dialog.uas(invite, desk.ids.tag(), desk.letterhead.contact())
        self._asked: dict[int, tuple[Request, ServerKey]] = {}
        """Requests whose answer is to come, by number."""
        self._count = 0
        self._waiting: deque[bytes] = deque()
        """Events that are yet to be told."""
        self._sending: Request | None = None

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    # -- what the program asks

    def owns(self, request: Request) -> bool:
        """Whether a request is in its dialog."""
        return fits(self._dialog, request)

    def takes(self, request: Request, key: ServerKey, now: float) -> bool:
        """Note the number of a request; one that comes too late is refused."""
        if self._dialog.takes(request):
            return True
        self._desk.reply(key, respond(request, 500, "Stale CSeq"), now)
        return False

    def pending(self, request: Request, key: ServerKey) -> int:
        """The number under which a request is to be answered."""
        self._count += 1
        self._asked[self._count] = (request, key)
        return self._count

    def answer(self, number: int, body: bytes, now: float) -> None:
        """Answer it."""
        request, key = self._asked.pop(number)
        self.reply(request, key, body, now)

    def reply(self, request: Request, key: ServerKey, body: bytes, now: float) -> None:
        """200, with an answer in it or without."""
        headers: list[Item] = [("Contact", self._desk.letterhead.contact()), ("Allow", ALLOW)]
        headers += _DISPOSITION if body else ()
        part = (KIND, body) if body else None
        tag = "" if request.to.tag else self._dialog.local.tag
        self._desk.reply(key, respond(request, 200, tag=tag, headers=headers, body=part), now)
        if request.method in ("INVITE", "UPDATE"):
            self._dialog.refresh(request)
        if request.method == "INVITE":
            self._key = key

    def acknowledged(self, now: float) -> None:
        """The ACK came."""
        if self._machine.knows(Input.CONFIRMED):
            self._machine.step(Input.CONFIRMED)
            self._next(now)

    def unacknowledged(self, key: ServerKey, now: float) -> None:
        """The ACK never came (RFC 3261 13.3.1.4)."""
        if key == self._key:
            self.close(now)

    # -- what we tell

    def report(self, body: bytes, now: float) -> None:
        """Tell an event, after those that wait."""
        self._waiting.append(body)
        if len(self._waiting) > MOST_WAITING:
            self._desk.log(4, "A CSTA session takes no events and is given up")
            self.close(now)
        else:
            self._next(now)

    def _next(self, now: float) -> None:
        if self._waiting and self._sending is None and self.state is State.OPEN:
            body = KIND, self._waiting.popleft()
            self._sending = self._dialog.request("INFO", self._desk.letterhead.via(), _DISPOSITION, body)
            self._desk.send(self._sending, self, now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The answer to our INFO or BYE."""
        if response.status < 200:
            return
        if request.method == "BYE" or response.status in _GONE:
            self.drop()
            return
        self._sending = None
        self._next(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Our INFO or BYE came to nothing: nobody is there any more."""
        self.drop()

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._dialog.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""

    def alarm(self, name: Hashable, now: float) -> None:
        """It sets no timer."""

    # -- the end

    def left(self, request: Request, key: ServerKey, now: float) -> None:
        """The program says good-bye."""
        self._desk.reply(key, respond(request, 200), now)
        self.drop()

    def close(self, now: float) -> None:
        """Say good-bye."""
        if self._machine.knows(Input.CLOSE):
            self._machine.step(Input.CLOSE)
            self._waiting.clear()
            self._desk.send(self._dialog.request("BYE", self._desk.letterhead.via()), self, now)

    def drop(self) -> None:
        """Nothing is left of it."""
        if self._machine.knows(Input.OVER):
            self._machine.step(Input.OVER)
            self._waiting.clear()
            self._over(self)
