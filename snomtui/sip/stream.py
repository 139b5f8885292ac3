"""From bytes to messages: framing on a stream (RFC 3261 18.3) and single datagrams."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from snomtui.errors import MalformedMessage
from snomtui.sip.grammar import TOKEN_CHARS, is_token
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.message import Message, Request, head_lines, parse, parse_head, with_bytes

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_START = re.compile(rf"[{TOKEN_CHARS}]".encode())
_ANSWERABLE = re.compile(r"([A-Za-z]+)[ \t]")


@dataclass(frozen=True, slots=True)
class Ping:
    """Two line ends between messages: the other side keeps the connection alive (RFC 5626 3.5.1)."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Bytes that are no message."""

    error: MalformedMessage
    request: Request | None
    """What could be saved of a bad request, enough for `respond`; None if nothing should be answered."""
    fatal: bool
    """Framing is lost: the connection must be closed."""


Read = Message | Trouble | Ping


@dataclass(slots=True)
class _Waiting:
    """What was read of a head whose body is not complete yet."""

    read: Message | Trouble
    length: int


@dataclass(slots=True)
class Framer:
    """Cuts the bytes of one connection into messages.

    Call `feed` with whatever arrived. A message with bad headers but sound framing costs only itself. After a fatal
    `Trouble` everything is ignored.
    """

    limit: int = 256 * 1024
    """The longest head and the longest body, in bytes."""
    _buffer: bytearray = field(default_factory=bytearray, init=False, repr=False)
    _seen: int = field(default=0, init=False, repr=False)
    """So many bytes of the buffer hold no end of a head."""
    _line_ends: int = field(default=0, init=False, repr=False)
    """Line ends in a row between messages."""
    _waiting: _Waiting | None = field(default=None, init=False, repr=False)
    _fatal: Trouble | None = field(default=None, init=False, repr=False)

    def feed(self, data: bytes) -> list[Read]:
        """Take bytes and return what is complete now, in order. Never raises."""
        out: list[Read] = []
        self._buffer += data
        while not self._fatal:
            read = self._body() if self._waiting else self._between() or self._head()
            if read is not None:
                out.append(read)
            elif not self._waiting or len(self._buffer) < self._waiting.length:
                return out
        self._buffer.clear()
        return out

    def _between(self) -> Ping | None:
        """Eat line ends in front of a message; a second one in a row is a ping."""
        buffer = self._buffer
        while buffer:
            if buffer.startswith(b"\r\n"):
                del buffer[:2]
                self._line_ends += 1
            elif buffer.startswith(b"\n"):
                del buffer[:1]
            else:
                return None
            if self._line_ends == 2:
                self._line_ends = 0
                return Ping()
        return None

    def _head(self) -> Trouble | None:
        """Look for the end of a head; a good one moves to `_waiting`."""
        buffer = self._buffer
        if not buffer or buffer == b"\r":
            return None
        if not _START.match(buffer):
            return self._lost(MalformedMessage("what came is not SIP"), None)
        end = _BLANK_LINE.search(buffer, max(0, self._seen - 3))
        if (end.start() if end else len(buffer)) > self.limit:
            return self._lost(MalformedMessage("the headers are too long", 513), None)
        if not end:
            self._seen = len(buffer)
            return None
        head = bytes(buffer[: end.start()])
        del buffer[: end.end()]
        self._seen = self._line_ends = 0
        return self._framed(head)

    def _framed(self, head: bytes) -> Trouble | None:
        """Read the head and find out how long the body is."""
        read, items = _read(head)
        try:
            length = _length(items, head)
        except MalformedMessage as error:
            return self._lost(error, rescue(head))
        if length > self.limit:
            return self._lost(MalformedMessage("the body is too long", 513), rescue(head))
        self._waiting = _Waiting(read, length)
        return None

    def _body(self) -> Message | Trouble | None:
        """Finish the message when its body is complete."""
        waiting = self._waiting
        if not waiting or len(self._buffer) < waiting.length:
            return None
        body = bytes(self._buffer[: waiting.length])
        del self._buffer[: waiting.length]
        self._waiting = None
        return waiting.read if isinstance(waiting.read, Trouble) else _checked(waiting.read, body)

    def _lost(self, error: MalformedMessage, request: Request | None) -> Trouble:
        self._fatal = Trouble(error, request, True)
        return self._fatal


def datagram(data: bytes) -> Read | None:
    """Read one UDP packet; None for a packet of blanks or a lone line end. Never raises."""
    if not data.strip(b"\r\n\t \0"):
        return Ping() if data.startswith(b"\r\n\r\n") else None
    try:
        message = parse(data)
        message.check()
    except MalformedMessage as error:
        stripped = data.lstrip(b"\r\n")
        end = _BLANK_LINE.search(stripped)
        return Trouble(error, rescue(stripped[: end.start()] if end else stripped), False)
    return message


def _read(head: bytes) -> tuple[Message | Trouble, tuple[Item, ...]]:
    """The message of a head, or what is wrong with it; and its headers, which the framing needs in both cases."""
    try:
        message = parse_head(head)
    except MalformedMessage as error:
        return Trouble(error, rescue(head), False), tuple(_pairs(head_lines(head)[1]))
    return message, message.headers.items


def _checked(message: Message, body: bytes) -> Message | Trouble:
    message = with_bytes(message, body)
    try:
        message.check()
    except MalformedMessage as error:
        return Trouble(error, _answerable(message), False)
    return message


def _length(items: tuple[Item, ...], head: bytes) -> int:
    """The Content-Length of a head on a stream; raises `MalformedMessage` when the framing is lost.

    Without the header there is no body, unless a Content-Type says that there is one, or the head is not SIP at all.
    """
    lengths = {value for name, value in items if key(name) == "content-length"}
    if not lengths:
        if any(key(name) == "content-type" for name, _ in items):
            raise MalformedMessage("a body without Content-Length")
        if b"SIP/2.0" not in head.partition(b"\n")[0].upper():
            raise MalformedMessage("what came is not SIP")
        return 0
    text = lengths.pop()
    if lengths or not (text.isascii() and text.isdigit() and len(text) < 11):
        raise MalformedMessage(f"bad Content-Length {text[:20]!r}")
    return int(text)


def _pairs(lines: list[str]) -> list[Item]:
    """Those lines that look like headers."""
    found = [
        (name.rstrip(" \t"), value.strip()) for name, colon, value in (line.partition(":") for line in lines) if colon
    ]
    return [pair for pair in found if is_token(pair[0])]


def rescue(head: bytes) -> Request | None:
    """Save what is needed to answer a bad request: its Vias, From, To, Call-ID and CSeq; None if one is unreadable."""
    start, lines = head_lines(head)
    method = _ANSWERABLE.match(start)
    if not method:
        return None
    return _answerable(Request(method[1], "sip:unreadable.invalid", Headers(tuple(_pairs(lines)))))


def _answerable(message: Message) -> Request | None:
    """The message if it is a request that has what an answer copies."""
    if not isinstance(message, Request) or message.method == "ACK":
        return None
    try:
        message.via, message.to, message.cseq, message.call_id  # noqa: B018  reading is the check
    except MalformedMessage:
        return None
    return message if "From" in message.headers else None
