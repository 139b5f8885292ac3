"""What one person has published, who may see it, and the one state that others see ([MS-PRES] 3.3, 3.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from snomtui.ocs.aggregation import aggregate_of
from snomtui.ocs.categories import Category, ContactCard, Key, Note, Phone, build_categories
from snomtui.ocs.publication import Fault, Publication
from snomtui.ocs.roaming import Container, Member, OwnLine, user_properties
from snomtui.ocs.state import AGGREGATE, State
from snomtui.office.people import Person

OWN, FIRST, SECOND, PUBLIC, COMPANY, TEAM, PERSONAL, BLOCKED = 1, 2, 3, 100, 200, 300, 400, 32000
"""Containers: one's own, two inputs of the aggregation, and the five access levels."""
LEVELS = (BLOCKED, PERSONAL, TEAM, COMPANY, PUBLIC)
AGGREGATED = {FIRST: (PUBLIC, COMPANY, PERSONAL), SECOND: (TEAM,)}
"""Which access levels an aggregation input feeds."""
MOST_DOCUMENTS = 16
"""Documents that are kept ready for watchers; all clients of one kind ask for the same."""
_STATE = "state"
_AGGREGATE_INSTANCE = 1
_KEPT = "kept"
"""The owner of what was published before a restart."""
_RANK = {"user": 0, "domain": 1, "sameEnterprise": 2, "everyone": 3}


@dataclass(frozen=True, slots=True)
class Stored:
    """A publication and when it ends."""

    category: Category
    owner: str
    """The endpoint that published it; empty: the directory."""
    expires_at: float | None = None


class Shelf:
    """The publications of one person, with their versions."""

    def __init__(self, person: Person, now: float) -> None:
        self.person = person
        self.containers = {
            each.id: each
            for each in (
                Container(BLOCKED),
                Container(PERSONAL),
                Container(TEAM),
                Container(COMPANY, 1, (Member("sameEnterprise"),)),
                Container(PUBLIC, 1, (Member("federated"),)),
            )
        }
        self._stored: dict[Key, Stored] = {}
        self._gone: dict[str, Category] = {}
        """Categories that are empty now, as watchers are told."""
        self._documents: dict[tuple[int, tuple[str, ...]], bytes] = {}
        """What watchers are told, by access level and categories, until something changes: many ask for the same."""
        self._card = Category("contactCard", 0, None, None, now, "", _card(person))
        if person.numbers:
            lines = user_properties([OwnLine(f"tel:{number}") for number in person.numbers[:1]])
            own = Category("userProperties", 0, OWN, 1, now, "static", lines)
            self._stored[own.key] = Stored(own, "")
        self._aggregate(now)

    # -- what outlives a restart

    def static(self) -> tuple[Category, ...]:
        """What stays for ever, as far as a client has published it."""
        stored = self._stored.values()
        return tuple(each.category for each in stored if each.owner and each.category.expire_type == "static")

    def restore(self, publications: Iterable[Category], containers: Iterable[Container], now: float) -> None:
        """Take over what was kept of an earlier life."""
        for each in publications:
            if not is_aggregate(each.key):
                self._stored[each.key] = Stored(each, _KEPT)
        self.containers |= {each.id: each for each in containers}
        self._aggregate(now)

    def restart(self, now: float) -> None:
        """Drop what does not outlive a restart."""
        over = [key for key, each in self._stored.items() if each.owner and each.category.expire_type != "static"]
        self.remove(over, now)

    # -- publishing

    def publish(self, publications: Iterable[Publication], owner: str, now: float) -> Fault | frozenset[str]:
        """Store all, or nothing if a version is wrong; returns the categories that changed ([MS-PRES] 3.4.5.1)."""
        wanted = tuple(publications)
        wrong = self._wrong(wanted)
        if wrong:
            return Fault(wrong)
        for each in wanted:
            self._store(each, owner, now)
        return self._changed({each.category for each in wanted}, now)

    def _wrong(self, wanted: Iterable[Publication]) -> tuple[tuple[int, int], ...]:
        """Which publications name a wrong version, and the right ones; one may follow the other in a request."""
        versions: dict[Key, int] = {}
        wrong: list[tuple[int, int]] = []
        for index, each in enumerate(wanted, start=1):
            current = versions.get(each.key, self._version(each.key))
            if each.version != current:
                wrong.append((index, current))
            versions[each.key] = 0 if each.removes else current + 1
        return tuple(wrong)

    def remove(self, keys: Iterable[Key], now: float) -> frozenset[str]:
        """Take publications away whatever their version; returns the categories that changed."""
        gone = [key for key in keys if self._stored.pop(key, None)]
        return self._changed({key[0] for key in gone}, now) if gone else frozenset()

    def endpoint_gone(self, owner: str, last: bool, now: float) -> frozenset[str]:
        """An endpoint has signed out: what it published for itself goes; after the `last` one, what the user did."""
        stored = self._stored.items()
        own = [key for key, each in stored if each.owner == owner and each.category.expire_type == "endpoint"]
        users = [key for key, each in stored if each.owner and each.category.expire_type == "user"] if last else []
        return self.remove((*own, *users), now)

    def expired(self, now: float) -> frozenset[str]:
        """Take away what was published for a time that is over."""
        over = [key for key, each in self._stored.items() if each.expires_at is not None and each.expires_at <= now]
        return self.remove(over, now)

    @property
    def next_end(self) -> float | None:
        """When the next publication runs out."""
        return min((each.expires_at for each in self._stored.values() if each.expires_at is not None), default=None)

    def _version(self, key: Key) -> int:
        stored = self._stored.get(key)
        return (stored.category.version or 0) if stored else 0

    def _store(self, publication: Publication, owner: str, now: float) -> None:
        if publication.removes:
            self._stored.pop(publication.key, None)
            return
        ends = now + publication.expires if publication.expires and publication.expire_type == "time" else None
        self._stored[publication.key] = Stored(publication.stored(now), owner, ends)

    def _changed(self, names: set[str], now: float) -> frozenset[str]:
        self._documents.clear()
        if _STATE in names:
            self._aggregate(now)
        return frozenset(names)

    def _aggregate(self, now: float) -> None:
        """Make one state of all, for each of the two inputs."""
        self._documents.clear()
        states = [each.category for each in self._stored.values() if each.category.name == _STATE]
        for container in AGGREGATED:
            made = aggregate_of(states, container)
            key = (_STATE, _AGGREGATE_INSTANCE, container)
            old = self._stored.get(key)
            if old and old.category.state == made:
                continue
            version = self._version(key) + 1
            category = Category(_STATE, _AGGREGATE_INSTANCE, container, version, now, "user", made)
            self._stored[key] = Stored(category, "")

    # -- looking

    @property
    def state(self) -> State:
        """The state that colleagues see."""
        found = self._stored[(_STATE, _AGGREGATE_INSTANCE, FIRST)].category.state
        return found or State(AGGREGATE)

    def own(self, names: Iterable[str] | None = None) -> tuple[Category, ...]:
        """All publications of these categories (None: of all), as the person's own endpoints are told.

        A category without any is told as one without instance: empty now.
        """
        if names is None:
            return tuple(each.category for each in self._stored.values())
        wanted = sorted(names)
        found = [each.category for each in self._stored.values() if each.category.name in wanted]
        there = {each.name for each in found}
        return (*found, *(Category(name) for name in wanted if name not in there))

    def seen_by(self, container: int, names: Iterable[str], now: float) -> tuple[Category, ...]:
        """What a watcher of this access level is told of these categories."""
        seen: list[Category] = []
        for name in names:
            seen += self._seen(name, container, now)
        return tuple(seen)

    def document(self, container: int, names: tuple[str, ...], now: float) -> bytes:
        """The same as it is sent."""
        made = self._documents.get((container, names))
        if made is None:
            made = build_categories(self.person.uri, self.seen_by(container, names, now))
            if len(self._documents) >= MOST_DOCUMENTS:
                self._documents.clear()
            self._documents[container, names] = made
        return made

    def _seen(self, name: str, container: int, now: float) -> list[Category]:
        if name == "contactCard":
            return [self._card]
        if name == _STATE:
            return [self._seen_state(container, now)]
        level = PERSONAL if container == OWN else container
        found = [each for each in self._stored.values() if each.category.name == name]
        here = [_for_watchers(each.category) for each in found if each.category.container == level]
        if not here and name == "note":
            return [Category("note", 0, publish_time=now, body=Note())]
        return here

    def _seen_state(self, container: int, now: float) -> Category:
        if container == BLOCKED:
            return Category(_STATE, _AGGREGATE_INSTANCE, publish_time=now, body=State(AGGREGATE, 18500))
        source = SECOND if container == TEAM else FIRST
        return _for_watchers(self._stored[(_STATE, _AGGREGATE_INSTANCE, source)].category)

    # -- containers

    def level_of(self, watcher: Person) -> int:
        """The access level of a watcher: the most specific membership counts, and of two such ones blocking."""
        if watcher is self.person:
            return OWN
        best = (len(_RANK), 0, PUBLIC if watcher.outside else COMPANY)
        for order, level in enumerate(LEVELS):
            for member in self.containers[level].members if level in self.containers else ():
                if _is(member, watcher):
                    best = min(best, (_RANK[member.type], order, level))
        return best[2]

    def set_members(self, changes: Iterable[Container]) -> Fault | None:
        """Change who is in which container; a fault, and nothing is changed, if a version is old ([MS-PRES] 3.2)."""
        wanted = tuple(changes)
        after = dict(self.containers)
        wrong: list[tuple[int, int]] = []
        for index, each in enumerate(wanted, start=1):
            old = after.get(each.id, Container(each.id))
            if each.version != old.version:
                wrong.append((index, old.version))
            after[each.id] = Container(each.id, old.version + 1, _members(old, each))
        if wrong:
            return Fault(tuple(wrong))
        self.containers = after
        return None


def _members(old: Container, change: Container) -> tuple[Member, ...]:
    """Who is in a container after a change."""
    members = {(one.type, one.value.lower()): one for one in old.members}
    for each in change.members:
        who = (each.type, each.value.lower())
        members.pop(who, None)
        if each.action != "remove":
            members[who] = replace(each, action="")
    return tuple(members.values())


def is_aggregate(key: Key) -> bool:
    """Whether this is what only the server writes."""
    return key[:2] == (_STATE, _AGGREGATE_INSTANCE)


def _for_watchers(category: Category) -> Category:
    """The same as strangers are told: no container, no version."""
    return replace(category, container=None, version=None, expire_type="", attributes=())


def _is(member: Member, watcher: Person) -> bool:
    value = member.value.lower().removeprefix("sip:")
    match member.type:
        case "user":
            return value == watcher.address.lower()
        case "domain":
            return value == watcher.address.lower().rpartition("@")[2]
        case "sameEnterprise":
            return not watcher.outside
        case kind:
            return kind == "everyone"


def _card(person: Person) -> ContactCard:
    kinds = {person.mobile: "mobile"}
    phones = tuple(Phone(f"tel:{number}", number, kinds.get(number, "work")) for number in person.numbers)
    return ContactCard(person.label, person.address, phones)
