"""The registration of an identity (RFC 3261 10; [MS-SIPREGE] at OCS), with the real phone's log lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum, auto

from snomtui.kit.machine import Machine, Table
from snomtui.line.answers import bindings
from snomtui.line.desk import Desk
from snomtui.line.events import RegistrationChanged
from snomtui.line.methods import ALLOW, OCS_METHODS
from snomtui.line.seconds import seconds
from snomtui.sip.grammar import readable
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Message, Request, Response
from snomtui.sip.reasons import reason_of

SHORTEST = 15
"""A granted expiry below this many seconds is replaced by `INSTEAD`, as the real phone does."""
INSTEAD = 600


class State(Enum):
    """Where the registration stands."""

    OFF = auto()
    """Nobody wants it."""
    REGISTERING = auto()
    """A REGISTER is out, or the connection is being made for it."""
    REGISTERED = auto()
    """The server knows us."""
    REFRESHING = auto()
    """Registered, and a REGISTER is out to stay so."""
    LEAVING = auto()
    """A REGISTER with expiry 0 is out."""
    WAITING = auto()
    """The server could not be reached; the next try is timed."""
    REFUSED = auto()
    """The server said no; the next try is timed."""


class Input(Enum):
    """What can happen to it."""

    START = auto()
    CHALLENGED = auto()
    ACCEPTED = auto()
    DENIED = auto()
    LOST = auto()
    DUE = auto()
    LEAVE = auto()


_TRYING = {
    Input.ACCEPTED: State.REGISTERED,
    Input.DENIED: State.REFUSED,
    Input.LOST: State.WAITING,
    Input.LEAVE: State.LEAVING,
}
_RESTING = {
    Input.START: State.REGISTERING,
    Input.DUE: State.REGISTERING,
    Input.LEAVE: State.OFF,
    Input.LOST: State.WAITING,
}

TABLE: Table[State, Input] = {
    State.OFF: {Input.START: State.REGISTERING, Input.LEAVE: State.OFF, Input.LOST: State.OFF},
    State.REGISTERING: {
        **_TRYING,
        Input.START: State.REGISTERING,
        Input.CHALLENGED: State.REGISTERING,
        Input.DUE: State.REGISTERING,
    },
    State.REFRESHING: {
        **_TRYING,
        Input.START: State.REFRESHING,
        Input.CHALLENGED: State.REFRESHING,
        Input.DUE: State.REFRESHING,
    },
    State.REGISTERED: {
        Input.START: State.REFRESHING,
        Input.DUE: State.REFRESHING,
        Input.LEAVE: State.LEAVING,
        Input.LOST: State.WAITING,
    },
    State.LEAVING: {
        Input.CHALLENGED: State.LEAVING,
        Input.ACCEPTED: State.OFF,
        Input.DENIED: State.OFF,
        Input.LOST: State.OFF,
        Input.LEAVE: State.LEAVING,
        Input.START: State.REGISTERING,
    },
    State.WAITING: _RESTING,
    State.REFUSED: {**_RESTING, Input.LOST: State.REFUSED},
}

_SAID = {
    State.OFF: "off",
    State.REGISTERING: "registering",
    State.REGISTERED: "registered",
    State.REFRESHING: "registered",
    State.LEAVING: "off",
    State.WAITING: "waiting",
    State.REFUSED: "refused",
}


class Registration:
    """Keeps one identity known to its registrar."""

    def __init__(self, desk: Desk, on_registered: Callable[[Response, bool, float], None]) -> None:
        """`on_registered(response, first, now)`: each 200; `first` if the server did not know us before."""
        self._desk = desk
        self._on_registered = on_registered
        self._machine = Machine(f"registration {desk.account.number}", TABLE, State.OFF)
        self._call_id, self._tag, self._cseq = desk.ids.call_id(), desk.ids.tag(), 0
        self._asked = desk.account.expiry
        self.expires: int | None = None
        self._code: int | None = None
        self._reason = ""
        self._said: RegistrationChanged | None = None
        self._pause = desk.account.retry
        self._hurry = 0
        """Seconds to the next try after a connection that worked was lost, doubled each time; 0 = no hurry."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    @property
    def wanted(self) -> bool:
        """Whether anybody wants to be registered."""
        return self.state not in (State.OFF, State.LEAVING)

    @property
    def established(self) -> bool:
        """Whether the server knows us now."""
        return self.state in (State.REGISTERED, State.REFRESHING)

    @property
    def under_way(self) -> bool:
        """Whether it depends on the connection: the server knows us, or a REGISTER is out."""
        return self.established or self.state in (State.REGISTERING, State.LEAVING)

    def awaits(self, message: Message) -> bool:
        """Whether the answer to this REGISTER, or this answer to a REGISTER, still matters."""
        if message.call_id != self._call_id or message.cseq.number != self._cseq:
            return False
        return self._machine.knows(Input.CHALLENGED)

    # -- what the line and the person want

    def start(self, now: float) -> None:
        """Begin, or refresh at once."""
        self._machine.step(Input.START)
        self._stop_timers()
        self._say()

    def leave(self, now: float) -> None:
        """Unregister."""
        established = self.established
        self._stop_timers()
        if self._machine.step(Input.LEAVE) is State.LEAVING:
            if established:
                self._send(now, expires=0)
            else:
                self._machine.step(Input.LOST)
        self._code, self._reason = None, ""
        self._say()

    def lost(self, why: str, now: float) -> None:
        """The connection is gone, or never came up."""
        self._hurry = 1 if self.established else 2 * self._hurry
        if self._machine.step(Input.LOST) is State.WAITING:
            self._code, self._reason = None, why
            # A connection that worked is tried again soon, but not by all phones in the same moment.
            soon = self._hurry + self._desk.ids.dice(1)[0] % 3 if self._hurry else self._desk.account.retry
            self._retry(now, min(soon, self._desk.account.retry))
        self._say()

    def doubted(self, why: str, now: float) -> None:
        """The answer to our REGISTER has a wrong signature: the server is not believed, whatever it says."""
        self._desk.log(2, f"Registrar {self._desk.account.aor} is not believed: {why}")
        if self._machine.step(Input.DENIED) is State.REFUSED:
            self._code, self._reason, self._hurry = None, f"The server could not prove who it is ({why})", 0
            self._retry(now, self._desk.account.retry)
        self._say()

    def connected(self, now: float) -> None:
        """The connection is there: register over it."""
        if self.state in (State.REGISTERING, State.REFRESHING):
            self._send(now)

    # -- the REGISTER

    def _send(self, now: float, expires: int | None = None) -> None:
        """A fresh REGISTER outside any handshake."""
        account = self._desk.account
        self._tag = self._desk.ids.tag()
        self._cseq += 1
        asked = self._asked if expires is None else expires
        headers = [("Contact", self._binding()), *_who(account.ocs)]
        if not account.ocs:
            headers.append(("Allow", ALLOW))
        headers.append(("Expires", str(asked)))
        to = f"<{account.uri}>"
        request = self._desk.letterhead.request(
            "REGISTER", f"sip:{account.host}", to, self._tag, self._call_id, self._cseq, headers
        )
        self._desk.send(request, self, now)
        if expires is None and not self.established:
            self._log_timer(account.retry)

    def _log_timer(self, seconds: int) -> None:
        line = self._desk.account.number - 1
        self._desk.log(5, f"sip::send_register: reregister timer for line {line} set to {seconds}s")

    def _binding(self) -> str:
        account = self._desk.account
        if account.ocs:
            return (
                f'{self._desk.letterhead.contact()};methods="{OCS_METHODS}";proxy=replace;'
                f'+sip.instance="<urn:uuid:{account.instance}>"'
            )
        return (
            f'{self._desk.letterhead.contact()};reg-id=1;q=1.0;+sip.instance="<urn:uuid:{account.instance}>";audio;'
            'mobility="fixed";duplex="full";actor="principal"'
        )

    # -- what the server says

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to a REGISTER."""
        if response.status < 200 or request.cseq.number != self._cseq:
            return
        if response.status < 300:
            self._accepted(response, now)
        elif response.status == 423 and (least := seconds(response.headers.get("Min-Expires")) or 0) > self._asked:
            self._asked = least
            self._send(now)
        else:
            self._denied(response, now)

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """The line answered a challenge with this request, the next in the handshake."""
        self._machine.step(Input.CHALLENGED)
        self._cseq = request.cseq.number

    def _accepted(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.ACCEPTED):
            return
        known = self.state is State.REFRESHING
        if self._machine.step(Input.ACCEPTED) is State.OFF:
            self._say()
            return
        account = self._desk.account
        self.expires = self._granted(response)
        self._code, self._reason = response.status, response.reason
        self._desk.log(2, f"Registered at registrar as {account.aor} (Expires: {self.expires} secs)")
        again = max(5, self.expires // 3)
        self._log_timer(again)
        self._desk.alarm(self, "refresh", now + again)
        self._say()
        forgotten = 'register-action="added"' in (response.headers.get("presence-state") or "")
        self._on_registered(response, not known or forgotten, now)

    def _granted(self, response: Response) -> int:
        """The expiry from our own contact, else from the header (RFC 3261 10.2.4)."""
        text = None
        for contact in bindings(response):
            ours = contact.uri.params.get("line") == self._desk.letterhead.token
            if ours or self._desk.account.instance in (contact.params.get("+sip.instance") or "").lower():
                text = contact.params.get("expires") or text
        own = seconds(text)
        granted = own if own is not None else response.expires
        granted = self._asked if granted is None else min(granted, 2_000_000)
        return INSTEAD if granted < SHORTEST else granted

    def _denied(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.DENIED):
            return
        account = self._desk.account
        if self._machine.step(Input.DENIED) is State.REFUSED:
            if account.ocs and response.status in (401, 407):
                self._desk.log(6, "gui_object::challenge_user: Challenge User but wrong state 16")
            self._desk.log(2, f"Registrar {account.aor} refused with code {response.status}")
            self._code, self._reason, self._hurry = response.status, self._words(response), 0
            self._retry(now, account.retry)
        self._say()

    def _words(self, response: Response) -> str:
        match response.status:
            case 401 | 407:
                return self._desk.login_refused()
            case 403:
                return "The server does not allow this login"
            case 404:
                return "The server does not know this address"
            case 503:
                return "The server is overloaded or out of service"
        return response.reason or reason_of(response.status)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """The REGISTER came to nothing."""
        if not self.awaits(request):
            return
        server = self._desk.account.server
        words = f"{server.host}:{server.port} does not answer" if status == 408 else why
        self.lost(words, now)

    def _retry(self, now: float, seconds: int) -> None:
        self._pause = seconds
        self._desk.log(5, f"Will try to reregister in {seconds} seconds")
        self._desk.alarm(self, "refresh", None)
        self._desk.alarm(self, "retry", now + seconds)

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to refresh or to try again; the line sees to the connection."""
        self._machine.step(Input.DUE)
        self._say()
        self._desk.reconnect(now)

    def _stop_timers(self) -> None:
        self._desk.alarm(self, "refresh", None)
        self._desk.alarm(self, "retry", None)

    def _say(self) -> None:
        desk, state = self._desk, self.state
        event = RegistrationChanged(
            identity=desk.account.number,
            aor=desk.account.aor,
            state=_SAID[state],
            code=self._code,
            reason=readable(self._reason) if state in (State.REFUSED, State.WAITING) else "",
            expires=self.expires if self.established else None,
            auth=desk.auth(),
            transport=desk.account.server.transport,
            retry_in=self._pause if state in (State.REFUSED, State.WAITING) else None,
        )
        if event != self._said or state in (State.REFUSED, State.WAITING):
            self._said = event
            desk.tell(event)


def _who(ocs: bool) -> list[tuple[str, str]]:
    """Headers by which a server knows what the phone can do ([MS-SIPREGE] 3.1)."""
    if ocs:
        return [
            ("Supported", "gruu-10, adhoclist, msrtc-event-categories"),
            ("Supported", "ms-forking"),
            ("ms-keep-alive", "UAC;hop-hop=yes"),
            ("Event", "registration"),
        ]
    return [("Supported", "path")]
