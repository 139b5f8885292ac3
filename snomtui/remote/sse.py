"""The event stream: the events of headless stdout as server-sent events (WHATWG HTML 9.2), with ids and resume.

Each listener may choose which events it wants. The newest events are kept in a ring that all listeners read from, each
at its own place; a slow one loses the oldest events and is told so, and never holds up anybody.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Set
from itertools import islice
from typing import Any

from snomtui.remote import reply
from snomtui.remote.intentjson import Object, encode
from snomtui.remote.reply import Receive, Scope, Send

KEPT = 2048
"""So many events can be had again."""
MOST_AT_ONCE = 64 * 1024
"""Bytes after which a piece of the stream is sent: a listener who never reads costs no more than a few of them."""
MOST_LISTENERS = 64
"""So many streams may be open."""
HEARTBEAT = 15.0
"""Seconds between two signs of life when nothing happens."""

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Feed:
    """The ring of events, and those who wait for more."""

    def __init__(
        self, run: str, clock: Callable[[], float], shown: Callable[[Any], Object] = lambda event: event
    ) -> None:
        """`run` names this run of the server, so that ids of an earlier run are known as such.

        `shown` makes an object of what was added, when somebody hears it.
        """
        self._run, self._clock, self._shown = run, clock, shown
        self._ring: deque[Any] = deque(maxlen=KEPT)
        self.last = 0
        """The number of the newest event; the first is 1."""
        self.ended = False
        self._waiting: set[asyncio.Event] = set()

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether there is no room for one more listener."""
        return self.listeners >= MOST_LISTENERS

    def add(self, event: Any) -> None:
        """Take one event: an object, or what `shown` makes one of."""
        self._ring.append(event)
        self.last += 1
        self._wake()

    def end(self) -> None:
        """End all streams; to be called before the server stops."""
        self.ended = True
        self._wake()

    def since(self, place: int, types: Set[str] = frozenset()) -> tuple[bytes, int]:
        """What comes after event number `place`, as the wire has it, and the number of the last event looked at.

        There may be more after it: a piece has about `MOST_AT_ONCE` bytes at most. With `types`, only events of these
        names are in it.
        """
        first = self.last - len(self._ring) + 1
        lost = max(0, first - place - 1)
        start = number = place + lost
        parts = [self._lost(lost)] if lost else []
        size = 0
        for number, event in enumerate(islice(self._ring, start - first + 1, None), start + 1):
            shown = self._shown(event)
            if types and shown["event"] not in types:
                continue
            parts.append(b"id: %s-%d\ndata: %s\n\n" % (self._run.encode(), number, encode(shown)))
            size += len(parts[-1])
            if size > MOST_AT_ONCE:
                break
        return b"".join(parts), number

    def place_of(self, last_event_id: str | None) -> int:
        """Where a listener stands who had this id last; without one, at the newest event."""
        if not last_event_id:
            return self.last
        run, _, number = last_event_id.rpartition("-")
        if run != self._run or not (number.isascii() and number.isdigit() and len(number) < 16):
            return 0  # an earlier run of the server: all we have is new to this listener
        return min(int(number), self.last)

    async def stream(
        self, scope: Scope, receive: Receive, send: Send, types: Set[str] = frozenset(), since: str | None = None
    ) -> None:
        """ASGI: answer with events until the client or the server goes.

        `types`: only these events; `since`: the id after which to begin, where the client sends no Last-Event-ID.
        """
        place = self.place_of(reply.header(scope, b"last-event-id") or since)
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        await _part(send, b"retry: 1000\n: events\n\n")
        bell = asyncio.Event()
        self._waiting.add(bell)
        gone = asyncio.ensure_future(_until_gone(receive))
        gone.add_done_callback(lambda _: bell.set())
        try:
            while not self.ended and not gone.done():
                bell.clear()
                data, place = self.since(place, types)
                if data:
                    await _part(send, data)
                if place == self.last:
                    await _ring_or_heartbeat(bell, send, self.ended or gone.done())
            await send({"type": "http.response.body", "body": self.since(place, types)[0]})
        finally:
            self._waiting.discard(bell)
            gone.cancel()

    def _wake(self) -> None:
        for bell in self._waiting:
            bell.set()

    def _lost(self, count: int) -> bytes:
        why = f"{count} events are no longer kept"
        return b"data: %s\n\n" % encode({"at": self._clock(), "event": "error", "what": "events", "why": why})


async def _part(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _ring_or_heartbeat(bell: asyncio.Event, send: Send, over: bool) -> None:
    if over:
        return
    try:
        async with asyncio.timeout(HEARTBEAT):
            await bell.wait()
    except TimeoutError:
        await _part(send, b": still here\n\n")


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
