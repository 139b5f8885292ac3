"""One SERVICE to a front end, and what came of it ([MS-SIP] 3.3, [MS-PRES] 3.2.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from snomtui.line.desk import Desk, Nobody
from snomtui.ocs.diagnostics import why_of
from snomtui.sip.message import Request, Response


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request."""

    response: Response | None
    """The final answer; None if there was none."""
    why: str = ""
    """Why it was refused, in words; empty = it was done."""

    @property
    def done(self) -> bool:
        """Whether the server did it."""
        return not self.why


class Errand(Nobody):
    """Asks once, and tells the outcome once."""

    def __init__(self, desk: Desk, uri: str, told: Callable[[Outcome, float], None]) -> None:
        """`uri`: whom to ask; `told(outcome, now)` hears what came of it."""
        self._desk, self._uri, self._told = desk, uri, told

    def send(self, kind: str, body: bytes, now: float) -> None:
        """Ask, with a body of this type."""
        head, ids = self._desk.letterhead, self._desk.ids
        headers = [("Contact", head.contact())]
        request = head.request("SERVICE", self._uri, f"<{self._uri}>", ids.tag(), ids.call_id(), 1, headers)
        self._desk.send(request.with_body(kind, body), self, now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """The server's answer."""
        if response.status >= 200:
            self._told(Outcome(response, "" if response.status < 300 else why_of(response)), now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """It came to nothing."""
        self._told(Outcome(None, why or "The server does not answer"), now)
