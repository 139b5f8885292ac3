"""A call to us, until it is up: offered, answered, confirmed; or refused, cancelled, too late (RFC 3261 13.3)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from snomtui.line.audio import SDP, Audio
from snomtui.line.call import Call
from snomtui.line.calltable import Input, State
from snomtui.line.desk import Desk
from snomtui.line.party import Party
from snomtui.sip.dialog import Dialog
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, respond
from snomtui.sip.offer import sdp_part


class Incoming(Call):
    """A call that somebody makes to us."""

    def __init__(self, desk: Desk, id: str, invite: Request, key: ServerKey, over: Callable[[Call], None]) -> None:
        super().__init__(desk, id, State.OFFERED, over)
        self._invite, self._key = invite, key

    def offered(self, now: float) -> None:
        """Ring, or refuse what cannot be spoken; raises `NoMediaPort` and `MalformedMessage`."""
        leg = self._leg
        leg.dialog = Dialog.uas(self._invite, leg.tag, self._desk.letterhead.contact())
        leg.audio = Audio(self._desk, self.id)
        body = sdp_part(self._invite)
        if body and not leg.audio.can_answer(body):
            self._machine.step(Input.OVER)
            leg.audio.stop()
            self._reply(488, now)
            self._over(self)
            return
        leg.party = Party.calling(self._invite)
        self._reply(180, now)
        self._desk.alarm(self, "ringing", now + self._desk.account.ringing_time)
        leg.say()

    def answer(self, now: float) -> None:
        """Take the call."""
        super().answer(now)
        audio = self._leg.audio
        assert audio is not None
        self._desk.alarm(self, "ringing", None)
        body = sdp_part(self._invite)
        made = audio.answer(body) if body else audio.offer()
        assert made is not None
        self._reply(200, now, made)

    def acknowledged(self, request: Request, now: float) -> None:
        """The ACK to our 2xx came."""
        super().acknowledged(request, now)
        leg = self._leg
        if not self._machine.knows(Input.CONFIRMED):
            return
        if self._machine.step(Input.CONFIRMED) is State.ENDING:
            self._bye(now)
        elif leg.audio and not leg.audio.codec:
            self._cannot_speak(now)
        else:
            leg.note_hold()
            leg.say()

    # -- it does not come up

    def unacknowledged(self, now: float) -> None:
        """The ACK never came (RFC 3261 13.3.1.4)."""
        if self.state is State.ANSWERING:
            self._machine.step(Input.HANGUP)
            self._leg.note("timeout", 408, "The other side did not confirm the call")
        if self.state is State.PARTING:
            self._machine.step(Input.CONFIRMED)
            self._bye(now)

    def cancelled(self, request: Request, now: float) -> None:
        """The caller gave up, or somebody else took the call."""
        if self.state is State.OFFERED:
            elsewhere = "elsewhere" in (request.headers.get("Reason") or "").lower()
            self._reply(487, now)
            self._end("elsewhere" if elsewhere else "cancelled", 487, "", now)

    def cut_off(self, why: str, now: float) -> None:
        """The connection is gone; what still rings can no longer be answered."""
        if self.state is State.OFFERED:
            self._end("failed", None, why, now)

    def alarm(self, name: Hashable, now: float) -> None:
        """It rang too long."""
        if self.state is State.OFFERED:
            self._reply(480, now)
            self._end("timeout", 480, "Nobody answered", now)

    def _part(self, before: State, status: int, now: float) -> None:
        if before is State.OFFERED:
            self._reply(status, now)
            self._finish(now)
        elif before is State.ANSWERING:
            self._leg.silence()
            self._leg.say()
        else:
            super()._part(before, status, now)

    def _finish(self, now: float) -> None:
        self._desk.alarm(self, "ringing", None)
        super()._finish(now)

    def _reply(self, status: int, now: float, body: bytes | None = None) -> None:
        headers = self._leg.introduction() if status < 300 else ()
        part = (SDP, body) if body is not None else None
        self._desk.reply(self._key, respond(self._invite, status, tag=self._leg.tag, headers=headers, body=part), now)
