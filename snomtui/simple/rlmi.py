"""Many resources in one subscription: resource lists (RFC 4662)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Element, attribute, children, content, parse_root
from snomtui.simple.edition import version_of
from snomtui.simple.multipart import MULTIPART_TYPE, root_of
from snomtui.sip.multipart import Part, bare, parts_of

RLMI_TYPE = "application/rlmi+xml"

MOST = 2000
"""So many members of a list are kept."""
DEEPEST = 4
"""So many lists within lists are opened."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One member of a list."""

    uri: str
    name: str = ""
    state: str = ""
    """`active pending terminated` of its instance, in lower case; empty = nothing is known of it."""
    cid: str = ""
    """Which part of the body tells more; empty = none."""


@dataclass(frozen=True, slots=True)
class ResourceList:
    """The list itself."""

    uri: str
    version: int | None
    """None = not said."""
    full: bool
    """Whether all members are in it, or only those that changed."""
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a list tells of one resource."""

    resource: Resource
    part: Part | None
    """The document about it; None if it brings none."""


@dataclass(frozen=True, slots=True)
class ListTold:
    """A whole notification of a list."""

    list: ResourceList
    told: tuple[Told, ...]
    """Members of lists within it stand here like its own."""


def parse_rlmi(data: bytes) -> ResourceList:
    """Read the list; raises `MalformedXml`. Of several instances of a resource the first active one counts."""
    root = parse_root(data, "list")
    return ResourceList(
        uri=(attribute(root, "uri") or "").strip(),
        version=version_of(root),
        full=(attribute(root, "fullState") or "true").strip().lower() in ("true", "1"),
        resources=tuple(_resource(each) for each in children(root, "resource")),
    )


def _resource(element: Element) -> Resource:
    instances = list(children(element, "instance"))
    best = min(instances, key=lambda each: _state(each) != "active", default=None)
    return Resource(
        uri=(attribute(element, "uri") or "").strip(),
        name=content(element, "name"),
        state=_state(best) if best is not None else "",
        cid=bare(attribute(best, "cid") or "") if best is not None else "",
    )


def _state(instance: Element) -> str:
    return (attribute(instance, "state") or "").strip().lower()


def parse_list(content_type: str, data: bytes) -> ListTold:
    """Read a body of the type `multipart/related` with a list at its root; raises `MalformedXml`."""
    parts = parts_of(content_type, data)
    root = root_of(content_type, parts)
    if root.content_type and root.kind != RLMI_TYPE:
        raise MalformedXml(f"a list begins with {root.kind[:40]!r}")
    found = parse_rlmi(root.body)
    return ListTold(found, tuple(_members(found, parts, 1)))


def _members(found: ResourceList, parts: list[Part], depth: int) -> Iterator[Told]:
    by_cid = {part.cid: part for part in parts if part.cid}
    for resource in found.resources:
        part = by_cid.pop(resource.cid, None)  # once only: a list could name one part a thousand times
        if part is not None and part.kind == MULTIPART_TYPE:
            yield from _inner(part, depth)
        else:
            yield Told(resource, part)


def _inner(part: Part, depth: int) -> Iterator[Told]:
    """A list within a list. One that cannot be read costs itself only."""
    if depth >= DEEPEST:
        return
    try:
        parts = parts_of(part.content_type, part.body)
        yield from _members(parse_rlmi(root_of(part.content_type, parts).body), parts, depth + 1)
    except MalformedXml:
        return


def address_of(uri: str) -> str:
    """The address of a member as contacts have it: `sip:user@host` without parameters; empty if it is none."""
    scheme, _, rest = uri.partition(":")
    address = rest.partition(";")[0].partition("?")[0].strip()
    if scheme.lower() not in ("sip", "sips", "pres", "im") or not address or any(sign <= " " for sign in address):
        return ""
    return f"{'sips' if scheme.lower() == 'sips' else 'sip'}:{address}"
