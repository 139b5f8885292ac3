"""Presence as it is published at an ordinary server: documents, entity tags, times (RFC 3903)."""

from __future__ import annotations

import pytest

from snomtui.line.watch.publication import Wish
from snomtui.presence import Availability
from snomtui.sip.message import respond
from tests.line.peer import says
from tests.line.publishers import published, publishing, stored, wish


def test_choice_is_published_with_the_entity_tag() -> None:
    bench = publishing(
        lambda request: respond(request, 200, headers=[("SIP-ETag", "first"), ("Expires", "60")]), stored
    )
    wish(bench, Wish(Availability.DND, "In peace"))
    request = bench.peer.last("PUBLISH")
    assert request.headers.get("SIP-If-Match") == "first"
    assert published(request).availability is Availability.DND
    assert published(request).note == "In peace"


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


def test_publication_with_odd_expiry_is_not_published_every_moment() -> None:
    bench = publishing(lambda request: stored(request, "0"))
    bench.advance(100)
    assert len(bench.peer.asked("PUBLISH")) < 25


def test_server_that_wants_ever_longer_publications_is_not_followed_for_ever() -> None:
    bench = publishing(
        lambda request: respond(request, 423, headers=[("Min-Expires", str((request.expires or 0) + 1))])
    )
    assert len(bench.peer.asked("PUBLISH")) == 6


def test_refresh_has_the_entity_tag_and_no_document() -> None:
    bench = publishing()
    bench.advance(590)
    first, second = bench.peer.asked("PUBLISH")
    assert (second.headers.get("SIP-If-Match") or "").startswith("e")
    assert (second.body, second.headers.get("Content-Type"), second.expires) == (b"", None, first.expires)


def test_change_has_the_entity_tag_and_a_document() -> None:
    bench = publishing()
    wish(bench, Wish(Availability.BUSY))
    assert bench.peer.last("PUBLISH").headers.get("SIP-If-Match")
    assert published(bench.peer.last("PUBLISH")).availability is Availability.BUSY


def test_refresh_whose_entity_tag_is_gone_publishes_the_whole_state_anew() -> None:
    bench = publishing(stored, says(412), stored)
    bench.advance(590)
    first, second, third = bench.peer.asked("PUBLISH")
    assert second.body == b""
    assert third.headers.get("SIP-If-Match") is None
    assert published(third) == published(first)


def test_refused_refresh_is_repeated_with_the_document() -> None:
    bench = publishing(stored, says(500), stored)
    bench.advance(590 + 301)
    first, _, third = bench.peer.asked("PUBLISH")[:3]
    assert third.headers.get("SIP-If-Match")
    assert published(third) == published(first)


def test_answer_without_an_entity_tag_makes_the_next_publication_a_first_one() -> None:
    bench = publishing(lambda request: respond(request, 200, tag="p", headers=[("Expires", "600")]))
    wish(bench, Wish(Availability.AWAY))
    second = bench.peer.last("PUBLISH")
    assert second.headers.get("SIP-If-Match") is None
    assert published(second).availability is Availability.AWAY
    bench.line.leave(bench.now)
    bench.settle()
    assert len(bench.peer.asked("PUBLISH")) == 2
    assert bench.line.gone


def test_answer_without_a_period_means_what_was_asked_for() -> None:
    bench = publishing(lambda request: respond(request, 200, tag="p", headers=[("SIP-ETag", "x")]))
    bench.advance(2500)
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.advance(1000)
    assert len(bench.peer.asked("PUBLISH")) == 2
