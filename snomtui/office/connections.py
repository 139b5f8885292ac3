"""Connections: what came in over each, and when one has been silent for too long ([MS-CONMGMT] 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from snomtui.kit.box import Conn, Up
from snomtui.office.desk import Desk
from snomtui.sip.stream import Framer, Ping, Read, datagram

MOST_CONNECTIONS = 10_000
"""A further one is closed at once."""
FIRST_WORD = 30.0
"""Seconds within which a connection must bring its first message."""

Cut = Callable[[Conn, str, float], None]
"""Closes a connection from our side, and says why."""


@dataclass(slots=True)
class Connection:
    """One stream."""

    heard: float
    """When something came in last, seconds since 1970."""
    framer: Framer = field(default_factory=Framer)
    spoken: bool = False
    """Whether it has brought a whole message."""


class Connections:
    """All streams, and the patience with each; UDP knows no connections."""

    def __init__(self, desk: Desk, cut: Cut) -> None:
        self._desk, self._cut = desk, cut
        self._open: dict[Conn, Connection] = {}
        self._full = False

    def opened(self, conn: Conn, up: Up, now: float) -> None:
        """A connection is there, or a socket for UDP."""
        if up.transport != "udp" and len(self._open) >= MOST_CONNECTIONS:
            if not self._full:
                self._desk.log(2, f"{MOST_CONNECTIONS} connections are open; further ones are closed")
            self._full = True
            self._desk.close(conn)
            return
        self._desk.link(conn, up)
        if up.transport != "udp":
            self._open[conn] = Connection(now)
            self._desk.timers.start(("silence", conn), now + FIRST_WORD)

    def read(self, conn: Conn, data: bytes, now: float) -> list[Read]:
        """The messages that are whole now."""
        connection = self._open.get(conn)
        if connection is None:
            read = datagram(data) if conn in self._desk.links else None
            return [read] if read else []
        connection.heard = now
        found = connection.framer.feed(data)
        connection.spoken = connection.spoken or any(not isinstance(each, Ping) for each in found)
        return found

    def closed(self, conn: Conn) -> None:
        """A connection is gone."""
        self._open.pop(conn, None)
        self._desk.patience.pop(conn, None)
        self._desk.timers.stop(("silence", conn))
        self._full = False

    def fire(self, conn: Conn, now: float) -> None:
        """Look whether a connection has been silent for too long."""
        connection = self._open.get(conn)
        if connection is None:
            return
        patience = self._desk.patience.get(conn) if connection.spoken else 0.0
        if patience is None:
            return  # who promised no sign of life may be silent for ever
        if connection.heard + patience > now:
            self._desk.timers.start(("silence", conn), connection.heard + patience)
            return
        why = f"silent for {now - connection.heard:.0f} s" if connection.spoken else "it never brought a message"
        self._cut(conn, why, now)
