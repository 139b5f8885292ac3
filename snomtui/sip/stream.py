"""From bytes to messages: framing on a stream (RFC 3261 18.3) and single datagrams."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from snomtui.errors import MalformedMessage
from snomtui.sip.grammar import TOKEN, TOKEN_CHARS, is_token
from snomtui.sip.head import LONGEST_HEAD, blank_line, content_length, head_lines
from snomtui.sip.headers import Headers
from snomtui.sip.message import Message, Request, parse

LONGEST_BODY = 1024 * 1024
"""Bytes; a full contact list of an OCS is some 200 KiB."""
FARTHEST_SKIP = 16 * 1024 * 1024
"""Bytes of a body that are let pass unread, so that the connection can live on."""

_LINE_ENDS = re.compile(rb"[\r\n]+")
_START = re.compile(rf"[{TOKEN_CHARS}]".encode())
_ANSWERABLE = re.compile(rf"({TOKEN})[ \t]")
_TYPED = re.compile(rb"\n(?:content-type|c)[ \t]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ping:
    """Two line ends between messages: the other side keeps the connection alive (RFC 5626 3.5.1)."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Bytes that are no message."""

    error: MalformedMessage
    request: Request | None
    """What could be saved of a bad request, for `validity.answer_as_it_is`; None if nothing should be answered."""
    fatal: bool
    """Framing is lost: the connection must be closed."""
    raw: bytes = field(default=b"", compare=False, repr=False)
    """The bytes, as far as they are kept."""


Read = Message | Trouble | Ping


@dataclass(slots=True)
class Framer:
    """Cuts the bytes of one connection into messages.

    Call `feed` with whatever arrived. A message with bad headers but sound framing costs only itself, one with too
    long a body as well: that is passed by. After a fatal `Trouble` everything is ignored.
    """

    limit: int = LONGEST_BODY
    """The longest body, in bytes."""
    _buffer: bytearray = field(default_factory=bytearray, init=False, repr=False)
    _seen: int = field(default=0, init=False, repr=False)
    """So many bytes of the buffer hold no end of a head."""
    _line_ends: int = field(default=0, init=False, repr=False)
    """Line ends in a row between messages."""
    _whole: int = field(default=0, init=False, repr=False)
    """So many bytes the message in front has, 0 = its head is not complete."""
    _skip: int = field(default=0, init=False, repr=False)
    """So many bytes that come are of a body that is too long."""
    _lost: bool = field(default=False, init=False, repr=False)

    def feed(self, data: bytes) -> list[Read]:
        """Take bytes and return what is complete now, in order; several pings in a row are one. Never raises."""
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        out: list[Read] = []
        self._buffer += data
        while not self._lost and (read := self._next()) is not None:
            out.append(read)
        if self._lost:
            self._buffer.clear()
        return out

    @property
    def midway(self) -> bool:
        """Whether a message has begun that is not complete."""
        return bool(self._whole or self._skip or len(self._buffer) > 1)

    def _next(self) -> Read | None:
        """What stands in front, None if it is not complete."""
        buffer = self._buffer
        if not self._whole:
            found = self._between() or self._head()
            if found:
                return found
        whole = self._whole
        if not whole or len(buffer) < whole:
            return None
        data = bytes(buffer[:whole])
        del buffer[:whole]
        self._whole = self._seen = self._line_ends = 0
        return _checked(data)

    def _between(self) -> Ping | None:
        """Eat line ends in front of a message; two in a row are a ping."""
        buffer = self._buffer
        if not buffer or buffer[0] not in b"\r\n":
            return None
        end = self._line_ends_until()
        found = self._line_ends + buffer.count(b"\r\n", 0, end)
        del buffer[:end]
        self._line_ends = found % 2
        return Ping() if found >= 2 else None

    def _line_ends_until(self) -> int:
        """Where the line ends in front end; the last CR stays if its LF may still come."""
        found = _LINE_ENDS.match(self._buffer)
        end = found.end() if found else 0
        return end - 1 if end == len(self._buffer) and self._buffer.endswith(b"\r") else end

    def _head(self) -> Trouble | None:
        """Look for the end of a head; from a good one the length of the message follows."""
        buffer = self._buffer
        if not buffer or buffer == b"\r":
            return None
        if not _START.match(buffer):
            return self._give_up(MalformedMessage("what came is not SIP"), b"")
        end = blank_line(buffer, max(0, self._seen - 3))
        if (end[0] if end else len(buffer)) > LONGEST_HEAD:
            return self._give_up(MalformedMessage("the headers are too long", 513), bytes(buffer[:LONGEST_HEAD]))
        if not end:
            self._seen = len(buffer)
            return None
        head = bytes(buffer[: end[0]])
        try:
            length = _length(head)
        except MalformedMessage as error:
            return self._give_up(error, head)
        if length > self.limit:
            return self._pass_by(head, end[1] + length)
        self._whole = end[1] + length
        return None

    def _pass_by(self, head: bytes, whole: int) -> Trouble:
        """Refuse a body that is too long, and forget it as it comes."""
        error = MalformedMessage("the body is too long", 513)
        if whole > FARTHEST_SKIP:
            return self._give_up(error, head)
        self._skip = max(0, whole - len(self._buffer))
        del self._buffer[:whole]
        self._seen = self._line_ends = 0
        return Trouble(error, rescue(head), False, head)

    def _give_up(self, error: MalformedMessage, head: bytes) -> Trouble:
        self._lost = True
        return Trouble(error, rescue(head), True, head or bytes(self._buffer[:LONGEST_HEAD]))


def datagram(data: bytes) -> Read | None:
    """Read one UDP packet; None for a packet of blanks or a lone line end. Never raises."""
    if not data.strip(b"\r\n\t \0"):
        return Ping() if data.startswith(b"\r\n\r\n") else None
    return _checked(data)


def _checked(data: bytes) -> Message | Trouble:
    """Read a whole message with the headers that every message needs."""
    try:
        message = parse(data)
        message.check()
    except MalformedMessage as error:
        data = data.lstrip(b"\r\n")
        end = blank_line(data)
        return Trouble(error, rescue(data[: end[0]] if end else data), False, data)
    return message


def _length(head: bytes) -> int:
    """The Content-Length of a head on a stream; raises `MalformedMessage` when the framing is lost.

    Without the header there is no body, unless a Content-Type says that there is one, or the head is not SIP at all.
    """
    length = content_length(head)
    if length is None:
        if _TYPED.search(head):
            raise MalformedMessage("a body without Content-Length")
        if b"SIP/2.0" not in head.partition(b"\n")[0].upper():
            raise MalformedMessage("what came is not SIP")
    return length or 0


def rescue(head: bytes) -> Request | None:
    """Save what is needed to answer a bad request: its headers, bad ones included; None if there is no way back.

    For an ACK and for a BENOTIFY there is none: they are never answered.
    """
    start, lines = head_lines(head)
    method = _ANSWERABLE.match(start)
    if not method or method[1] in ("ACK", "BENOTIFY"):
        return None
    pairs = [(name.rstrip(" \t"), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    saved = Request(method[1], "sip:unreadable.invalid", Headers(tuple(pair for pair in pairs if is_token(pair[0]))))
    return saved if saved.headers.get("Via") else None
