"""Requests whose form is not sound, and how long one may take: what is refused before anybody looks at what it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # reply asks here
    from snomtui.remote.reply import Scope

LONGEST_TARGET = 16 * 1024
"""The longest request target, bytes."""
LONGEST_HEAD = 64 * 1024
"""All header fields together, bytes."""
HEAD_PATIENCE = 10.0
"""Seconds from the first byte of a request to the end of its head."""
BARE_PATIENCE = 2.0
"""The same for a request that names no version: after that, nothing more belongs to its head."""


def unsound(scope: Scope) -> tuple[int, str] | None:
    """The status and the reason with which a request is refused, or None.

    The rules are those of RFC 9112 3.2 and 6.1, RFC 9110 15.5.15 and RFC 6585 5. With two ways to say how long a body
    is, requests are smuggled past others who read them.
    """
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_TARGET:
        return 414, f"the address is longer than {LONGEST_TARGET} bytes"
    size, names = 0, set()
    for name, value in scope["headers"]:
        size += len(name) + len(value) + 4
        names.add(name)
        if name == b"host" and len(value.split()) > 1:  # such as a line that was folded onto it
            return 400, "Host is one name"
    if size > LONGEST_HEAD:
        return 431, f"the header fields are longer than {LONGEST_HEAD} bytes"
    if b"transfer-encoding" in names and b"content-length" in names:
        return 400, "Content-Length and Transfer-Encoding exclude each other"
    return None


def status_of(error: BaseException | None, seen: bytes) -> int:
    """The status for a head that cannot be read; `seen` is what came of it."""
    hint = int(getattr(error, "error_status_hint", 400))
    return 414 if hint == 431 and b"\n" not in seen else hint
