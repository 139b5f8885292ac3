"""Presence as it is published at an ordinary server: documents, entity tags, times (RFC 3903)."""

from __future__ import annotations

import pytest

from snomtui.line.publication import Wish
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
