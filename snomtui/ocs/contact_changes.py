"""What a wish does to a contact list, or why it cannot be ([MS-SIP] 3.7, numbers of [MS-OCER] 8.3)."""

from __future__ import annotations

from dataclasses import replace

from snomtui.kit.xml import quote
from snomtui.ocs.contacts import OTHER_CONTACTS, ContactDelta, ContactList, Group, ListedContact, without_group
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.soap import AddGroup, DeleteContact, DeleteGroup, ModifyGroup, Request, SetContact

LAST_GROUP = 63
MOST_CONTACTS = 1000
"""Contacts in one list."""
LONGEST_URI = 454
LONGEST_NAME = 256
"""Characters in the name of a contact or of a group."""
LONGEST_EXTENSION = 1024
LARGEST = 200_000
"""Bytes in a whole list; a longer one would not be read by others any more."""


WRONG_DELTA = Refusal(409, 4000, "deltaNum of the contact list is out of date")
NO_CONTACT = Refusal(404, 2001, "Contact does not exist")
NO_GROUP = Refusal(404, 2002, "Group does not exist")
TOO_MANY_CONTACTS = Refusal(403, 2007, "Contact limit exceeded")
TOO_MANY_GROUPS = Refusal(403, 2008, "Group limit exceeded")
LONG_EXTENSION = Refusal(403, 2009, "Contact extension too large")
SAME_NAME = Refusal(409, 2015, "Duplicate group name")
TOO_LONG = Refusal(413, 4008, "Input data too large")
NAMELESS = Refusal(400, 4000, "A name or an address is missing")
ALWAYS_THERE = Refusal(403, 4000, "The group of other contacts always exists")


def changes(contacts: ContactList, request: Request) -> tuple[ContactDelta, ...] | Refusal:
    """What a request does to the list, in order; a group goes in two steps: first its contacts leave it."""
    if request.delta != contacts.delta:
        return WRONG_DELTA
    match request:
        case SetContact(contact=contact):
            return _set_contact(contacts, contact)
        case DeleteContact(uri=uri):
            known = contacts.find(uri)
            return _one(contacts, deleted=(known.uri,)) if known else NO_CONTACT
        case AddGroup(name=name):
            return _add_group(contacts, name)
        case ModifyGroup(group=group):
            return _modify_group(contacts, group)
        case DeleteGroup(id=id):
            return _delete_group(contacts, id)


def next_group(contacts: ContactList) -> int:
    """The number that a new group gets; 0 if there are 63 already."""
    taken = {each.id for each in contacts.groups}
    return next((each for each in range(2, LAST_GROUP + 1) if each not in taken), 0)


def _one(
    contacts: ContactList,
    *,
    added: tuple[ListedContact, ...] = (),
    modified: tuple[ListedContact, ...] = (),
    deleted: tuple[str, ...] = (),
    added_groups: tuple[Group, ...] = (),
    modified_groups: tuple[Group, ...] = (),
) -> tuple[ContactDelta, ...]:
    now = contacts.delta
    return (ContactDelta(now + 1, now, added, modified, deleted, added_groups, modified_groups),)


def _set_contact(contacts: ContactList, contact: ListedContact) -> tuple[ContactDelta, ...] | Refusal:
    if not contact.uri:
        return NAMELESS
    known = contacts.find(contact.uri)
    if known and not contact.extension:  # who does not know about extensions does not take one away
        contact = replace(contact, extension=known.extension)
    if not set(contact.groups) <= {each.id for each in contacts.groups}:
        return NO_GROUP
    if len(contact.extension) > LONGEST_EXTENSION:
        return LONG_EXTENSION
    if len(contact.uri) > LONGEST_URI or len(contact.name) > LONGEST_NAME:
        return TOO_LONG
    if known:
        return _one(contacts, modified=(contact,))
    if len(contacts.contacts) >= MOST_CONTACTS:
        return TOO_MANY_CONTACTS
    return TOO_LONG if _size(contacts) + _length(contact) > LARGEST else _one(contacts, added=(contact,))


def _add_group(contacts: ContactList, name: str) -> tuple[ContactDelta, ...] | Refusal:
    """A name that is there already is no fault: a client that did not wait for its answer asks twice."""
    known = next((each for each in contacts.groups if each.name.lower() == name.lower()), None)
    if known and name:
        return _one(contacts, modified_groups=(known,))
    group = Group(next_group(contacts), name)
    return _unfit(contacts, group) or _one(contacts, added_groups=(group,))


def _modify_group(contacts: ContactList, group: Group) -> tuple[ContactDelta, ...] | Refusal:
    if not any(each.id == group.id for each in contacts.groups):
        return NO_GROUP
    if group.id == OTHER_CONTACTS:
        return ALWAYS_THERE
    return _unfit(contacts, group) or _one(contacts, modified_groups=(group,))


def _unfit(contacts: ContactList, group: Group) -> Refusal | None:
    if not group.name:
        return NAMELESS
    if not group.id:
        return TOO_MANY_GROUPS
    if len(group.name) > LONGEST_NAME:
        return TOO_LONG
    others = {each.name.lower() for each in contacts.groups if each.id != group.id}
    return SAME_NAME if group.name.lower() in others else None


def _delete_group(contacts: ContactList, group: int) -> tuple[ContactDelta, ...] | Refusal:
    if group == OTHER_CONTACTS:
        return ALWAYS_THERE
    if not any(each.id == group for each in contacts.groups):
        return NO_GROUP
    now = contacts.delta
    leaving = without_group(contacts.contacts, group)
    steps = [ContactDelta(now + 1, now, modified=leaving)] if leaving else []
    now += len(steps)
    return (*steps, ContactDelta(now + 1, now, deleted_groups=(group,)))


def _size(contacts: ContactList) -> int:
    return sum(map(_length, contacts.contacts))


def _length(contact: ListedContact) -> int:
    """About how many bytes a contact takes in a document."""
    texts = (quote(contact.uri), quote(contact.name), contact.extension)
    return 90 + 3 * len(contact.groups) + sum(len(each.encode("utf-8", "replace")) for each in texts)
