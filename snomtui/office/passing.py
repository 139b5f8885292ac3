"""What a proxy changes in the messages that it passes on (RFC 3261 16.6, 16.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from snomtui.errors import MalformedMessage
from snomtui.ocs.endpoint import epid_of
from snomtui.office.people import Person
from snomtui.office.routes import Target
from snomtui.sip.grammar import split_list
from snomtui.sip.headers import Headers, Item, key
from snomtui.sip.message import Request, Response

NEVER_PASSED = frozenset(
    {"authorization", "proxy-authorization", "authentication-info", "proxy-authentication-info"}
    | {"p-preferred-identity", "p-asserted-identity", "www-authenticate", "proxy-authenticate"}
)
"""Headers that end here: signatures are good for one hop, and who somebody is says the server."""
MOST_HOPS = 70
_EPID = re.compile(r';\s*epid\s*=\s*"?[^;,\s">]*"?', re.IGNORECASE)


def forwards(request: Request, target: Target, via: str, record: str, more: Iterable[Item]) -> Request:
    """The copy of a request for one target; `record` is our Record-Route, `more` goes to the end."""
    items: list[Item] = [("Via", via)]
    if record:
        items.append(("Record-Route", record))
    for name, value in request.headers:
        if key(name) == "to" and target.epid and epid_of(value) != target.epid:
            value = f"{_without_epid(value)};epid={target.epid}"
        if key(name) not in NEVER_PASSED:
            items.append((name, value))
    return Request(request.method, target.uri, Headers((*items, *more)), request.body)


def backwards(request: Request, response: Response, route: tuple[str, str], person: Person | None) -> Response:
    """The copy of an answer for who asked; `route` is our Record-Route as the callee and as the caller sees it."""
    items: list[Item] = [("Via", value) for value in request.headers.all("Via")]
    for name, value in response.headers:
        if key(name) == "via" or key(name) in NEVER_PASSED:
            continue
        if key(name) == "record-route" and route[0]:
            value = ", ".join(route[1] if each == route[0] else each for each in split_list(value))
        items.append((name, value))
    if person and 100 < response.status < 300 and request.method == "INVITE":
        items.append(("P-Asserted-Identity", person.identity))
    return Response(response.status, response.reason, Headers(tuple(items)), response.body)


def diversions(history: Iterable[tuple[str, str]]) -> list[Item]:
    """Who has forwarded a call: for old phones (RFC 5806, the last one first) and for others (RFC 7044)."""
    ways = list(history)
    if not ways:
        return []
    entries = [f"<{address}>;index={_index(at)};ms-retarget-reason=forwarding" for at, (address, _) in enumerate(ways)]
    diverted = [f"<{address}>;reason={why}" for address, why in reversed(ways)]
    return [("History-Info", ", ".join(entries)), ("Diversion", ", ".join(diverted))]


def hops_of(request: Request) -> int:
    """How many more proxies a request may meet; raises `MalformedMessage`."""
    text = request.headers.get("Max-Forwards")
    if text is None:
        return MOST_HOPS + 1
    if not (text.isascii() and text.isdigit()):
        raise MalformedMessage(f"not a number of hops: {text[:20]!r}")
    return int(text[:6])


def _without_epid(address: str) -> str:
    """The same address without the epid of another device."""
    head, bracket, tail = address.rpartition(">")
    return head + bracket + _EPID.sub("", tail)


def _index(place: int) -> str:
    return ".".join(["1"] * (place + 1))
