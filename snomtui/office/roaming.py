"""What follows a user from device to device: contact list, provisioning, own publications ([MS-SIP], [MS-SIPREGE])."""

from __future__ import annotations

from snomtui.errors import MalformedXml
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    OTHER_CONTACTS,
    ContactDelta,
    ContactList,
    Group,
    ListedContact,
    address,
    build_contact_delta,
    build_contact_list,
)
from snomtui.ocs.provisioning import PROVISIONING_TYPE, build_provisioning, parse_provisioning_request
from snomtui.ocs.roaming import (
    PARTS,
    ROAMING_SELF_TYPE,
    build_roaming_self,
    parse_roaming_list,
    parse_set_subscribers,
)
from snomtui.ocs.soap import SOAP_TYPE, AddGroup, build_group_added, changes, next_group, parse_soap
from snomtui.office.desk import Asked, Desk
from snomtui.office.people import People, Person
from snomtui.office.presence import Presence
from snomtui.office.subscription import Document, Refusal, Subscription, Subscriptions
from snomtui.sip.message import Request

CONTACTS = "vnd-microsoft-roaming-contacts"
PROVISIONING = "vnd-microsoft-provisioning-v2"


def settings(domain: str) -> dict[str, dict[str, str]]:
    """What a client is told about its surroundings.

    There is no media relay here, but some clients stumble when its name is missing; a request to it gets 404.
    """
    return {
        "ServerConfiguration": {
            "ucPC2PCAVEncryption": "SupportEncryption",
            "ucPortRangeEnabled": "false",
            "mrasUri": f"sip:mras@{domain}",
        },
        "meetingPolicy": {},
        "ucPolicy": {"voiceEnabled": "true"},
    }


class Contacts:
    """The contact lists, and the package that tells them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lists = {each.aor: first_list(each, desk.people) for each in desk.people.persons}
        self.subscriptions: Subscriptions | None = None
        """Set when the house is put together."""

    def of(self, person: Person) -> ContactList:
        """A person's list as it is now."""
        return self._lists[person.aor]

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """The whole list."""
        return Document(CONTACTS_TYPE, build_contact_list(self.of(subscription.watcher)))

    def closed(self, subscription: Subscription) -> None:
        """Nothing is kept for a subscriber."""

    def service(self, asked: Asked, now: float) -> None:
        """Answer a SERVICE that changes the list, and tell all devices; raises `MalformedXml`."""
        wish = parse_soap(asked.request.body)
        before = self.of(asked.person)
        steps = changes(before, wish)
        if steps is None:
            self._desk.refuse(asked, 409, 4006, "deltaNum is not the current one, or nothing fits", now)
            return
        body = None
        if isinstance(wish, AddGroup):
            body = (SOAP_TYPE, build_group_added(next_group(before)))
        self._desk.answer(asked, 200, "", body=body, now=now)
        for step in steps:
            self._apply(asked.person, step, now)

    def _apply(self, person: Person, step: ContactDelta, now: float) -> None:
        after = self.of(person).apply(step)
        if after and self.subscriptions:
            self._lists[person.aor] = after
            self.subscriptions.tell(person, CONTACTS, Document(CONTACTS_TYPE, build_contact_delta(step)), now)


def first_list(person: Person, people: People) -> ContactList:
    """The list that a person starts with: the contacts of the people file, all in one group of their own."""
    groups = (Group(OTHER_CONTACTS, "~"), Group(2, "Colleagues"))
    contacts = []
    for uri in person.contacts:
        found = people.find(uri)
        contacts.append(ListedContact(address(uri), found.name if found else "", (2,)))
    return ContactList(1, groups, tuple(contacts))


class Provisioning:
    """The package that tells a client about its surroundings."""

    def __init__(self, domain: str) -> None:
        self._settings = settings(domain)

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """The groups that were asked for; all if nothing was said."""
        try:
            asked = parse_provisioning_request(request.body) if request.body else ()
        except MalformedXml as error:
            return Refusal(400, 4001, str(error))
        groups = {name: values for name, values in self._settings.items() if name in asked or not asked}
        return Document(PROVISIONING_TYPE, build_provisioning(groups))

    def closed(self, subscription: Subscription) -> None:
        """Nothing is kept for a subscriber."""


class RoamingSelf:
    """The package that tells a user's devices what all of them have published."""

    def __init__(self, desk: Desk, presence: Presence) -> None:
        self._desk, self._presence = desk, presence

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """The parts that were asked for; all if nothing was said."""
        try:
            parts = parse_roaming_list(request.body) if request.body else PARTS
        except MalformedXml as error:
            return Refusal(400, 4001, str(error))
        shelf = self._presence.shelf(subscription.watcher)
        body = build_roaming_self(
            subscription.watcher.uri,
            shelf.own() if "categories" in parts else None,
            tuple(shelf.containers.values()) if "containers" in parts else None,
            () if "subscribers" in parts else None,
        )
        return Document(ROAMING_SELF_TYPE, body)

    def closed(self, subscription: Subscription) -> None:
        """Nothing is kept for a subscriber."""

    def set_subscribers(self, asked: Asked, now: float) -> None:
        """Answer a SERVICE that acknowledges watchers; here everybody may watch. Raises `MalformedXml`."""
        parse_set_subscribers(asked.request.body)
        self._desk.answer(asked, 200, now=now)
