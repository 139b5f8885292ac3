"""Bodies of several parts, as lists of resources come (RFC 2046 5.1, RFC 2387, RFC 4662 5.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.errors import MalformedXml
from snomtui.sip.params import Params

MULTIPART_TYPE = "multipart/related"

MOST = 2000
"""So many parts are read; a list of more people is cut."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a body."""

    content_type: str
    """As written, with its parameters."""
    cid: str
    """The Content-ID without angle brackets; empty = none."""
    body: bytes

    @property
    def kind(self) -> str:
        """The media type in lower case, without parameters."""
        return kind_of(self.content_type)


def kind_of(content_type: str) -> str:
    """The media type in lower case, without parameters."""
    return content_type.partition(";")[0].strip().lower()


def parts_of(content_type: str, data: bytes) -> list[Part]:
    """The parts of a multipart body; raises `MalformedXml` if it names no boundary.

    Line ends may be CRLF or LF, and the last boundary may be missing.
    """
    boundary = (Params.parse(content_type.partition(";")[2]).get("boundary") or "").strip()
    if not boundary or len(boundary) > 200:
        raise MalformedXml("a multipart body without a boundary")
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    pieces = re.split(rb"(?:\A|\r?\n)--" + mark + rb"(?=--|[ \t]*(?:\r?\n|\Z))", data, maxsplit=MOST)[1:]
    parts = []
    for piece in pieces:
        if piece.startswith(b"--"):
            break
        parts.append(_part(piece.partition(b"\n")[2]))
    return parts


def root_of(content_type: str, parts: list[Part]) -> Part:
    """The part with which reading begins (RFC 2387 3.2): the one named by `start`, else the first.

    Raises `MalformedXml` if there is none.
    """
    start = bare(Params.parse(content_type.partition(";")[2]).get("start") or "")
    found = next((part for part in parts if start and part.cid == start), parts[0] if parts else None)
    if found is None:
        raise MalformedXml("a multipart body without parts")
    return found


def bare(cid: str) -> str:
    """A Content-ID without blanks, angle brackets and `cid:`."""
    return cid.strip().removeprefix("<").removesuffix(">").removeprefix("cid:")


def _part(raw: bytes) -> Part:
    if raw.startswith((b"\r\n", b"\n")):
        return Part("", "", raw.partition(b"\n")[2])
    head, *rest = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    fields: dict[str, str] = {}
    for line in re.sub(rb"\r?\n[ \t]+", b" ", head).decode("utf-8", "replace").replace("\0", " ").splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    return Part(fields.get("content-type", ""), bare(fields.get("content-id", "")), b"".join(rest))
