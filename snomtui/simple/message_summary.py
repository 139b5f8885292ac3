"""Waiting messages (RFC 3842)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.errors import MalformedMessage

MESSAGE_SUMMARY_TYPE = "application/simple-message-summary"

_COUNTS = re.compile(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*(?:\(\s*(\d{1,9})\s*/\s*(\d{1,9})\s*\))?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """How much voice mail is there."""

    waiting: bool
    account: str = ""
    """Where to call to hear it; empty if not said."""
    new: int = 0
    old: int = 0
    urgent_new: int = 0
    """Of the new ones, those that are urgent."""
    urgent_old: int = 0

    @classmethod
    def parse(cls, data: bytes) -> MessageSummary:
        """Read a summary; raises `MalformedMessage` if it tells nothing of messages. Unreadable counts are 0."""
        fields: dict[str, str] = {}
        for line in data[:65536].decode("utf-8", "replace").splitlines():
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        counts = fields.get("voice-message")
        if "messages-waiting" not in fields and counts is None:
            raise MalformedMessage("a message summary without Messages-Waiting")
        found = _COUNTS.fullmatch(counts or "")
        new, old, urgent_new, urgent_old = (int(each or 0) for each in found.groups()) if found else (0, 0, 0, 0)
        said = fields.get("messages-waiting", "yes" if new else "no").lower()
        return cls(said == "yes", fields.get("message-account", ""), new, old, urgent_new, urgent_old)
