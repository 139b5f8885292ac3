"""The audio of one call as offer and answer (RFC 3264), and the media plan that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from snomtui.errors import MalformedSdp
from snomtui.kit.box import Digits, Play
from snomtui.line.calls.why import warning
from snomtui.line.desk import Desk
from snomtui.media.plan import Plan
from snomtui.sip import offer as rfc3264
from snomtui.sip.headers import Item
from snomtui.sip.sdp import Codec, Sdp

SDP = "application/sdp"
_PAYLOADS = {"PCMA": 8, "PCMU": 0}
_DTMF = Codec(101, "telephone-event", fmtp="0-16")


class Audio:
    """One RTP port, what we said about it, and what the other side said."""

    def __init__(self, desk: Desk, call: str) -> None:
        """Reserves an RTP port; raises `NoMediaPort`."""
        self._desk, self._call = desk, call
        self.port = desk.surroundings.rtp_port()
        self._session = int.from_bytes(desk.ids.dice(4), "big") >> 1
        self._version = 0
        self._last: Sdp | None = None
        """What we said last."""
        self._theirs: rfc3264.AudioPlan | None = None
        self._chosen: rfc3264.AudioPlan | None = None
        """Whichever description was the answer."""
        self._plan: Plan | None = None
        self._source, self._room = desk.account.source, ""
        self.direction = "sendrecv"
        """As we state it: `sendonly` while we hold."""
        self.waiting = False
        """Whether an offer of ours has no answer yet: no other one may be made or taken (RFC 3264 4)."""

    @property
    def held(self) -> bool:
        """Whether the other side does not want to hear us."""
        return self._theirs is not None and self._theirs.direction in ("sendonly", "inactive")

    @property
    def codec(self) -> str:
        """The codec in use, or empty."""
        return self._plan.codec if self._plan else ""

    def _codecs(self) -> tuple[Codec, ...]:
        """What we speak; the number of telephone-event stays as it was agreed (RFC 3264 8.3.2)."""
        agreed = self._theirs.dtmf if self._theirs else None
        dtmf = replace(_DTMF, payload=agreed) if agreed is not None else _DTMF
        return (*(Codec(_PAYLOADS[name], name) for name in self._desk.account.codecs), dtmf)

    def _said(self, made: Callable[[int], Sdp]) -> bytes:
        """A description of ours; its version is a higher one only if something in it is new (RFC 3264 8)."""
        if self._last is None or made(self._version) != self._last:
            self._version += 1
            self._last = made(self._version)
        return bytes(self._last)

    # -- our offers

    def offer(self) -> bytes:
        """What we propose now."""
        self.waiting = True
        address, codecs, before = self._desk.letterhead.local_address(), self._codecs(), self._last
        return self._said(
            lambda version: rfc3264.offer(
                address, self.port, codecs, self._session, version, self.direction, before=before
            )
        )

    def repeat(self) -> bytes:
        """What we said last, as an offer that changes nothing (RFC 4028 7.4)."""
        if self._last is None:
            return self.offer()
        self.waiting = True
        return bytes(self._last)

    def withdraw(self) -> None:
        """Our offer was refused: what was agreed before goes on."""
        self.waiting = False

    def agreed(self, body: bytes, early: bool = False) -> bool:
        """The other side answered our offer; False if it took nothing. Nothing is sent while the answer is `early`."""
        self.waiting = False
        return self._taken(body, early)

    def previewed(self, body: bytes) -> bool:
        """What the answer will be, in a provisional answer that may get lost (RFC 3261 13.2.1)."""
        return self._taken(body, early=True)

    def _taken(self, body: bytes, early: bool) -> bool:
        try:
            theirs = rfc3264.audio(Sdp.parse(body))
        except MalformedSdp:
            return False
        if theirs is None or not any(c.name.upper() in _PAYLOADS for c in theirs.codecs):
            return False
        self._agree(theirs, theirs, early)
        return True

    def confirmed(self) -> None:
        """The call is up: what was agreed early is spoken now."""
        if self._theirs is not None:
            self._agree(self._theirs, self._chosen or self._theirs)

    # -- their offers

    def objection(self, body: bytes) -> list[Item] | None:
        """Why nothing in an offer can be spoken, as headers of the 488; None if something can."""
        if self._answerable(body) is not None:
            return None
        if self._only_secret(body):
            return [warning(308, "lcs.microsoft.com", "Encryption Levels not compatible")]
        return [warning(305, self._desk.letterhead.local_address(), "No codec in common")]

    def _only_secret(self, body: bytes) -> bool:
        try:
            return rfc3264.only_secret(Sdp.parse(body))
        except MalformedSdp:
            return False

    def _answerable(self, body: bytes) -> Sdp | None:
        try:
            offered = Sdp.parse(body)
        except MalformedSdp:
            return None
        made = rfc3264.answer(offered, "0.0.0.0", self.port, self._codecs(), 0, 0)
        return None if rfc3264.audio(made) is None else offered

    def answer(self, body: bytes, early: bool = False) -> bytes | None:
        """Our answer to an offer, and None if nothing in it can be spoken. The plan changes with it.

        Nothing is sent while the call is `early`.
        """
        offered = self._answerable(body)
        if offered is None:
            return None
        address, codecs = self._desk.letterhead.local_address(), self._codecs()
        made = self._said(
            lambda version: rfc3264.answer(offered, address, self.port, codecs, self._session, version, self.direction)
        )
        spoken = Sdp.parse(made)
        taken = [each for each, line in zip(offered.media, spoken.media, strict=True) if line.port]
        theirs, ours = rfc3264.audio(Sdp(offered.lines, tuple(taken))), rfc3264.audio(spoken)
        assert theirs is not None and ours is not None
        # Speak the codec that our own answer names first: it is in both sides' lists.
        self._agree(theirs, ours, early)
        return made

    # -- what follows

    def _agree(self, theirs: rfc3264.AudioPlan, chosen: rfc3264.AudioPlan, early: bool = False) -> None:
        self._theirs, self._chosen = theirs, chosen
        account = self._desk.account
        known = [c for c in chosen.codecs if c.name.upper() in _PAYLOADS]
        codec = next((c for c in known if c.name.upper() in account.codecs), known[0])
        sending = self.direction in ("sendrecv", "sendonly") and theirs.direction in ("sendrecv", "recvonly")
        sending = sending and not early
        receiving = self.direction in ("sendrecv", "recvonly") and theirs.direction in ("sendrecv", "sendonly")
        folder = account.record_dir
        plan = Plan(
            call=self._call,
            remote=(theirs.host, theirs.port),
            codec=codec.name.upper(),
            payload=codec.payload,
            dtmf_payload=chosen.dtmf,
            ptime=account.ptime if theirs.ptime == 20 else theirs.ptime,
            send=sending,
            receive=receiving,
            source=self._source,
            room=self._room,
            record=f"{folder}/{self._call}.wav" if folder else "",
        )
        self._play(plan)

    def _play(self, plan: Plan) -> None:
        if plan != self._plan:
            self._plan = plan
            self._desk.put(Play(self.port, plan))

    def mute(self, on: bool) -> None:
        """Send silence, or again what the account says."""
        self._source = "silence" if on else self._desk.account.source
        if self._plan:
            self._play(replace(self._plan, source=self._source))

    def confer(self, room: str) -> None:
        """Be mixed with all other streams of this phone that have the same `room`; empty = with none."""
        self._room = room
        if self._plan:
            self._play(replace(self._plan, room=room))

    def digits(self, digits: str) -> None:
        """Send DTMF digits."""
        self._desk.put(Digits(self.port, digits))

    def stop(self) -> None:
        """End the stream and give the port back."""
        self._desk.put(Play(self.port, None))
