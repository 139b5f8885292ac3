"""Watching the people of one place in one dialog ([MS-PRES] 2.2.2.1): who comes or goes is told in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from snomtui.line.desk import Desk
from snomtui.line.watch.extensions import COMMON
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.pace import Pace
from snomtui.line.watch.subscription import Deliver, State, Subscription, Topic
from snomtui.ocs.subscription import ACCEPT, BATCH_TYPE, BatchSub, Resource, build_batch_sub
from snomtui.sip.headers import Item

EVENT = "presence"
_HEADERS: tuple[Item, ...] = (
    ("Require", "adhoclist, categoryList"),
    ("Supported", "eventlist"),
    ("Accept", ACCEPT),
    *COMMON,
)


class Batch:
    """One batched subscription: to our own server, to another pool, or to a single person."""

    def __init__(
        self, desk: Desk, letterbox: Letterbox, pace: Pace, uri: str, deliver: Deliver, lost: Callable[[str], None]
    ) -> None:
        """`uri`: whom to ask; `lost(person)`: nothing is told of somebody any more."""
        self._desk, self._pace, self._lost = desk, pace, lost
        self._wanted: dict[str, None] = {}
        self._asked: dict[str, None] = {}
        """Whom the server was asked for in this dialog."""
        self.subscription = Subscription(desk, letterbox, Topic(EVENT, uri, headers=_HEADERS), deliver, self._settled)

    def want(self, uris: Iterable[str], now: float) -> None:
        """Watch these people, and no others."""
        self._wanted = dict.fromkeys(uris)
        whole = self._body(map(Resource, self._wanted))
        self.subscription.topic = replace(self.subscription.topic, body=whole)
        if not self._wanted:
            self.subscription.end(now)
            self._asked = {}
        elif self.subscription.state in (State.ENDED, State.ENDING, State.ABANDONED):
            self._pace.soon(self._start, now)
        else:
            self._settled(now)

    def elsewhere(self, uri: str) -> None:
        """The server has sent us elsewhere for this person: there is nothing to take back here."""
        self._asked.pop(uri, None)

    def gone(self) -> None:
        """The connection or the registration is gone, and the subscription with it."""
        self.subscription.gone()
        self._asked = {}

    def _start(self, now: float) -> None:
        if self._wanted and self.subscription.state is not State.SUBSCRIBING:
            self._asked = dict(self._wanted)
            self.subscription.start(now)

    def _settled(self, now: float) -> None:
        """Nothing is out: ask for those who have come meanwhile, and no longer for those who have gone."""
        if self.subscription.refused:
            for uri in self._wanted:
                self._lost(uri)
        if self.subscription.state is not State.ACTIVE or self._asked.keys() == self._wanted.keys():
            return
        fresh = [Resource(uri, True) for uri in self._wanted if uri not in self._asked]
        dropped = tuple(uri for uri in self._asked if uri not in self._wanted)
        self._asked = dict(self._wanted)
        self.subscription.ask(now, self._body(fresh, dropped))

    def _body(self, resources: Iterable[Resource], dropped: tuple[str, ...] = ()) -> tuple[str, bytes]:
        wish = BatchSub(self._desk.account.uri, tuple(resources), dropped=dropped)
        return BATCH_TYPE, build_batch_sub(wish)
