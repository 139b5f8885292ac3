"""The presence of persons, one by one or as a list that the server keeps (RFC 3856, RFC 4662)."""

from __future__ import annotations

from snomtui.errors import MalformedXml
from snomtui.line.desk import Desk
from snomtui.line.events import ContactsChanged, PresenceChanged
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.listwatch import subscription_to_list
from snomtui.line.watch.subscription import Subscription, Topic
from snomtui.presence import Contact, Presence
from snomtui.simple.pidf import PIDF_TYPE, parse_pidf
from snomtui.simple.rlmi import MOST, ListTold, ResourceList, Told, address_of
from snomtui.sip.message import Message


class PersonWatch:
    """One contact by a subscription of its own."""

    def __init__(self, desk: Desk, letterbox: Letterbox, contact: Contact) -> None:
        self._desk, self._contact = desk, contact
        self._seen = Presence()
        topic = Topic("presence", contact.uri, (PIDF_TYPE,), expires=desk.account.interests.expiry)
        self.subscription = Subscription(desk, letterbox, topic, self._came)

    def _came(self, kind: str, message: Message, now: float) -> None:
        _, self._seen = parse_pidf(message.body)
        self._desk.tell(PresenceChanged(self._contact.uri, self._contact.name, self._seen))

    def dark(self) -> None:
        """Nobody tells us any more."""
        if self._seen != Presence():
            self._seen = Presence()
            self._desk.tell(PresenceChanged(self._contact.uri, self._contact.name, self._seen))


class PersonListWatch:
    """All contacts of a list by one subscription."""

    def __init__(self, desk: Desk, letterbox: Letterbox, uri: str) -> None:
        self._desk = desk
        self._people: dict[str, Contact] = {}
        self._seen: set[str] = set()
        """Of whom more is known than nothing."""
        self.subscription = subscription_to_list(desk, letterbox, "presence", uri, PIDF_TYPE, self._take)

    def _take(self, found: ListTold, subscription: str) -> bool:
        self._enlist(found.list, found.told)
        for each in found.told:
            self._one(each)
        return False  # each tells all there is to know of a person

    def _enlist(self, found: ResourceList, told: tuple[Told, ...]) -> None:
        """The list is a contact list as well: who stands in it, and under which name."""
        people = {} if found.full else dict(self._people)
        for each in told:
            uri = address_of(each.resource.uri)
            if uri and len(people) < MOST:
                known = self._people.get(uri)
                people[uri] = Contact(uri, each.resource.name or (known.name if known else ""))
        if people != self._people:
            self._people = people
            self._desk.tell(ContactsChanged(self._desk.account.number, tuple(people.values())))

    def _one(self, told: Told) -> None:
        """The presence of one member. A document that cannot be read costs itself only."""
        contact = self._people.get(address_of(told.resource.uri))
        if contact is None:
            return
        try:
            if told.part is not None:
                _, seen = parse_pidf(told.part.body)
                self._seen.add(contact.uri)
                self._desk.tell(PresenceChanged(contact.uri, contact.name, seen))
            elif told.resource.state == "terminated":
                self._seen.discard(contact.uri)
                self._desk.tell(PresenceChanged(contact.uri, contact.name, Presence()))
        except MalformedXml as error:
            self._desk.log(4, f"Presence of {contact.uri} dropped: {error}")

    def dark(self) -> None:
        """Nobody tells us any more."""
        for uri in sorted(self._seen):
            known = self._people.get(uri)
            self._desk.tell(PresenceChanged(uri, known.name if known else "", Presence()))
        self._seen = set()
