"""Answers to INVITEs of ours that are over: somebody took a call that we gave up, or repeats what was answered before.

Without an ACK and a BYE that one would talk to nobody for long (RFC 3261 13.2.2.4). But whoever once got an INVITE of
ours could make us send as many as it likes to whom it likes, so there is a limit to both.
"""

from __future__ import annotations

from collections import deque

from snomtui.line.answers import dialog_of
from snomtui.line.calls.replaces import Key
from snomtui.line.desk import Desk, Nobody
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request, Response

MOST = 3
"""So many branches of one call are ended late; more are no forks but a flood."""
OPEN = 8
"""So many late BYEs may wait for their answers at a time."""
REMEMBERED = 64
"""So many calls of ours are remembered."""


class Late(Nobody):
    """Ends what was answered too late; owner of those BYEs."""

    def __init__(self, desk: Desk, past: deque[Key]) -> None:
        """`past` are the dialogs that are over; those ended here are added."""
        self._desk, self._past = desk, past
        self._ended: dict[str, int] = {}
        """Branches that were ended late, by the Call-IDs of the last calls that we made."""
        self._open = 0
        """BYEs that wait for their answers."""

    def remember(self, call_id: str) -> None:
        """We made this call."""
        self._ended[call_id] = 0
        if len(self._ended) > REMEMBERED:
            del self._ended[next(iter(self._ended))]

    def accepted(self, response: Response, now: float) -> None:
        """A 2xx to an INVITE that nobody knows any more."""
        if response.call_id not in self._ended:
            return
        if (response.call_id, response.from_.tag, response.to.tag) in self._past:
            self.acknowledge(response, now)
        elif self._ended[response.call_id] < MOST and self._open < OPEN:
            self._ended[response.call_id] += 1
            self._open += 1
            dialog = self.acknowledge(response, now)
            self._past.append(dialog.key)
            self._desk.send(dialog.request("BYE", self._desk.letterhead.via()), self, now)

    def acknowledge(self, response: Response, now: float) -> Dialog:
        """Send the ACK to a 2xx."""
        invite = self._invite_of(response)
        dialog = dialog_of(invite, response)
        self._desk.acknowledge(dialog.ack(invite, self._desk.letterhead.via()), now)
        return dialog

    def _invite_of(self, response: Response) -> Request:
        """What can be told of our INVITE by its answer."""
        headers = [(name, response.headers.get(name) or "") for name in ("From", "To", "Call-ID", "CSeq")]
        contact = ("Contact", self._desk.letterhead.contact())
        return Request("INVITE", self._desk.account.uri, Headers.of(*headers, contact))

    def answered(self, request: Request, response: Response, now: float) -> None:
        """One of our BYEs was answered."""
        if response.status >= 200:
            self._open -= 1

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """One of our BYEs came to nothing."""
        self._open -= 1
