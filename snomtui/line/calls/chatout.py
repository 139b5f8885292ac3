"""A conversation in writing that we begin, until it is up."""

from __future__ import annotations

from collections.abc import Hashable

from snomtui.line.answers import dialog_of
from snomtui.line.calls.audio import SDP
from snomtui.line.calls.chat import Chat, Keeper
from snomtui.line.calls.chattable import Input, State
from snomtui.line.calls.privacy import concealed
from snomtui.line.calls.why import reason
from snomtui.line.desk import Desk, Nobody
from snomtui.line.methods import names
from snomtui.ocs import chatoffer
from snomtui.ocs.chattext import TOAST, toast
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response

PATIENCE = 60.0
"""Seconds that the other side may take to answer the INVITE."""
_UNUSABLE = 488


class ChatOut(Chat):
    """We write to somebody. Owner of the INVITE."""

    def __init__(self, desk: Desk, address: str, keeper: Keeper, now: float) -> None:
        super().__init__(desk, State.INVITING, address, keeper, now)
        self.call_id = desk.ids.call_id()
        self._client: ClientKey | None = None
        """Our INVITE, to take it back."""

    def invite(self, text: str, now: float) -> None:
        """Begin, with the first text."""
        desk, to = self._desk, f"<{self.address}>"
        self._texts.append(text)
        conversation = ("Ms-Conversation-ID", desk.ids.token(24))
        headers = [*self._introduction(), *toast(text), conversation]
        request = desk.letterhead.request("INVITE", self.address, to, self.tag, self.call_id, 1, headers)
        if desk.account.private:
            request = concealed(request, desk.account)
        desk.alarm(self, "patience", now + PATIENCE)
        self._client = desk.send(request.with_body(SDP, chatoffer.offer(desk.letterhead.local_address())), self, now)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""
        if request.method == "INVITE":
            self._client = key

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A response to our INVITE, or to what followed."""
        if request.method != "INVITE":
            super().answered(request, response, now)
        elif response.status >= 300:
            self._refused(response, now)
        elif response.status >= 200:
            self._accepted(request, response, now)

    def _accepted(self, request: Request, response: Response, now: float) -> None:
        dialog = dialog_of(request, response)
        self._desk.acknowledge(dialog.ack(request, self._desk.letterhead.via()), now)
        if self.dialog is not None or not self._machine.knows(Input.ACCEPTED):
            # Another device of that person answered as well (RFC 3261 13.2.2.4): one conversation is enough.
            why = reason(200, "Call completed elsewhere")
            self._desk.send(dialog.request("BYE", self._desk.letterhead.via(), [why]), Nobody(), now)
            return
        self.dialog = dialog
        self._desk.alarm(self, "patience", None)
        if self._machine.step(Input.ACCEPTED) is State.ENDING:
            self._unsent("Nobody has taken it")
            self._bye(now)
        elif chatoffer.refused(response):
            self._unwanted(response, now)
        else:
            self._begun(request, response, now)

    def _begun(self, request: Request, response: Response, now: float) -> None:
        if TOAST in request.headers and names(response, "Supported", TOAST):
            self._delivered()
        self._touch(now)
        self._next(now)

    def _unwanted(self, response: Response, now: float) -> None:
        """It was accepted, but not for texts."""
        texts = list(self._texts)
        self._texts.clear()
        self.close(now)
        self._keeper.refused(self, Response(_UNUSABLE, "Not Acceptable Here", response.headers), texts, now)

    def _refused(self, response: Response, now: float) -> None:
        if not self._machine.knows(Input.REFUSED):
            return
        taken_back = self.state is State.CANCELLING
        self._machine.step(Input.REFUSED)
        texts = list(self._texts)
        self._finish()
        if taken_back:
            self._unsent("Nobody has taken it")
        else:
            self._texts.clear()
            self._keeper.refused(self, response, texts, now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """The INVITE, or what followed, came to nothing."""
        if request.method == "INVITE":
            self._finish()
            self._unsent(why)
        else:
            super().failed(request, status, why, now)

    def _unsent(self, why: str) -> None:
        while self._texts:
            self._undelivered(why)

    def _finish(self) -> None:
        self._desk.alarm(self, "patience", None)
        super()._finish()

    def alarm(self, name: Hashable, now: float) -> None:
        """Nobody took it in time, or nothing was said for long."""
        super().alarm(name, now)
        if name == "patience" and self.state is State.INVITING:
            self.close(now)

    def close(self, now: float) -> None:
        """End it, or take it back."""
        inviting = self.state is State.INVITING
        super().close(now)
        if inviting and self._client is not None:
            self._desk.cancel(self._client, now)

    # -- what overtakes the answer

    def owns(self, request: Request) -> bool:
        """Also while the tag of the other side is not known: its request may have overtaken its answer."""
        return super().owns(request) or (
            self.dialog is None and (request.call_id, request.to.tag) == (self.call_id, self.tag)
        )

    def asked(self, request: Request, key: ServerKey, now: float) -> None:
        """A request inside its dialog, or one that is about to be."""
        if self.dialog is not None:
            super().asked(request, key, now)
        elif request.method == "MESSAGE":
            self._came(request, key, now)
        else:
            self._reply(request, key, 491 if request.method in ("INVITE", "UPDATE") else 481, now)
