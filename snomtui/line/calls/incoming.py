"""A call to us, until it is up: offered, answered, confirmed; or refused, cancelled, too late (RFC 3261 13.3)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from snomtui.line.calls.audio import SDP, Audio
from snomtui.line.calls.call import Call
from snomtui.line.calls.calltable import RINGING, UNCONFIRMED, Input, State
from snomtui.line.calls.diversion import STATUS, Way, Ways, directions, nowhere
from snomtui.line.calls.expiry import LEAST
from snomtui.line.calls.party import Party
from snomtui.line.calls.reliable import Reliable
from snomtui.line.calls.why import elsewhere, reason, said
from snomtui.line.desk import Desk
from snomtui.line.methods import names
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.offer import sdp_part

PROGRESS = 60.0
"""Seconds after which a caller is told again that it rings, so that no proxy loses patience (RFC 3261 13.3.1.1)."""


class Incoming(Call):
    """A call that somebody makes to us."""

    def __init__(self, desk: Desk, id: str, invite: Request, key: ServerKey, over: Callable[[Call], None]) -> None:
        super().__init__(desk, id, State.OFFERED, over)
        self.call_id = invite.call_id
        self._invite, self._key = invite, key
        self._reliable = Reliable(self._leg, invite, key, self._unheard)
        self._patient_until = 0.0
        """Until then the ACK to our 200 may come (RFC 3261 13.3.1.4)."""
        self.ways: Ways = nowhere
        """Where it goes if nobody answers in time; set by whoever keeps the calls."""

    @property
    def invitation(self) -> Request | None:
        """The INVITE that it began with."""
        return self._invite

    def offered(self, now: float) -> None:
        """Ring, or refuse what cannot be spoken; raises `NoMediaPort` and `MalformedMessage`."""
        leg = self._leg
        leg.dialog = Dialog.uas(self._invite, leg.tag, self._desk.letterhead.contact())
        leg.audio = Audio(self._desk, self.id)
        refusal = self._refusal(leg.audio)
        if refusal:
            self._machine.step(Input.OVER)
            leg.audio.stop()
            self._reply(refusal[0], now, refusal[1])
            self._over(self)
            return
        leg.party = Party.calling(self._invite)
        leg.learn(self._invite)
        self._desk.alarm(self, "ringing", now + self._patience())
        if way := self.ways("time"):
            self._desk.alarm(self, "divert", now + way.after)
        self._ring(now)
        leg.say()

    def _refusal(self, audio: Audio) -> tuple[int, list[Item]] | None:
        """Why this call cannot be had, if so."""
        body = sdp_part(self._invite)
        if self._session.expiry.too_short(self._invite):
            return 422, [("Min-SE", str(LEAST))]
        objection = audio.objection(body) if body else None
        return None if objection is None else (488, objection)

    def _patience(self) -> int:
        """Seconds that it may ring: as our setting says, or less if the caller says so (RFC 3261 13.3.1)."""
        wanted, most = self._invite.expires, self._desk.account.ringing_time
        return min(wanted, most) if wanted else most

    def _ring(self, now: float) -> None:
        """Say that it rings: reliably only if the caller needs it so (RFC 3262 3); then our offer is in it, if any."""
        audio = self._leg.audio
        self._desk.alarm(self, "progress", now + PROGRESS)
        if not names(self._invite, "Require", "100rel"):
            self._reply(180, now)
        elif not self._reliable.waiting:
            offerless = audio is not None and sdp_part(self._invite) is None and not audio.codec
            made = audio.offer() if audio and offerless and not audio.waiting else None
            self._reliable.send(self._made(180, body=made), now)

    def _pracked(self, request: Request, key: ServerKey, now: float) -> None:
        described, body, audio = self._reliable.described, sdp_part(request), self._leg.audio
        if not self._reliable.acknowledged(request):
            self._reply_to(request, key, 481, now)
            return
        self._reply_to(request, key, 200, now)
        if described and audio and not (body and audio.agreed(body, early=True)):
            audio.withdraw()
        if self.state is State.TAKING:
            self._accept(now)

    def answer(self, now: float) -> None:
        """Take the call; our 200 waits if a description of ours is not acknowledged yet (RFC 3262 3)."""
        if self._reliable.described:
            self._desk.alarm(self, "ringing", None)
            self._machine.step(Input.TAKE)
        else:
            self._accept(now)

    def _accept(self, now: float) -> None:
        super().answer(now)
        audio = self._leg.audio
        assert audio is not None
        self._quiet()
        body, made = sdp_part(self._invite), None
        if audio.codec:
            audio.confirmed()  # agreed in a provisional answer and its PRACK
        else:
            made = audio.answer(body) if body else audio.offer()
        self._unacknowledged[self._invite.cseq.number] = audio.waiting
        self._patient_until = now + 64 * self._desk.account.t1
        self._reply(200, now, self._session.expiry.granted(self._invite, now), made)

    def _confirmed(self, request: Request, now: float) -> None:
        leg = self._leg
        self._desk.alarm(self, "ack", None)
        if not self._machine.knows(Input.CONFIRMED):
            super()._confirmed(request, now)
        elif self._machine.step(Input.CONFIRMED) is State.ENDING:
            self._bye(now)
        elif leg.audio and not leg.audio.codec:
            self._cannot_speak(now)
        else:
            leg.note_hold()
            leg.say()

    # -- it does not come up

    def divert(self, way: Way, now: float) -> None:
        """Send the caller elsewhere; nothing happens unless it rings here."""
        if self.state is State.OFFERED:
            self._reply(STATUS, now, directions(self._desk, way))
            self._end("elsewhere", STATUS, way.words, now)

    def unacknowledged(self, key: ServerKey, now: float) -> None:
        """The ACK never came (RFC 3261 13.3.1.4)."""
        if key != self._key:
            super().unacknowledged(key, now)
        else:
            self._unconfirmed(now)

    def _unconfirmed(self, now: float) -> None:
        if self.state is State.ANSWERING:
            self._machine.step(Input.HANGUP)
            self._leg.note("timeout", 408, "The other side did not confirm the call")
        if self.state is State.PARTING:
            self._machine.step(Input.CONFIRMED)
            self._bye(now, [reason(408, "No ACK")])

    def cancelled(self, key: ServerKey, request: Request, now: float) -> None:
        """The caller gave up, or somebody else took the call."""
        if self.state in RINGING:
            self._reply(487, now)
            self._end("elsewhere" if elsewhere(request) else "cancelled", 487, said(request), now)

    def _left(self, dialog: Dialog, request: Request, now: float) -> None:
        """A caller may also say good-bye while it rings (RFC 3261 15); the INVITE is answered then."""
        if self.state in RINGING:
            self._reply(487, now)
            self._end("elsewhere" if elsewhere(request) else "cancelled", 487, said(request), now)
        else:
            super()._left(dialog, request, now)

    def cut_off(self, why: str, now: float) -> None:
        """The connection is gone; what still rings can no longer be answered.

        One that was answered just now is kept: its ACK may come over the next connection, in the time that it has.
        """
        if self.state in RINGING:
            self._end("failed", None, why, now)
        elif self.state in UNCONFIRMED:
            self._desk.alarm(self, "ack", self._patient_until)
        else:
            super().cut_off(why, now)

    def _unheard(self, now: float) -> None:
        """A reliable answer was never acknowledged (RFC 3262 3)."""
        if self.state in RINGING:
            self._reply(504, now)
            self._end("timeout", 504, "The caller does not hear us", now)

    def alarm(self, name: Hashable, now: float) -> None:
        """It rings for long, or too long, or no ACK came over a new connection."""
        super().alarm(name, now)
        if name == "ack":
            self._unconfirmed(now)
        if self.state is not State.OFFERED:
            return
        if name == "progress":
            self._ring(now)
        elif name == "divert":
            if way := self.ways("time"):
                self.divert(way, now)
        else:
            wanted = self._invite.expires
            expired = wanted is not None and 0 < wanted <= self._desk.account.ringing_time
            status = 487 if expired else 480  # RFC 3261 13.3.1
            self._reply(status, now)
            self._end("timeout", status, "Nobody answered", now)

    def _part(self, before: State, status: int, now: float) -> None:
        if before in RINGING:
            self._reply(status, now)
            self._finish(now)
        elif before is State.ANSWERING:
            self._leg.silence()
            self._leg.say()
        else:
            super()._part(before, status, now)

    def _quiet(self) -> None:
        self._reliable.stop()
        self._desk.alarm(self, "ringing", None)
        self._desk.alarm(self, "progress", None)
        self._desk.alarm(self, "divert", None)
        self._desk.alarm(self, "ack", None)

    def _finish(self, now: float) -> None:
        self._quiet()
        super()._finish(now)

    def _made(self, status: int, headers: list[Item] | None = None, body: bytes | None = None) -> Response:
        more = [*(self._leg.introduction() if status < 300 else ()), *(headers or ())]
        part = (SDP, body) if body is not None else None
        return respond(self._invite, status, tag=self._leg.tag, headers=more, body=part)

    def _reply(self, status: int, now: float, headers: list[Item] | None = None, body: bytes | None = None) -> None:
        self._desk.reply(self._key, self._made(status, headers, body), now)
