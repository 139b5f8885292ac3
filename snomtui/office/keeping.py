"""What outlives a restart of the front end: one document a person, out through `Keep`, in through `kept`.

It holds the contact list, the containers, the static publications and who was acknowledged as a watcher, in the same
XML that clients are told. Registrations, subscriptions and what an endpoint has published are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from snomtui.errors import MalformedXml
from snomtui.kit.box import Keep
from snomtui.ocs.categories import Category
from snomtui.ocs.contacts import ContactList, build_contact_list, parse_contact_list
from snomtui.ocs.roaming import Container, Subscriber, build_roaming_self, parse_roaming_self
from snomtui.office.desk import Desk
from snomtui.office.people import Person
from snomtui.office.presence import Presence
from snomtui.office.roaming import Contacts
from snomtui.office.subscribers import Subscribers

PREFIX = "person:"
"""What the names of kept values begin with; the address follows."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one person."""

    contacts: ContactList
    containers: tuple[Container, ...] = ()
    publications: tuple[Category, ...] = ()
    """Static ones only."""
    acknowledged: tuple[str, ...] = ()
    """Addresses of watchers, `user@host`."""


def write(person: Person, kept: Kept) -> str:
    """One JSON document."""
    subscribers = (Subscriber(each, acknowledged=True) for each in kept.acknowledged)
    own = build_roaming_self(person.uri, kept.publications, kept.containers, subscribers)
    return json.dumps({"contacts": build_contact_list(kept.contacts).decode(), "self": own.decode()})


def read(text: str) -> Kept:
    """Read such a document; raises `ValueError` if anything about it is broken."""
    try:
        document = json.loads(text)
        own = parse_roaming_self(document["self"].encode())
        contacts = parse_contact_list(document["contacts"].encode())
    except (KeyError, TypeError, AttributeError, RecursionError, MalformedXml) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None
    if not contacts.delta or own.containers is None:
        raise ValueError("half of it is missing")
    static = tuple(each for each in own.categories or () if each.expire_type == "static" and each.version)
    known = tuple(each.user for each in own.subscribers or () if each.acknowledged)
    return Kept(contacts, own.containers, static, known)


class Keeper:
    """Writes down what has changed, and puts back what was written."""

    def __init__(self, desk: Desk, contacts: Contacts, presence: Presence, subscribers: Subscribers) -> None:
        self._desk, self._contacts, self._presence, self._subscribers = desk, contacts, presence, subscribers

    def restore(self, kept: Mapping[str, str], now: float) -> None:
        """Put back what was kept; whose document is broken starts as the people file has it."""
        for name, text in kept.items():
            person = self._desk.people.find(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
            if person is None:
                continue
            try:
                found = read(text)
            except ValueError as error:
                self._desk.log(2, f"{name}: what was kept cannot be read ({error}); starting afresh")
                continue
            self._contacts.restore(person, found.contacts)
            self._presence.shelf(person).restore(found.publications, found.containers, now)
            self._subscribers.restore(person, found.acknowledged)

    def outputs(self) -> list[Keep]:
        """What is to be kept anew: one document for each person of whom something has changed since."""
        changed, self._desk.changed = self._desk.changed, {}
        return [Keep(PREFIX + person.aor, write(person, self._kept(person))) for person in changed.values()]

    def _kept(self, person: Person) -> Kept:
        shelf = self._presence.shelf(person)
        containers = tuple(shelf.containers.values())
        acknowledged = self._subscribers.acknowledged(person)
        return Kept(self._contacts.of(person), containers, shelf.static(), acknowledged)
