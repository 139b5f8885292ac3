"""Bodies of several parts, for instance a session description beside something else (RFC 2046 5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from snomtui.sip.message import Message
from snomtui.sip.params import parameter_named

_SPLIT = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(r"\r?\n[ \t]+")
_DEEPEST = 3
"""So many multiparts inside each other are looked into."""
_MOST = 64
"""So many parts of one multipart are looked at."""


def leaves(message: Message) -> Iterator[tuple[str, bytes]]:
    """Content type (lower case, without parameters) and bytes of each part of a body, nested ones included.

    A body that is not multipart is its only part. What stands in front of the first boundary is left out; a missing
    last boundary is forgiven.
    """
    return _leaves(message.headers.get("Content-Type") or "", message.body, _DEEPEST)


def text_of(message: Message) -> bytes:
    """What a person can read: the first text/plain part, else any text, else the body as it is."""
    found = [(kind, part) for kind, part in leaves(message) if kind.startswith("text/")]
    plain = [part for kind, part in found if kind == "text/plain"]
    return (plain or [part for _, part in found] or [message.body])[0]


def _leaves(content_type: str, body: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    kind = content_type.partition(";")[0].strip().lower()
    if not kind.startswith("multipart/"):
        yield kind, body
    elif depth:
        for inner, part in _parts(body, parameter_named(content_type, "boundary")):
            yield from _leaves(inner, part, depth - 1)


def _parts(body: bytes, boundary: str) -> Iterator[tuple[str, bytes]]:
    """Content type as written and bytes of each part."""
    if not boundary:
        return
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    # A longer boundary that begins like this one is another one: a nested multipart may well have it.
    pieces = re.split(rb"(?:\A|\r?\n)--" + mark + rb"(?=--|[ \t]*(?:\r?\n|\Z))", body, maxsplit=_MOST)
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return
        yield _part(piece.partition(b"\n")[2])


def _part(piece: bytes) -> tuple[str, bytes]:
    """Headers, an empty line, content; without headers the content is text."""
    if piece.startswith((b"\r\n", b"\n")):
        return "text/plain", piece.partition(b"\n")[2]
    head, *content = _SPLIT.split(piece, maxsplit=1)
    lines = _FOLDED.sub(" ", head.decode("utf-8", "surrogateescape")).replace("\r\n", "\n").split("\n")
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-type":
            return value.strip(), b"".join(content)
    return "text/plain", b"".join(content)
