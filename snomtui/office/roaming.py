"""The contact list that follows a user from device to device ([MS-SIP] 3.7)."""

from __future__ import annotations

from snomtui.kit.xml import Element
from snomtui.ocs.contact_changes import changes
from snomtui.ocs.contacts import (
    CONTACTS_TYPE,
    OTHER_CONTACTS,
    ROAMING_CONTACTS,
    ContactDelta,
    ContactList,
    Group,
    ListedContact,
    address,
    build_contact_delta,
    build_contact_list,
)
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.soap import SOAP_TYPE, AddGroup, build_group_added, request_in
from snomtui.office.desk import Asked, Body, Desk
from snomtui.office.people import People, Person
from snomtui.office.subscription import Document, Subscription, Subscriptions
from snomtui.sip.message import Request

COLLEAGUES = "Colleagues"
"""The group of those whom the people file lists in no other."""


class Contacts:
    """The contact lists, and the package that tells them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lists = {each.aor: first_list(each, desk.people) for each in desk.people.persons}
        self._listed = {aor: {each.uri for each in one.contacts} for aor, one in self._lists.items()}
        """The addresses in each list: asked for every watcher of everybody, so it must not cost a walk."""
        self.subscriptions: Subscriptions | None = None
        """Set when the house is put together."""

    def of(self, person: Person) -> ContactList:
        """A person's list as it is now."""
        return self._lists[person.aor]

    def knows(self, person: Person, aor: str) -> bool:
        """Whether an address stands in a person's list."""
        return aor in self._listed[person.aor]

    def restore(self, person: Person, contacts: ContactList) -> None:
        """Take over the list of an earlier life."""
        self._lists[person.aor] = contacts
        self._listed[person.aor] = {each.uri for each in contacts.contacts}

    def opened(self, subscription: Subscription, request: Request, now: float) -> Document | Refusal:
        """The whole list."""
        return Document(CONTACTS_TYPE, build_contact_list(self.of(subscription.watcher)))

    def closed(self, subscription: Subscription) -> None:
        """Nothing is kept for a subscriber."""

    def service(self, asked: Asked, body: Element, now: float) -> None:
        """Answer SOAP in SERVICE that changes the list, and tell all devices, also the one that asked.

        Raises `MalformedXml`.
        """
        wish = request_in(body)
        steps = changes(self.of(asked.person), wish)
        if isinstance(steps, Refusal):
            self._desk.refuse(asked, steps, now)
            return
        answer: Body | None = None
        if isinstance(wish, AddGroup):
            answer = (SOAP_TYPE, build_group_added((steps[0].added_groups or steps[0].modified_groups)[0].id))
        self._desk.answer(asked, 200, "", body=answer, now=now)
        for step in steps:
            self._apply(asked.person, step, now)
        self._desk.keep(asked.person)

    def _apply(self, person: Person, step: ContactDelta, now: float) -> None:
        after = self.of(person).apply(step)
        if after is None:
            return
        self._lists[person.aor] = after
        listed = self._listed[person.aor]
        listed |= {each.uri for each in step.added}
        listed -= set(step.deleted)
        if self.subscriptions:
            self.subscriptions.tell(person, ROAMING_CONTACTS, Document(CONTACTS_TYPE, build_contact_delta(step)), now)


def first_list(person: Person, people: People) -> ContactList:
    """The list that a person starts with: the contacts of the people file in one group, and its further groups."""
    listed = ((COLLEAGUES, person.contacts), *person.groups)
    names = dict.fromkeys(("~", *(name for name, _ in listed)))
    ids = {name: at for at, name in enumerate(names, start=OTHER_CONTACTS)}
    inside: dict[str, dict[int, None]] = {}
    for name, uris in listed:
        for uri in uris:
            inside.setdefault(address(uri), {})[ids[name]] = None
    found = {uri: people.find(uri) for uri in inside}
    contacts = (ListedContact(uri, one.name if one else "", tuple(inside[uri])) for uri, one in found.items())
    return ContactList(1, tuple(Group(at, name) for name, at in ids.items()), tuple(contacts))
