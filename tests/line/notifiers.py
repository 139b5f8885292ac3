"""Servers that take subscriptions, and what they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from snomtui.presence import Availability, Contact, Presence
from snomtui.simple.pidf import build_pidf
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Message, Request, Response, respond
from tests.line.peer import Bench, Peer, in_turn

ANNA = Contact("sip:anna@example.org", "Anna")
SERVER: Item = ("Contact", "<sip:server@127.0.0.1:5060>")
PIDF = "application/pidf+xml"

_LUCK = Random(9)


def granted(request: Request, expires: int = 600) -> Response:
    """200 to a SUBSCRIBE, and no NOTIFY."""
    asked = request.expires if request.expires is not None else expires
    return respond(request, 200, tag="sub", headers=[SERVER, ("Expires", str(min(asked, expires)))])


def empty_notify(asked: Request, expires: int = 600, cseq: int = 1) -> Request:
    """The NOTIFY that follows at once, with nothing to tell."""
    left = min(asked.expires or 0, expires)
    state = f"active;expires={left}" if left else "terminated;reason=timeout"
    return told(asked, state=state, cseq=cseq)


def told(
    asked: Request,
    *more: Item,
    state: str = "active;expires=300",
    event: str = "",
    tag: str = "sub",
    cseq: int = 1,
    method: str = "NOTIFY",
    body: tuple[str, bytes] | None = None,
) -> Request:
    """What a server tells in the subscription that it was asked for; without `state` nothing is said of it."""
    branch = f"SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK-{_LUCK.randbytes(6).hex()}"
    caller = f"{(asked.headers.get('To') or '').partition(';tag=')[0]};tag={tag}"
    items: list[Item] = [("Via", branch), ("Max-Forwards", "70"), ("From", caller)]
    items += [("To", asked.headers.get("From") or ""), ("Call-ID", asked.call_id), ("CSeq", f"{cseq} {method}")]
    items += [("Event", event or asked.headers.get("Event") or ""), SERVER]
    items += [("Subscription-State", state)] if state else []
    request = Request(method, "sip:heiko@127.0.0.1", Headers.of(*items, *more))
    return request.with_body(*body) if body else request


def serving(expires: int = 600) -> Callable[[Request], Iterator[Message]]:
    """A rule as servers obey it: 200, and a NOTIFY right behind it."""

    def rule(request: Request) -> Iterator[Message]:
        yield granted(request, expires)
        yield empty_notify(request, expires, cseq=request.cseq.number)

    return rule


def watching(*rules: Any, contacts: tuple[Contact, ...] = (ANNA,), **settings: str) -> Bench:
    """A line that watches Anna at a server with these rules for SUBSCRIBE, one after the other."""
    return Bench(Peer(SUBSCRIBE=in_turn(*rules) if rules else serving()), contacts, **settings)  # type: ignore[arg-type]


def seen_as(availability: Availability) -> tuple[str, bytes]:
    """A presence document about Anna."""
    return PIDF, build_pidf(ANNA.uri, Presence(availability), "t1")
