"""Changes of a call that is up: we hold and resume, the other side does the same (RFC 3261 14, RFC 3311)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from snomtui.line.answers import refresh
from snomtui.line.audio import SDP, Audio
from snomtui.line.calltable import Input, State
from snomtui.line.leg import Leg
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.offer import sdp_part

_OURS, _THEIRS = (210, 400), (0, 200)
"""Hundredths of a second to wait after a 491: if we made the call, and if they did (RFC 3261 14.1)."""
_TOO_EARLY = (State.DIALLING, State.RINGING, State.OFFERED)
_UP = (State.TALKING, State.HOLDING, State.HELD)

End = Callable[[str, int | None, str, float], None]
"""Ends the call: cause, code, reason, now."""


class Session:
    """What both sides have agreed to speak; owner of our re-INVITEs."""

    def __init__(self, leg: Leg, end: End) -> None:
        self._leg, self._end = leg, end
        self._asking: Request | None = None
        """Our re-INVITE that is not answered yet."""
        self._proposed = ""
        """The direction in it."""

    # -- what we want

    def hold(self, now: float) -> None:
        """Put the other side on hold."""
        self._leg.machine.step(Input.HOLD)
        self._propose("sendonly", now)

    def resume(self, now: float) -> None:
        """Take it back."""
        self._leg.machine.step(Input.RESUME)
        self._propose("sendrecv", now)

    def _propose(self, direction: str, now: float) -> None:
        leg = self._leg
        assert leg.audio is not None
        leg.audio.direction = direction
        leg.say()
        if self._asking:
            return  # the answer to that one sees to it
        leg.desk.alarm(self, "glare", None)
        self._proposed = direction
        self._asking = leg.ask("INVITE", self, now, leg.introduction(), (SDP, leg.audio.offer()))

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The answer to our re-INVITE."""
        leg = self._leg
        if response.status < 200 or leg.dialog is None:
            return
        self._asking = None
        if response.status < 300:
            refresh(leg.dialog, response)
            leg.acknowledge(leg.dialog, request, now)
        if leg.audio is None:
            return  # ended meanwhile
        if response.status < 300:
            self._agreed(response, leg.audio, now)
        elif response.status == 491:
            leg.desk.alarm(self, "glare", now + self._patience())
        elif response.status in (408, 481):
            self._end("failed", response.status, response.reason, now)
        elif leg.state is State.HOLDING:
            leg.machine.step(Input.RESUME)
            leg.audio.direction = "sendrecv"
            leg.reason = "The other side refused the hold"
            leg.say()

    def _patience(self) -> float:
        """Seconds until the next try; the two ranges do not meet, so the two sides do not meet again either."""
        least, most = _OURS if self._leg.direction == "out" else _THEIRS
        drawn = int.from_bytes(self._leg.desk.ids.dice(4), "big")
        return (least + drawn % (most - least + 1)) / 100

    def _agreed(self, response: Response, audio: Audio, now: float) -> None:
        body = sdp_part(response)
        if body:
            audio.agreed(body)
        self._leg.note_hold()
        self._leg.say()
        if self._proposed != audio.direction and self._leg.machine.knows(Input.HELD):
            self._propose(audio.direction, now)  # somebody has changed their mind meanwhile

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Our re-INVITE came to nothing."""
        self._asking = None
        self._end("timeout" if status == 408 else "failed", status, why, now)

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._leg.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this re-INVITE."""
        self._asking = request

    def alarm(self, name: Hashable, now: float) -> None:
        """The re-INVITE that crossed one of the other side may be tried again."""
        if self._leg.audio and self._leg.state in _UP:
            self._propose(self._leg.audio.direction, now)

    def stop(self) -> None:
        """The call is over."""
        self._leg.desk.alarm(self, "glare", None)

    # -- what the other side wants

    def changed(self, request: Request, key: ServerKey, now: float) -> None:
        """A re-INVITE or UPDATE of the other side."""
        leg = self._leg
        if leg.audio is None:
            leg.desk.reply(key, respond(request, 481), now)  # our BYE is on its way
        elif self._asking or leg.state in _TOO_EARLY:
            leg.desk.reply(key, respond(request, 491), now)
        else:
            self._answer(request, key, leg.audio, now)

    def _answer(self, request: Request, key: ServerKey, audio: Audio, now: float) -> None:
        leg = self._leg
        assert leg.dialog is not None
        offered, made = sdp_part(request), None
        if offered is not None or request.method == "INVITE":
            made = audio.answer(offered) if offered else audio.offer()
            if made is None:
                leg.desk.reply(key, respond(request, 488), now)
                return
        leg.dialog.refresh(request)
        body = (SDP, made) if made else None
        leg.desk.reply(key, respond(request, 200, headers=leg.introduction(), body=body), now)
        leg.note_hold()
        leg.say()
