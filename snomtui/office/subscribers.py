"""Who watches somebody without being in that person's contact list ([MS-PRES] 2.2.2.5.3, prompted subscribers).

They are told to the watched person's devices until one of these acknowledges them.
"""

from __future__ import annotations

from collections.abc import Iterable

from snomtui.ocs.contacts import address
from snomtui.ocs.roaming import ROAMING_SELF, ROAMING_SELF_TYPE, Subscriber, build_roaming_self
from snomtui.office.desk import Desk
from snomtui.office.people import Person
from snomtui.office.roaming import Contacts
from snomtui.office.subscription import Document, Subscriptions

MOST_PROMPTED = 500
"""Watchers who may wait for one person's word; the limit of OCS 2007 R2."""
MOST_ACKNOWLEDGED = 2000


class Subscribers:
    """All watchers who are strangers to those whom they watch."""

    def __init__(self, desk: Desk, contacts: Contacts, subscriptions: Subscriptions) -> None:
        self._desk, self._contacts, self._subscriptions = desk, contacts, subscriptions
        self._waiting: dict[str, dict[str, Person]] = {}
        """By the address of the watched, then of the watcher."""
        self._known: dict[str, dict[str, None]] = {}
        """Who was acknowledged, likewise, in order."""
        self._news: dict[str, list[Person]] = {}
        """Watchers of whom the watched has not been told yet."""

    def came(self, watched: Person, watcher: Person, now: float) -> None:
        """Somebody begins to watch; the watched person's devices are told a moment later."""
        if watched is watcher or watched.scripted or self._contacts.knows(watched, watcher.aor):
            return
        waiting = self._waiting.setdefault(watched.aor, {})
        if watcher.aor in waiting or watcher.aor in self._known.get(watched.aor, ()) or len(waiting) >= MOST_PROMPTED:
            return
        waiting[watcher.aor] = watcher
        if not self._news:
            self._desk.timers.start(("subscribers",), now + self._desk.policy.settle)
        self._news.setdefault(watched.aor, []).append(watcher)

    def settle(self, now: float) -> None:
        """Tell the watched who has come."""
        news, self._news = self._news, {}
        for aor, watchers in news.items():
            watched = self._desk.people.find(aor)
            left = [each for each in watchers if each.aor in self._waiting.get(aor, ())]
            if watched and left:
                self._tell(watched, map(_prompt, left), now)

    def of(self, person: Person) -> tuple[Subscriber, ...]:
        """Who waits for this person's word."""
        waiting = self._waiting.get(person.aor, {})
        return tuple(_prompt(each) for each in waiting.values() if not self._contacts.knows(person, each.aor))

    def acknowledge(self, person: Person, subscribers: Iterable[Subscriber], now: float, but: str = "") -> None:
        """A device (the one with the epid `but`) knows about these watchers now; the others are told so."""
        waiting, known = self._waiting.get(person.aor, {}), self._known.setdefault(person.aor, {})
        done = [each for each in subscribers if each.acknowledged]
        for each in done:
            aor = address(each.user)
            waiting.pop(aor, None)
            if len(known) < MOST_ACKNOWLEDGED:
                known[aor] = None
        if done:
            self._desk.keep(person)
            told = (Subscriber(each.user, acknowledged=True, type="sameEnterprise") for each in done)
            self._tell(person, told, now, but)

    def acknowledged(self, person: Person) -> tuple[str, ...]:
        """Whom this person has acknowledged, `user@host`."""
        return tuple(each.removeprefix("sip:") for each in self._known.get(person.aor, ()))

    def restore(self, person: Person, acknowledged: Iterable[str]) -> None:
        """Take over whom a person had acknowledged before a restart."""
        self._known[person.aor] = dict.fromkeys(address(each) for each in acknowledged)

    def forget(self) -> None:
        """The service was restarted: who still watches will come again."""
        self._waiting.clear()
        self._news.clear()

    def _tell(self, person: Person, subscribers: Iterable[Subscriber], now: float, but: str = "") -> None:
        if self._subscriptions.of(person, ROAMING_SELF):
            body = build_roaming_self(person.uri, subscribers=subscribers)
            self._subscriptions.tell(person, ROAMING_SELF, Document(ROAMING_SELF_TYPE, body), now, but)


def _prompt(watcher: Person) -> Subscriber:
    return Subscriber(watcher.address, watcher.label, acknowledged=False, type="sameEnterprise")
