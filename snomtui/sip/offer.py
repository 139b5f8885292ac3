"""Offer and answer of a plain audio call (RFC 3264, [MS-OCER] and [MS-SDPEXT] as far as a phone meets them)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from snomtui.errors import MalformedSdp
from snomtui.sip.description import Codec, Line, Media, Sdp
from snomtui.sip.grammar import unquote
from snomtui.sip.message import Message
from snomtui.sip.params import Params

_MIRROR = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
_HOLD_ADDRESSES = ("0.0.0.0", "::")
"""`c=` with one of these is the old way to hold (RFC 3264 8.4)."""
_SPLIT = re.compile(rb"\r?\n\r?\n")
_DEEPEST = 3
"""So many multiparts inside each other are looked into."""


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
) -> Sdp:
    """Make an offer with one audio line.

    `address` stands in `o=` and `c=`: Microsoft clients take the one, others the other. `attributes` are more `a=`
    values for the audio line.
    """
    media = _audio_line(port, tuple(codecs), direction, attributes)
    return Sdp(_session(address, session_id, version, "0 0"), (media,))


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


def _secure(media: Media) -> bool:
    """Whether the line is for SRTP only (RFC 3711), which needs a key in the answer."""
    return "SAVP" in media.proto.upper()


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
    found = list(_sdp_parts(message.headers.get("Content-Type") or "", message.body, _DEEPEST))
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


def _sdp_parts(content_type: str, body: bytes, depth: int) -> Iterable[bytes]:
    kind, semicolon, params = content_type.partition(";")
    kind = kind.strip().lower()
    if kind == "application/sdp":
        yield body
    elif kind.startswith("multipart/") and depth:
        boundary = unquote(Params.parse(semicolon + params).get("boundary") or "")
        for head, part in _parts(body, boundary.encode("utf-8", "surrogateescape")):
            yield from _sdp_parts(head, part, depth - 1)


def _parts(body: bytes, boundary: bytes) -> Iterable[tuple[str, bytes]]:
    """Content type and bytes of each part (RFC 2046 5.1.1)."""
    if not boundary:
        return
    for piece in (b"\r\n" + body).split(b"\n--" + boundary)[1:]:
        if piece.startswith(b"--"):
            return
        content_type, part = _part(piece.partition(b"\n")[2])
        yield content_type, part


def _part(piece: bytes) -> tuple[str, bytes]:
    """Headers, an empty line, content; without headers the content is text."""
    head, content = b"", piece
    if not piece.startswith((b"\r\n", b"\n")):
        end = _SPLIT.search(piece)
        head, content = (piece[: end.start()], piece[end.end() :]) if end else (piece, b"")
    for line in head.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type":
            return value.strip(), content.removesuffix(b"\r")
    return "text/plain", content.removesuffix(b"\r")


def _has_audio(part: bytes) -> bool:
    try:
        sdp = Sdp.parse(part)
    except MalformedSdp:
        return False
    return any(media.kind.lower() == "audio" and media.port for media in sdp.media)
