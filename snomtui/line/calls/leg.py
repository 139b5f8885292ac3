"""What all parts of a call share: its state, its dialog, its audio, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snomtui.kit.machine import Machine
from snomtui.line.calls.audio import Audio
from snomtui.line.calls.calltable import SAID, TABLE, Input, State
from snomtui.line.calls.party import Party
from snomtui.line.desk import Conversation, Desk
from snomtui.line.events import CallChanged
from snomtui.line.methods import ALLOW, SUPPORTED
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Request, Response


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
        self._allowed: frozenset[str] = frozenset()
        """The methods that the other side has said it serves."""
        self._refused: set[str] = set()
        """Those that it does not serve after all."""
        self._ack: Request | None = None
        """The last ACK to a 2xx."""
        self._said: CallChanged | None = None
        self.watchers: list[Callable[[CallChanged], None]] = []
        """Others who want to know how the call goes."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.machine.state

    def introduction(self) -> list[Item]:
        """Where we are and what we understand, for whoever is at the other end."""
        told = ", ".join(self.desk.account.controls.events)
        more = [("Allow-Events", told)] if told else []
        return [("Contact", self.desk.letterhead.contact()), ("Allow", ALLOW), ("Supported", SUPPORTED), *more]

    def learn(self, message: Message) -> None:
        """Note what the other side serves, if a message of it says so."""
        methods = message.headers.values("Allow")
        if methods:
            self._allowed = frozenset(method.upper() for method in methods[:50])

    def serves(self, method: str) -> bool:
        """Whether the other side has said that it serves a method, and never refused it."""
        return method in self._allowed and method not in self._refused

    def unserved(self, method: str) -> None:
        """The other side does not serve a method, whatever it says."""
        self._refused.add(method)

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
        self._ack = dialog.ack(request, self.desk.letterhead.via())
        self.desk.acknowledge(self._ack, now)

    def acknowledged_before(self, response: Response, now: float) -> bool:
        """Send the ACK to a 2xx that came once more; False if it was not the last one (RFC 3261 13.2.2.4)."""
        ack = self._ack
        if ack is None or (ack.cseq.number, ack.to.tag) != (response.cseq.number, response.to.tag):
            return False
        self.desk.acknowledge(ack, now)
        return True

    def renumbered(self, request: Request) -> int:
        """A challenged request goes out again: its next number, which no other request of the dialog has."""
        return self.dialog.renumbered(request) if self.dialog else request.cseq.number + 1

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

    @property
    def known(self) -> bool:
        """Whether anybody has heard of this call."""
        return self._said is not None

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
            diverted_by=self.party.diverted_by,
        )
        if event != self._said:
            self._said = event
            self.desk.tell(event)
            for watcher in self.watchers:
                watcher(event)
