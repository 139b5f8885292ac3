"""When something is published, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from snomtui.line.events import OwnPresenceChanged
from snomtui.line.publication import Wish
from snomtui.presence import Availability
from snomtui.sip.message import respond
from tests.line.peer import Bench, says, silent
from tests.line.publishers import published, publishing, stored, wish


def test_presence_is_published_after_the_registration() -> None:
    bench = publishing()
    request = bench.peer.last("PUBLISH")
    assert (request.uri, request.headers.get("Event")) == ("sip:heiko@example.org", "presence")
    assert request.headers.get("SIP-If-Match") is None
    assert published(request).availability is Availability.AVAILABLE
    assert bench.box.of(OwnPresenceChanged)[-1].presence.availability is Availability.AVAILABLE


def test_nothing_is_published_where_the_setting_says_so() -> None:
    assert Bench().peer.asked("PUBLISH") == []


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
