"""multipart/related as the front end writes it for presence of many (RFC 2046 5.1, RFC 4662 5.3)."""

from __future__ import annotations

from collections.abc import Iterable


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
