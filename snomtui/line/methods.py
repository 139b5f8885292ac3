"""What a phone serves. Whatever it announces is made from the one list here, so it announces nothing else."""

from __future__ import annotations

SERVED = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "NOTIFY", "MESSAGE", "INFO", "UPDATE")
"""The methods of requests that we take."""
_KNOWN = (*SERVED, "REFER", "SUBSCRIBE", "PRACK", "PUBLISH", "REGISTER", "SERVICE", "NEGOTIATE")
"""The methods that we have heard of."""
ALLOW = ", ".join(SERVED)
"""Our Allow header (RFC 3261 20.5)."""
OCS_METHODS = ", ".join((*SERVED, "BENOTIFY"))
"""The `methods` of our Contact at OCS ([MS-SIPREGE] 3.1); BENOTIFY is theirs alone."""


def refusal_of(method: str) -> int:
    """The status for a method that is not served: 405 if we know it, else 501 (RFC 3261 8.2.1, 21.5.2)."""
    return 405 if method in _KNOWN else 501
