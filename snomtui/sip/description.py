"""SDP as values (RFC 4566)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from snomtui.errors import MalformedSdp

Line = tuple[str, str]
"""Letter and value of one line."""

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_LINE = re.compile(r"([a-z])=(.*)", re.DOTALL)
_MEDIA = re.compile(r"(?P<kind>\S+)\s+(?P<port>[0-9]{1,5})(?:/[0-9]+)?\s+(?P<proto>\S+)(?P<formats>(?:\s+\S+)*)\s*")
_RTPMAP = re.compile(r"(?P<name>[^/\s]+)/(?P<rate>[0-9]{1,6})(?:/(?P<channels>[0-9]{1,2}))?")

STATIC = {
    0: ("PCMU", 8000),
    3: ("GSM", 8000),
    4: ("G723", 8000),
    8: ("PCMA", 8000),
    9: ("G722", 8000),
    13: ("CN", 8000),
    18: ("G729", 8000),
}
"""Payload types that mean the same without an rtpmap (RFC 3551 table 4)."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One way to code sound, with its payload type number in one session."""

    payload: int
    name: str
    rate: int = 8000
    """Hertz of the RTP clock."""
    channels: int = 1
    fmtp: str = ""
    """The parameters behind `a=fmtp:`."""

    def matches(self, other: Codec) -> bool:
        """Whether both are the same coding; payload type numbers do not count."""
        ours = (self.name.upper(), self.rate, self.channels)
        return ours == (other.name.upper(), other.rate, other.channels)

    @property
    def is_dtmf(self) -> bool:
        """Whether it is telephone-event (RFC 4733)."""
        return self.name.lower() == "telephone-event"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The attribute lines that describe it."""
        channels = f"/{self.channels}" if self.channels > 1 else ""
        rtpmap = ("a", f"rtpmap:{self.payload} {self.name}/{self.rate}{channels}")
        return (rtpmap, ("a", f"fmtp:{self.payload} {self.fmtp}")) if self.fmtp else (rtpmap,)


@dataclass(frozen=True, slots=True)
class Media:
    """One `m=` line and what stands under it."""

    kind: str
    port: int
    """0 = refused."""
    proto: str
    formats: tuple[str, ...]
    lines: tuple[Line, ...] = ()

    @classmethod
    def parse(cls, text: str, lines: tuple[Line, ...] = ()) -> Media:
        """Read the value of an `m=` line; raises `MalformedSdp`."""
        found = _MEDIA.fullmatch(text)
        if not found or int(found["port"]) > 65535:
            raise MalformedSdp(f"not a media line: {text[:80]!r}")
        return cls(found["kind"], int(found["port"]), found["proto"], tuple(found["formats"].split()), lines)

    def __str__(self) -> str:
        head = " ".join((self.kind, str(self.port), self.proto, *self.formats))
        return f"m={head}\r\n{_text(self.lines)}"

    def attributes(self, name: str) -> tuple[str, ...]:
        """The values of all `a=` lines of that name; "" for a flag."""
        return tuple(_attributes(self.lines, name))

    @property
    def codecs(self) -> tuple[Codec, ...]:
        """The codecs of an RTP line in the order of preference; formats that nobody explains are left out."""
        maps = dict(_numbered(self.attributes("rtpmap")))
        fmtps = dict(_numbered(self.attributes("fmtp")))
        return tuple(codec for text in self.formats if (codec := _codec(text, maps, fmtps)))


@dataclass(frozen=True, slots=True)
class Sdp:
    """One session description: session lines and media."""

    lines: tuple[Line, ...]
    """Everything before the first `m=`."""
    media: tuple[Media, ...] = ()

    @classmethod
    def parse(cls, data: bytes | str) -> Sdp:
        """Read a body; any line ends, unknown lines are kept, a missing `v=` is fine. Raises `MalformedSdp`."""
        text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
        session: list[Line] = []
        media: list[tuple[str, list[Line]]] = []
        for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            if not raw.strip(" \t\0"):
                continue
            found = _LINE.fullmatch(raw)
            if not found:
                raise MalformedSdp(f"not an SDP line: {raw[:80]!r}")
            if found[1] == "m":
                media.append((found[2], []))
            else:
                (media[-1][1] if media else session).append((found[1], found[2]))
        if not session and not media:
            raise MalformedSdp("empty SDP")
        return cls(tuple(session), tuple(Media.parse(head, tuple(lines)) for head, lines in media))

    def __str__(self) -> str:
        return _text(self.lines) + "".join(map(str, self.media))

    def __bytes__(self) -> bytes:
        return str(self).encode("utf-8", "surrogateescape")

    def get(self, letter: str) -> str | None:
        """The first session line with that letter, or None."""
        return next((value for own, value in self.lines if own == letter), None)

    def attributes(self, name: str) -> tuple[str, ...]:
        """The values of all session `a=` lines of that name."""
        return tuple(_attributes(self.lines, name))

    def host(self, media: Media) -> str:
        """Where media goes: `c=` of the line, else of the session, else the address in `o=`; "" if nowhere."""
        lines = (*media.lines, *self.lines)
        connection = next((value for letter, value in lines if letter == "c"), None) or self.get("o") or ""
        words = connection.split()
        return words[-1].partition("/")[0] if words else ""

    def direction(self, media: Media) -> str:
        """`sendrecv`, `sendonly`, `recvonly` or `inactive`, as the sender of this description states it."""
        for lines in (media.lines, self.lines):
            for letter, value in lines:
                if letter == "a" and value.strip() in DIRECTIONS:
                    return value.strip()
        return "sendrecv"


def _text(lines: tuple[Line, ...]) -> str:
    return "".join(f"{letter}={value}\r\n" for letter, value in lines)


def _attributes(lines: tuple[Line, ...], name: str) -> Iterator[str]:
    for letter, value in lines:
        own, _, rest = value.partition(":")
        if letter == "a" and own.strip().lower() == name.lower():
            yield rest.strip()


def _numbered(values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for value in values:
        number, _, rest = value.partition(" ")
        yield number, rest.strip()


def _codec(text: str, maps: dict[str, str], fmtps: dict[str, str]) -> Codec | None:
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) < 128):
        return None
    payload, fmtp = int(text), fmtps.get(text, "")
    found = _RTPMAP.fullmatch(maps.get(text, ""))
    if found:
        return Codec(payload, found["name"], int(found["rate"]), int(found["channels"] or 1), fmtp)
    if payload not in STATIC:
        return None
    name, rate = STATIC[payload]
    return Codec(payload, name, rate, 1, fmtp)
