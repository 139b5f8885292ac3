"""Provisioning: what the server tells a client about its surroundings ([MS-SIPREGE] 2.2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from snomtui.kit.xml import Markup, attribute, children, content, local, parse_root, tag

PROVISIONING = "vnd-microsoft-provisioning-v2"
"""The event package."""
PROVISIONING_TYPE = "application/vnd-microsoft-roaming-provisioning-v2+xml"
"""The type of both the request's and the answer's body."""
REQUEST_SPACE = "http://schemas.microsoft.com/2006/09/sip/provisioninggrouplist"
SPACE = "http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification"

GROUPS = ("ServerConfiguration", "meetingPolicy", "ucPolicy")
"""What a phone asks for."""

PROPERTIES = {"ucPolicy": "instance", "meetingPolicy": "instance", "endpointConfiguration": "propertyEntryList"}
"""Groups whose values are properties, and the element around these ([MS-SIPREGE] 2.2.2.5)."""

Provisioning = Mapping[str, Mapping[str, str]]
"""Values by group and name."""


def build_provisioning_request(groups: Iterable[str] = GROUPS) -> bytes:
    """The body of the SUBSCRIBE: which groups are wanted."""
    inner = [tag("provisioningGroup", {"name": name}) for name in groups]
    return tag("provisioningGroupList", {"xmlns": REQUEST_SPACE}, *inner).encode()


def parse_provisioning_request(data: bytes) -> tuple[str, ...]:
    """Which groups are wanted; raises `MalformedXml`."""
    root = parse_root(data, "provisioningGroupList")
    return tuple(attribute(each, "name") or "" for each in children(root, "provisioningGroup"))


def build_provisioning(groups: Provisioning) -> bytes:
    """The document with the values; the names must be names of XML elements."""
    inner = [tag("provisionGroup", {"name": name}, *_values(name, values)) for name, values in groups.items()]
    return tag("provisionGroupList", {"xmlns": SPACE}, *inner).encode()


def _values(group: str, values: Mapping[str, str]) -> list[Markup]:
    """The values of a group: an element each, or properties in the element that this group wraps them in."""
    wrap = PROPERTIES.get(group)
    if wrap is None or not values:
        return [tag(key, None, value) for key, value in values.items()]
    return [tag(wrap, None, *(tag("property", {"name": key}, value) for key, value in values.items()))]


def parse_provisioning(data: bytes) -> dict[str, dict[str, str]]:
    """The values by group and name; raises `MalformedXml`. Entries of property lists count as values."""
    root = parse_root(data, "provisionGroupList")
    groups: dict[str, dict[str, str]] = {}
    for group in children(root, "provisionGroup"):
        values = groups.setdefault(attribute(group, "name") or "", {})
        for each in group:
            entries = list(children(each, "property"))
            if not entries:
                values[local(each)] = content(each)
            for entry in entries:
                values[(attribute(entry, "name") or "").strip()] = content(entry)
    return groups


def encryption(groups: Provisioning) -> str:
    """`SupportEncryption`, `DoNotSupportEncryption` or `RequireEncryption`; not said means required."""
    return groups.get("ServerConfiguration", {}).get("ucPC2PCAVEncryption") or "RequireEncryption"
