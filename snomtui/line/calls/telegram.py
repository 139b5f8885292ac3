"""An instant message of ours, outside of any call (RFC 3428)."""

from __future__ import annotations

from collections.abc import Hashable

from snomtui.errors import LocalError
from snomtui.line.calls.privacy import concealed
from snomtui.line.calls.why import refusal
from snomtui.line.desk import Desk
from snomtui.line.events import Trouble
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Request, Response
from snomtui.sip.uri import checked

LONGEST = 1300
"""Bytes that the whole request may have over UDP (RFC 3428 8)."""
_TEXT = "text/plain;charset=UTF-8"


class Telegram:
    """One message; it is sent once, and a person hears if it was not taken."""

    def __init__(self, desk: Desk, uri: str, text: str) -> None:
        """Raises `LocalError` if `uri` is none, or the message is too long for a datagram."""
        self._desk = desk
        head = desk.letterhead
        request = head.request("MESSAGE", checked(uri), f"<{uri}>", desk.ids.tag(), desk.ids.call_id(), 1)
        if desk.account.private:
            request = concealed(request, desk.account)
        self._request = request.with_body(_TEXT, text.encode("utf-8", "replace"))
        if desk.transport() == "udp" and len(bytes(self._request)) > LONGEST:
            raise LocalError("The message is too long to be sent over UDP")

    def send(self, now: float) -> None:
        """Send it."""
        self._desk.send(self._request, self, now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """It was taken or refused; a 202 counts as taken, whatever becomes of it."""
        if response.status >= 300:
            self._lost(f"{response.status} {refusal(response)}")

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """It came to nothing."""
        self._lost(why)

    def _lost(self, why: str) -> None:
        self._desk.tell(Trouble("message", f"The message was not delivered: {why}"))

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""

    def alarm(self, name: Hashable, now: float) -> None:
        """It sets no timer."""
