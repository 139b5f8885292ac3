"""What is enclosed with a NOTIFY: the one document in it that we can read."""

from __future__ import annotations

from collections.abc import Sequence

from snomtui.sip.message import Message
from snomtui.sip.multipart import leaves

_ANY_XML = ("application/xml", "text/xml")
"""Some servers name only the form of what they send."""


def enclosed(message: Message, accepts: Sequence[str]) -> Message | None:
    """The message with the document as its body; None if it is of no type that we accept, or packed (gzip).

    Nothing in `accepts`: whatever comes is taken. A body that says nothing of its type is taken for the one we asked
    for. Of several parts the last that we accept counts: the best of alternatives stands last (RFC 2046 5.1.4).
    """
    if not accepts:
        return message
    coding = (message.headers.get("Content-Encoding") or "identity").strip().lower()
    if coding != "identity":
        return None
    kind = message.content_type
    if not kind or kind in accepts or kind in _ANY_XML:
        return message
    if not kind.startswith("multipart/"):
        return None
    found = next((part for part in reversed(list(leaves(message))) if part[0] in accepts), None)
    return message.with_body(*found) if found else None
