"""Bodies of several parts: a description beside something else, lists of resources (RFC 2046 5.1, RFC 2387)."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass

from snomtui.sip.message import Message
from snomtui.sip.params import parameter_named

_SPLIT = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(r"\r?\n[ \t]+")
_DEEPEST = 3
"""So many multiparts inside each other are looked into."""
_FEW, MOST = 64, 2000
"""So many parts are looked at: of an ordinary body, and of a list, which may be long."""
_LONGEST_BOUNDARY = 200
_CHARSET = re.compile(r"iso-8859-(?:[1-9]|1[013-6])|windows-125[0-8]|utf-16(?:be|le)?|koi8-[ru]")
"""Besides UTF-8 and what is part of it. No name from the wire is tried: Python decodes more than texts."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a body."""

    content_type: str
    """As written, with its parameters; empty = none."""
    cid: str
    """The Content-ID without angle brackets; empty = none."""
    body: bytes

    @property
    def kind(self) -> str:
        """The media type in lower case, without parameters; without a Content-Type it is text (RFC 2046 5.1)."""
        return kind_of(self.content_type) or "text/plain"


def kind_of(content_type: str) -> str:
    """The media type in lower case, without parameters."""
    return content_type.partition(";")[0].strip().lower()


def bare(cid: str) -> str:
    """A Content-ID without blanks, angle brackets and `cid:`."""
    return cid.strip().removeprefix("<").removesuffix(">").removeprefix("cid:")


def leaves(message: Message) -> Iterator[tuple[str, bytes]]:
    """Content type (lower case, without parameters) and bytes of each part of a body, nested ones included.

    A body that is not multipart is its only part.
    """
    return ((kind_of(written), part) for written, part in typed_leaves(message))


def typed_leaves(message: Message) -> Iterator[tuple[str, bytes]]:
    """The same with the content type as it was written."""
    return _leaves(message.headers.get("Content-Type") or "", message.body, _DEEPEST)


def text_of(message: Message) -> str:
    """What a person can read: the first text/plain part, else any text, else the body as it is.

    It is UTF-8 unless it names another character set that is in use (RFC 3428 7, RFC 2046 4.1.2). What cannot be read
    becomes replacement characters.
    """
    found = [(written, part) for written, part in typed_leaves(message) if kind_of(written).startswith("text/")]
    plain = [each for each in found if kind_of(each[0]) == "text/plain"]
    return decoded(*(plain or found or [("", message.body)])[0])


def decoded(written: str, part: bytes) -> str:
    """The text of one part by its content type as it was written; what cannot be read becomes replacement characters.

    It is UTF-8 unless it names another character set that is in use.
    """
    charset = parameter_named(written, "charset").strip().lower()
    return part.decode(charset if _CHARSET.fullmatch(charset) else "utf-8", "replace")


def _leaves(content_type: str, body: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    if not kind_of(content_type).startswith("multipart/"):
        yield content_type, body
    elif depth:
        for part in parts_of(content_type, body, _FEW):
            yield from _leaves(part.content_type or part.kind, part.body, depth - 1)


def parts_of(content_type: str, body: bytes, most: int = MOST) -> list[Part]:
    """The parts of a multipart body, at most so many; none if it names no boundary.

    Line ends may be CRLF or LF. What stands before the first boundary is left out, a missing last one is forgiven.
    """
    boundary = parameter_named(content_type, "boundary").strip()
    if not boundary or len(boundary) > _LONGEST_BOUNDARY:
        return []
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    # A longer boundary that begins like this one is another one: a nested multipart may well have it.
    pieces = re.split(rb"(?:\A|\r?\n)--" + mark + rb"(?=--|[ \t]*(?:\r?\n|\Z))", body, maxsplit=most)
    parts = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            break
        parts.append(_part(piece.partition(b"\n")[2]))
    return parts


def _part(piece: bytes) -> Part:
    """Headers, an empty line, content."""
    if piece.startswith((b"\r\n", b"\n")):
        return Part("", "", piece.partition(b"\n")[2])
    head, *content = _SPLIT.split(piece, maxsplit=1)
    fields: dict[str, str] = {}
    text = _FOLDED.sub(" ", head.decode("utf-8", "surrogateescape")).replace("\0", " ")
    for line in text.replace("\r\n", "\n").split("\n"):
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    plain = _unpacked(fields.get("content-transfer-encoding", ""), b"".join(content))
    return Part(fields.get("content-type", ""), bare(fields.get("content-id", "")), plain)


def _unpacked(coding: str, content: bytes) -> bytes:
    """The content without its transfer encoding (RFC 2045 6); what does not fit its encoding stays as it is."""
    match coding.lower():
        case "base64":
            try:
                return b64decode(content)
            except ValueError:
                return content
        case "quoted-printable":
            return a2b_qp(content)
    return content
