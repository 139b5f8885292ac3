"""The session description of a conversation in writing: `m=message 5060 sip null`, as OCS clients agree on one."""

from __future__ import annotations

from snomtui.errors import MalformedSdp
from snomtui.sip.description import Line, Media, Sdp
from snomtui.sip.message import Message
from snomtui.sip.offer import sdp_part

_KINDS = ("message", "x-ms-message")
"""The media line of a conversation of two, and of one in a conference."""
_PORT = 5060
"""It says nothing: the texts go the way of the dialog."""
_ACCEPTED: tuple[Line, ...] = (("a", "accept-types:text/plain"),)


def is_chat(message: Message) -> bool:
    """Whether an INVITE wants to exchange texts, and nothing that could be heard."""
    offered = _read(message)
    if offered is None:
        return False
    heard = any(media.kind.lower() == "audio" and media.port for media in offered.media)
    return not heard and any(map(_usable, offered.media))


def offer(address: str) -> bytes:
    """What we propose."""
    return bytes(Sdp(_head(address), (_line("message"),)))


def answer(message: Message, address: str) -> bytes | None:
    """Our answer to an offer: the first usable line, all others with port 0; None if there is no usable one."""
    offered = _read(message)
    chosen = next((media for media in offered.media if _usable(media)), None) if offered else None
    if offered is None or chosen is None:
        return None
    lines = (_line(each.kind) if each is chosen else _refused(each) for each in offered.media)
    return bytes(Sdp(_head(address), tuple(lines)))


def refused(message: Message) -> bool:
    """Whether the answer to our offer has a description, but no usable line in it."""
    answered = _read(message)
    return answered is not None and not any(map(_usable, answered.media))


def _read(message: Message) -> Sdp | None:
    part = sdp_part(message)
    try:
        return None if part is None else Sdp.parse(part)
    except MalformedSdp:
        return None


def _usable(media: Media) -> bool:
    return media.kind.lower() in _KINDS and media.proto.lower() == "sip" and media.port > 0


def _line(kind: str) -> Media:
    return Media(kind, _PORT, "sip", ("null",), _ACCEPTED)


def _refused(media: Media) -> Media:
    return Media(media.kind, 0, media.proto, media.formats[:1] or ("0",))


def _head(address: str) -> tuple[Line, ...]:
    host = f"IN {'IP6' if ':' in address else 'IP4'} {address.strip('[]')}"
    return (("v", "0"), ("o", f"- 0 0 {host}"), ("s", "session"), ("c", host), ("t", "0 0"))
