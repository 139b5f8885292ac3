"""Roaming self: a user's own categories, containers and subscribers ([MS-PRES] 2.2.2.5, [MS-SIP] 2.2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.kit.xml import Element, Markup, attribute, child, children, content, number, parse, parse_root, tag
from snomtui.ocs.categories import SPACE as CATEGORIES_SPACE
from snomtui.ocs.categories import Category, Key, Opaque, categories_in, categories_xml

ROAMING_SELF = "vnd-microsoft-roaming-self"
"""The event package."""
ROAMING_SELF_TYPE = "application/vnd-microsoft-roaming-self+xml"
SET_SUBSCRIBERS_TYPE = "application/msrtc-presence-setsubscriber+xml"
SET_CONTAINER_MEMBERS_TYPE = "application/msrtc-setcontainermembers+xml"

SPACE = "http://schemas.microsoft.com/2006/09/sip/roaming-self"
CONTAINERS_SPACE = "http://schemas.microsoft.com/2006/09/sip/containers"
MANAGEMENT_SPACE = "http://schemas.microsoft.com/2006/09/sip/container-management"
SUBSCRIBERS_SPACE = "http://schemas.microsoft.com/2006/09/sip/presence-subscribers"

PARTS = ("categories", "containers", "subscribers")


@dataclass(frozen=True, slots=True)
class Member:
    """Who is in a container."""

    type: str
    """`user`, `domain`, `sameEnterprise`, `federated`, `publicCloud` or `everyone`."""
    value: str = ""
    """`user@host` without `sip:`, or a domain; empty for the other types."""
    action: str = ""
    """`add` or `remove` in a request; empty in a list."""


@dataclass(frozen=True, slots=True)
class Container:
    """An access level and who has it."""

    id: int
    version: int = 0
    members: tuple[Member, ...] = ()

    @classmethod
    def parse(cls, element: Element) -> Container:
        """Read a `container` element."""
        members = (
            Member(attribute(each, "type") or "", attribute(each, "value") or "", attribute(each, "action") or "")
            for each in children(element, "member")
        )
        return cls(number(attribute(element, "id")), number(attribute(element, "version")), tuple(members))

    def xml(self) -> Markup:
        """The `container` element."""
        members = [
            tag("member", {"action": each.action or None, "type": each.type, "value": each.value or None})
            for each in self.members
        ]
        return tag("container", {"id": self.id, "version": self.version}, *members)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who watches this user."""

    user: str
    """`user@host` without `sip:`."""
    name: str = ""
    acknowledged: bool = False
    type: str = ""
    """`sameEnterprise`, `federated`, ...; empty in a request."""

    @classmethod
    def parse(cls, element: Element) -> Subscriber:
        """Read a `subscriber` element."""
        return cls(
            user=(attribute(element, "user") or "").removeprefix("sip:"),
            name=attribute(element, "displayName") or "",
            acknowledged=(attribute(element, "acknowledged") or "").lower() == "true",
            type=attribute(element, "type") or "",
        )

    def xml(self) -> Markup:
        """The `subscriber` element."""
        head = {
            "user": self.user,
            "displayName": self.name or None,
            "acknowledged": self.acknowledged,
            "type": self.type or None,
        }
        return tag("subscriber", head)


@dataclass(frozen=True, slots=True)
class RoamingSelf:
    """What a front end tells a user's own devices; None stands for a part that is not in the document."""

    uri: str = ""
    categories: tuple[Category, ...] | None = None
    """All publications of each category that is named at all."""
    containers: tuple[Container, ...] | None = None
    subscribers: tuple[Subscriber, ...] | None = None


def parse_roaming_self(data: bytes) -> RoamingSelf:
    """Read a roaming-self document; raises `MalformedXml`."""
    root = parse_root(data, "roamingData")
    uri, categories = "", None
    found = child(root, "categories")
    if found is not None:
        uri, categories = categories_in(found)
    containers, subscribers = child(root, "containers"), child(root, "subscribers")
    return RoamingSelf(
        uri,
        categories,
        None if containers is None else tuple(map(Container.parse, children(containers, "container"))),
        None if subscribers is None else tuple(map(Subscriber.parse, children(subscribers, "subscriber"))),
    )


def build_roaming_self(
    uri: str,
    categories: Iterable[Category] | None = None,
    containers: Iterable[Container] | None = None,
    subscribers: Iterable[Subscriber] | None = None,
) -> bytes:
    """A document of the type `application/vnd-microsoft-roaming-self+xml`; None leaves a part out.

    A client forgets every publication of a category that is named here and not listed, so list them all.
    """
    parts: list[Markup] = []
    if categories is not None:
        parts.append(categories_xml(uri, categories))
    if containers is not None:
        parts.append(tag("containers", {"xmlns": CONTAINERS_SPACE}, *(each.xml() for each in containers)))
    if subscribers is not None:
        parts.append(tag("subscribers", {"xmlns": SUBSCRIBERS_SPACE}, *(each.xml() for each in subscribers)))
    return tag("roamingData", {"xmlns": SPACE}, *parts).encode()


def build_roaming_list(parts: Iterable[str] = PARTS) -> bytes:
    """The body of a SUBSCRIBE for roaming-self: which parts are wanted."""
    return tag("roamingList", {"xmlns": SPACE}, *(tag("roaming", {"type": part}) for part in parts)).encode()


def parse_roaming_list(data: bytes) -> tuple[str, ...]:
    """Which parts are wanted; raises `MalformedXml`."""
    root = parse_root(data, "roamingList")
    return tuple(attribute(each, "type") or "" for each in children(root, "roaming"))


def build_set_subscribers(subscribers: Iterable[Subscriber]) -> bytes:
    """The request that acknowledges subscribers."""
    return tag("setSubscribers", {"xmlns": SUBSCRIBERS_SPACE}, *(each.xml() for each in subscribers)).encode()


def parse_set_subscribers(data: bytes) -> tuple[Subscriber, ...]:
    """Which subscribers are acknowledged; raises `MalformedXml`."""
    return tuple(map(Subscriber.parse, children(parse_root(data, "setSubscribers"), "subscriber")))


def build_set_container_members(containers: Iterable[Container]) -> bytes:
    """The request that adds members to containers or removes them; each with its current version."""
    return tag("setContainerMembers", {"xmlns": MANAGEMENT_SPACE}, *(each.xml() for each in containers)).encode()


def parse_set_container_members(data: bytes) -> tuple[Container, ...]:
    """Which members come and go, by container; raises `MalformedXml`."""
    return tuple(map(Container.parse, children(parse_root(data, "setContainerMembers"), "container")))


def versions_of(categories: Iterable[Category]) -> dict[Key, int]:
    """The stored version of each publication, as the next publication must name it."""
    return {each.key: each.version or 0 for each in categories if each.instance is not None}


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A telephone line of the user, out of the directory."""

    uri: str
    """`tel:+493055501`."""
    type: str = "Uc"
    """`Uc` = the user's own voice number; `Rcc`, `Dual` = a desk phone under remote call control."""
    server: str = ""
    """The SIP/CSTA gateway of `Rcc` and `Dual`."""


def user_properties(lines: Iterable[OwnLine]) -> Opaque:
    """The body of the category `userProperties`."""
    each = [tag("line", {"lineType": line.type, "lineServer": line.server or None}, line.uri) for line in lines]
    return Opaque(tag("userProperties", {"xmlns": CATEGORIES_SPACE}, tag("lines", None, *each)))


def lines_of(categories: Iterable[Category]) -> tuple[OwnLine, ...]:
    """The user's lines, out of the category `userProperties`."""
    bodies = (each.body for each in categories if each.name == "userProperties")
    found = (
        line
        for body in bodies
        if isinstance(body, Opaque)
        for line in children(child(parse(body.markup.encode()), "lines"), "line")
    )
    return tuple(
        OwnLine(content(line), attribute(line, "lineType") or "", attribute(line, "lineServer") or "") for line in found
    )
