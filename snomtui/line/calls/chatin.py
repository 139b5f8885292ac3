"""A conversation in writing that somebody begins with us: it is taken without a word, and nothing rings.

Where the same person is signed in at a PC as well, the one who sits there comes first: the server offers a conversation
to all devices, and whoever answers first has it.
"""

from __future__ import annotations

from collections.abc import Hashable

from snomtui.line.calls.audio import SDP
from snomtui.line.calls.chat import Chat, Keeper
from snomtui.line.calls.chattable import Input, State
from snomtui.line.desk import Desk
from snomtui.ocs import chatoffer
from snomtui.ocs.chattext import TOAST, toast_in
from snomtui.sip.dialog import Dialog
from snomtui.sip.grammar import readable
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, respond

GRACE = 12.0
"""Seconds that the other devices of the person have; pidgin-sipe takes a conversation after ten."""
TWICE = 3.0
"""Seconds in which a first MESSAGE with the text of the INVITE is that text once more, and no second one."""


class ChatIn(Chat):
    """Somebody writes to us."""

    def __init__(self, desk: Desk, invite: Request, key: ServerKey, keeper: Keeper, now: float) -> None:
        """Raises `MalformedMessage` if no dialog can be made of the INVITE."""
        self.call_id = invite.call_id
        self._invite, self._key = invite, key
        self._toast, self._toasted = toast_in(invite), 0.0
        """The text of the INVITE, until the first MESSAGE came, and when we took it."""
        super().__init__(desk, State.OFFERED, invite.from_.uri.aor, keeper, now)
        self.dialog = Dialog.uas(invite, self.tag, desk.letterhead.contact())

    def offered(self, now: float) -> None:
        """Take it, at once if no other device may."""
        if self._desk.shared():
            self._desk.alarm(self, "grace", now + GRACE)
        else:
            self._take(now)

    def write(self, text: str, now: float) -> None:
        """Send a text; whoever writes here sits here."""
        if self.state is State.OFFERED:
            self._take(now)
        super().write(text, now)

    def _take(self, now: float) -> None:
        """Our 200, and the text that is inside of the INVITE."""
        self._machine.step(Input.TAKE)
        self._desk.alarm(self, "grace", None)
        self._toasted = now
        body = chatoffer.answer(self._invite, self._desk.letterhead.local_address())
        assert body is not None
        took = [("Supported", TOAST)] if self._toast is not None else []
        made = respond(self._invite, 200, tag=self.tag, headers=[*self._introduction(), *took])
        self._desk.reply(self._key, made.with_body(SDP, body), now)
        if self._toast is not None:
            super()._heard(readable(str(self._invite.from_.uri)), self._toast, now)

    def _heard(self, sender: str, text: str, now: float) -> None:
        """A text; some clients send the one of the INVITE again, whatever our 200 says."""
        again = text == self._toast and now - self._toasted <= TWICE
        self._toast = None
        if not again:
            super()._heard(sender, text, now)

    def cancelled(self, key: ServerKey, now: float) -> None:
        """Another device has taken it, or the other side has given up."""
        if key == self._key and self.state is State.OFFERED:
            self._decline(487, now)
            self._finish()

    def close(self, now: float) -> None:
        """End it, or leave it to the others."""
        if self.state is State.OFFERED:
            self._decline(480, now)
        super().close(now)

    def _decline(self, status: int, now: float) -> None:
        self._desk.reply(self._key, respond(self._invite, status, tag=self.tag), now)

    def _finish(self) -> None:
        self._desk.alarm(self, "grace", None)
        super()._finish()

    def alarm(self, name: Hashable, now: float) -> None:
        """No other device has taken it, or nothing was said for long."""
        super().alarm(name, now)
        if name == "grace" and self.state is State.OFFERED:
            self._take(now)

    def owns(self, request: Request) -> bool:
        """Whether a request belongs to this conversation; nobody can know of it before it was taken."""
        return self.state is not State.OFFERED and super().owns(request)

    def acknowledged(self, now: float) -> None:
        """The ACK came."""
        before = self.state
        if self._machine.knows(Input.CONFIRMED):
            after = self._machine.step(Input.CONFIRMED)
            if before is State.PARTING and after is State.ENDING:
                self._bye(now)

    def unacknowledged(self, key: ServerKey, now: float) -> None:
        """The ACK never came (RFC 3261 13.3.1.4)."""
        if key == self._key and self.state in (State.ANSWERING, State.PARTING):
            self._machine.step(Input.CLOSE)
            self._machine.step(Input.CONFIRMED)
            self._give_back(now)
            self._bye(now)
