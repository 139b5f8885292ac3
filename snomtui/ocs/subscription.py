"""Watching others: batched subscriptions and their answers ([MS-PRES] 2.2.2.1, 2.2.2.3; RFC 4662)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Element, Markup, attribute, child, children, number, parse_root, tag
from snomtui.ocs import multipart
from snomtui.ocs.categories import CATEGORIES_TYPE, Category, build_categories, parse_categories
from snomtui.ocs.contacts import address
from snomtui.sip.multipart import kind_of, parts_of

BATCH_TYPE = "application/msrtc-adrl-categorylist+xml"
RLMI_TYPE = "application/rlmi+xml"
ACCEPT = f"{CATEGORIES_TYPE}, {RLMI_TYPE}, multipart/related, text/xml+msrtc.pidf"

BATCH_SPACE = "http://schemas.microsoft.com/2006/01/sip/batch-subscribe"
LIST_SPACE = "http://schemas.microsoft.com/2006/09/sip/categorylist"
RLMI_SPACE = "urn:ietf:params:xml:ns:rlmi"

_NOTHING = Markup()

CATEGORIES = ("state", "contactCard", "note", "calendarData")
"""What a client asks for."""


@dataclass(frozen=True, slots=True)
class Resource:
    """Somebody to watch."""

    uri: str
    """`sip:user@host`."""
    new: bool = False
    """Just added to the contact list; written as `<context/>`."""


@dataclass(frozen=True, slots=True)
class BatchSub:
    """A wish to watch many at once."""

    uri: str
    """Who watches."""
    resources: tuple[Resource, ...]
    categories: tuple[str, ...] = CATEGORIES
    id: str = "1"
    dropped: tuple[str, ...] = ()
    """Whom to watch no longer."""


def build_batch_sub(wish: BatchSub) -> bytes:
    """The body of a SUBSCRIBE, of the type `application/msrtc-adrl-categorylist+xml`."""
    actions = []
    if wish.resources:
        wanted = tag("categoryList", {"xmlns": LIST_SPACE}, *(tag("category", {"name": c}) for c in wish.categories))
        actions.append(_action("subscribe", wish.id, wish.resources, wanted))
    if wish.dropped:
        actions.append(_action("unsubscribe", wish.id, [Resource(uri) for uri in wish.dropped]))
    return tag("batchSub", {"xmlns": BATCH_SPACE, "uri": wish.uri, "name": ""}, *actions).encode()


def parse_batch_sub(data: bytes) -> BatchSub:
    """Read a batched subscription; raises `MalformedXml`."""
    root = parse_root(data, "batchSub")
    actions = list(children(root, "action"))
    leaving = [each for each in actions if attribute(each, "name") == "unsubscribe"]
    coming = [each for each in actions if each not in leaving]
    lists = chain.from_iterable(children(child(each, "categoryList"), "category") for each in coming)
    return BatchSub(
        uri=attribute(root, "uri") or "",
        resources=tuple(_resources(coming)),
        categories=tuple(dict.fromkeys(attribute(each, "name") or "" for each in lists)),
        id=next((attribute(each, "id") or "" for each in actions), ""),
        dropped=tuple(each.uri for each in _resources(leaving)),
    )


def _action(name: str, id: str, resources: Iterable[Resource], more: Markup = _NOTHING) -> Markup:
    each = [tag("resource", {"uri": one.uri}, tag("context") if one.new else Markup()) for one in resources]
    return tag("action", {"name": name, "id": id}, tag("adhocList", None, *each), more)


def _resources(actions: Iterable[Element]) -> Iterable[Resource]:
    for action in actions:
        for each in children(child(action, "adhocList"), "resource"):
            uri = attribute(each, "uri")
            if uri:
                yield Resource(uri, child(each, "context") is not None)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a server tells of one watched person."""

    uri: str
    categories: tuple[Category, ...] = ()
    state: str = "active"
    """`active`, `pending`, `terminated`, or `resubscribe`: ask again, elsewhere."""
    pool: str = ""
    """With `resubscribe`: the URI to which all of that pool are asked; empty: ask the person."""
    document: bytes | None = None
    """The categories as they are sent, where somebody has them at hand."""


def watched_type(boundary: str) -> str:
    """The Content-Type of the answer to a batched subscription."""
    return f'multipart/related;type="{RLMI_TYPE}";start=resourceList;boundary={boundary}'


def build_watched(uri: str, watched: Iterable[Watched], boundary: str, version: int = 0, full: bool = True) -> bytes:
    """The body of that answer, for the watcher `uri`; the boundary must be random, since people write notes."""
    people = tuple(watched)
    head: dict[str, str | int | bool | None]
    head = {"xmlns": RLMI_SPACE, "uri": uri, "version": version, "fullState": full}
    rlmi = tag("list", head, *(_rlmi(each) for each in people)).encode()
    parts = [("resourceList", RLMI_TYPE, rlmi)]
    parts += [
        (_cid(each.uri), CATEGORIES_TYPE, each.document or build_categories(each.uri, each.categories))
        for each in people
        if each.state == "active"
    ]
    return multipart.join(parts, boundary)


def parse_watched(data: bytes, content_type: str) -> tuple[Watched, ...]:
    """Read the answer to a subscription, or a later change: multipart, categories of one person, or a list alone.

    A part that cannot be read costs itself only. Raises `MalformedXml` if nothing can be read, or the type is unknown.
    """
    kind = kind_of(content_type)
    if not kind.startswith("multipart/"):
        return _read(data, kind)
    parts = sorted(parts_of(content_type, data), key=lambda part: part.kind != RLMI_TYPE)
    found: dict[str, Watched] = {}
    trouble = None if parts else MalformedXml("a multipart body without parts")
    for part in parts:
        try:
            for each in _read(part.body, part.kind if part.content_type else CATEGORIES_TYPE):
                known = found.get(address(each.uri), each)
                found[address(each.uri)] = replace(known, categories=known.categories or each.categories)
        except MalformedXml as error:
            trouble = error
    if trouble and not found:
        raise trouble
    return tuple(found.values())


def _read(data: bytes, kind: str) -> tuple[Watched, ...]:
    if kind == CATEGORIES_TYPE:
        uri, categories = parse_categories(data)
        return (Watched(uri, categories),) if uri else ()
    if kind != RLMI_TYPE:
        raise MalformedXml(f"presence of the unknown type {kind[:60]}")
    return tuple(_watched(each) for each in children(parse_root(data, "list"), "resource") if attribute(each, "uri"))


def _watched(resource: Element) -> Watched:
    instance = child(resource, "instance")
    uri = attribute(resource, "uri") or ""
    if instance is None:
        return Watched(uri)
    return Watched(uri, (), attribute(instance, "state") or "active", attribute(instance, "poolFqdn") or "")


def _rlmi(person: Watched) -> Markup:
    head: dict[str, str | int | bool | None] = {"id": 0, "state": person.state, "cid": _cid(person.uri)}
    head["poolFqdn"] = person.pool or None
    return tag("resource", {"uri": person.uri}, tag("instance", head))


def _cid(uri: str) -> str:
    return "".join(character for character in uri.removeprefix("sip:") if character.isprintable())


def version_of(data: bytes) -> int:
    """The version of a list (`application/rlmi+xml`); raises `MalformedXml`."""
    return number(attribute(parse_root(data, "list"), "version"))
