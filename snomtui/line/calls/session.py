"""Changes of a call that is up: we hold and resume, the other side does the same (RFC 3261 14, RFC 3311)."""

from __future__ import annotations

from collections.abc import Hashable

from snomtui.line.answers import refresh
from snomtui.line.calls.audio import SDP, Audio
from snomtui.line.calls.calltable import CALLING, RINGING, UP, Input, State
from snomtui.line.calls.expiry import LEAST, End, Expiry
from snomtui.line.calls.leg import Leg
from snomtui.line.seconds import retry_after
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey, ServerKey
from snomtui.sip.message import Request, Response, respond
from snomtui.sip.offer import sdp_part

_OURS, _THEIRS = (210, 400), (0, 200)
"""Hundredths of a second to wait after a 491: if we made the call, and if they did (RFC 3261 14.1)."""
_TRIES = 6
"""So many times in a row a change is tried that the other side puts off."""
_PATIENCE = 32
"""The longest Retry-After, in seconds, that a change waits for."""

Refusal = tuple[int, list[Item]]


class Session:
    """What both sides have agreed to speak; owner of our re-INVITEs."""

    def __init__(self, leg: Leg, end: End) -> None:
        self._leg, self._end = leg, end
        self.expiry = Expiry(leg, self._repeat, end)
        self._asking: Request | None = None
        """Our re-INVITE that is not answered yet."""
        self._proposed = ""
        """The direction in it."""
        self._stands = "sendrecv"
        """The direction that the other side agreed to last."""
        self._tries = 0

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
        if leg.audio.waiting:
            leg.desk.alarm(self, "glare", now + self._patience())  # the ACK with their answer is on its way
            return
        self._send(leg.audio.offer(), direction, now)

    def _repeat(self, now: float) -> bool:
        """Refresh the session with what was said last; False while another offer is open."""
        audio = self._leg.audio
        if audio is None or self._asking or audio.waiting:
            return False
        self._send(audio.repeat(), audio.direction, now)
        return True

    def _send(self, body: bytes, direction: str, now: float) -> None:
        leg = self._leg
        leg.desk.alarm(self, "glare", None)
        self._proposed = direction
        headers = [*leg.introduction(), *self.expiry.headers()]
        self._asking = leg.ask("INVITE", self, now, headers, (SDP, body))

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The answer to our re-INVITE."""
        leg = self._leg
        if response.status < 200 or leg.dialog is None:
            return
        self._asking = None
        if response.status < 300:
            refresh(leg.dialog, response)
            leg.party = leg.party.connected(response)
            leg.acknowledge(leg.dialog, request, now)
        if leg.audio is None:
            return  # ended meanwhile
        if response.status < 300:
            self._agreed(response, leg.audio, now)
        else:
            self._refused(response, leg.audio, now)

    def _agreed(self, response: Response, audio: Audio, now: float) -> None:
        self._tries, self._stands = 0, self._proposed
        self.expiry.agreed(response, now)
        self._leg.learn(response)
        body = sdp_part(response)
        if not body or not audio.agreed(body):
            audio.withdraw()
        self._leg.note_hold()
        self._leg.say()
        if self._proposed != audio.direction and self._leg.machine.knows(Input.HELD):
            self._propose(audio.direction, now)  # somebody has changed their mind meanwhile

    def _refused(self, response: Response, audio: Audio, now: float) -> None:
        audio.withdraw()
        if response.status in (408, 481):
            self._end("failed", response.status, response.reason, now)
        elif self.expiry.raised(response):
            self._send(audio.offer(), audio.direction, now)
        elif (pause := self._pause(response)) is not None:
            self._tries += 1
            self._leg.desk.alarm(self, "glare", now + pause)
        else:
            self._revert(audio, now)

    def _pause(self, response: Response) -> float | None:
        """Seconds until the next try; None if there is to be none."""
        if self._tries >= _TRIES:
            return None
        if response.status == 491:
            return self._patience()
        later = retry_after(response)
        return float(later) if response.status in (500, 503) and later is not None and later <= _PATIENCE else None

    def _patience(self) -> float:
        """The wait after a glare; the two ranges do not meet, so the two sides do not meet again either."""
        least, most = _OURS if self._leg.direction == "out" else _THEIRS
        drawn = int.from_bytes(self._leg.desk.ids.dice(4), "big")
        return (least + drawn % (most - least + 1)) / 100

    def _revert(self, audio: Audio, now: float) -> None:
        """The session stays as it was (RFC 3261 14.1), and what is shown with it."""
        leg, wanted = self._leg, audio.direction
        self._tries = 0
        audio.direction = self._stands
        if wanted == self._stands:
            self.expiry.again(now)  # it was but a refresh
            return
        if leg.state is State.HOLDING:
            leg.machine.step(Input.RESUME)
            leg.reason = "The other side refused the hold"
        elif leg.machine.knows(Input.HOLD):
            leg.machine.step(Input.HOLD)
            leg.reason = "The other side refused to go on"
        leg.note_hold()
        leg.say()

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """Our re-INVITE came to nothing: silence ends the call, a lost connection does not (RFC 3261 14.1)."""
        self._asking = None
        audio = self._leg.audio
        if audio is None:
            return
        audio.withdraw()
        if status == 408:
            self._end("timeout", status, why, now)
        else:
            self._revert(audio, now)

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._leg.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this re-INVITE."""
        self._asking = request

    def alarm(self, name: Hashable, now: float) -> None:
        """The re-INVITE that crossed one of the other side may be tried again."""
        if self._leg.audio and self._leg.state in UP:
            self._propose(self._leg.audio.direction, now)

    def stop(self) -> None:
        """The call is over."""
        self._leg.desk.alarm(self, "glare", None)
        self.expiry.stop()

    # -- what the other side wants

    def changed(self, dialog: Dialog, request: Request, key: ServerKey, now: float) -> bool:
        """A re-INVITE or UPDATE of the other side in this dialog; False if it was refused."""
        leg = self._leg
        refusal = self._refusal(request)
        if refusal is not None:
            leg.desk.reply(key, respond(request, refusal[0], headers=refusal[1]), now)
            return False
        assert leg.audio is not None
        dialog.refresh(request)
        leg.learn(request)
        leg.party = leg.party.connected(request)
        offered, made = sdp_part(request), None
        if offered:
            made = leg.audio.answer(offered, early=leg.state in (*CALLING, *RINGING))
        elif request.method == "INVITE":
            made = leg.audio.offer()
        body = (SDP, made) if made else None
        headers = [*leg.introduction(), *self.expiry.granted(request, now)]
        leg.desk.reply(key, respond(request, 200, headers=headers, body=body), now)
        leg.note_hold()
        leg.say()
        return True

    def _refusal(self, request: Request) -> Refusal | None:
        """Why a change cannot be made now, if so (RFC 3261 14.2, RFC 3311 5.2, RFC 4028 9)."""
        leg, offered = self._leg, sdp_part(request)
        if leg.audio is None:
            return 481, []  # our BYE is on its way
        if request.method == "INVITE" and leg.state in RINGING:
            return 500, [self._later()]  # the first INVITE is not answered yet
        if request.method == "INVITE" and (self._asking or leg.state in CALLING or leg.audio.waiting):
            return 491, []
        if self.expiry.too_short(request):
            return 422, [("Min-SE", str(LEAST))]
        if not offered:
            return None
        if leg.audio.waiting:
            return 491, []
        if leg.state in RINGING and not leg.audio.codec:
            return 500, [self._later()]  # their first offer is not answered yet
        objection = leg.audio.objection(offered)
        return None if objection is None else (488, objection)

    def _later(self) -> Item:
        return "Retry-After", str(self._leg.desk.ids.dice(1)[0] % 11)
