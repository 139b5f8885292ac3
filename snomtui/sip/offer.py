"""Offer and answer of a plain audio call (RFC 3264, [MS-OCER] and [MS-SDPEXT] as far as a phone meets them)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from snomtui.errors import MalformedSdp
from snomtui.sip.description import Codec, Line, Media, Sdp
from snomtui.sip.message import Message
from snomtui.sip.multipart import leaves

_MIRROR = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
_HOLD_ADDRESSES = ("0.0.0.0", "::")
"""`c=` with one of these is the old way to hold (RFC 3264 8.4)."""


@dataclass(frozen=True, slots=True)
class AudioPlan:
    """What one side said about its audio."""

    host: str
    port: int
    rtcp_port: int
    codecs: tuple[Codec, ...]
    """In order of preference; telephone-event is not among them."""
    dtmf: int | None
    """Payload type of telephone-event (RFC 4733), None if the side knows none."""
    direction: str
    """As that side states it; `inactive` also for the address 0.0.0.0."""
    ptime: int
    """Milliseconds of sound in one packet."""
    proto: str = "RTP/AVP"
    crypto: tuple[str, ...] = ()
    """Values of `a=crypto:` (RFC 4568)."""


def offer(
    address: str,
    port: int,
    codecs: Iterable[Codec],
    session_id: int,
    version: int,
    direction: str = "sendrecv",
    attributes: Iterable[str] = (),
    before: Sdp | None = None,
) -> Sdp:
    """Make an offer with one audio line.

    `address` stands in `o=` and `c=`: Microsoft clients take the one, others the other. `attributes` are more `a=`
    values for the audio line. `before` is our last description in this session: its lines keep their places, those
    that are not ours to speak with port 0 (RFC 3264 8).
    """
    media = _audio_line(port, tuple(codecs), direction, attributes)
    others = before.media if before else ()
    place = next((at for at, line in enumerate(others) if line.kind.lower() == "audio" and line.port), 0)
    lines = [media if at == place else _refused(line) for at, line in enumerate(others)]
    return Sdp(_session(address, session_id, version, "0 0"), tuple(lines) or (media,))


def answer(
    offer: Sdp,
    address: str,
    port: int,
    codecs: Iterable[Codec],
    session_id: int,
    version: int,
    direction: str = "sendrecv",
    attributes: Iterable[str] = (),
) -> Sdp:
    """Answer an offer (RFC 3264 6): the first audio line that we can speak, every other line with port 0.

    An SRTP line is taken only if `attributes` hold a `crypto:` value. Codecs keep the order and the payload types of
    the offer; the direction is what both sides allow. When nothing is left, `audio` of the answer is None: answer 488
    then.
    """
    ours, more = tuple(codecs), tuple(attributes)
    keyed = any(text.startswith("crypto:") for text in more)
    usable = (at for at, media in enumerate(offer.media) if _common(media, ours) and (keyed or not _secure(media)))
    chosen = next(usable, None)
    lines = [
        _accepted(offer, media, port, ours, direction, more) if at == chosen else _refused(media)
        for at, media in enumerate(offer.media)
    ]
    return Sdp(_session(address, session_id, version, offer.get("t") or "0 0"), tuple(lines))


def only_secret(offer: Sdp) -> bool:
    """Whether there is audio in an offer, but none that may be spoken without encryption."""
    live = [media for media in offer.media if media.kind.lower() == "audio" and media.port]
    return bool(live) and all(map(_secure, live))


def _secure(media: Media) -> bool:
    """Whether the line is for SRTP only (RFC 3711; [MS-SDPEXT]: `a=encryption`), which needs a key in the answer."""
    required = any(value.strip().lower() == "required" for value in media.attributes("encryption"))
    return required or "SAVP" in media.proto.upper()


def audio(sdp: Sdp) -> AudioPlan | None:
    """What the first live audio line says, or None if there is none with a codec."""
    for media in sdp.media:
        voice = tuple(codec for codec in media.codecs if not codec.is_dtmf)
        if media.kind.lower() == "audio" and media.port and voice:
            return _plan(sdp, media, voice)
    return None


def sdp_part(message: Message) -> bytes | None:
    """The session description in a body, or None.

    Of a multipart body: the last application/sdp part that has audio with a port above 0, else the last one at all.
    """
    found = [part for kind, part in leaves(message) if kind == "application/sdp"]
    live = [part for part in found if _has_audio(part)]
    best = live or found
    return best[-1] if best else None


def _session(address: str, session_id: int, version: int, time: str) -> tuple[Line, ...]:
    family = "IP6" if ":" in address else "IP4"
    host = f"IN {family} {address.strip('[]')}"
    return (("v", "0"), ("o", f"root {session_id} {version} {host}"), ("s", "call"), ("c", host), ("t", time))


def _audio_line(
    port: int, codecs: tuple[Codec, ...], direction: str, attributes: Iterable[str], proto: str = "RTP/AVP"
) -> Media:
    lines: list[Line] = [line for codec in codecs for line in codec.lines]
    lines += [("a", "ptime:20"), ("a", f"rtcp:{port + 1}"), *(("a", text) for text in attributes), ("a", direction)]
    return Media("audio", port, proto, tuple(str(codec.payload) for codec in codecs), tuple(lines))


def _common(media: Media, ours: tuple[Codec, ...]) -> tuple[Codec, ...]:
    """What both sides speak, in the order and with the numbers of the offer; nothing if there is no voice in it."""
    if media.kind.lower() != "audio" or not media.port or not media.proto.upper().startswith("RTP/"):
        return ()
    both = {
        codec.payload: replace(codec, fmtp=own.fmtp) for codec in media.codecs for own in ours if own.matches(codec)
    }
    return tuple(both.values()) if any(not codec.is_dtmf for codec in both.values()) else ()


def _accepted(
    offer: Sdp, media: Media, port: int, ours: tuple[Codec, ...], direction: str, attributes: tuple[str, ...]
) -> Media:
    theirs = _direction(offer, media)
    return _audio_line(port, _common(media, ours), _meet(_MIRROR[theirs], direction), attributes, media.proto)


def _refused(media: Media) -> Media:
    return Media(media.kind, 0, media.proto, media.formats[:1] or ("0",))


def _meet(one: str, other: str) -> str:
    """The direction that both allow."""
    send = all(way in ("sendrecv", "sendonly") for way in (one, other))
    receive = all(way in ("sendrecv", "recvonly") for way in (one, other))
    return {(True, True): "sendrecv", (True, False): "sendonly", (False, True): "recvonly"}.get(
        (send, receive), "inactive"
    )


def _direction(sdp: Sdp, media: Media) -> str:
    return "inactive" if sdp.host(media) in _HOLD_ADDRESSES else sdp.direction(media)


def _plan(sdp: Sdp, media: Media, voice: tuple[Codec, ...]) -> AudioPlan:
    rtcp = (media.attributes("rtcp") or ("",))[0].split(" ")[0]
    ptime = (media.attributes("ptime") or ("",))[0]
    return AudioPlan(
        host=sdp.host(media),
        port=media.port,
        rtcp_port=_number(rtcp, 1, 65535) or media.port + 1,
        codecs=voice,
        dtmf=next((codec.payload for codec in media.codecs if codec.is_dtmf), None),
        direction=_direction(sdp, media),
        ptime=_number(ptime, 10, 200) or 20,
        proto=media.proto,
        crypto=media.attributes("crypto"),
    )


def _number(text: str, least: int, most: int) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most
    return int(text) if fits else None


def _has_audio(part: bytes) -> bool:
    try:
        sdp = Sdp.parse(part)
    except MalformedSdp:
        return False
    return any(media.kind.lower() == "audio" and media.port for media in sdp.media)
