"""One call, from its dialog to its end: what calls of both directions have in common (RFC 3261 12 to 15)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from snomtui.line.calls.calltable import GOING, Input, State
from snomtui.line.calls.leg import Leg
from snomtui.line.calls.plain import answer
from snomtui.line.calls.session import Session
from snomtui.line.calls.transfer import Transfer
from snomtui.line.calls.why import reason, said
from snomtui.line.desk import Desk
from snomtui.line.events import CallChanged
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.offer import sdp_part


class Call:
    """One call and its audio; `Outgoing` and `Incoming` say how it comes up. Owner of our BYE."""

    call_id: str
    """The Call-ID of its dialog."""

    def __init__(self, desk: Desk, id: str, start: State, over: Callable[[Call], None]) -> None:
        """`over(call)`: nothing of it is left."""
        self.id = id
        self.keys: list[ServerKey] = []
        """Transactions of INVITEs to it, for whoever keeps the calls."""
        self._desk, self._over = desk, over
        self._leg = Leg(desk, id, start)
        self._machine = self._leg.machine
        self._session = Session(self._leg, self._give_up)
        self._transfer = Transfer(self._leg, self.hang_up)
        self._unacknowledged: dict[int, bool] = {}
        """CSeq numbers of INVITEs whose 2xx waits for the ACK, and whether that 2xx has our offer in it."""
        self._once_more: list[Item] | None = None
        """What our second BYE says; None if there was none."""
        self.referred: Callable[[Call, Request, ServerKey, float], None] | None = None
        """Takes a REFER of the other side; set by whoever keeps the calls."""
        self.controlled: Callable[[Request, ServerKey, float, Call], bool] | None = None
        """Takes a NOTIFY that presses a key; set by whoever keeps the calls."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    @property
    def dialog(self) -> Dialog | None:
        """Its dialog, None while there is none that will stay."""
        return self._leg.dialog

    @property
    def invitation(self) -> Request | None:
        """The INVITE with which somebody called us; None = we called."""
        return None

    def dialogs(self) -> list[Dialog]:
        """All its dialogs, early ones too."""
        return [self._leg.dialog] if self._leg.dialog else []

    def watch(self, watcher: Callable[[CallChanged], None]) -> None:
        """Let somebody hear of every step from now on."""
        self._leg.watchers.append(watcher)

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

    def join(self, other: Call, now: float) -> None:
        """Send the other side into our place in another call of ours."""
        assert other.dialog is not None
        self._transfer.join(other.dialog, other.hang_up, now)

    def mute(self, on: bool) -> None:
        """Let the other side hear nothing, or something again."""
        if self._leg.audio:
            self._leg.audio.mute(on)

    def confer(self, room: str) -> None:
        """Let the other side hear all other calls with the same `room`, and them this one; empty = none any more."""
        if self._leg.audio:
            self._leg.audio.confer(room)

    def digits(self, digits: str) -> None:
        """Send DTMF."""
        if self._leg.audio and self.state is State.TALKING:
            self._leg.audio.digits(digits)

    def hang_up(self, now: float, status: int = 486) -> None:
        """End it, whatever its state; a call that rings here is refused with `status`."""
        before = self.state
        if before in GOING:
            return
        self._machine.step(Input.HANGUP)
        self._leg.note("local", None, "")
        self._part(before, status, now)

    # -- what the other side wants

    def owns(self, request: Request) -> bool:
        """Whether a request belongs to this call's dialog."""
        return self._dialog_for(request) is not None

    def _dialog_for(self, request: Request) -> Dialog | None:
        """The dialog of this call that a request is in (RFC 3261 12.2.2)."""
        dialog = self._leg.dialog
        return dialog if dialog is not None and fits(dialog, request) else None

    def asked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request inside a dialog of this call."""
        dialog = self._dialog_for(request)
        if dialog is None:
            self._reply_to(request, key, 481, now)
        elif not dialog.takes(request):
            self._reply_to(request, key, 500, now, reason="Stale CSeq")
        else:
            self._served(dialog, request, key, now)

    def _served(self, dialog: Dialog, request: Request, key: ServerKey, now: float) -> None:
        match request.method:
            case "INVITE" | "UPDATE":
                self._change(dialog, request, key, now)
            case "BYE":
                self._reply_to(request, key, 200, now)
                self._left(dialog, request, now)
            case "PRACK":
                self._pracked(request, key, now)
            case "NOTIFY":
                if not (self.controlled and self.controlled(request, key, now, self)):
                    self._transfer.notified(request, key, now)
            case "REFER" if self.referred is not None:
                self.referred(self, request, key, now)
            case _:
                status, headers = answer(self._desk, request)
                self._reply_to(request, key, status, now, headers)

    def _reply_to(
        self, request: Request, key: ServerKey, status: int, now: float, headers: Iterable[Item] = (), reason: str = ""
    ) -> None:
        self._desk.reply(key, respond(request, status, reason, headers=headers), now)

    def _change(self, dialog: Dialog, request: Request, key: ServerKey, now: float) -> None:
        if self._session.changed(dialog, request, key, now) and request.method == "INVITE":
            self._unacknowledged[request.cseq.number] = sdp_part(request) is None

    def _left(self, dialog: Dialog, request: Request, now: float) -> None:
        """A BYE."""
        self._end("remote", None, said(request), now)

    def _pracked(self, request: Request, key: ServerKey, now: float) -> None:
        """A PRACK for nothing that we have sent (RFC 3262 3)."""
        self._reply_to(request, key, 481, now)

    def acknowledged(self, request: Request, now: float) -> None:
        """An ACK came; it carries the answer to an offer of ours if there was one in our 2xx. Others are ignored."""
        offered = self._unacknowledged.pop(request.cseq.number, None)
        if offered is None:
            return
        if offered and self._leg.audio:
            body = sdp_part(request)
            if not body or not self._leg.audio.agreed(body):
                self._leg.audio.withdraw()
            self._leg.note_hold()
        self._confirmed(request, now)

    def _confirmed(self, request: Request, now: float) -> None:
        """A 2xx of ours was acknowledged."""
        self._leg.say()

    def unacknowledged(self, key: ServerKey, now: float) -> None:
        """A 2xx of ours was never acknowledged (RFC 3261 13.3.1.4, 14.2)."""
        self._give_up("timeout", 408, "The other side did not confirm the change", now)

    def cancelled(self, key: ServerKey, request: Request, now: float) -> None:
        """A re-INVITE was cancelled: it was answered at once, so this comes too late."""

    def repeated(self, response: Response, now: float) -> bool:
        """A 2xx of the other side came once more; False if another ACK is needed than the last one."""
        return self._leg.acknowledged_before(response, now)

    # -- the end

    def cut_off(self, why: str, now: float) -> None:
        """The connection is gone; a call that is up goes on without it.

        An ACK that is missing may come over the next one; until then an offer in our 2xx holds up no other one.
        """
        if self._leg.audio and any(self._unacknowledged.values()):
            self._leg.audio.withdraw()

    def _part(self, before: State, status: int, now: float) -> None:
        """We hang up: say so in the way that fits the state it was in."""
        self._bye(now)

    def _bye(self, now: float, headers: Iterable[Item] = ()) -> None:
        self._leg.silence()
        self._leg.say()
        self._leg.ask("BYE", self, now, headers)

    def _give_up(self, cause: str, code: int | None, why: str, now: float) -> None:
        """The call is up and cannot go on."""
        if self.state in GOING or self._leg.dialog is None:
            return
        self._machine.step(Input.HANGUP)
        self._leg.note(cause, code, why)
        self._bye(now, [reason(code or 480, why)])

    def _cannot_speak(self, now: float) -> None:
        """The call is up, but there is no audio to be had."""
        self._give_up("failed", 488, "The other side speaks no codec of ours", now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The answer to our BYE."""
        if response.status >= 200:
            self._finish(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Our request came to nothing. A BYE that was lost with its connection goes out once more over the next one."""
        if request.method == "BYE" and status != 408 and self._once_more is None:
            self._once_more = [item for item in request.headers if item[0] == "Reason"]
            self._desk.alarm(self, "bye", now)
            return
        self._end("timeout" if status == 408 else "failed", status, why, now)

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._leg.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request; the dialog knows its number."""

    def alarm(self, name: Hashable, now: float) -> None:
        """The connection on which our BYE was lost is known to be gone by now."""
        if name == "bye" and self.state is not State.ENDED:
            self._leg.ask("BYE", self, now, self._once_more or ())

    def _end(self, cause: str, code: int | None, reason: str, now: float) -> None:
        if self.state is State.ENDED:
            return
        if self.state not in GOING:
            self._leg.note(cause, code, reason)
        self._finish(now)

    def abandon(self, why: str, now: float) -> None:
        """It could not even be begun: nothing of it is left, and nobody hears of it who did not know it."""
        if self._leg.known:
            self._end("failed", None, why, now)
        else:
            self._leg.silence()
            self._over(self)

    def _finish(self, now: float) -> None:
        if self._machine.knows(Input.OVER):
            self._machine.step(Input.OVER)
        self._session.stop()
        self._transfer.stop()
        self._leg.silence()
        self._leg.say()
        self._over(self)


def fits(dialog: Dialog, request: Request) -> bool:
    """Whether a request of the other side is in this dialog (RFC 3261 12.2.2)."""
    if request.call_id != dialog.call_id or request.to.tag != dialog.local.tag:
        return False
    return request.from_.tag == dialog.remote.tag
