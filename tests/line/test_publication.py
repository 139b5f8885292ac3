"""Presence as it is published at an ordinary server (RFC 3903)."""

from __future__ import annotations

from typing import Any

import pytest

from snomtui.line.events import OwnPresenceChanged
from snomtui.line.publication import Wish
from snomtui.presence import Availability, Presence
from snomtui.simple.pidf import parse_pidf
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, Peer, in_turn, says, silent

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


def test_presence_is_published_after_the_registration() -> None:
    bench = publishing()
    request = bench.peer.last("PUBLISH")
    assert (request.uri, request.headers.get("Event")) == ("sip:heiko@example.org", "presence")
    assert request.headers.get("SIP-If-Match") is None
    assert published(request).availability is Availability.AVAILABLE
    assert bench.box.of(OwnPresenceChanged)[-1].presence.availability is Availability.AVAILABLE


def test_nothing_is_published_where_the_setting_says_so() -> None:
    assert Bench().peer.asked("PUBLISH") == []


def test_choice_is_published_with_the_entity_tag() -> None:
    bench = publishing(
        lambda request: respond(request, 200, headers=[("SIP-ETag", "first"), ("Expires", "60")]), stored
    )
    wish(bench, Wish(Availability.DND, "In peace"))
    request = bench.peer.last("PUBLISH")
    assert request.headers.get("SIP-If-Match") == "first"
    assert published(request).availability is Availability.DND
    assert published(request).note == "In peace"


def test_same_wish_is_published_once() -> None:
    bench = publishing()
    wish(bench, Wish())
    wish(bench, Wish())
    assert len(bench.peer.asked("PUBLISH")) == 1


def test_call_is_published_and_taken_back() -> None:
    bench = publishing()
    wish(bench, Wish(on_phone=True))
    wish(bench, Wish())
    states = [published(request).availability for request in bench.peer.asked("PUBLISH")]
    assert states == [Availability.AVAILABLE, Availability.IN_A_CALL, Availability.AVAILABLE]


def test_newer_wish_waits_for_the_answer() -> None:
    bench = publishing(silent)
    for chosen in (Availability.BUSY, Availability.AWAY, Availability.DND):
        wish(bench, Wish(chosen))
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.peer.rules["PUBLISH"] = stored
    bench.tell(stored(bench.peer.last("PUBLISH")))
    first, second = bench.peer.asked("PUBLISH")
    assert published(second).availability is Availability.DND


def test_entity_tag_that_is_gone_is_given_up() -> None:
    bench = publishing(stored, says(412), stored)
    wish(bench, Wish(Availability.BUSY))
    first, second, third = bench.peer.asked("PUBLISH")
    assert second.headers.get("SIP-If-Match")
    assert third.headers.get("SIP-If-Match") is None
    assert published(third).availability is Availability.BUSY


def test_server_that_always_says_412_is_not_asked_for_ever() -> None:
    bench = publishing(stored, says(412))
    wish(bench, Wish(Availability.BUSY))
    assert len(bench.peer.asked("PUBLISH")) == 3


def test_short_publication_is_made_longer() -> None:
    bench = publishing(says(423, ("Min-Expires", "7200")), stored)
    assert [request.expires for request in bench.peer.asked("PUBLISH")] == [3600, 7200]


@pytest.mark.parametrize("least", ["10", "²", "9" * 5000, ""])
def test_423_that_helps_nobody_is_a_refusal(least: str) -> None:
    bench = publishing(says(423, ("Min-Expires", least)), stored)
    assert len(bench.peer.asked("PUBLISH")) <= 2


@pytest.mark.parametrize("rule", [says(403), says(489), says(405), silent])
def test_refused_publication_is_tried_again_later(rule: Any) -> None:
    bench = publishing(rule, stored)
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.advance(299)
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.advance(35)
    assert len(bench.peer.asked("PUBLISH")) == 2


def test_publication_is_refreshed() -> None:
    bench = publishing()
    bench.advance(1500)
    asked = bench.peer.asked("PUBLISH")
    assert len(asked) >= 3
    assert all(request.headers.get("SIP-If-Match") for request in asked[1:])


def test_publication_with_odd_expiry_is_not_published_every_moment() -> None:
    bench = publishing(lambda request: stored(request, "0"))
    bench.advance(100)
    assert len(bench.peer.asked("PUBLISH")) < 25


def test_leaving_line_withdraws_what_it_published() -> None:
    bench = publishing()
    bench.line.leave(bench.now)
    bench.settle()
    assert bench.peer.last("PUBLISH").expires == 0
    assert bench.peer.last("PUBLISH").headers.get("SIP-If-Match")
    methods = [request.method for request in bench.peer.requests]
    assert methods[-2:] == ["PUBLISH", "REGISTER"]


@pytest.mark.parametrize("status", [200, 403, 412])
def test_answer_that_comes_after_the_withdrawal_changes_nothing(status: int) -> None:
    bench = publishing(silent)
    asked = bench.peer.last("PUBLISH")
    bench.line.leave(bench.now)
    bench.settle()
    bench.tell(respond(asked, status, tag="p"))
    bench.advance(400)
    assert bench.line.gone
    assert len(bench.peer.asked("PUBLISH")) == 1


def test_publication_begins_anew_with_a_new_connection() -> None:
    bench = publishing()
    bench.wire.cut(bench.box)
    bench.advance(4)
    assert bench.peer.last("PUBLISH").headers.get("SIP-If-Match") is None
    assert len(bench.peer.asked("PUBLISH")) == 2


@pytest.mark.parametrize(
    ("wish", "seen"),
    [
        (Wish(), Availability.AVAILABLE),
        (Wish(active=False), Availability.INACTIVE),
        (Wish(Availability.DND, active=False), Availability.DND),
        (Wish(Availability.BUSY, on_phone=True), Availability.IN_A_CALL),
        (Wish(Availability.DND, on_phone=True), Availability.DND),
        (Wish(Availability.OFFLINE, on_phone=True), Availability.OFFLINE),
    ],
)
def test_wish_becomes_one_state(wish: Wish, seen: Availability) -> None:
    assert wish.presence.availability is seen
