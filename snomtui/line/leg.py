"""What all parts of a call share: its state, its dialog, its audio, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable

from snomtui.kit.machine import Machine
from snomtui.line.audio import Audio
from snomtui.line.calltable import SAID, TABLE, Input, State
from snomtui.line.desk import Conversation, Desk
from snomtui.line.events import CallChanged
from snomtui.line.methods import ALLOW
from snomtui.line.party import Party
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.message import Request


class Leg:
    """Our end of one call."""

    def __init__(self, desk: Desk, id: str, start: State) -> None:
        self.desk, self.id = desk, id
        self.machine = Machine(f"call {id}", TABLE, start)
        self.direction = "out" if start is State.DIALLING else "in"
        self.tag = desk.ids.tag()
        self.party = Party()
        self.dialog: Dialog | None = None
        self.audio: Audio | None = None
        """None before and after the call."""
        self.code: int | None = None
        self.reason = self.cause = ""
        self._said: CallChanged | None = None

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.machine.state

    def introduction(self) -> list[Item]:
        """Where we are and what we understand, for whoever is at the other end."""
        return [("Contact", self.desk.letterhead.contact()), ("Allow", ALLOW)]

    # -- inside the dialog

    def ask(
        self,
        method: str,
        owner: Conversation,
        now: float,
        headers: Iterable[Item] = (),
        body: tuple[str, bytes] | None = None,
    ) -> Request:
        """Send a request inside the dialog; the owner hears of it."""
        assert self.dialog is not None
        request = self.dialog.request(method, self.desk.letterhead.via(), headers, body)
        self.desk.send(request, owner, now)
        return request

    def acknowledge(self, dialog: Dialog, request: Request, now: float) -> None:
        """Send the ACK to a 2xx; `dialog` is this one or that of another branch."""
        self.desk.acknowledge(dialog.ack(request, self.desk.letterhead.via()), now)

    def renumbered(self, request: Request) -> int:
        """A challenged request goes out again: its next number, which no other request of the dialog has."""
        if self.dialog is None:
            return request.cseq.number + 1
        self.dialog.local_cseq = max(self.dialog.local_cseq, request.cseq.number) + 1
        return self.dialog.local_cseq

    # -- audio

    def note_hold(self) -> None:
        """The other side holds us, or does so no longer, as its last description says."""
        assert self.audio is not None
        given = Input.HELD if self.audio.held else Input.RELEASED
        if self.machine.knows(given):
            self.machine.step(given)

    def silence(self) -> None:
        """No audio any more."""
        if self.audio:
            self.audio.stop()
            self.audio = None

    # -- what is told

    def note(self, cause: str, code: int | None, reason: str) -> None:
        """Why it ends."""
        self.cause, self.code, self.reason = cause, code, reason

    def say(self) -> None:
        """Tell how it stands, unless that was told already."""
        event = CallChanged(
            id=self.id,
            identity=self.desk.account.number,
            direction=self.direction,
            remote=self.party.uri,
            remote_name=self.party.name,
            number=self.party.number,
            state=SAID[self.state],
            code=self.code,
            reason=self.reason,
            cause=self.cause,
        )
        if event != self._said:
            self._said = event
            self.desk.tell(event)
