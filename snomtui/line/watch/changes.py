"""What a person may want of the contact list, as steps from the list that there is to the one that is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from snomtui.ocs import soap
from snomtui.ocs.contacts import OTHER_CONTACTS, ContactList, Group, ListedContact


@dataclass(frozen=True, slots=True)
class Add:
    """Somebody shall stand in the list, in this group at least."""

    uri: str
    """`sip:user@host`, lower case."""
    name: str = ""
    """Empty = as it is, or as the contact card has it."""
    group: str = ""
    """Empty = other contacts, or where the contact stands already."""

    @property
    def failed(self) -> str:
        """What did not work, in words."""
        return f"{self.name or self.uri} was not added"

    def step(self, contacts: ContactList) -> soap.Request | None:
        """First the group, then the contact; None if both are there."""
        known = contacts.find(self.uri)
        group = group_named(contacts.groups, self.group)
        if group is None:
            return soap.AddGroup(self.group, contacts.delta)
        wanted = self._wanted(known, group)
        return soap.SetContact(wanted, contacts.delta) if wanted != known else None

    def _wanted(self, known: ListedContact | None, group: int) -> ListedContact:
        if known is None:
            return ListedContact(self.uri, self.name, (group,))
        groups = known.groups
        if self.group and group not in groups:
            # Other contacts are those who are in no other group.
            groups = (*(each for each in groups if each != OTHER_CONTACTS), group)
        return replace(known, name=self.name or known.name, groups=groups, subscribed=True)


@dataclass(frozen=True, slots=True)
class Remove:
    """Somebody shall not stand in the list."""

    uri: str

    @property
    def failed(self) -> str:
        """What did not work, in words."""
        return f"{self.uri} was not removed"

    def step(self, contacts: ContactList) -> soap.Request | None:
        """Delete the contact; None if it is not there."""
        known = contacts.find(self.uri)
        return soap.DeleteContact(known.uri, contacts.delta) if known else None


def group_named(groups: Iterable[Group], name: str) -> int | None:
    """The number of the group with this name or label, in any case; without a name other contacts; None = no such."""
    wanted = name.strip().casefold()
    if not wanted:
        return OTHER_CONTACTS
    found = [each.id for each in groups if wanted in (each.name.casefold(), each.label.casefold())]
    return found[0] if found else None
