"""Calls to us that go elsewhere: 302 Moved Temporarily, at once or while it rings (RFC 3261 13.3.1.2, RFC 5806)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from snomtui.line.calls.party import Party
from snomtui.line.desk import Desk
from snomtui.line.events import CallChanged
from snomtui.sip.headers import Item
from snomtui.sip.means import ServerKey
from snomtui.sip.message import Request, respond

STATUS = 302


@dataclass(frozen=True, slots=True)
class Way:
    """Where a call to us goes instead."""

    uri: str
    number: str
    """The same as a person would say it."""
    why: str
    """A reason of RFC 5806: `unconditional`, `user-busy`, `no-answer` or `deflection`."""
    after: float = 0.0
    """Seconds that it rings here first."""

    @property
    def words(self) -> str:
        """What the event of the call's end says."""
        return f"Redirected to {self.number}"


Ways = Callable[[str], Way | None]
"""The way for what happens, `all`, `busy` or `time`; None = the call stays here."""


def nowhere(event: str) -> Way | None:
    """Every call stays here."""
    return None


def directions(desk: Desk, way: Way) -> list[Item]:
    """What a 302 says: the new target, and who sends the call there."""
    return [("Contact", f"<{way.uri}>"), ("Diversion", f"<sip:{desk.account.aor}>;reason={way.why}")]


def divert(desk: Desk, id: str, request: Request, key: ServerKey, way: Way, now: float) -> None:
    """Send a call elsewhere that never rings here; raises `MalformedMessage` if nobody can tell who calls."""
    party = Party.calling(request)
    desk.reply(key, respond(request, STATUS, tag=desk.ids.tag(), headers=directions(desk, way)), now)
    desk.tell(
        CallChanged(
            id=id,
            identity=desk.account.number,
            direction="in",
            remote=party.uri,
            remote_name=party.name,
            number=party.number,
            state="ended",
            code=STATUS,
            reason=way.words,
            cause="elsewhere",
            diverted_by=party.diverted_by,
        )
    )
