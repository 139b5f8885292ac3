"""Instant messages of ours, outside of any dialog (RFC 3428)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable

from snomtui.errors import LocalError
from snomtui.line.calls.privacy import concealed
from snomtui.line.calls.why import refusal
from snomtui.line.desk import Desk
from snomtui.line.events import Trouble
from snomtui.ocs.chattext import TEXT
from snomtui.sip.means import ClientKey
from snomtui.sip.message import Request, Response
from snomtui.sip.uri import checked

LONGEST = 1300
"""Bytes that the whole request may have over UDP (RFC 3428 8)."""
MOST_WAITING = 100
"""So many messages to one person may wait."""


def undelivered(why: str) -> Trouble:
    """What a person hears of a message that did not arrive."""
    return Trouble("message", f"The message was not delivered: {why}")


class Telegram:
    """One message; it is sent once, and a person hears if it was not taken."""

    def __init__(self, desk: Desk, uri: str, text: str, done: Callable[[float], None] | None = None) -> None:
        """`done(now)`: what becomes of it is known.

        Raises `LocalError` if `uri` is none, or the message is too long for a datagram.
        """
        self._desk, self._done = desk, done
        head = desk.letterhead
        request = head.request("MESSAGE", checked(uri), f"<{uri}>", desk.ids.tag(), desk.ids.call_id(), 1)
        if desk.account.private:
            request = concealed(request, desk.account)
        self._request = request.with_body(TEXT, text.encode("utf-8", "replace"))
        if desk.transport() == "udp" and len(bytes(self._request)) > LONGEST:
            raise LocalError("The message is too long to be sent over UDP")

    def send(self, now: float) -> None:
        """Send it."""
        self._desk.send(self._request, self, now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """It was taken or refused; a 202 counts as taken, whatever becomes of it."""
        if response.status >= 300:
            self._lost(f"{response.status} {refusal(response)}")
        if response.status >= 200:
            self._over(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """It came to nothing."""
        self._lost(why)
        self._over(now)

    def _lost(self, why: str) -> None:
        self._desk.tell(undelivered(why))

    def _over(self, now: float) -> None:
        if self._done is not None:
            self._done(now)

    def renumbered(self, request: Request) -> int:
        """One after the other."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """A challenge was answered with this request."""

    def alarm(self, name: Hashable, now: float) -> None:
        """It sets no timer."""


class Post:
    """Messages to each person one after the other, so that they arrive in their order (RFC 3428 8)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: dict[str, deque[Telegram]] = {}
        """By address; the first one of each is on its way."""

    def send(self, uri: str, text: str, now: float) -> None:
        """Send a message behind those that wait for the same person; raises `LocalError` as `Telegram` does."""
        queue = self._waiting.get(uri, deque())
        if len(queue) >= MOST_WAITING:
            raise LocalError("Too many messages are waiting")
        telegram = Telegram(self._desk, uri, text, lambda then: self._next(uri, then))
        queue.append(telegram)
        self._waiting[uri] = queue
        if len(queue) == 1:
            telegram.send(now)

    def _next(self, uri: str, now: float) -> None:
        queue = self._waiting[uri]
        queue.popleft()
        if queue:
            queue[0].send(now)
        else:
            del self._waiting[uri]
