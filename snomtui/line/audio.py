"""The audio of one call as offer and answer (RFC 3264), and the media plan that follows from it."""

from __future__ import annotations

from dataclasses import replace

from snomtui.errors import MalformedSdp
from snomtui.kit.box import Digits, Play
from snomtui.line.desk import Desk
from snomtui.media.plan import Plan
from snomtui.sip import offer as rfc3264
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
        self._theirs: rfc3264.AudioPlan | None = None
        self._plan: Plan | None = None
        self._source = desk.account.source
        self.direction = "sendrecv"
        """As we state it: `sendonly` while we hold."""

    @property
    def held(self) -> bool:
        """Whether the other side does not want to hear us."""
        return self._theirs is not None and self._theirs.direction in ("sendonly", "inactive")

    @property
    def codec(self) -> str:
        """The codec in use, or empty."""
        return self._plan.codec if self._plan else ""

    def _codecs(self) -> tuple[Codec, ...]:
        return (*(Codec(_PAYLOADS[name], name) for name in self._desk.account.codecs), _DTMF)

    def offer(self) -> bytes:
        """What we propose now."""
        self._version += 1
        made = rfc3264.offer(
            self._desk.letterhead.local_address(),
            self.port,
            self._codecs(),
            self._session,
            self._version,
            self.direction,
        )
        return bytes(made)

    def can_answer(self, body: bytes) -> bool:
        """Whether anything in an offer can be spoken."""
        try:
            made = rfc3264.answer(Sdp.parse(body), "0.0.0.0", self.port, self._codecs(), 0, 0)
        except MalformedSdp:
            return False
        return rfc3264.audio(made) is not None

    def answer(self, body: bytes) -> bytes | None:
        """Our answer to an offer, and None if nothing in it can be spoken. The plan changes with it."""
        try:
            offered = Sdp.parse(body)
        except MalformedSdp:
            return None
        self._version += 1
        made = rfc3264.answer(
            offered,
            self._desk.letterhead.local_address(),
            self.port,
            self._codecs(),
            self._session,
            self._version,
            self.direction,
        )
        theirs, ours = rfc3264.audio(offered), rfc3264.audio(made)
        if theirs is None or ours is None:
            return None
        # Speak the codec that our own answer names first: it is in both sides' lists.
        self._agree(theirs, ours)
        return bytes(made)

    def agreed(self, body: bytes, early: bool = False) -> bool:
        """The other side answered our offer; False if it took nothing. Nothing is sent while the answer is `early`."""
        try:
            theirs = rfc3264.audio(Sdp.parse(body))
        except MalformedSdp:
            return False
        if theirs is None or not any(c.name.upper() in _PAYLOADS for c in theirs.codecs):
            return False
        self._agree(theirs, theirs, early)
        return True

    def confirmed(self) -> bool:
        """The call was answered without a description: the early one holds; False if there was none."""
        if self._theirs is None:
            return False
        self._agree(self._theirs, self._theirs)
        return True

    def _agree(self, theirs: rfc3264.AudioPlan, chosen: rfc3264.AudioPlan, early: bool = False) -> None:
        self._theirs = theirs
        account = self._desk.account
        codec = next((c for c in chosen.codecs if c.name.upper() in account.codecs), chosen.codecs[0])
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

    def digits(self, digits: str) -> None:
        """Send DTMF digits."""
        self._desk.put(Digits(self.port, digits))

    def stop(self) -> None:
        """End the stream and give the port back."""
        self._desk.put(Play(self.port, None))
