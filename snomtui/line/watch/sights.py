"""The presence of others at OCS: who is watched where, and what is seen of them ([MS-PRES] 3.2.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from snomtui.line.desk import Desk
from snomtui.line.events import PresenceChanged
from snomtui.line.watch.batch import Batch
from snomtui.line.watch.cards import Card, card_in
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.pace import AT_ONCE, Pace
from snomtui.line.watch.subscription import Subscription
from snomtui.ocs.categories import presence_of
from snomtui.ocs.contacts import address
from snomtui.ocs.subscription import Watched, parse_watched
from snomtui.presence import Presence
from snomtui.sip.message import Message

MOST = 1000
"""People that are watched."""

_PERSON = re.compile(r"sips?:[^\s<>\"@]+@[^\s<>\"@]+")
"""Who can be asked for: one contact that is only a telephone number, and a server refuses the whole list."""
_POOL = re.compile(r"sips?:[\w.@:;=%\[\]+-]{1,250}", re.ASCII)


class Sights:
    """Watches everybody who is wanted, and remembers what was seen."""

    def __init__(
        self, desk: Desk, letterbox: Letterbox, name_of: Callable[[str], str], named: Callable[[], None]
    ) -> None:
        """`name_of(uri)`: how the contact list calls somebody; `named()`: contact cards have come or changed."""
        self._desk, self._letterbox, self._name_of, self._named = desk, letterbox, name_of, named
        self._home = desk.account.uri
        self._pace = Pace(desk)
        self._wanted: dict[str, None] = {}
        self._places: dict[str, str] = {}
        """Whom our own server does not watch for us, and whom to ask instead."""
        self._batches: dict[str, Batch] = {}
        """By whom they ask."""
        self._seen: dict[str, Presence] = {}
        self.cards: dict[str, Card] = {}
        """The contact cards of those who are watched; kept while the server is away."""

    @property
    def subscriptions(self) -> list[Subscription]:
        """All there are."""
        return [batch.subscription for batch in self._batches.values()]

    def want(self, uris: Iterable[str], now: float) -> None:
        """Watch these people (`sip:user@host`, lower case), and no others."""
        self._wanted = dict.fromkeys([uri for uri in uris if _PERSON.fullmatch(uri)][:MOST])
        for uri in [uri for uri in self._seen if uri not in self._wanted]:
            self._saw(uri, Presence())
            del self._seen[uri]
        self.cards = {uri: card for uri, card in self.cards.items() if uri in self._wanted}
        self._places = {uri: place for uri, place in self._places.items() if uri in self._wanted}
        self._arrange(now)

    def ask_again(self, now: float) -> None:
        """Have everything told once more."""
        for subscription in self.subscriptions:
            self._pace.soon(subscription.ask, now)

    def leave(self, now: float) -> None:
        """Say good-bye to those who watch many for us; the others hear of it when the registration ends."""
        for batch in list(self._batches.values())[:AT_ONCE]:
            batch.subscription.end(now)
        for batch in list(self._batches.values())[AT_ONCE:]:
            batch.gone()
        self._pace.forget()
        self.blind()

    def gone(self) -> None:
        """Nobody tells us any more."""
        self._pace.forget()
        for batch in self._batches.values():
            batch.gone()
        self._batches, self._places = {}, {}
        self.blind()

    def blind(self) -> None:
        """What others do is not known from now on."""
        for uri in self._seen:
            self._saw(uri, Presence())
        self._seen, self._wanted = {}, {}

    def _arrange(self, now: float) -> None:
        """Ask everybody's own place for them."""
        places: dict[str, list[str]] = {place: [] for place in self._batches}
        for uri in self._wanted:
            places.setdefault(self._places.get(uri, self._home), []).append(uri)
        for place, uris in places.items():
            batch = self._batches.get(place)
            if batch is None:
                batch = Batch(self._desk, self._letterbox, self._pace, place, self._came, self._lost)
                self._batches[place] = batch
            batch.want(uris, now)

    # -- what is told

    def _came(self, kind: str, message: Message, now: float) -> None:
        named = moved = False
        for watched in parse_watched(message.body, message.headers.get("Content-Type") or ""):
            uri = address(watched.uri)
            if uri not in self._wanted:
                continue
            if watched.state == "active":
                named = self._look(uri, watched) or named
            elif watched.state == "resubscribe":
                moved = self._move(uri, watched.pool) or moved
            elif watched.state == "terminated":
                self._lost(uri)
        if named:
            self._named()
        if moved:
            self._arrange(now)

    def _look(self, uri: str, watched: Watched) -> bool:
        """Take over what is told of somebody; True if the contact card is another."""
        before, card = self.cards.get(uri), card_in(watched.categories)
        if card is not None:
            self.cards[uri] = card
        self._saw(uri, presence_of(watched.categories, self._seen.get(uri, Presence())))
        return card not in (None, before)

    def _lost(self, uri: str) -> None:
        self._saw(uri, Presence())

    def _saw(self, uri: str, presence: Presence) -> None:
        if self._seen.get(uri) == presence:
            return
        self._seen[uri] = presence
        card = self.cards.get(uri)
        self._desk.tell(PresenceChanged(uri, self._name_of(uri) or (card.name if card else ""), presence))

    def _move(self, uri: str, pool: str) -> bool:
        """Our server wants somebody to be asked for elsewhere; True if that is a new place."""
        if uri in self._places:
            return False  # nobody is sent from place to place
        self._places[uri] = pool if _POOL.fullmatch(pool) else uri
        home = self._batches.get(self._home)
        if home:
            home.elsewhere(uri)
        self._desk.log(6, f"Presence of {uri} is asked of {self._places[uri]}")
        return True
