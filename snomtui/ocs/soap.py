"""SOAP requests that change the contact list ([MS-SIP] 2.2.1, 3.7).

They travel in SERVICE to the user's own address. Each names the list's number as the client knows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Element, Markup, child, content, local, number, parse_root, tag
from snomtui.ocs.contacts import Group, ListedContact, address, extension_in, group_ids

SOAP_TYPE = "application/SOAP+xml"
ENVELOPE_SPACE = "http://schemas.xmlsoap.org/soap/envelope/"
SPACE = "http://schemas.microsoft.com/winrtc/2002/11/sip"


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
            inner += [tag("m:contactExtension", None, contact.extension)] if contact.extension else []
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
    return envelope(tag(f"m:{name}", None, *inner, _m("deltaNum", str(request.delta))))


def soap_body(data: bytes) -> Element:
    """The body of an envelope, with at least one element in it; raises `MalformedXml`."""
    body = child(parse_root(data, "Envelope"), "Body")
    if body is None or not len(body):
        raise MalformedXml("SOAP without a method")
    return body


def request_in(body: Element) -> Request:
    """The request in the body of an envelope; raises `MalformedXml`, also for a method that is none of the five."""
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
    return envelope(tag("m:addGroup", None, _m("groupID", str(group))))


def _contact(method: Element) -> ListedContact:
    return ListedContact(
        uri=address(content(method, "URI")),
        name=content(method, "displayName"),
        groups=group_ids(content(method, "groups")),
        subscribed=content(method, "subscribed").lower() != "false",
        extension=extension_in(method),
    )


def _m(name: str, text: str = "") -> Markup:
    return tag(f"m:{name}", None, text)


def envelope(*parts: Markup) -> bytes:
    """A SOAP envelope; the parts of its body use the prefix `m`."""
    return tag("s:Envelope", {"xmlns:s": ENVELOPE_SPACE, "xmlns:m": SPACE}, tag("s:Body", None, *parts)).encode()
