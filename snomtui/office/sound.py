"""The sound of a colleague's call: session descriptions and what is played (RFC 3264)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from snomtui.errors import MalformedSdp
from snomtui.kit.box import Play, Surroundings
from snomtui.media.plan import Plan
from snomtui.sip.message import Message
from snomtui.sip.sdp import Codec, Sdp, answer, audio, offer, sdp_part

CODECS = (Codec(8, "PCMA"), Codec(0, "PCMU"), Codec(101, "telephone-event", fmtp="0-16"))
SPOKEN = ("PCMA", "PCMU")


class Sound:
    """One call's media: what is said at the moment, and later perhaps an echo of what is heard."""

    def __init__(
        self, name: str, host: str, surroundings: Surroundings, play: Callable[[Play], None], source: str = "tone"
    ) -> None:
        """`name` is the call's id, `host` the address at which the other side reaches us; raises `NoMediaPort`.

        `source` is what is said first, see `media.source`.
        """
        self.port = surroundings.rtp_port()
        self._name, self._host, self._play = name, host, play
        self._session = int.from_bytes(surroundings.dice(4), "big")
        self._version = 0
        self._source = source
        self._plan: Plan | None = None

    def offer(self) -> Sdp:
        """Our offer."""
        self._version += 1
        return offer(self._host, self.port, CODECS, self._session, self._version)

    def describe(self, request: Message) -> Sdp:
        """The answer to the offer in a request, or an offer if there is none; raises `MalformedSdp`."""
        part = sdp_part(request)
        if part is None:
            return self.offer()
        self._version += 1
        theirs = Sdp.parse(part)
        ours = answer(theirs, self._host, self.port, CODECS, self._session, self._version)
        if audio(ours) is None:
            raise MalformedSdp("no audio that is spoken here")
        self.hear(theirs)
        return ours

    def answered(self, message: Message) -> None:
        """The answer to our offer is here; raises `MalformedSdp`."""
        self.hear(Sdp.parse(sdp_part(message) or b""))

    def hear(self, theirs: Sdp) -> None:
        """Start or change what is played; raises `MalformedSdp` if there is no audio."""
        there = audio(theirs)
        codec = next((each for each in there.codecs if each.name.upper() in SPOKEN), None) if there else None
        if there is None or codec is None:
            raise MalformedSdp("no audio that is spoken here")
        self._plan = Plan(
            call=self._name,
            remote=None if there.host in ("", "0.0.0.0", "::") else (there.host, there.port),
            codec=codec.name.upper(),
            payload=codec.payload,
            dtmf_payload=there.dtmf,
            send=there.direction in ("sendrecv", "recvonly"),
            receive=there.direction in ("sendrecv", "sendonly"),
        )
        self._start()

    def say(self, source: str) -> None:
        """From now on say this."""
        if source != self._source:
            self._source = source
            self._start()

    def end(self) -> None:
        """End the media and give the port back."""
        self._plan = None
        self._play(Play(self.port, None))

    def _start(self) -> None:
        if self._plan:
            self._play(Play(self.port, replace(self._plan, source=self._source)))


def has_audio(message: Message) -> bool:
    """Whether a message offers audio that is spoken here, or nothing at all yet."""
    part = sdp_part(message)
    if part is None:
        return not message.body
    try:
        there = audio(Sdp.parse(part))
    except MalformedSdp:
        return False
    return there is not None and any(each.name.upper() in SPOKEN for each in there.codecs)
