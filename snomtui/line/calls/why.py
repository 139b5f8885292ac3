"""Why a call was refused or ended, in words for people.

From Reason (RFC 3326), Warning and Retry-After (RFC 3261 20), and the diagnostics of an OCS ([MS-OCER] 2.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.line.answers import warned
from snomtui.line.seconds import retry_after, seconds
from snomtui.sip.grammar import quote, readable
from snomtui.sip.headers import Item
from snomtui.sip.message import Message, Response
from snomtui.sip.params import Params
from snomtui.sip.reasons import reason_of

_LONGEST = 120
"""So many characters of somebody else's text are shown."""

Q850 = {
    1: "The number is not in use",
    3: "No route to the other side",
    17: "The other side is busy",
    18: "The other side did not answer",
    19: "Nobody answered",
    20: "The other side is not there",
    21: "The call was rejected",
    22: "The number has changed",
    27: "The other side is out of order",
    28: "The number is not complete",
    31: "The call was ended",
    34: "All lines are busy",
    38: "The network is out of order",
    41: "The network has a passing fault",
    42: "The network is overloaded",
    47: "The network has no resources left",
    50: "The other side has not subscribed to this service",
    58: "The service is not available now",
    63: "The service is not available",
    65: "The service is not known there",
    79: "The service is not known there",
    88: "The other side cannot speak with us",
    102: "The network lost patience",
    111: "The network made a mistake",
    127: "The network made a mistake",
}
"""Causes of Q.850 that a person should know; 16, the normal end, says nothing."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One value of a Reason header."""

    protocol: str
    """In upper case: `SIP`, `Q.850`."""
    code: int
    text: str

    @property
    def elsewhere(self) -> bool:
        """Whether somebody else took the call (RFC 3326 2)."""
        return self.protocol == "SIP" and self.code == 200 or "elsewhere" in self.text.lower()

    @property
    def words(self) -> str:
        """In words; empty for the normal end of a call."""
        if self.text and not (self.protocol == "Q.850" and self.code == 16):
            return self.text
        if self.protocol == "Q.850":
            return Q850.get(self.code, "")
        return reason_of(self.code) if self.protocol == "SIP" and 300 <= self.code < 700 else ""


def causes(message: Message) -> list[Cause]:
    """The Reason values of a message, in order; what cannot be read is left out."""
    found = []
    for value in message.headers.values("Reason"):
        protocol, _, rest = value.partition(";")
        params = Params.parse(rest)
        text = readable(params.get("text") or "")[:_LONGEST]
        found.append(Cause(protocol.strip().upper(), seconds(params.get("cause")) or 0, text))
    return found


def said(message: Message) -> str:
    """The first Reason that says something, in words; "" if none does."""
    return next((cause.words for cause in causes(message) if cause.words), "")


def elsewhere(message: Message) -> bool:
    """Whether a CANCEL or BYE says that somebody else took the call."""
    return any(cause.elsewhere for cause in causes(message))


def refusal(response: Response) -> str:
    """Why a request was refused: the phrase, what Warning, Reason or diagnostics add, and when to try again."""
    parts = [response.reason or reason_of(response.status)]
    more = warned(response) or said(response)
    if more and more.lower() != parts[0].lower():
        parts.append(more)
    pause = retry_after(response)
    text = ": ".join(parts)
    return f"{text}; try again in {pause} s" if pause else text


def reason(code: int, text: str) -> Item:
    """A Reason header of ours."""
    return "Reason", f"SIP;cause={code};text={quote(text)}"


def warning(code: int, host: str, text: str) -> Item:
    """A Warning header of ours (RFC 3261 20.43)."""
    return "Warning", f"{code} {host} {quote(text)}"
