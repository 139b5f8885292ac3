"""Publishing as PIDF with entity tags, at an ordinary server (RFC 3903)."""

from __future__ import annotations

from snomtui.line.desk import Desk
from snomtui.line.events import OwnPresenceChanged
from snomtui.line.publication import Publisher, State, Wish
from snomtui.line.seconds import seconds
from snomtui.simple.pidf import build_pidf
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response


class PidfPublisher(Publisher):
    """By PUBLISH with entity tags."""

    EXPIRES = 3600

    def __init__(self, desk: Desk, machine: str) -> None:
        super().__init__(desk)
        self._tuple = f"{machine.lower()}-{desk.account.instance[-12:].upper()}"
        self._etag = ""
        self._asked = self.EXPIRES

    def _made(self, wish: Wish) -> Request | None:
        account = self._desk.account
        return self._publish_request(self._asked).with_body(
            "application/pidf+xml", build_pidf(account.uri, wish.presence, self._tuple)
        )

    def _taking_back(self) -> Request | None:
        return self._publish_request(0) if self._etag else None

    def _publish_request(self, expires: int) -> Request:
        uri, ids = self._desk.account.uri, self._desk.ids
        headers: list[Item] = [("Event", "presence"), ("Expires", str(expires))]
        if self._etag:
            headers.append(("SIP-If-Match", self._etag))
        return self._desk.letterhead.request("PUBLISH", uri, f"<{uri}>", ids.tag(), ids.call_id(), 1, headers)

    def _took(self, request: Request, response: Response, now: float) -> None:
        self._etag = response.headers.get("SIP-ETag") or ""
        granted = response.expires if response.expires is not None else self._asked
        if self.state is State.WITHDRAWING:
            self._etag = ""
            return
        self._desk.alarm(self, "refresh", now + max(5.0, granted * 0.8))
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

    def _forget(self) -> None:
        self._etag = ""
