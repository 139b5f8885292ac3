"""A call from us, until it is up: dialled, ringing there, sent on, answered, refused or taken back (RFC 3261 13.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from snomtui.errors import MalformedMessage
from snomtui.line.answers import dialog_of
from snomtui.line.calls.audio import SDP, Audio
from snomtui.line.calls.call import Call, fits
from snomtui.line.calls.calltable import CALLING, Input, State
from snomtui.line.calls.fork import MOST, Fork, reliable
from snomtui.line.calls.party import Party, spoken
from snomtui.line.calls.privacy import concealed
from snomtui.line.calls.redirect import Step, Targets
from snomtui.line.calls.why import reason, refusal
from snomtui.line.desk import Desk, Nobody
from snomtui.sip.dialog import Dialog
from snomtui.sip.grammar import readable
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response
from snomtui.sip.offer import sdp_part


class Outgoing(Call):
    """A call that we make. Owner of its first INVITE."""

    def __init__(self, desk: Desk, id: str, over: Callable[[Call], None]) -> None:
        super().__init__(desk, id, State.DIALLING, over)
        self.call_id = desk.ids.call_id()
        self._client: ClientKey | None = None
        """Our INVITE, to take it back."""
        self._forks: dict[str, Fork] = {}
        """Early dialogs by To tag."""
        self._targets = Targets("", "", False)
        self._to = ""
        self._extra: tuple[Item, ...] = ()

    def dial(self, uri: str, number: str, now: float, headers: Iterable[Item] = ()) -> None:
        """Call `uri`; `number` is what was dialled, `headers` are more of them. Raises `NoMediaPort`."""
        leg = self._leg
        leg.party = Party.dialled(uri, number)
        leg.audio = Audio(self._desk, self.id)
        self._targets = Targets(uri, self._desk.account.host, self._desk.transport() == "tls")
        self._to, self._extra = f"<{uri}>", tuple(headers)
        invite = self._invitation(Step(uri), 1)
        leg.say()
        self._client = self._desk.send(invite, self, now)

    def _invite(self, step: Step, number: int, now: float) -> None:
        self._client = self._desk.send(self._invitation(step, number), self, now)

    def _invitation(self, step: Step, number: int) -> Request:
        leg = self._leg
        assert leg.audio is not None
        self._forks.clear()
        headers = [*self._abilities(), *self._session.expiry.headers(), *self._extra]
        if step.route:
            headers.insert(0, ("Route", step.route))
        invite = self._desk.letterhead.request("INVITE", step.uri, self._to, leg.tag, self.call_id, number, headers)
        if self._desk.account.private:
            invite = concealed(invite, self._desk.account)
        return invite.with_body(SDP, leg.audio.offer())

    def _abilities(self) -> list[Item]:
        headers = self._leg.introduction()
        if self._desk.account.ocs:
            headers += [("ms-keep-alive", "UAC;hop-hop=yes"), ("Supported", "ms-early-media")]
        return headers

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        if request.method == "INVITE":
            self._client = key

    # -- what is answered

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to our INVITE, or to our BYE."""
        if request.method != "INVITE":
            super().answered(request, response, now)
        elif response.status >= 300:
            self._refused(request, response, now)
        elif response.status >= 200:
            self._accepted(request, response, now)
        elif response.status > 100:
            self._provisional(request, response, now)

    def _provisional(self, request: Request, response: Response, now: float) -> None:
        fork = self._fork(request, response)
        if fork is not None and not fork.takes(request, response, now):
            return
        if not self._machine.knows(Input.PROGRESS):
            return  # taken back
        if response.status == 199:  # this branch is over, others may go on (RFC 6228)
            self._forks.pop(response.to.tag, None)
            return
        self._early(fork, response)

    def _fork(self, request: Request, response: Response) -> Fork | None:
        """The early dialog of a provisional answer; None if there are too many of them."""
        tag = response.to.tag
        if tag not in self._forks and len(self._forks) < MOST:
            self._forks[tag] = Fork(self._leg, dialog_of(request, response))
        return self._forks.get(tag)

    def _early(self, fork: Fork | None, response: Response) -> None:
        leg, body = self._leg, sdp_part(response)
        if response.status in (180, 183) or response.body:
            self._machine.step(Input.PROGRESS)
        leg.code, leg.reason = response.status, response.reason
        leg.party = leg.party.answering(response)
        leg.learn(response)
        if body and leg.audio:
            if fork is not None:
                fork.body = body
            if reliable(response) is None:
                leg.audio.previewed(body)
            else:
                leg.audio.agreed(body, early=True)
        leg.say()

    def _accepted(self, request: Request, response: Response, now: float) -> None:
        leg = self._leg
        fork = self._forks.pop(response.to.tag, None)
        if fork is not None:
            with suppress(MalformedMessage):
                fork.dialog.confirm(response)
        dialog = fork.dialog if fork else dialog_of(request, response)
        leg.acknowledge(dialog, request, now)
        if leg.dialog is None:
            leg.dialog = dialog
            leg.learn(response)
            self._up(sdp_part(response) or (fork.body if fork else None), response, now)
        elif leg.dialog.key != dialog.key:
            # Another branch answered as well (RFC 3261 13.2.2.4): only the first one counts.
            why = reason(200, "Call completed elsewhere")
            self._desk.send(dialog.request("BYE", self._desk.letterhead.via(), [why]), Nobody(), now)

    def _up(self, body: bytes | None, response: Response, now: float) -> None:
        leg = self._leg
        if not self._machine.knows(Input.ACCEPTED):
            self._bye(now)  # hung up while the answer was on its way
            return
        audio = leg.audio
        if audio is None or not body or not audio.agreed(body):
            self._cannot_speak(now)
            return
        self._machine.step(Input.ACCEPTED)
        leg.code, leg.reason = response.status, response.reason
        leg.party = leg.party.answering(response)
        self._session.expiry.agreed(response, now)
        leg.say()

    # -- what is refused, and sent on

    def _refused(self, request: Request, response: Response, now: float) -> None:
        if not self._machine.knows(Input.REFUSED):
            return
        cancelled = self.state is State.ENDING
        if not cancelled and self._again(request, response, now):
            return
        self._machine.step(Input.REFUSED)
        if not cancelled:
            cause = "timeout" if response.status == 408 else "refused"
            self._leg.note(cause, response.status, refusal(response))
        self._finish(now)

    def _again(self, request: Request, response: Response, now: float) -> bool:
        """Try once more: with a longer session, or at the next place (RFC 4028 7.3, RFC 3261 8.1.3.4)."""
        number = request.cseq.number + 1
        if response.status == 422 and self._session.expiry.raised(response):
            self._invite(Step(request.uri), number, now)
            return True
        self._targets.learn(response)
        step = self._targets.next() if response.status < 600 else None
        if step is None:
            return False
        self._leg.code, self._leg.reason = response.status, f"Moved to {readable(spoken(step.uri))}"
        self._leg.say()
        self._invite(step, number, now)
        return True

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Our INVITE or BYE came to nothing; there may be another place to try."""
        step = self._targets.next() if status == 408 and self.state in CALLING else None
        if step is None:
            super().failed(request, status, why, now)
        else:
            self._invite(step, request.cseq.number + 1, now)

    # -- early dialogs

    def dialogs(self) -> list[Dialog]:
        """All its dialogs, early ones too."""
        return [*super().dialogs(), *(fork.dialog for fork in self._forks.values())]

    def _dialog_for(self, request: Request) -> Dialog | None:
        early = self._forks.get(request.from_.tag) if self.state in CALLING else None
        if early is not None and fits(early.dialog, request):
            return early.dialog
        return super()._dialog_for(request)

    def owns(self, request: Request) -> bool:
        """Also while the tag of the other side is not known: its request may have overtaken its answer."""
        return super().owns(request) or self._overtook(request)

    def _overtook(self, request: Request) -> bool:
        return self.state in CALLING and (request.call_id, request.to.tag) == (self.call_id, self._leg.tag)

    def asked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request inside a dialog of this call, or one that is about to be."""
        unknown = self._dialog_for(request) is None
        if unknown and self._overtook(request) and request.method in ("INVITE", "UPDATE"):
            self._reply_to(request, key, 491, now)
        else:
            super().asked(request, key, now)

    def _left(self, dialog: Dialog, request: Request, now: float) -> None:
        if dialog is self._leg.dialog:
            super()._left(dialog, request, now)
        else:
            self._forks.pop(dialog.remote.tag, None)  # that branch is over; the INVITE has its own end

    # -- taking it back

    def _part(self, before: State, status: int, now: float) -> None:
        if before not in CALLING:
            super()._part(before, status, now)
            return
        assert self._client is not None
        self._desk.cancel(self._client, now)
        self._leg.say()
