"""Publishing as PIDF with entity tags, at an ordinary server (RFC 3903)."""

from __future__ import annotations

from snomtui.line.desk import Desk
from snomtui.line.events import OwnPresenceChanged
from snomtui.line.retries import AGAIN, refresh_after
from snomtui.line.seconds import seconds
from snomtui.line.watch.publication import Publisher, State, Wish
from snomtui.simple.pidf import PIDF_TYPE, build_pidf
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response


class PidfPublisher(Publisher):
    """By PUBLISH with entity tags: whole documents, and requests without one to keep them alive."""

    EXPIRES = 3600

    def __init__(self, desk: Desk, machine: str) -> None:
        super().__init__(desk)
        self._tuple = f"{machine.lower()}-{desk.account.instance[-12:].upper()}"
        self._etag = ""
        """Kept when the connection is lost, so that the server's old state is replaced instead of standing beside."""
        self._asked = self.EXPIRES
        self._sent, self._stored = b"", b""
        """The document of the last request, and the one that the server has for sure."""

    def _made(self, wish: Wish) -> Request | None:
        self._sent = build_pidf(self._desk.account.uri, wish.presence, self._tuple)
        request = self._publish_request(self._asked)
        if self._etag and self._sent == self._stored:
            return request  # a refresh has no body (RFC 3903 4.1)
        return request.with_body(PIDF_TYPE, self._sent)

    def _taking_back(self) -> Request | None:
        return self._publish_request(0) if self._etag else None

    def _publish_request(self, expires: int) -> Request:
        uri, ids = self._desk.account.uri, self._desk.ids
        headers: list[Item] = [("Event", "presence"), ("Expires", str(expires))]
        if self._etag:
            headers.append(("SIP-If-Match", self._etag))
        return self._desk.letterhead.request("PUBLISH", uri, f"<{uri}>", ids.tag(), ids.call_id(), 1, headers)

    def _took(self, request: Request, response: Response, now: float) -> None:
        """A 2xx. Without an entity tag (which the RFC does not allow) the next request is a first one again."""
        self._etag = (response.headers.get("SIP-ETag") or "").strip()
        if self.state is State.WITHDRAWING:
            self._etag, self._stored = "", b""
        if self.state in (State.WITHDRAWING, State.ABANDONED):
            return
        self._stored = self._sent
        granted = self._asked if response.expires is None else min(response.expires, self._asked)
        self._desk.alarm(self, "refresh", now + refresh_after(granted or AGAIN, self._desk.ids.dice))
        if self._wish:
            self._desk.tell(OwnPresenceChanged(self._desk.account.number, self._wish.presence))

    def _repair(self, request: Request, response: Response) -> bool:
        if response.status == 412 and self._etag:
            self._etag = ""
            return True
        least = seconds(response.headers.get("Min-Expires")) or 0
        if response.status == 423 and least > self._asked:
            self._asked = least
            return True
        return False

    def _doubt(self) -> None:
        self._stored = b""

    def _forget(self) -> None:
        self._stored = b""
