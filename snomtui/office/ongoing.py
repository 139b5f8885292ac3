"""Which calls are in progress, as the proxy overhears it; for the status page only."""

from __future__ import annotations

from dataclasses import dataclass, field

from snomtui.kit.box import Conn
from snomtui.ocs.chatoffer import is_chat
from snomtui.office.desk import Asked

MOST = 5000
"""Calls that are remembered; the oldest is forgotten, since a BYE may never come."""


@dataclass(slots=True)
class Ongoing:
    """One call between two of our people."""

    caller: str
    """`user@domain`."""
    callee: str
    """The address that was dialled."""
    since: float
    """When it was dialled, seconds since 1970."""
    kind: str = "call"
    """`call`, or `chat` for a conversation in writing."""
    state: str = "ringing"
    """`ringing` or `talking`."""
    conns: set[Conn] = field(default_factory=set)
    """The connections of both sides; without one of them the call is over."""


class Calls:
    """All calls in progress, by Call-ID."""

    def __init__(self) -> None:
        self._calls: dict[str, Ongoing] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def all(self) -> tuple[Ongoing, ...]:
        """The calls, the oldest first."""
        return tuple(self._calls.values())

    def begin(self, asked: Asked, now: float) -> None:
        """Somebody calls; what stands inside of a dialog is not a new call."""
        request = asked.request
        if request.method != "INVITE" or request.to.tag:
            return
        while len(self._calls) >= MOST:
            del self._calls[next(iter(self._calls))]
        callee = request.to.uri.aor.partition(":")[2][:200]
        kind = "chat" if is_chat(request) else "call"
        self._calls[request.call_id] = Ongoing(asked.person.address, callee, now, kind, conns={asked.wire.conn})

    def talking(self, asked: Asked, conn: Conn) -> None:
        """The other side, on this connection, has taken it."""
        call = self._calls.get(asked.request.call_id)
        if call and asked.request.method == "INVITE":
            call.state = "talking"
            call.conns.add(conn)

    def failed(self, asked: Asked) -> None:
        """Nobody has taken it."""
        call = self._calls.get(asked.request.call_id)
        if call and asked.request.method == "INVITE" and not asked.request.to.tag:
            del self._calls[asked.request.call_id]

    def over(self, asked: Asked) -> None:
        """One side hangs up, if this is a BYE."""
        if asked.request.method == "BYE":
            self._calls.pop(asked.request.call_id, None)

    def lost(self, conn: Conn) -> None:
        """A connection is gone, and with it its calls."""
        for call_id in [call_id for call_id, call in self._calls.items() if conn in call.conns]:
            del self._calls[call_id]
