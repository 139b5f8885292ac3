"""One subscription (RFC 6665; with piggyback and BENOTIFY at OCS, [MS-SIP] 3)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from enum import Enum, auto

from snomtui.errors import RemoteError
from snomtui.kit.machine import Machine, Table
from snomtui.line.answers import dialog_of, refresh
from snomtui.line.desk import Desk
from snomtui.line.seconds import seconds
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Message, Request, Response, respond

AGAIN = 300
"""Seconds until a refused or ended subscription is tried again."""
FINAL = ("rejected", "noresource")
"""Reasons of a terminated subscription that forbid to try again (RFC 6665 4.1.3)."""


class State(Enum):
    """Where the subscription stands."""

    SUBSCRIBING = auto()
    """The first SUBSCRIBE is out."""
    ACTIVE = auto()
    """The server sends what changes."""
    REFRESHING = auto()
    """Active, and a SUBSCRIBE is out to stay so."""
    ENDING = auto()
    """A SUBSCRIBE with expiry 0 is out."""
    ENDED = auto()
    """Over."""
    WAITING = auto()
    """Refused or ended by the server; the next try is timed."""


class Input(Enum):
    """What can happen to it."""

    START = auto()
    ACCEPTED = auto()
    DENIED = auto()
    TERMINATED = auto()
    DUE = auto()
    END = auto()
    GONE = auto()


TABLE: Table[State, Input] = {
    State.SUBSCRIBING: {
        Input.START: State.SUBSCRIBING,
        Input.ACCEPTED: State.ACTIVE,
        Input.DENIED: State.WAITING,
        Input.TERMINATED: State.WAITING,
        Input.END: State.ENDED,
        Input.GONE: State.ENDED,
    },
    State.ACTIVE: {
        Input.ACCEPTED: State.ACTIVE,
        Input.TERMINATED: State.WAITING,
        Input.DUE: State.REFRESHING,
        Input.END: State.ENDING,
        Input.GONE: State.ENDED,
    },
    State.REFRESHING: {
        Input.ACCEPTED: State.ACTIVE,
        Input.DENIED: State.WAITING,
        Input.TERMINATED: State.WAITING,
        Input.END: State.ENDING,
        Input.GONE: State.ENDED,
    },
    State.ENDING: {
        Input.ACCEPTED: State.ENDED,
        Input.DENIED: State.ENDED,
        Input.TERMINATED: State.ENDED,
        Input.GONE: State.ENDED,
        Input.END: State.ENDING,
    },
    State.WAITING: {
        Input.DUE: State.SUBSCRIBING,
        Input.START: State.SUBSCRIBING,
        Input.END: State.ENDED,
        Input.GONE: State.ENDED,
        Input.TERMINATED: State.WAITING,
    },
    State.ENDED: {Input.START: State.SUBSCRIBING, Input.END: State.ENDED, Input.GONE: State.ENDED},
}

Deliver = Callable[[str, Message, float], None]
"""Takes a document: its media type, the message it came in, now."""


class Subscription:
    """Asks a server to tell what changes, and hands the documents on."""

    def __init__(
        self,
        desk: Desk,
        event: str,
        uri: str,
        deliver: Deliver,
        headers: Iterable[Item] = (),
        body: tuple[str, bytes] | None = None,
        expires: int = 3600,
    ) -> None:
        self.event, self.uri = event, uri
        self._desk, self._deliver = desk, deliver
        self._headers, self._body, self._asked = tuple(headers), body, expires
        self._machine = Machine(f"subscription {event}", TABLE, State.ENDED)
        self._call_id, self._tag, self._cseq = "", "", 0
        self._dialog: Dialog | None = None
        self.forbidden = False

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    @property
    def active(self) -> bool:
        """Whether the server tells us what changes."""
        return self.state in (State.ACTIVE, State.REFRESHING)

    def start(self, now: float) -> None:
        """Subscribe anew."""
        self._machine.step(Input.START)
        self._call_id, self._tag, self._cseq = self._desk.ids.call_id(), self._desk.ids.tag(), 1
        self._dialog = None
        request = self._desk.letterhead.request(
            "SUBSCRIBE", self.uri, f"<{self.uri}>", self._tag, self._call_id, 1, self._asking(self._asked)
        )
        self._request = self._filled(request)
        self._desk.send(self._request, self, now)

    def end(self, now: float) -> None:
        """Unsubscribe."""
        self._desk.alarm(self, "refresh", None)
        if self._machine.step(Input.END) is State.ENDING and self._dialog:
            self._send_inside(0, now)

    def gone(self) -> None:
        """The connection or the registration is gone, and the subscription with it."""
        self._desk.alarm(self, "refresh", None)
        self._machine.step(Input.GONE)

    def _asking(self, expires: int) -> list[Item]:
        return [
            ("Contact", self._desk.letterhead.contact()),
            ("Event", self.event),
            *self._headers,
            ("Expires", str(expires)),
        ]

    def _filled(self, request: Request) -> Request:
        return request.with_body(*self._body) if self._body else request

    def _send_inside(self, expires: int, now: float) -> None:
        assert self._dialog is not None
        request = self._dialog.request("SUBSCRIBE", self._desk.letterhead.via(), self._asking(expires))
        self._cseq = request.cseq.number
        self._desk.send(self._filled(request) if expires else request, self, now)

    # -- what the server says

    def belongs(self, request: Request) -> bool:
        """Whether a NOTIFY or BENOTIFY is about this subscription (also before the 200, RFC 6665 4.1.2.4)."""
        return self.state is not State.ENDED and request.call_id == self._call_id and request.to.tag == self._tag

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to a SUBSCRIBE."""
        self._cseq = max(self._cseq, request.cseq.number)
        if response.status < 200 or request.call_id != self._call_id:
            return
        if response.status >= 300:
            self._denied(response, now)
            return
        if not self._machine.knows(Input.ACCEPTED):
            return
        if self._machine.step(Input.ACCEPTED) is State.ENDED:
            return
        if self._dialog is None:
            self._dialog = dialog_of(request, response)
        else:
            refresh(self._dialog, response)
        self._schedule(response.expires, now)
        if response.body and "ms-piggyback-cseq" in response.headers:
            self._hand_on(response, now)
        if _terminated(response):
            self._over(response, now)

    def _denied(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.DENIED):
            return
        self._desk.log(4, f"Subscription {self.event} to {self.uri} refused with code {response.status}")
        if self._machine.step(Input.DENIED) is State.WAITING:
            self._desk.alarm(self, "refresh", now + (1 if response.status == 481 else AGAIN))

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """The SUBSCRIBE came to nothing."""
        ours = request.call_id == self._call_id and self._machine.knows(Input.DENIED)
        if ours and self._machine.step(Input.DENIED) is State.WAITING:
            self._desk.alarm(self, "refresh", now + AGAIN)

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        self._cseq = request.cseq.number
        if self._dialog:
            self._dialog.local_cseq = self._cseq
        else:
            self._request = request

    def notified(self, request: Request, key: ServerKey | None, now: float) -> None:
        """A NOTIFY (answered) or a BENOTIFY (never answered)."""
        if key is not None:
            self._desk.reply(key, respond(request, 200), now)
        if self._machine.knows(Input.ACCEPTED) and self.state is State.SUBSCRIBING and not _terminated(request):
            self._dialog = Dialog.notified(self._request, request)
            self._machine.step(Input.ACCEPTED)
            self._schedule(_left(request), now)
        if request.body:
            self._hand_on(request, now)
        if _terminated(request):
            self._over(request, now)

    def _hand_on(self, message: Message, now: float) -> None:
        """A document that cannot be read costs itself and a log line."""
        try:
            self._deliver(message.content_type, message, now)
        except RemoteError as error:
            self._desk.log(4, f"Document about {self.event} dropped: {error}")

    def _over(self, message: Message, now: float) -> None:
        if not self._machine.knows(Input.TERMINATED):
            return
        if self._machine.step(Input.TERMINATED) is State.WAITING:
            state = (message.headers.get("Subscription-State") or "").lower()
            self._dialog = None
            once = self._asked == 0 or any(f"reason={reason}" in state for reason in FINAL)
            if once:
                self._machine.step(Input.END)
                self._desk.alarm(self, "refresh", None)
            else:
                self._desk.alarm(self, "refresh", now + (1 if "reason=deactivated" in state else AGAIN))

    def _schedule(self, granted: int | None, now: float) -> None:
        seconds = granted if granted is not None else self._asked
        if seconds > 0:
            self._desk.alarm(self, "refresh", now + max(5.0, min(seconds * 0.8, seconds - 30.0)))

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to refresh or to try again."""
        if self.state is State.WAITING:
            self.start(now)
        elif self._machine.knows(Input.DUE) and self._dialog:
            self._machine.step(Input.DUE)
            self._send_inside(self._asked, now)


def _terminated(message: Message) -> bool:
    state = message.headers.get("Subscription-State") or ""
    return state.strip().lower().startswith("terminated")


def _left(request: Request) -> int | None:
    for part in (request.headers.get("Subscription-State") or "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.lower() == "expires":
            return seconds(value)
    return None
