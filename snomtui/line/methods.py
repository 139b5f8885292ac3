"""What a phone serves. Whatever it announces is made from the lists here, so it announces nothing else."""

from __future__ import annotations

from snomtui.sip.headers import Item
from snomtui.sip.message import Message
from snomtui.sip.validity import Abilities

SERVED = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "NOTIFY", "MESSAGE", "INFO", "UPDATE", "PRACK", "REFER")
"""The methods of requests that we take."""
_KNOWN = (*SERVED, "SUBSCRIBE", "PUBLISH", "REGISTER", "SERVICE", "NEGOTIATE")
"""The methods that we have heard of."""
ALLOW = ", ".join(SERVED)
"""Our Allow header (RFC 3261 20.5)."""
OCS_METHODS = ", ".join((*SERVED, "BENOTIFY"))
"""The `methods` of our Contact at OCS ([MS-SIPREGE] 3.1); BENOTIFY is theirs alone."""
EXTENSIONS = ("100rel", "timer", "replaces", "norefersub", "nosub")
"""The extensions that we understand (RFC 3262, RFC 4028, RFC 3891, RFC 4488, RFC 7614)."""
SUPPORTED = ", ".join(EXTENSIONS)
"""Our Supported header."""
ABILITIES: tuple[Item, ...] = (
    ("Allow", ALLOW),
    ("Supported", SUPPORTED),
    ("Accept", "application/sdp"),
    ("Accept-Encoding", "identity"),
    ("Accept-Language", "en"),
)
"""What an answer to OPTIONS tells (RFC 3261 11.2)."""
SERVICE = Abilities(SERVED, _KNOWN, EXTENSIONS)
"""What requests are measured by."""
CSTA = "application/csta+xml"
"""The body of an INVITE or INFO with which a program controls the phone (ECMA TR/87)."""
CONTROLLED = Abilities(SERVED, _KNOWN, EXTENSIONS, (CSTA,))
"""What they are measured by where that is allowed."""
DOCUMENT = "application/snomxml"
"""The body of a NOTIFY that holds a document for the display."""
DIGITS = ("application/dtmf-relay", "application/dtmf")
"""Bodies of an INFO that we understand."""


def names(message: Message, header: str, wanted: str) -> bool:
    """Whether a list header such as Supported names something."""
    return wanted in (name.lower() for name in message.headers.values(header))
