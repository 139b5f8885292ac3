"""One call: INVITE to BYE (RFC 3261 13 to 15), with hold and blind transfer."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from snomtui.kit.machine import Machine
from snomtui.line.answers import dialog_of, refresh
from snomtui.line.audio import SDP, Audio
from snomtui.line.calltable import SAID, TABLE, Input, State
from snomtui.line.desk import Desk, Nobody
from snomtui.line.events import CallChanged
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Message, Request, Response, respond
from snomtui.sip.offer import sdp_part
from snomtui.sip.reasons import reason_of

ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, MESSAGE, INFO, UPDATE"
_GLARE = 2.1
"""Seconds to wait after a 491, for the side that made the call (RFC 3261 14.1)."""


class Call:
    """One call and its audio."""

    def __init__(self, desk: Desk, id: str, state: State, over: Callable[[Call], None]) -> None:
        self.id = id
        self._desk, self._over = desk, over
        self._machine = Machine(f"call {id}", TABLE, state)
        self._tag = desk.ids.tag()
        self.call_id = ""
        self.direction = "out" if state is State.DIALLING else "in"
        self.remote = self.remote_name = self.number = ""
        self._dialog: Dialog | None = None
        self._audio: Audio | None = None
        self._invite: Request | None = None
        self._client: ClientKey | None = None
        self._server: ServerKey | None = None
        self._asking: Request | None = None
        """A re-INVITE of ours that is not answered yet."""
        self._said: CallChanged | None = None
        self._code: int | None = None
        self._reason = self._cause = ""

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._machine.state

    # -- out

    def dial(self, uri: str, number: str, headers: list[Item], now: float) -> None:
        """Call `uri`; raises `NoMediaPort`."""
        self.remote, self.number = uri, number
        self._audio = Audio(self._desk, self.id)
        self.call_id = self._desk.ids.call_id()
        request = self._desk.request(
            "INVITE", uri, f"<{uri}>", self._tag, self.call_id, 1, [("Contact", self._desk.contact()), *headers]
        )
        self._invite = request.with_body(SDP, self._audio.offer())
        self._say()
        self._client = self._desk.send(self._invite, self, now)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        if request.method == "INVITE":
            if self._asking:
                self._asking = request
            else:
                self._invite = request
            self._client = key
        if self._dialog:
            self._dialog.local_cseq = request.cseq.number

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to a request of this call."""
        if request.method == "INVITE" and request.to.tag:
            self._reinvited(request, response, now)
        elif request.method == "INVITE":
            self._invited(request, response, now)
        elif request.method == "BYE" and response.status >= 200:
            self._finish(now)
        elif request.method == "REFER" and response.status >= 300:
            self._stay(f"The transfer was refused ({response.status} {response.reason})")

    def _invited(self, request: Request, response: Response, now: float) -> None:
        if response.status >= 300:
            self._refused(response, now)
        elif response.status >= 200:
            self._accepted(request, response, now)
        elif response.status > 100 and self._machine.knows(Input.PROGRESS):
            self._early(request, response)

    def _early(self, request: Request, response: Response) -> None:
        if response.status in (180, 183) or response.body:
            self._machine.step(Input.PROGRESS)
        self._code, self._reason = response.status, response.reason
        body = sdp_part(response)
        if body and self._audio:
            self._audio.agreed(body, early=True)
        self._say()

    def _accepted(self, request: Request, response: Response, now: float) -> None:
        dialog = dialog_of(request, response)
        self._desk.acknowledge(dialog.ack(request, self._desk.via()), now)
        if self._dialog is not None and self._dialog.key != dialog.key:
            # Another branch answered as well (RFC 3261 13.2.2.4): only the first one counts.
            self._desk.send(dialog.request("BYE", self._desk.via()), Nobody(), now)
            return
        if self._dialog is not None:
            return
        self._dialog = dialog
        if not self._machine.knows(Input.ACCEPTED):
            self._bye(now)  # hung up while the answer was on its way
            return
        body, audio = sdp_part(response), self._audio
        if audio is None or not (audio.agreed(body) if body else audio.confirmed()):
            self._machine.step(Input.HANGUP)
            self._note("failed", 488, "The other side speaks no codec of ours")
            self._bye(now)
            return
        self._machine.step(Input.ACCEPTED)
        self._code, self._reason = response.status, response.reason
        self._name(response)
        self._say()

    def repeated(self, request: Request, response: Response, now: float) -> None:
        """The same 2xx once more: the ACK was lost."""
        dialog = dialog_of(request, response)
        self._desk.acknowledge(dialog.ack(request, self._desk.via()), now)

    def _refused(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.REFUSED):
            return
        cancelled = self.state is State.ENDING
        self._machine.step(Input.REFUSED)
        if not cancelled:
            cause = "timeout" if response.status == 408 else "refused"
            self._note(cause, response.status, response.reason or reason_of(response.status))
        self._finish(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """A request came to nothing."""
        if request.method == "REFER":
            self._stay(why)
        elif request.method == "INVITE" and request.to.tag:
            self._asking = None
            self._end("timeout" if status == 408 else "failed", status, why, now)
        elif self.state is not State.ENDED:
            self._end("timeout" if status == 408 else "failed", status, why, now)

    # -- in

    def offered(self, request: Request, key: ServerKey, now: float) -> None:
        """An INVITE came; raises `NoMediaPort`."""
        self._invite, self._server, self.call_id = request, key, request.call_id
        self._dialog = Dialog.uas(request, self._tag, self._desk.contact())
        self._audio = Audio(self._desk, self.id)
        body = sdp_part(request)
        if body and not self._audio.can_answer(body):
            self._machine.step(Input.OVER)
            self._audio.stop()
            self._reply(488, now)
            self._over(self)
            return
        self._name(request)
        self._reply(180, now)
        self._desk.alarm(self, "ringing", now + self._desk.account.ringing_time)
        self._say()

    def answer(self, now: float) -> None:
        """Take the call."""
        assert self._audio is not None and self._invite is not None
        self._machine.step(Input.ANSWER)
        self._desk.alarm(self, "ringing", None)
        body = sdp_part(self._invite)
        made = self._audio.answer(body) if body else self._audio.offer()
        assert made is not None
        self._reply(200, now, made)

    def acknowledged(self, request: Request, now: float) -> None:
        """The ACK to our 2xx came."""
        body = sdp_part(request)
        if body and self._audio:
            self._audio.agreed(body)
        if not self._machine.knows(Input.CONFIRMED):
            return
        if self._machine.step(Input.CONFIRMED) is State.ENDING:
            self._bye(now)
        elif self._audio and not self._audio.codec:
            self._machine.step(Input.HANGUP)
            self._note("failed", 488, "The other side speaks no codec of ours")
            self._bye(now)
        else:
            self._hold_state()
            self._say()

    def unacknowledged(self, now: float) -> None:
        """The ACK never came (RFC 3261 13.3.1.4)."""
        if self.state is State.ANSWERING:
            self._machine.step(Input.HANGUP)
            self._note("timeout", 408, "The other side did not confirm the call")
        if self.state is State.PARTING:
            self._machine.step(Input.CONFIRMED)
            self._bye(now)

    def cancelled(self, request: Request, now: float) -> None:
        """The caller gave up, or somebody else took the call."""
        if self.state is State.OFFERED:
            elsewhere = "elsewhere" in (request.headers.get("Reason") or "").lower()
            self._reply(487, now)
            self._end("elsewhere" if elsewhere else "cancelled", 487, "", now)

    def _reply(self, status: int, now: float, body: bytes | None = None, headers: tuple[Item, ...] = ()) -> None:
        assert self._server is not None and self._invite is not None
        extra: list[Item] = [*headers]
        if status < 300 and status > 100:
            extra += [("Contact", self._desk.contact()), ("Allow", ALLOW)]
        response = respond(
            self._invite, status, tag=self._tag, headers=extra, body=(SDP, body) if body is not None else None
        )
        self._desk.reply(self._server, response, now)

    # -- inside

    def owns(self, request: Request) -> bool:
        """Whether a request belongs to this call's dialog."""
        if self._dialog is None or request.call_id != self._dialog.call_id:
            return False
        ours, theirs = request.to.tag, request.from_.tag
        return ours == self._dialog.local.tag and theirs == self._dialog.remote.tag

    def asked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request inside the dialog."""
        assert self._dialog is not None
        if not self._dialog.takes(request):
            self._desk.reply(key, respond(request, 500, "Stale CSeq"), now)
        elif request.method in ("INVITE", "UPDATE"):
            self._changed(request, key, now)
        elif request.method == "BYE":
            self._desk.reply(key, respond(request, 200), now)
            self._end("remote", None, "", now)
        elif request.method == "NOTIFY":
            self._desk.reply(key, respond(request, 200), now)
            self._referred(request, now)
        elif request.method in ("INFO", "OPTIONS", "MESSAGE"):
            self._desk.reply(key, respond(request, 200, headers=[("Allow", ALLOW)]), now)
        else:
            self._desk.reply(key, respond(request, 501, headers=[("Allow", ALLOW)]), now)

    def _changed(self, request: Request, key: ServerKey, now: float) -> None:
        """The other side changes the session (RFC 3261 14.2)."""
        assert self._dialog is not None
        if self._audio is None:
            self._desk.reply(key, respond(request, 481), now)  # our BYE is on its way
            return
        if self._asking or self.state in (State.DIALLING, State.RINGING, State.OFFERED):
            self._desk.reply(key, respond(request, 491), now)
            return
        body = sdp_part(request)
        if body is None and request.method == "UPDATE":
            made: bytes | None = None
        else:
            made = self._audio.answer(body) if body else self._audio.offer()
            if made is None:
                self._desk.reply(key, respond(request, 488), now)
                return
        self._dialog.refresh(request)
        headers: list[Item] = [("Contact", self._desk.contact()), ("Allow", ALLOW)]
        self._desk.reply(key, respond(request, 200, headers=headers, body=(SDP, made) if made else None), now)
        self._hold_state()
        self._say()

    def _hold_state(self) -> None:
        assert self._audio is not None
        given = Input.HELD if self._audio.held else Input.RELEASED
        if self._machine.knows(given):
            self._machine.step(given)

    def hold(self, now: float) -> None:
        """Put the other side on hold."""
        self._machine.step(Input.HOLD)
        self._direct("sendonly", now)

    def resume(self, now: float) -> None:
        """Take it back."""
        self._machine.step(Input.RESUME)
        self._direct("sendrecv", now)

    def _direct(self, direction: str, now: float) -> None:
        assert self._audio is not None and self._dialog is not None
        self._audio.direction = direction
        self._say()
        if self._asking:
            return  # the answer to that one sees to it
        request = self._dialog.request(
            "INVITE",
            self._desk.via(),
            [("Contact", self._desk.contact()), ("Allow", ALLOW)],
            (SDP, self._audio.offer()),
        )
        self._asking, self._sent = request, direction
        self._client = self._desk.send(request, self, now)

    def _reinvited(self, request: Request, response: Response, now: float) -> None:
        if response.status < 200 or self._dialog is None:
            return
        self._asking = None
        if response.status < 300:
            refresh(self._dialog, response)
            self._desk.acknowledge(self._dialog.ack(request, self._desk.via()), now)
        if self._audio is None:
            return  # ended meanwhile
        if response.status < 300:
            body = sdp_part(response)
            if body:
                self._audio.agreed(body)
            self._hold_state()
            self._say()
            if self._sent != self._audio.direction and self._machine.knows(Input.HELD):
                self._direct(self._audio.direction, now)
        elif response.status == 491:
            self._desk.alarm(self, "glare", now + _GLARE)
        elif response.status in (408, 481):
            self._end("failed", response.status, response.reason, now)
        elif self.state is State.HOLDING:
            self._machine.step(Input.RESUME)
            self._audio.direction = "sendrecv"
            self._reason = "The other side refused the hold"
            self._say()

    def transfer(self, to: str, now: float) -> None:
        """Send the other side elsewhere (RFC 3515)."""
        assert self._dialog is not None
        self._machine.step(Input.TRANSFER)
        headers: list[Item] = [
            ("Contact", self._desk.contact()),
            ("Refer-To", f"<{to}>"),
            ("Referred-By", f"<{self._desk.account.uri}>"),
        ]
        self._desk.send(self._dialog.request("REFER", self._desk.via(), headers), self, now)

    def _referred(self, request: Request, now: float) -> None:
        """How the transfer goes (message/sipfrag, RFC 3420)."""
        found = re.match(rb"SIP/2\.0 (\d{3})", request.body.strip())
        if not found or self.state is not State.TRANSFERRING:
            return
        status = int(found[1])
        if 200 <= status < 300:
            self.hang_up(now)
        elif status >= 300:
            self._stay(f"The transfer failed ({status} {reason_of(status)})")

    def _stay(self, why: str) -> None:
        if self._machine.knows(Input.STAYED):
            self._machine.step(Input.STAYED)
            if self._audio and self._audio.direction == "sendonly":
                self._machine.step(Input.HOLD)
            self._hold_state()
            self._reason = why
            self._say()

    def digits(self, digits: str) -> None:
        """Send DTMF."""
        if self._audio and self.state is State.TALKING:
            self._audio.digits(digits)

    # -- the end

    def hang_up(self, now: float, status: int = 486) -> None:
        """End it, whatever its state; a call that rings here is refused with `status`."""
        state = self.state
        if state in (State.PARTING, State.ENDING, State.ENDED):
            return
        self._machine.step(Input.HANGUP)
        self._note("local", None, "")
        if state is State.OFFERED:
            self._reply(status, now)
            self._finish(now)
        elif state in (State.DIALLING, State.RINGING):
            assert self._client is not None
            self._desk.cancel(self._client, now)
            self._say()
        elif self.state is State.PARTING:
            self._silence()
            self._say()
        else:
            self._bye(now)

    def _bye(self, now: float) -> None:
        assert self._dialog is not None
        self._silence()
        self._say()
        self._desk.send(self._dialog.request("BYE", self._desk.via()), self, now)

    def _end(self, cause: str, code: int | None, reason: str, now: float) -> None:
        if self.state is State.ENDED:
            return
        if self.state not in (State.PARTING, State.ENDING):
            self._note(cause, code, reason)
        self._finish(now)

    def _note(self, cause: str, code: int | None, reason: str) -> None:
        self._cause, self._code, self._reason = cause, code, reason

    def _finish(self, now: float) -> None:
        if self._machine.knows(Input.OVER):
            self._machine.step(Input.OVER)
        for name in ("ringing", "glare"):
            self._desk.alarm(self, name, None)
        self._silence()
        self._say()
        self._over(self)

    def _silence(self) -> None:
        if self._audio:
            self._audio.stop()
            self._audio = None

    def alarm(self, name: Hashable, now: float) -> None:
        """It rang too long, or a re-INVITE may be tried again."""
        if name == "ringing" and self.state is State.OFFERED:
            self._reply(480, now)
            self._end("timeout", 480, "Nobody answered", now)
        elif name == "glare" and self._audio and self.state in (State.TALKING, State.HOLDING, State.HELD):
            self._direct(self._audio.direction, now)

    # -- what is told

    def _name(self, message: Message) -> None:
        """Who the other side is: the asserted identity if the server gives one (RFC 3325), else From or To."""
        address = message.from_ if isinstance(message, Request) else message.to
        if isinstance(message, Request):
            self.remote = str(address.uri)
            self.number = address.uri.user or address.uri.host
        self.remote_name = address.name or self.remote_name
        asserted = message.headers.get("P-Asserted-Identity") or ""
        name = re.match(r'\s*"((?:[^"\\]|\\.)*)"', asserted)
        tel = re.search(r"<tel:([+0-9*#.()-]+)", asserted, re.IGNORECASE)
        self.remote_name = name[1] if name and name[1] else self.remote_name
        if tel and isinstance(message, Request):
            self.number = tel[1]

    def _say(self) -> None:
        event = CallChanged(
            id=self.id,
            identity=self._desk.account.number,
            direction=self.direction,
            remote=self.remote,
            remote_name=self.remote_name,
            number=self.number,
            state=SAID[self.state],
            code=self._code,
            reason=self._reason,
            cause=self._cause,
        )
        if event != self._said:
            self._said = event
            self._desk.tell(event)
