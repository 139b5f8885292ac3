"""Who stands above which line of a ladder: the phone, its server, and others by address."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snomtui.kit.box import HostPort, host_port
from snomtui.trace.record import Record

Say = Callable[..., str]
PHONE = ""
"""The key of the phone itself."""
MOST = 6
"""So many columns are drawn; whoever comes later shares the last one."""


class Columns:
    """The columns of the messages that it has seen, in the order of their first appearance; the phone is first."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._places: dict[str, int] = {}
        self._servers: set[str] = set()
        self._shared: set[str] = set()
        """Hosts of which a ladder shows several programs, so that ports tell them apart."""

    def learn(self, records: Iterable[Record]) -> None:
        """See more messages."""
        fresh = list(records)
        self._shared |= {one.source[0] for one in fresh if one.out is None and one.source[0] == one.target[0]}
        for record in fresh:
            source, target = self.ends(record)
            if record.out is not None:
                self._place(PHONE)
            self._place(source)
            self._place(target)
            if record.method == "REGISTER":
                self._servers.add(target if record.status is None else source)

    def _place(self, key: str) -> None:
        if key not in self._places:
            self._places[key] = min(len(self.keys), MOST - 1)
            if len(self.keys) < MOST:
                self.keys.append(key)

    def ends(self, record: Record) -> tuple[str, str]:
        """The keys of sender and receiver."""
        source = PHONE if record.out else self._key(record.source, record.out is None)
        target = PHONE if record.out is False else self._key(record.target, record.out is None)
        return source, target

    def _key(self, place: HostPort, alone: bool) -> str:
        if not place[0]:
            return "?"
        return place[0] if alone and place[0] not in self._shared else host_port(place)

    def span(self, record: Record) -> tuple[int, int]:
        """The columns from which and to which a message goes."""
        source, target = self.ends(record)
        return self._places.get(source, 0), self._places.get(target, 0)

    def title(self, number: int, say: Say) -> str:
        """What stands above a column."""
        key = self.keys[number]
        if number == MOST - 1 and len(self._places) > MOST:
            return say("Others")
        if key == PHONE:
            return say("Phone")
        return say("Server {address}", address=key) if key in self._servers else key
