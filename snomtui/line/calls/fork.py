"""One branch of a call of ours that has not been answered yet (RFC 3261 12.1.2, RFC 3262 4)."""

from __future__ import annotations

from collections.abc import Hashable

from snomtui.line.calls.leg import Leg
from snomtui.line.methods import names
from snomtui.line.seconds import seconds
from snomtui.sip.dialog import Dialog
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Request, Response

MOST = 16
"""So many branches of one call are kept apart."""


class Fork:
    """An early dialog; owner of its PRACKs."""

    def __init__(self, leg: Leg, dialog: Dialog) -> None:
        self._leg = leg
        self.dialog = dialog
        self.body: bytes | None = None
        """The last session description that came from it."""
        self._number: int | None = None
        """The RSeq that came last."""

    def takes(self, invite: Request, response: Response, now: float) -> bool:
        """Acknowledge a reliable provisional answer; False if it is a repeat or came too early (RFC 3262 4)."""
        number = reliable(response)
        if number is None:
            return True
        if self._number is not None and number != self._number + 1:
            return False
        self._number = number
        rack = ("RAck", f"{number} {invite.cseq.number} INVITE")
        self._leg.desk.send(self.dialog.request("PRACK", self._leg.desk.letterhead.via(), [rack]), self, now)
        return True

    def answered(self, request: Request, response: Response, now: float) -> None:
        """A PRACK that is refused changes nothing: the other side decides what becomes of the call."""

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """A PRACK that comes to nothing changes nothing: the INVITE has its own end."""

    def renumbered(self, request: Request) -> int:
        """The dialog counts."""
        return self.dialog.renumbered(request)

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this PRACK; the dialog knows its number."""

    def alarm(self, name: Hashable, now: float) -> None:
        """It sets no timer."""


def reliable(response: Response) -> int | None:
    """The RSeq of a provisional answer that is to be acknowledged; None for any other answer (RFC 3262 7.1)."""
    if not 100 < response.status < 200 or not response.to.tag or not names(response, "Require", "100rel"):
        return None
    number = seconds(response.headers.get("RSeq"))
    return number if number else None
