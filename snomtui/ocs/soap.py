"""SOAP requests that change the contact list ([MS-SIP] 2.2.1, 3.3), and what they do to it.

They travel in SERVICE to the user's own address. Each names the list's number as the client knows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Element, Markup, child, content, local, number, parse_root, tag
from snomtui.ocs.contacts import ContactDelta, ContactList, Group, ListedContact, address, group_ids, without_group

SOAP_TYPE = "application/SOAP+xml"
ENVELOPE_SPACE = "http://schemas.xmlsoap.org/soap/envelope/"
SPACE = "http://schemas.microsoft.com/winrtc/2002/11/sip"
LAST_GROUP = 63


@dataclass(frozen=True, slots=True)
class SetContact:
    """Add a contact, or change one."""

    contact: ListedContact
    delta: int


@dataclass(frozen=True, slots=True)
class DeleteContact:
    """Remove a contact."""

    uri: str
    delta: int


@dataclass(frozen=True, slots=True)
class AddGroup:
    """Make a group; the answer tells its number."""

    name: str
    delta: int


@dataclass(frozen=True, slots=True)
class ModifyGroup:
    """Give a group another name."""

    group: Group
    delta: int


@dataclass(frozen=True, slots=True)
class DeleteGroup:
    """Remove a group; its contacts stay."""

    id: int
    delta: int


Request = SetContact | DeleteContact | AddGroup | ModifyGroup | DeleteGroup


def build_soap(request: Request) -> bytes:
    """The SOAP envelope of a request, of the type `application/SOAP+xml`."""
    match request:
        case SetContact(contact=contact):
            groups = " ".join(map(str, contact.groups))
            inner = [_m("displayName", contact.name), _m("groups", groups)]
            inner += [_m("subscribed", str(contact.subscribed).lower()), _m("URI", contact.uri), _m("externalURI")]
            name = "setContact"
        case DeleteContact(uri=uri):
            name, inner = "deleteContact", [_m("URI", uri)]
        case AddGroup(name=title):
            name, inner = "addGroup", [_m("name", title), _m("externalURI")]
        case ModifyGroup(group=group):
            name = "modifyGroup"
            inner = [_m("groupID", str(group.id)), _m("name", group.name), _m("externalURI")]
        case DeleteGroup(id=id):
            name, inner = "deleteGroup", [_m("groupID", str(id))]
    return _envelope(tag(f"m:{name}", None, *inner, _m("deltaNum", str(request.delta))))


def parse_soap(data: bytes) -> Request:
    """Read a request; raises `MalformedXml`, also for a method that is none of the five."""
    body = child(parse_root(data, "Envelope"), "Body")
    if body is None or not len(body):
        raise MalformedXml("SOAP without a method")
    method = body[0]
    delta = number(content(method, "deltaNum"))
    match local(method):
        case "setContact":
            return SetContact(_contact(method), delta)
        case "deleteContact":
            return DeleteContact(address(content(method, "URI")), delta)
        case "addGroup":
            return AddGroup(content(method, "name"), delta)
        case "modifyGroup":
            return ModifyGroup(Group(number(content(method, "groupID")), content(method, "name")), delta)
        case "deleteGroup":
            return DeleteGroup(number(content(method, "groupID")), delta)
        case other:
            raise MalformedXml(f"SOAP with the unknown method {other[:40]}")


def build_group_added(group: int) -> bytes:
    """The answer to `AddGroup`: the number of the new group."""
    return _envelope(tag("m:addGroup", None, _m("groupID", str(group))))


def parse_group_added(data: bytes) -> int:
    """The number of the new group, 0 if the answer does not tell; raises `MalformedXml`."""
    return number(content(parse_root(data, "Envelope"), "Body", "addGroup", "groupID"))


def changes(contacts: ContactList, request: Request) -> tuple[ContactDelta, ...] | None:
    """What a request does to the list, in order; None if its number is not the list's, or nothing fits.

    A group goes in two steps: first its contacts leave it, then it is deleted.
    """
    if request.delta != contacts.delta:
        return None
    now = contacts.delta
    match request:
        case SetContact(contact=contact):
            if not contact.uri:
                return None
            if contacts.find(contact.uri):
                return (ContactDelta(now + 1, now, modified=(contact,)),)
            return (ContactDelta(now + 1, now, added=(contact,)),)
        case DeleteContact(uri=uri):
            return (ContactDelta(now + 1, now, deleted=(uri,)),) if contacts.find(uri) else None
        case AddGroup(name=name):
            group = next_group(contacts)
            return (ContactDelta(now + 1, now, added_groups=(Group(group, name),)),) if group else None
        case ModifyGroup(group=group):
            known = any(each.id == group.id for each in contacts.groups)
            return (ContactDelta(now + 1, now, modified_groups=(group,)),) if known else None
        case DeleteGroup(id=id):
            return _delete_group(contacts, id)


def next_group(contacts: ContactList) -> int:
    """The number that a new group gets; 0 if there are 63 already."""
    taken = {each.id for each in contacts.groups}
    return next((each for each in range(2, LAST_GROUP + 1) if each not in taken), 0)


def _delete_group(contacts: ContactList, group: int) -> tuple[ContactDelta, ...] | None:
    # The group of other contacts always exists.
    if group == 1 or not any(each.id == group for each in contacts.groups):
        return None
    now = contacts.delta
    leaving = without_group(contacts.contacts, group)
    steps = [ContactDelta(now + 1, now, modified=leaving)] if leaving else []
    now += len(steps)
    return (*steps, ContactDelta(now + 1, now, deleted_groups=(group,)))


def _contact(method: Element) -> ListedContact:
    return ListedContact(
        uri=address(content(method, "URI")),
        name=content(method, "displayName"),
        groups=group_ids(content(method, "groups")),
        subscribed=content(method, "subscribed").lower() != "false",
    )


def _m(name: str, text: str = "") -> Markup:
    return tag(f"m:{name}", None, text)


def _envelope(method: Markup) -> bytes:
    return tag("s:Envelope", {"xmlns:s": ENVELOPE_SPACE, "xmlns:m": SPACE}, tag("s:Body", None, method)).encode()
