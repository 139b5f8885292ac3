"""Session timers: a call that nobody refreshes ends (RFC 4028)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from snomtui.line.calls.leg import Leg
from snomtui.line.methods import names
from snomtui.line.seconds import seconds
from snomtui.sip.headers import Item
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Message, Request, Response
from snomtui.sip.params import Params

LEAST = 90
"""The shortest interval, in seconds (RFC 4028 4)."""
_LONGEST = 86400
_BRIEFEST = 10
"""An interval that the other side sets is taken as it is, down to this many seconds."""
_AGAIN = 30.0
"""Seconds, at most, until a refresh that was refused is tried once more."""
_SOON = 2.0
"""Seconds, at least, between two tries."""
_RAISES = 4
"""So many times a higher Min-SE is accepted in one call."""
_FINAL = (408, 481)

End = Callable[[str, int | None, str, float], None]
"""Ends the call with a BYE: cause, code, reason, now."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A Session-Expires header."""

    seconds: int
    refresher: str
    """`uac`, `uas`, or empty."""

    @classmethod
    def of(cls, message: Message) -> Interval | None:
        """Read it; None if there is none or it is no number."""
        text, _, params = (message.headers.get("Session-Expires") or "").partition(";")
        length = seconds(text)
        if length is None:
            return None
        refresher = (Params.parse(params).get("refresher") or "").lower()
        return cls(length, refresher if refresher in ("uac", "uas") else "")


class Expiry:
    """Watches that a call is refreshed, by us or by the other side; owner of our UPDATEs."""

    def __init__(self, leg: Leg, repeat: Callable[[float], bool], end: End) -> None:
        """`repeat(now)` sends a re-INVITE that changes nothing; False if that cannot be now."""
        self._leg, self._repeat, self._end = leg, repeat, end
        self._wanted = leg.desk.account.session_timer
        self._least = LEAST
        """The highest Min-SE that we were told."""
        self._raises = 0
        self._length = 0
        """Seconds that were agreed; 0 = nobody has to refresh."""
        self._ours = False
        """Whether we refresh."""
        self._ends_at = 0.0
        """When the call ends, if nobody has refreshed it by then."""

    # -- our requests

    def headers(self) -> list[Item]:
        """What our INVITE, re-INVITE or UPDATE says of it; roles that are agreed are kept (RFC 4028 7.4)."""
        length = self._length or self._wanted
        if not length:
            return []
        role = f";refresher={'uac' if self._ours else 'uas'}" if self._length else ""
        return [("Session-Expires", f"{max(length, self._least)}{role}"), ("Min-SE", str(self._least))]

    def raised(self, response: Response) -> bool:
        """Note the Min-SE of a 422; False if the same request would be refused again (RFC 4028 7.3)."""
        least = seconds(response.headers.get("Min-SE"))
        usable = least is not None and self._least < least <= _LONGEST
        if response.status != 422 or least is None or not usable or self._raises >= _RAISES:
            return False
        self._raises += 1
        self._least = least
        return True

    def agreed(self, response: Response, now: float) -> None:
        """A 2xx to our INVITE, re-INVITE or UPDATE (RFC 4028 7.2)."""
        found = Interval.of(response)
        if found is None:
            self.stop()
        else:
            self._start(max(found.seconds, _BRIEFEST), found.refresher != "uas", now)

    # -- their requests

    def too_short(self, request: Request) -> bool:
        """Whether a request wants more refreshes than we do, and understands to be told so (RFC 4028 9)."""
        found = Interval.of(request)
        return found is not None and found.seconds < LEAST and names(request, "Supported", "timer")

    def granted(self, request: Request, now: float) -> list[Item]:
        """What our 2xx to an INVITE, re-INVITE or UPDATE says of it (RFC 4028 9)."""
        found = Interval.of(request)
        if found is None:
            self.stop()
            return []
        knows = names(request, "Supported", "timer")
        role = (found.refresher or "uac") if knows else "uas"
        least = max(LEAST, min(seconds(request.headers.get("Min-SE")) or LEAST, _LONGEST))
        length = max(least, min(found.seconds, self._wanted or _LONGEST))
        self._start(length, role == "uas", now)
        need: list[Item] = [("Require", "timer")] if role == "uac" else []
        return [*need, ("Session-Expires", f"{length};refresher={role}")]

    # -- time

    def _start(self, length: int, ours: bool, now: float) -> None:
        self._length, self._ours = length, ours
        alarm = self._leg.desk.alarm
        alarm(self, "refresh", now + length / 2 if ours else None)
        self._ends_at = now + length - min(32.0, length / 3)
        alarm(self, "end", self._ends_at)

    def again(self, now: float) -> None:
        """A refresh of ours came to nothing: another one soon, and before it is too late."""
        if self._length and self._ours:
            pause = min(_AGAIN, max((self._ends_at - now) / 2, _SOON))
            self._leg.desk.alarm(self, "refresh", now + pause)

    def stop(self) -> None:
        """Nobody has to refresh any longer."""
        self._length = 0
        self._leg.desk.alarm(self, "refresh", None)
        self._leg.desk.alarm(self, "end", None)

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to refresh, or nobody did."""
        if self._leg.audio is None:
            return
        if name == "end":
            self._end("timeout", 408, "The other side has gone silent", now)
        elif self._leg.serves("UPDATE"):
            self._leg.ask("UPDATE", self, now, [*self._leg.introduction(), *self.headers()])
        elif not self._repeat(now):
            self.again(now)

    # -- answers to our UPDATE

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The session goes on, or the other side knows it no longer."""
        if response.status < 200 or self._leg.audio is None or self._leg.dialog is None:
            return
        if response.status < 300:
            self.agreed(response, now)
        elif response.status in _FINAL:
            self._end("failed", response.status, response.reason, now)
        elif response.status in (405, 501):
            self._leg.unserved("UPDATE")
            self._leg.desk.alarm(self, "refresh", now)
        elif self.raised(response):
            self._leg.desk.alarm(self, "refresh", now)
        else:
            self.again(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """No answer at all: the call is dead. A lost connection: there will be another one."""
        if self._leg.audio is None:
            return
        if status == 408:
            self._end("timeout", status, "The other side has gone silent", now)
        else:
            self.again(now)

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self._leg.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this UPDATE; the dialog knows its number."""
