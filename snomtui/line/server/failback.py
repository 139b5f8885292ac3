"""The way back to the best server when another one had to do (RFC 3263 4.3)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from snomtui.kit.box import Close, Conn, Down, Target, Up
from snomtui.line.desk import Desk
from snomtui.line.link import Link
from snomtui.sip.means import ClientKey, Wire
from snomtui.sip.message import Request, Response
from snomtui.sip.stream import Framer, datagram

AFTER = 300.0
"""Seconds until the better server is asked whether it is there again."""
WHEN_BUSY = 30.0
"""Seconds until that is tried again when a call is up: nobody moves house during a call."""


class Failback:
    """Asks the better server with an OPTIONS, over a connection of its own; owner of that request."""

    def __init__(
        self,
        desk: Desk,
        link: Link,
        numbers: Callable[[], Conn],
        back: Callable[[float], None],
    ) -> None:
        """`numbers` gives fresh connection numbers; `back(now)` is called when the better server has answered."""
        self._desk, self._link, self._numbers = desk, link, numbers
        self._back = back
        self._target: Target | None = None
        self.conn: Conn = 0
        """The connection of the question; 0 = none is asked."""
        self._framer, self._reliable = Framer(), True
        self._due: float | None = None
        """When it is asked next."""

    def settled(self, now: float) -> None:
        """We are registered: if it is not at the best place, that one is asked from time to time."""
        if self._link.preferred is None:
            self.stop()
        elif not self.conn and self._due is None:
            self._plan(now + AFTER)

    def _plan(self, at: float | None) -> None:
        """Ask at that moment, or not at all."""
        self._due = at
        self._desk.alarm(self, "due", at)

    def stop(self) -> None:
        """Nothing is asked any more."""
        self._plan(None)
        if self.conn:
            self._desk.put(Close(self.conn))
        self.conn, self._target = 0, None

    def alarm(self, name: Hashable, now: float) -> None:
        """Time to ask."""
        self._target, self._due = self._link.preferred, None
        if self._target is None:
            return
        if self._desk.in_call():
            self._plan(now + WHEN_BUSY)
            return
        self.conn, self._framer = self._numbers(), Framer()
        self._reliable = self._target.transport != "udp"
        # The line's own port is taken while it is in use.
        self._desk.put(replace(self._link.order(self.conn, self._target), local_port=0))

    def received(self, data: bytes) -> list[Response]:
        """The answers in what came over the connection of the question; all else is of no interest."""
        reads = self._framer.feed(data) if self._reliable else [datagram(data)]
        return [read for read in reads if isinstance(read, Response)]

    def linked(self, state: Up | Down, now: float) -> None:
        """The connection for the question came up or broke."""
        if isinstance(state, Down) or self._target is None:
            self._later(now)
            return
        account, letterhead, ids = self._desk.account, self._desk.letterhead, self._desk.ids
        uri = f"sip:{account.host}"
        request = letterhead.request("OPTIONS", uri, f"<{account.uri}>", ids.tag(), ids.call_id(), 1)
        request = request.with_("Via", letterhead.via_over(state.transport, state.local))
        self._desk.send_over(request, Wire(self.conn, self._reliable), self, now)

    def answered(self, request: Request, response: Response, now: float) -> None:
        """Any answer means that it is there; only one that is out of service says so with 503."""
        if response.status < 200 or not self.conn:
            return
        if response.status == 503:
            self._later(now)
            return
        self.stop()
        if self._desk.in_call():  # it has begun since
            self._plan(now + WHEN_BUSY)
        else:
            self._back(now)

    def failed(self, request: Request, status: int, why: str, now: float) -> None:
        """It is not there."""
        if self.conn:
            self._later(now)

    def renumbered(self, request: Request) -> int:
        """A challenge is an answer; nothing is sent again."""
        return request.cseq.number + 1

    def resent(self, request: Request, key: ClientKey) -> None:
        """Never."""

    def _later(self, now: float) -> None:
        self.stop()
        self._plan(now + AFTER)
