"""multipart/related as the front end writes it for presence of many (RFC 2046 5.1, RFC 4662 5.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from snomtui.errors import MalformedXml

_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^;\s"]{1,70}))', re.IGNORECASE)


def boundary_of(content_type: str) -> str:
    """The boundary that a Content-Type names; raises `MalformedXml` if it names none."""
    found = _BOUNDARY.search(content_type)
    if not found:
        raise MalformedXml("a multipart body without a boundary")
    return found[1] or found[2]


def split(data: bytes, boundary: str) -> list[tuple[dict[str, str], bytes]]:
    """The parts: header fields by lower-case name, and body.

    Line ends may be CRLF or LF. A missing last boundary is forgiven.
    """
    parts = re.split(rb"(?:\A|\r?\n)--" + re.escape(boundary.encode()) + rb"(?=--|[ \t]*\r?\n)", data)
    return [_part(each) for each in parts[1:] if not each.startswith(b"--")]


def join(parts: Iterable[tuple[str, str, bytes]], boundary: str) -> bytes:
    """The body from Content-ID, Content-Type and body of each part; the boundary must occur in none of them.

    An empty line stands between each body and the boundary: clients built on libpurple cut off the last two bytes.
    """
    lines = []
    for name, kind, body in parts:
        head = (
            f"--{boundary}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {name}\r\nContent-Type: {kind}\r\n\r\n"
        )
        lines.append(head.encode() + body + b"\r\n\r\n")
    return b"".join(lines) + f"--{boundary}--\r\n".encode()


def _part(raw: bytes) -> tuple[dict[str, str], bytes]:
    # The rest of the boundary line goes first.
    _, _, raw = raw.partition(b"\n")
    if raw.startswith((b"\r\n", b"\n")):
        return {}, raw.partition(b"\n")[2]
    head, *rest = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    fields = (line.partition(":") for line in head.decode("utf-8", "replace").splitlines())
    return {name.strip().lower(): value.strip() for name, _, value in fields if name.strip()}, b"".join(rest)
