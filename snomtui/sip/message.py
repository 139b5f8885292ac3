"""Requests and responses as values, and their wire form (RFC 3261 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from snomtui.errors import LocalError, MalformedMessage
from snomtui.sip.fields import CSeq, Fields
from snomtui.sip.grammar import is_token, readable
from snomtui.sip.head import (
    PLAIN_REQUEST,
    PLAIN_RESPONSE,
    SURELY_SMALL,
    blank_line,
    check_size,
    content_length,
    has_odd_signs,
    head_lines,
)
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.reasons import REASONS, reason_of
from snomtui.sip.uri import Uri

__all__ = ["REASONS", "CSeq", "Message", "Request", "Response", "as_it_came", "parse", "reason_of", "respond"]

VERSION = "SIP/2.0"
_BREAKS_URI = re.compile(r"[\x00-\x20\x7f]")
_STATUS_LINE = re.compile(r"[Ss][Ii][Pp]/2\.0[ \t]+([1-6][0-9]{2})(?:[ \t]+(.*))?")
_DIALOG_MAKERS = frozenset({"INVITE", "SUBSCRIBE", "NOTIFY", "REFER", "UPDATE"})
"""Methods whose answers carry the Record-Route (RFC 3261 12.1.1, RFC 6665 4.2, RFC 3515)."""


@dataclass(frozen=True, slots=True)
class Request(Fields):
    """A SIP request; `uri` is the request URI as it stands on the wire."""

    method: str
    uri: str
    headers: Headers
    body: bytes = b""
    _memory: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.uri or _BREAKS_URI.search(self.uri) or not is_token(self.method):
            raise LocalError(f"not a request line: {self.method!r} {self.uri[:80]!r}")

    @property
    def target(self) -> Uri:
        """The request URI as a value; raises `MalformedMessage`."""
        return self._remember("target", lambda: Uri.parse(self.uri))

    @property
    def start_line(self) -> str:
        """The first line of the wire form."""
        return f"{self.method} {self.uri} {VERSION}"

    def with_headers(self, headers: Headers) -> Request:
        """The same request with other headers."""
        return _copy(self, headers, {})

    def adding(self, name: str, value: str) -> Request:
        """The same request with one more header, which is none of those that can be read as values here."""
        return _copy(self, self.headers.adding(name, value), _without_wire(self._memory))

    def with_(self, name: str, value: str) -> Request:
        """The same request with one header replaced or added."""
        return self.with_headers(self.headers.with_(name, value))

    def with_body(self, content_type: str, body: bytes) -> Request:
        """The same request with a body."""
        return Request(self.method, self.uri, self.headers.with_("Content-Type", content_type), body)

    def check(self) -> None:
        """Read the headers that every request needs; raises `MalformedMessage` for the first bad one."""
        Fields.check(self)
        if self.cseq.method != self.method:
            raise MalformedMessage(f"CSeq says {self.cseq.method[:40]!r}, the request is {self.method[:40]!r}")

    def __bytes__(self) -> bytes:
        return self._memory.get("wire") or _wire(self.start_line, self.headers, self.body)


@dataclass(frozen=True, slots=True)
class Response(Fields):
    """A SIP response."""

    status: int
    reason: str
    headers: Headers
    body: bytes = b""
    _memory: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 100 <= self.status <= 699 or "\n" in self.reason or "\r" in self.reason:
            raise LocalError(f"not a status line: {self.status} {self.reason[:80]!r}")

    @property
    def start_line(self) -> str:
        """The first line of the wire form."""
        return f"{VERSION} {self.status} {self.reason}"

    def with_headers(self, headers: Headers) -> Response:
        """The same response with other headers."""
        return Response(self.status, self.reason, headers, self.body)

    def with_(self, name: str, value: str) -> Response:
        """The same response with one header replaced or added."""
        return self.with_headers(self.headers.with_(name, value))

    def with_body(self, content_type: str, body: bytes) -> Response:
        """The same response with a body."""
        return Response(self.status, self.reason, self.headers.with_("Content-Type", content_type), body)

    def __bytes__(self) -> bytes:
        return self._memory.get("wire") or _wire(self.start_line, self.headers, self.body)


Message = Request | Response

_new, _put = object.__new__, object.__setattr__
"""To make a message whose start line was checked by the one expression that read it."""


def _copy(request: Request, headers: Headers, memory: dict[str, Any]) -> Request:
    """The same request line, which needs no second check, with other headers."""
    made = _new(Request)
    for name, value in (("method", request.method), ("uri", request.uri), ("headers", headers), ("body", request.body)):
        _put(made, name, value)
    _put(made, "_memory", memory)
    return made


def _without_wire(memory: dict[str, Any]) -> dict[str, Any]:
    kept = dict(memory)
    kept.pop("wire", None)
    kept.pop("raw", None)
    return kept


def parse(data: bytes) -> Message:
    """Read one whole message, for instance a datagram (RFC 3261 18.3); raises `MalformedMessage`.

    Bytes behind the Content-Length are dropped; without that header everything is body. What the headers say is not
    looked into, see `Message.check`. A message with a plain head keeps its bytes and is written as it was read.
    """
    message = _plain(data)
    if message is None:
        message = _odd(data)
        message._memory["raw"] = data
    return message


def as_it_came(message: Message) -> bytes:
    """The bytes from which a message was read; our own form of one that was made here."""
    return message._memory.get("raw") or bytes(message)


def _plain(data: bytes) -> Message | None:
    """Read a message whose head is written as ours are; None if anything about it is unusual or wrong."""
    answer = data.startswith(b"SIP/")
    found = (PLAIN_RESPONSE if answer else PLAIN_REQUEST).match(data)
    if not found:
        return None
    first, second, lines, length = found.groups()
    if has_odd_signs(lines):
        return None
    start = found.end()
    if start > SURELY_SMALL:
        check_size(data[: start - 4])
    end = start + int(length)
    if end != len(data):
        if end > len(data):
            return None
        data = data[:end]
    text = second.decode("utf-8", "surrogateescape")
    message: Message
    if answer:
        message = _new(Response)
        _put(message, "status", int(first))
        _put(message, "reason", _phrase(text))
    else:
        message = _new(Request)
        _put(message, "method", first.decode())
        _put(message, "uri", text)
    _put(message, "headers", Headers.plain(lines))
    _put(message, "body", data[start:])
    _put(message, "_memory", {"wire": data})
    return message


def _odd(data: bytes) -> Message:
    """Read any message; it is written in our own form."""
    data = data.lstrip(b"\r\n")
    head, body = _halves(data)
    check_size(head)
    start, lines = head_lines(head)
    items: list[Item] = []
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if not colon or not is_token(name):
            raise MalformedMessage(f"not a header line: {line[:80]!r}")
        items.append((name, value.strip()))
    length = content_length(head)
    if length is not None and length > len(body):
        raise MalformedMessage(f"Content-Length is {length}, the body has {len(body)} bytes")
    return _started(start, Headers(tuple(items)), body if length is None else body[:length])


def _halves(data: bytes) -> tuple[bytes, bytes]:
    """Head and body of a datagram; one without an empty line is all head."""
    end = blank_line(data)
    return (data[: end[0]], data[end[1] :]) if end else (data.rstrip(b"\r\n"), b"")


def _phrase(text: str) -> str:
    return readable(text).replace("\r", " ").strip()


def _started(line: str, headers: Headers, body: bytes) -> Message:
    status = _STATUS_LINE.fullmatch(line)
    if status:
        return Response(int(status[1]), _phrase(status[2] or ""), headers, body)
    parts = line.split(" ")
    if len(parts) != 3 or not is_token(parts[0]):
        raise MalformedMessage(f"not a start line: {line[:80]!r}")
    method, uri, version = parts
    if version.upper() != VERSION:
        raise MalformedMessage(f"not SIP/2.0 but {version[:40]!r}", 505 if version.upper().startswith("SIP/") else 400)
    if not uri or _BREAKS_URI.search(uri):
        raise MalformedMessage(f"not a request URI: {uri[:80]!r}")
    return Request(method, uri, headers, body)


def _wire(start_line: str, headers: Headers, body: bytes) -> bytes:
    """The exact wire form; Content-Length is always right, and last unless it stood elsewhere."""
    lines = [start_line]
    counted = False
    for name, value in headers.items:
        if key(name) != "content-length":
            lines.append(f"{name}: {value}")
        elif not counted:
            lines.append(f"{name}: {len(body)}")
            counted = True
    if not counted:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("\r\n")
    text = "\r\n".join(lines)
    try:
        return text.encode("utf-8", "surrogateescape") + body
    except UnicodeEncodeError:  # half a character, from a person's odd input
        return text.encode("utf-8", "replace") + body


def respond(
    request: Request,
    status: int,
    reason: str = "",
    *,
    tag: str | None = None,
    headers: Iterable[Item] = (),
    body: tuple[str, bytes] | None = None,
) -> Response:
    """Make the answer to a request (RFC 3261 8.2.6).

    Copies Via, From, To, Call-ID and CSeq as they were written, Record-Route where the answer makes a dialog, and the
    Timestamp into a 100. `tag` becomes the To tag if To has none; `body` is content type and bytes.
    """
    with_routes = 100 < status < 300 and request.method in _DIALOG_MAKERS
    wanted = {"via", "from", "to", "call-id", "cseq"}
    wanted |= {"record-route"} if with_routes else set()
    wanted |= {"timestamp"} if status == 100 else set()
    copied = [item for item in request.headers if key(item[0]) in wanted]
    if tag and not request.to.tag:
        copied = [(name, f"{value};tag={tag}" if key(name) == "to" else value) for name, value in copied]
    extra = list(headers)
    if body:
        extra.append(("Content-Type", body[0]))
    made = Headers.of(*copied, *extra)
    return Response(status, reason or reason_of(status), made, body[1] if body else b"")
