"""A call from us, until it is up: dialled, ringing there, answered, refused or taken back (RFC 3261 13.2)."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.line.answers import dialog_of
from snomtui.line.audio import SDP, Audio
from snomtui.line.call import Call
from snomtui.line.calltable import Input, State
from snomtui.line.desk import Desk, Nobody
from snomtui.line.party import Party
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Request, Response
from snomtui.sip.offer import sdp_part
from snomtui.sip.reasons import reason_of


class Outgoing(Call):
    """A call that we make. Owner of its first INVITE."""

    def __init__(self, desk: Desk, id: str, over: Callable[[Call], None]) -> None:
        super().__init__(desk, id, State.DIALLING, over)
        self._client: ClientKey | None = None
        """Our INVITE, to take it back."""

    def dial(self, uri: str, number: str, now: float) -> None:
        """Call `uri`; `number` is what was dialled. Raises `NoMediaPort`."""
        leg, letterhead = self._leg, self._desk.letterhead
        leg.party = Party.dialled(uri, number)
        leg.audio = Audio(self._desk, self.id)
        call_id = self._desk.ids.call_id()
        invite = letterhead.request("INVITE", uri, f"<{uri}>", leg.tag, call_id, 1, self._abilities())
        leg.say()
        self._client = self._desk.send(invite.with_body(SDP, leg.audio.offer()), self, now)

    def _abilities(self) -> list[Item]:
        headers = self._leg.introduction()
        if self._desk.account.ocs:
            headers += [("ms-keep-alive", "UAC;hop-hop=yes"), ("Supported", "ms-early-media")]
        return headers

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        self._client = key

    # -- what is answered

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to our INVITE, or to our BYE."""
        if request.method != "INVITE":
            super().answered(request, response, now)
        elif response.status >= 300:
            self._refused(response, now)
        elif response.status >= 200:
            self._accepted(request, response, now)
        elif response.status > 100 and self._machine.knows(Input.PROGRESS):
            self._early(response)

    def _early(self, response: Response) -> None:
        leg = self._leg
        if response.status in (180, 183) or response.body:
            self._machine.step(Input.PROGRESS)
        leg.code, leg.reason = response.status, response.reason
        body = sdp_part(response)
        if body and leg.audio:
            leg.audio.agreed(body, early=True)
        leg.say()

    def _accepted(self, request: Request, response: Response, now: float) -> None:
        leg, dialog = self._leg, dialog_of(request, response)
        leg.acknowledge(dialog, request, now)
        if leg.dialog is None:
            leg.dialog = dialog
            self._up(response, now)
        elif leg.dialog.key != dialog.key:
            # Another branch answered as well (RFC 3261 13.2.2.4): only the first one counts.
            self._desk.send(dialog.request("BYE", self._desk.letterhead.via()), Nobody(), now)

    def _up(self, response: Response, now: float) -> None:
        leg = self._leg
        if not self._machine.knows(Input.ACCEPTED):
            self._bye(now)  # hung up while the answer was on its way
            return
        body, audio = sdp_part(response), leg.audio
        if audio is None or not (audio.agreed(body) if body else audio.confirmed()):
            self._cannot_speak(now)
            return
        self._machine.step(Input.ACCEPTED)
        leg.code, leg.reason = response.status, response.reason
        leg.party = leg.party.answering(response)
        leg.say()

    def _refused(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.REFUSED):
            return
        cancelled = self.state is State.ENDING
        self._machine.step(Input.REFUSED)
        if not cancelled:
            cause = "timeout" if response.status == 408 else "refused"
            self._leg.note(cause, response.status, response.reason or reason_of(response.status))
        self._finish(now)

    # -- taking it back

    def _part(self, before: State, status: int, now: float) -> None:
        if before not in (State.DIALLING, State.RINGING):
            super()._part(before, status, now)
            return
        assert self._client is not None
        self._desk.cancel(self._client, now)
        self._leg.say()
