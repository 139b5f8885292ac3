"""Lines that publish at an ordinary server."""

from __future__ import annotations

from typing import Any

from snomtui.line.watch.publication import Wish
from snomtui.presence import Presence
from snomtui.simple.pidf import parse_pidf
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, Peer, in_turn

COUNT = iter(range(1, 10**6))


def stored(request: Request, expires: str = "600") -> Response:
    """200 with a fresh entity tag."""
    return respond(request, 200, tag="pub", headers=[("SIP-ETag", f"e{next(COUNT)}"), ("Expires", expires)])


def publishing(*rules: Any) -> Bench:
    """A line that publishes as soon as it is registered."""
    return Bench(Peer(PUBLISH=in_turn(*rules) if rules else stored), user_publish_presence_bootup1="on")


def published(request: Request) -> Presence:
    """What a PUBLISH says."""
    return parse_pidf(request.body)[1]


def wish(bench: Bench, wish: Wish) -> None:
    """The person wants to be seen so."""
    bench.line.wish(wish, bench.now)
    bench.settle()
