"""One call, from its dialog to its end: what calls of both directions have in common (RFC 3261 12 to 15)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from snomtui.line.calltable import Input, State
from snomtui.line.desk import Desk
from snomtui.line.leg import Leg
from snomtui.line.methods import ALLOW, refusal_of
from snomtui.line.party import message_from
from snomtui.line.session import Session
from snomtui.line.transfer import Transfer
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.offer import sdp_part

_GOING = (State.PARTING, State.ENDING, State.ENDED)


class Call:
    """One call and its audio; `Outgoing` and `Incoming` say how it comes up. Owner of our BYE."""

    def __init__(self, desk: Desk, id: str, start: State, over: Callable[[Call], None]) -> None:
        """`over(call)`: nothing of it is left."""
        self.id = id
        self._desk, self._over = desk, over
        self._leg = Leg(desk, id, start)
        self._machine = self._leg.machine
        self._session = Session(self._leg, self._end)
        self._transfer = Transfer(self._leg, self.hang_up)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    # -- what a person wants

    def answer(self, now: float) -> None:
        """Take the call; an `IllegalStep` unless it rings here."""
        self._machine.step(Input.ANSWER)

    def hold(self, now: float) -> None:
        """Put the other side on hold."""
        self._session.hold(now)

    def resume(self, now: float) -> None:
        """Take it back."""
        self._session.resume(now)

    def transfer(self, to: str, now: float) -> None:
        """Send the other side elsewhere."""
        self._transfer.start(to, now)

    def mute(self, on: bool) -> None:
        """Let the other side hear nothing, or something again."""
        if self._leg.audio:
            self._leg.audio.mute(on)

    def digits(self, digits: str) -> None:
        """Send DTMF."""
        if self._leg.audio and self.state is State.TALKING:
            self._leg.audio.digits(digits)

    def hang_up(self, now: float, status: int = 486) -> None:
        """End it, whatever its state; a call that rings here is refused with `status`."""
        before = self.state
        if before in _GOING:
            return
        self._machine.step(Input.HANGUP)
        self._leg.note("local", None, "")
        self._part(before, status, now)

    # -- what the other side wants

    def owns(self, request: Request) -> bool:
        """Whether a request belongs to this call's dialog."""
        dialog = self._leg.dialog
        if dialog is None or request.call_id != dialog.call_id:
            return False
        return request.to.tag == dialog.local.tag and request.from_.tag == dialog.remote.tag

    def asked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request inside the dialog."""
        assert self._leg.dialog is not None
        if not self._leg.dialog.takes(request):
            self._desk.reply(key, respond(request, 500, "Stale CSeq"), now)
            return
        match request.method:
            case "INVITE" | "UPDATE":
                self._session.changed(request, key, now)
            case "BYE":
                self._desk.reply(key, respond(request, 200), now)
                self._end("remote", None, "", now)
            case "NOTIFY":
                self._desk.reply(key, respond(request, 200), now)
                self._transfer.told(request, now)
            case "OPTIONS" if required := request.headers.values("Require"):
                self._desk.reply(key, respond(request, 420, headers=[("Unsupported", ", ".join(required))]), now)
            case "INFO" | "OPTIONS":
                self._desk.reply(key, respond(request, 200, headers=[("Allow", ALLOW)]), now)
            case "MESSAGE":
                self._desk.reply(key, respond(request, 200), now)
                self._desk.tell(message_from(request))
            case method:
                self._desk.reply(key, respond(request, refusal_of(method), headers=[("Allow", ALLOW)]), now)

    def acknowledged(self, request: Request, now: float) -> None:
        """An ACK came; it may carry the answer to an offer of ours."""
        body = sdp_part(request)
        if body and self._leg.audio:
            self._leg.audio.agreed(body)

    # -- the end

    def cut_off(self, why: str, now: float) -> None:
        """The connection is gone; a call that is up goes on without it."""

    def _part(self, before: State, status: int, now: float) -> None:
        """We hang up: say so in the way that fits the state it was in."""
        self._bye(now)

    def _bye(self, now: float) -> None:
        self._leg.silence()
        self._leg.say()
        self._leg.ask("BYE", self, now)

    def _cannot_speak(self, now: float) -> None:
        """The call is up, but there is no audio to be had."""
        self._machine.step(Input.HANGUP)
        self._leg.note("failed", 488, "The other side speaks no codec of ours")
        self._bye(now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The answer to our BYE."""
        if response.status >= 200:
            self._finish(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Our request came to nothing."""
        self._end("timeout" if status == 408 else "failed", status, why, now)

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._leg.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request; the dialog knows its number."""

    def alarm(self, name: Hashable, now: float) -> None:
        """It sets no timer."""

    def _end(self, cause: str, code: int | None, reason: str, now: float) -> None:
        if self.state is State.ENDED:
            return
        if self.state not in _GOING:
            self._leg.note(cause, code, reason)
        self._finish(now)

    def _finish(self, now: float) -> None:
        if self._machine.knows(Input.OVER):
            self._machine.step(Input.OVER)
        self._session.stop()
        self._leg.silence()
        self._leg.say()
        self._over(self)
