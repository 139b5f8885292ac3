"""Presence at the front end: what is published, and who is told ([MS-PRES])."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snomtui.errors import MalformedXml
from snomtui.ocs.categories import CATEGORIES_TYPE
from snomtui.ocs.contacts import address
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.publication import FAULT_TYPE, Fault, Publication, build_fault, parse_publish
from snomtui.ocs.roaming import ROAMING_SELF, ROAMING_SELF_TYPE, build_roaming_self, parse_set_container_members
from snomtui.ocs.subscription import (
    BATCH_TYPE,
    CATEGORIES,
    BatchSub,
    Watched,
    build_watched,
    parse_batch_sub,
    watched_type,
)
from snomtui.office.desk import Asked, Desk
from snomtui.office.people import Person
from snomtui.office.registrar import Endpoint
from snomtui.office.shelf import Shelf
from snomtui.office.subscription import Document, Subscription, Subscriptions
from snomtui.office.unfit import unfit, unfit_members
from snomtui.sip.message import Request

EVENT = "presence"
MOST_WATCHED = 1000
"""People that one subscription may watch."""
MOST_CATEGORIES = 30
"""Categories that one subscription may ask for."""


class Presence:
    """All shelves, and the index of who watches whom: a change costs only its own watchers."""

    def __init__(self, desk: Desk, now: float) -> None:
        self._desk = desk
        self._shelves = {each.aor: Shelf(each, now) for each in desk.people.persons}
        self._watchers: dict[str, dict[int, Subscription]] = {}
        """By the address of the watched."""
        self._dirty: dict[str, set[str]] = {}
        """Categories that changed since watchers were told, by address."""
        self.subscriptions: Subscriptions | None = None
        """Set when the house is put together."""
        self.came: Callable[[Person, Person, float], None] | None = None
        """Told whenever somebody is watched, and by whom; set when the house is put together."""

    def restart(self, now: float) -> None:
        """The service was restarted: what does not outlive that goes, and nobody is told."""
        for shelf in self._shelves.values():
            if not shelf.person.scripted:
                shelf.restart(now)
        self._dirty.clear()

    def shelf(self, person: Person) -> Shelf:
        """What a person has published."""
        return self._shelves[person.aor]

    # -- SERVICE

    def service(self, asked: Asked, now: float) -> None:
        """Answer a SERVICE that publishes; raises `MalformedXml`."""
        uri, publications = parse_publish(asked.request.body)
        if self._desk.people.find(uri) not in (None, asked.person):
            self._desk.refuse(asked, Refusal(403, 4004, "Only own categories can be published"), now)
            return
        shelf = self.shelf(asked.person)
        why = unfit(publications, shelf.own())
        if why:
            self._desk.refuse(asked, why, now)
            return
        static = shelf.static()
        outcome = shelf.publish(publications, owner_of(asked.person, asked.epid), now)
        if isinstance(outcome, Fault):
            self._desk.answer(asked, 409, "", body=(FAULT_TYPE, build_fault(outcome)), now=now)
            return
        if shelf.static() != static:
            self._desk.keep(asked.person)
        body = build_roaming_self(asked.person.uri, shelf.own(outcome))
        self._desk.answer(asked, 200, "", body=(ROAMING_SELF_TYPE, body), now=now)
        self._changed(asked.person, outcome, now, but=asked.epid)

    def set_members(self, asked: Asked, now: float) -> None:
        """Answer a SERVICE that changes containers; raises `MalformedXml`."""
        shelf = self.shelf(asked.person)
        changes = parse_set_container_members(asked.request.body)
        why = unfit_members(changes, shelf.containers)
        if why:
            self._desk.refuse(asked, why, now)
            return
        fault = shelf.set_members(changes)
        if fault:
            self._desk.answer(asked, 409, "", body=(FAULT_TYPE, build_fault(fault)), now=now)
            return
        self._desk.answer(asked, 200, now=now)
        self._desk.keep(asked.person)
        touched = {each.id: shelf.containers[each.id] for each in changes}
        self._tell_self(asked.person, build_roaming_self(asked.person.uri, containers=touched.values()), now)
        watchers = self._watchers.get(asked.person.aor, {}).values()
        self._mark(asked.person, {name for each in watchers for name in each.wanted[asked.person.aor]}, now)

    # -- changes that nobody asked for

    def publish(self, person: Person, publications: Iterable[Publication], owner: str, now: float) -> None:
        """Publish on somebody's behalf, whatever the versions."""
        shelf = self.shelf(person)
        wanted = tuple(publications)
        shelf.remove((each.key for each in wanted), now)
        outcome = shelf.publish(wanted, owner, now)
        if not isinstance(outcome, Fault):
            self._changed(person, outcome, now)

    def endpoint_gone(self, endpoint: Endpoint, last: bool, now: float) -> None:
        """An endpoint has signed out; `last`: the person has no other."""
        owner = owner_of(endpoint.person, endpoint.epid or endpoint.contact)
        self._changed(endpoint.person, self.shelf(endpoint.person).endpoint_gone(owner, last, now), now)

    def expire(self, aor: str, now: float) -> None:
        """A publication has run out."""
        shelf = self._shelves[aor]
        self._changed(shelf.person, shelf.expired(now), now)

    def _changed(self, person: Person, names: frozenset[str], now: float, but: str = "") -> None:
        ends = self.shelf(person).next_end
        if ends is not None:
            self._desk.timers.start(("publication", person.aor), ends)
        if names:
            if self.subscriptions and self.subscriptions.of(person, ROAMING_SELF):
                self._tell_self(person, build_roaming_self(person.uri, self.shelf(person).own(names)), now, but)
            self._mark(person, names, now)

    def _tell_self(self, person: Person, body: bytes, now: float, but: str = "") -> None:
        if self.subscriptions:
            self.subscriptions.tell(person, ROAMING_SELF, Document(ROAMING_SELF_TYPE, body), now, but)

    # -- telling watchers

    def _mark(self, person: Person, names: Iterable[str], now: float) -> None:
        """Remember a change; watchers are told a moment later, once for all that happened until then."""
        if person.aor in self._watchers:
            if not self._dirty:
                self._desk.timers.start(("settle",), now + self._desk.policy.settle)
            self._dirty.setdefault(person.aor, set()).update(names)

    def settle(self, now: float) -> None:
        """Tell the watchers what has changed."""
        dirty, self._dirty = self._dirty, {}
        for aor, names in dirty.items():
            self._tell(aor, names, now)

    def _tell(self, aor: str, names: set[str], now: float) -> None:
        shelf = self._shelves[aor]
        for subscription in tuple(self._watchers.get(aor, {}).values()):
            wanted = subscription.wanted[aor] & names
            level = shelf.level_of(subscription.watcher)
            if not wanted:
                continue
            body = shelf.document(level, tuple(sorted(wanted)), now)
            if self.subscriptions:
                self.subscriptions.notify(subscription, Document(CATEGORIES_TYPE, body), now)

    # -- the package `presence`

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """Watch many (batched) or one; the whole of what is seen at once."""
        if CATEGORIES_TYPE not in subscription.accept and request.content_type != BATCH_TYPE:
            return Refusal(488, 2013, "msrtc-event-categories extension required")
        if request.content_type == BATCH_TYPE:
            try:
                wish = parse_batch_sub(request.body)
            except MalformedXml as error:
                return Refusal(400, 4001, str(error))
            known = subscription.wanted.keys() | {address(each.uri) for each in wish.resources}
            if len(known) > MOST_WATCHED or len(wish.categories) > MOST_CATEGORIES:
                return Refusal(403, 2012, "Category subscription limit exceeded")
            return self._batch(subscription, wish, now)
        if subscription.batched:
            return self._many(subscription, tuple(subscription.wanted), now)
        return self._single(subscription, request, now)

    def closed(self, subscription: Subscription) -> None:
        """Nobody reads this any more."""
        for aor in tuple(subscription.wanted):
            self._unwatch(subscription, aor)

    def _batch(self, subscription: Subscription, wish: BatchSub, now: float) -> Document:
        subscription.batched = True
        for uri in wish.dropped:
            self._unwatch(subscription, address(uri))
        asked = tuple(dict.fromkeys(address(each.uri) for each in wish.resources))
        wanted = frozenset(wish.categories or CATEGORIES)
        for aor in asked:
            self._watch(subscription, aor, wanted, now)
        return self._many(subscription, asked or tuple(subscription.wanted), now)

    def _many(self, subscription: Subscription, aors: Iterable[str], now: float) -> Document:
        watched = [self._watched(subscription, aor, now) for aor in aors]
        boundary = self._desk.ids.hex(24)
        body = build_watched(subscription.watcher.uri, watched, boundary)
        return Document(watched_type(boundary), body, (("Require", "eventlist"),))

    def _watched(self, subscription: Subscription, aor: str, now: float) -> Watched:
        shelf = self._shelves.get(aor)
        if shelf is None:
            return Watched(aor, state="terminated")
        names = _order(subscription.wanted[aor])
        return Watched(shelf.person.uri, document=shelf.document(shelf.level_of(subscription.watcher), names, now))

    def _single(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        person = self._desk.people.find(request.to.uri.aor)
        if person is None:
            return Refusal(404, 4005, "Destination URI either not enabled for SIP or does not exist")
        self._watch(subscription, person.aor, frozenset(CATEGORIES), now)
        shelf = self.shelf(person)
        return Document(CATEGORIES_TYPE, shelf.document(shelf.level_of(subscription.watcher), CATEGORIES, now))

    def _watch(self, subscription: Subscription, aor: str, names: frozenset[str], now: float) -> None:
        subscription.wanted[aor] = names
        shelf = self._shelves.get(aor)
        if shelf:
            self._watchers.setdefault(aor, {})[subscription.number] = subscription
            if self.came:
                self.came(shelf.person, subscription.watcher, now)

    def _unwatch(self, subscription: Subscription, aor: str) -> None:
        subscription.wanted.pop(aor, None)
        mine = self._watchers.get(aor)
        if mine:
            mine.pop(subscription.number, None)
            if not mine:
                del self._watchers[aor]


def owner_of(person: Person, device: str) -> str:
    """The name under which an endpoint's publications are kept."""
    return f"{person.aor} {device}"


def _order(names: frozenset[str]) -> tuple[str, ...]:
    """The categories in the usual order; a client reads a name from the card before it shows a state."""
    usual = ("contactCard", "state", "note", "calendarData")
    return (*(each for each in usual if each in names), *sorted(names - set(usual)))
