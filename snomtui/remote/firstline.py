"""The first line of a request as small programs write it, made acceptable (RFC 9112 2.2 and 3; RFC 1945 4.1).

Sketches for microcontrollers and shell scripts write their HTTP by hand, and some libraries send a URL as it is: an
empty line first, blanks inside the target, a blank too many behind it, no version at all, the line in several pieces,
HTTP/1.1 without the name of a host.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes

LONGEST = 16 * 1024
"""A line that is not over after so many bytes is not waited for any longer."""

_PLAIN = re.compile(rb"[A-Za-z]+ [\x21-\x7e]+ HTTP/1\.[01]\r?")
_PROTOCOL = re.compile(rb"[A-Za-z]{2,10}/[0-9.]+")
_UNUSUAL = re.compile(rb"[^\x21-\x7e]+")
_HOSTLESS = re.compile(
    rb"(GET [\x21-\x7e]+ HTTP/1\.)1"
    rb"(\r?\n(?:(?!host|content-length|transfer-encoding|upgrade)[!-~][^\r\n]*\r?\n)*\r?\n)",
    re.IGNORECASE,
)
"""A whole head without body and without Host. HTTP/1.0 has no such field, so it is read as that."""


def whole(data: bytes) -> bool:
    """Whether the line is all there, or whatever came is not worth waiting for."""
    return not data[:1].isalpha() or b"\n" in data or len(data) > LONGEST


def bare(data: bytes) -> bool:
    """Whether the line names no version. Then no fields need follow it, nor an empty line."""
    words = _words(data)
    return words is not None and not words[2]


def tolerated(data: bytes) -> bytes:
    """The start of a request, made acceptable; as it came, if there is nothing to be done or it is no request."""
    data = data.lstrip(b"\r\n")
    words = _words(data)
    if words is not None:
        method, target, version = words
        target = _UNUSUAL.sub(lambda part: quote_from_bytes(part[0], safe="").encode(), target)
        data = method + b" " + target + b" " + (version or b"HTTP/1.0") + b"\r\n" + data.partition(b"\n")[2]
    hostless = _HOSTLESS.match(data)
    return hostless[1] + b"0" + hostless[2] + data[hostless.end() :] if hostless else data


def _words(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Method, target and version (or nothing) of an unusual first line; None for any other."""
    line, newline, _ = data.lstrip(b"\r\n").partition(b"\n")
    if not newline or _PLAIN.fullmatch(line):
        return None
    method, _, rest = line.partition(b" ")
    rest = rest.strip()
    target, _, last = rest.rpartition(b" ")
    if last.upper().startswith(b"HTTP/"):
        return (method, target.strip(), last.upper()) if target else None
    if method.upper() != b"GET" or rest[:1] != b"/" or _PROTOCOL.fullmatch(last):
        return None  # a request of another protocol, or none
    return method, rest, b""
