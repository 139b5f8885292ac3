"""The contact list that the server keeps, and its changes ([MS-SIP] 2.2.2, 3.2).

The list has a number that grows by one with every change. A change names the number before and after; who missed one
reads the whole list again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from snomtui.kit.xml import Element, Markup, attribute, child, children, copy, escape, number, parse_root, tag
from snomtui.presence import OTHER_CONTACTS as OTHER_LABEL
from snomtui.presence import Contact

ROAMING_CONTACTS = "vnd-microsoft-roaming-contacts"
"""The event package."""
CONTACTS_TYPE = "application/vnd-microsoft-roaming-contacts+xml"
OTHER_CONTACTS = 1
"""The group that always exists; its name on the wire is `~`."""


def address(text: str) -> str:
    """An address in one spelling: with `sip:` (unless it has another scheme) and lower case; empty stays empty."""
    text = text.strip().lower()
    return text if not text or text.startswith(("sip:", "sips:", "tel:")) else f"sip:{text}"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of the contact list."""

    id: int
    """1 to 63."""
    name: str

    @property
    def label(self) -> str:
        """The name for people."""
        return OTHER_LABEL if self.name == "~" else self.name

    @classmethod
    def parse(cls, element: Element) -> Group:
        """Read a `group`, `addedGroup` or `modifiedGroup` element."""
        return cls(number(attribute(element, "id")), attribute(element, "name") or "")

    def xml(self, name: str = "group") -> Markup:
        """The element of this name."""
        return tag(name, {"id": self.id, "name": self.name, "externalURI": ""})


@dataclass(frozen=True, slots=True)
class ListedContact:
    """One contact of the list."""

    uri: str
    """`sip:user@host`, lower case."""
    name: str = ""
    """Empty = use the name of the contact card."""
    groups: tuple[int, ...] = (OTHER_CONTACTS,)
    subscribed: bool = True
    """Whether its presence is wanted."""
    extension: Markup = Markup()
    """What a client has put into `contactExtension`, carried along."""

    @property
    def given_name(self) -> str:
        """The name that a person has given; a client that was told none writes the address there."""
        return "" if address(self.name) == self.uri else self.name

    @classmethod
    def parse(cls, element: Element) -> ListedContact:
        """Read a `contact`, `addedContact` or `modifiedContact` element; the address comes with or without `sip:`."""
        return cls(
            uri=address(attribute(element, "uri") or ""),
            name=attribute(element, "name") or "",
            groups=group_ids(attribute(element, "groups") or ""),
            subscribed=(attribute(element, "subscribed") or "true").lower() != "false",
            extension=extension_in(element),
        )

    def xml(self, name: str = "contact") -> Markup:
        """The element of this name; without `sip:` in a list, with it in a delta."""
        head: dict[str, str | int | bool | None] = {
            "uri": self.uri.removeprefix("sip:") if name == "contact" else self.uri,
            "name": self.name,
            "groups": " ".join(map(str, self.groups)),
            "subscribed": self.subscribed,
            "externalURI": "",
        }
        return tag(name, head, tag("contactExtension", None, self.extension) if self.extension else Markup())


def extension_in(element: Element) -> Markup:
    """The content of a `contactExtension` child, as it came; raises `MalformedXml` if nested too deeply."""
    found = child(element, "contactExtension")
    if found is None:
        return Markup()
    inner = [copy(each) + escape(each.tail or "") for each in found]
    return Markup(escape((found.text or "").strip()) + "".join(inner).strip())


def group_ids(text: str) -> tuple[int, ...]:
    """Group numbers separated by blanks; none at all means the group of other contacts."""
    return tuple(dict.fromkeys(number(each) for each in text.split() if number(each))) or (OTHER_CONTACTS,)


@dataclass(frozen=True, slots=True)
class ContactDelta:
    """One change of the list."""

    delta: int
    """The number after the change."""
    previous: int
    """The number before it; 0 if not said."""
    added: tuple[ListedContact, ...] = ()
    modified: tuple[ListedContact, ...] = ()
    deleted: tuple[str, ...] = ()
    """Addresses with `sip:`."""
    added_groups: tuple[Group, ...] = ()
    modified_groups: tuple[Group, ...] = ()
    deleted_groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactList:
    """The whole list at one moment."""

    delta: int
    """Greater than 0."""
    groups: tuple[Group, ...] = field(default=(Group(OTHER_CONTACTS, "~"),))
    contacts: tuple[ListedContact, ...] = ()

    def find(self, uri: str) -> ListedContact | None:
        """The contact with this address, in any spelling."""
        wanted = address(uri)
        return next((each for each in self.contacts if each.uri == wanted), None)

    def apply(self, change: ContactDelta) -> ContactList | None:
        """The list after the change; None if a change before it was missed, then the list must be read again."""
        if change.previous not in (0, self.delta):
            return None
        contacts = {each.uri: each for each in self.contacts}
        contacts |= {each.uri: each for each in (*change.added, *change.modified)}
        groups = {each.id: each for each in self.groups}
        groups |= {each.id: each for each in (*change.added_groups, *change.modified_groups)}
        for uri in change.deleted:
            contacts.pop(uri, None)
        for group in change.deleted_groups:
            groups.pop(group, None)
        return ContactList(change.delta, tuple(groups.values()), tuple(contacts.values()))

    def people(self) -> tuple[Contact, ...]:
        """The contacts in the house's own words, with the names of their groups."""
        names = {each.id: each.label for each in self.groups}
        return tuple(
            Contact(
                each.uri,
                each.given_name,
                groups=tuple(names[group] for group in each.groups if group in names),
                watched=each.subscribed,
            )
            for each in self.contacts
        )


def parse_contact_list(data: bytes) -> ContactList:
    """Read a `contactList` document; contacts without an address are left out; raises `MalformedXml`."""
    root = parse_root(data, "contactList")
    contacts = (ListedContact.parse(each) for each in children(root, "contact"))
    return ContactList(
        number(attribute(root, "deltaNum")),
        tuple(Group.parse(each) for each in children(root, "group")),
        tuple(each for each in contacts if each.uri),
    )


def build_contact_list(contacts: ContactList) -> bytes:
    """A document of the type `application/vnd-microsoft-roaming-contacts+xml`."""
    inner = [each.xml() for each in contacts.groups] + [each.xml() for each in contacts.contacts]
    return tag("contactList", {"deltaNum": contacts.delta}, *inner).encode()


def parse_contact_delta(data: bytes) -> ContactDelta:
    """Read a `contactDelta` document; raises `MalformedXml`."""
    root = parse_root(data, "contactDelta")
    return ContactDelta(
        delta=number(attribute(root, "deltaNum")),
        previous=number(attribute(root, "prevDeltaNum")),
        added=_contacts(root, "addedContact"),
        modified=_contacts(root, "modifiedContact"),
        deleted=tuple(address(attribute(each, "uri") or "") for each in children(root, "deletedContact")),
        added_groups=tuple(map(Group.parse, children(root, "addedGroup"))),
        modified_groups=tuple(map(Group.parse, children(root, "modifiedGroup"))),
        deleted_groups=tuple(number(attribute(each, "id")) for each in children(root, "deletedGroup")),
    )


def build_contact_delta(change: ContactDelta) -> bytes:
    """A document of the same type with one change."""
    inner = [each.xml("addedGroup") for each in change.added_groups]
    inner += [each.xml("modifiedGroup") for each in change.modified_groups]
    inner += [each.xml("addedContact") for each in change.added]
    inner += [each.xml("modifiedContact") for each in change.modified]
    inner += [tag("deletedContact", {"uri": uri}) for uri in change.deleted]
    inner += [tag("deletedGroup", {"id": group}) for group in change.deleted_groups]
    return tag("contactDelta", {"deltaNum": change.delta, "prevDeltaNum": change.previous}, *inner).encode()


def without_group(contacts: Iterable[ListedContact], group: int) -> tuple[ListedContact, ...]:
    """The contacts that are in this group, taken out of it; those in no other group become other contacts."""
    return tuple(
        replace(each, groups=tuple(other for other in each.groups if other != group) or (OTHER_CONTACTS,))
        for each in contacts
        if group in each.groups
    )


def _contacts(root: Element, name: str) -> tuple[ListedContact, ...]:
    found = (ListedContact.parse(each) for each in children(root, name))
    return tuple(each for each in found if each.uri)
