"""The trace of a phone: a ring of the last messages in and out. It costs a reference to the bytes, and no reading."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from snomtui.kit.box import Conn, Heard, HostPort, Linked, Send, Up
from snomtui.trace.record import Record

MESSAGES = 2000
"""So many messages are kept."""
BYTES = 8 * 1024 * 1024
"""So many bytes of messages are kept; the last message always is."""
LINKS = 200
"""So many connections are known; an older one is gone."""
_NOBODY = Up("", ("", 0), ("", 0))


class Trace:
    """The last messages; the oldest are forgotten. Whoever shows them asks again from time to time."""

    def __init__(self, messages: int = MESSAGES, size: int = BYTES) -> None:
        """At most so many messages with so many bytes together are kept."""
        self._records: deque[Record] = deque()
        self._messages, self._limit, self._size = messages, size, 0
        self._links: dict[Conn, Up] = {}
        self.count = 0
        """The number of the newest message."""

    def __iter__(self) -> Iterator[Record]:
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)

    @property
    def size(self) -> int:
        """Bytes of all messages that are kept."""
        return self._size

    @property
    def oldest(self) -> int:
        """The number of the oldest message that is kept; one more than the newest if none is."""
        return self._records[0].number if self._records else self.count + 1

    def since(self, number: int) -> list[Record]:
        """The messages after this number, as far as they are still there."""
        fresh: list[Record] = []
        for record in reversed(self._records):
            if record.number <= number:
                break
            fresh.append(record)
        fresh.reverse()
        return fresh

    def clear(self) -> None:
        """Forget all messages; the next one goes on counting."""
        self._records.clear()
        self._size = 0

    def link(self, conn: Conn) -> Up | None:
        """The two ends of a connection, if it ever came up."""
        return self._links.get(conn)

    # -- what the shell and the lines tell

    def linked(self, conn: Conn, state: Linked) -> None:
        """A connection came up: whose it is. It stays known after its end, as a last message may still come."""
        if isinstance(state, Up):
            self._links[conn] = state
            if len(self._links) > LINKS:
                del self._links[next(iter(self._links))]

    def sent(self, order: Send, now: float) -> None:
        """Bytes were put on the wire; line ends that only keep a connection alive are no message."""
        if len(order.data) > 4:
            link = self._links.get(order.conn, _NOBODY)
            self._add(now, link, link.local, order.to or link.remote, order.data, True, "", order.conn)

    def heard(self, came: Heard) -> None:
        """A message came in."""
        link = self._links.get(came.conn, _NOBODY)
        self._add(came.at, link, came.peer or link.remote, link.local, came.data, False, came.verdict, came.conn)

    def _add(
        self,
        at: float,
        link: Up,
        source: HostPort,
        target: HostPort,
        data: bytes,
        out: bool,
        verdict: str,
        conn: Conn,
    ) -> None:
        self.count += 1
        self._records.append(Record(self.count, at, link.transport, source, target, data, out, verdict, conn))
        self._size += len(data)
        while len(self._records) > self._messages or (self._size > self._limit and len(self._records) > 1):
            self._size -= len(self._records.popleft().data)
