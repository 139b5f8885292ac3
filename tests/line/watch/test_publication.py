"""When something is published, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.line.events import OwnPresenceChanged
from snomtui.line.watch.publication import Wish
from snomtui.presence import Availability
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, says, silent
from tests.line.publishers import published, publishing, stored, wish


def leave(bench: Bench) -> None:
    """Say good-bye."""
    bench.line.leave(bench.now)
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


@pytest.mark.parametrize("rule", [says(500), says(480), says(503), says(400), silent])
def test_refused_publication_is_tried_again_later(rule: Any) -> None:
    bench = publishing(rule, stored)
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.advance(299)
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.advance(35)
    assert len(bench.peer.asked("PUBLISH")) == 2


@pytest.mark.parametrize("status", [489, 403, 404, 405, 415, 501, 604])
def test_server_that_will_not_have_it_is_left_alone_until_it_knows_us_anew(status: int) -> None:
    bench = publishing(says(status, ("Retry-After", "3")), stored)
    wish(bench, Wish(Availability.BUSY))
    bench.advance(20_000)
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert published(bench.peer.last("PUBLISH")).availability is Availability.BUSY
    assert len(bench.peer.asked("PUBLISH")) == 2


def test_refused_publication_waits_as_long_as_the_server_wants() -> None:
    bench = publishing(says(503, ("Retry-After", "40")), stored)
    bench.advance(39)
    assert len(bench.peer.asked("PUBLISH")) == 1
    bench.advance(2)
    assert len(bench.peer.asked("PUBLISH")) == 2


def test_refused_publication_gives_way_to_a_newer_wish() -> None:
    bench = publishing(says(500), stored)
    wish(bench, Wish(Availability.AWAY))
    assert published(bench.peer.last("PUBLISH")).availability is Availability.AWAY


@pytest.mark.parametrize("second", [says(403), silent])
def test_next_try_that_was_timed_does_not_come_into_the_way_of_a_newer_wish(second: Any) -> None:
    bench = publishing(says(503, ("Retry-After", "20")), second, silent)
    bench.advance(10)
    wish(bench, Wish(Availability.AWAY))
    bench.advance(20)
    assert len(bench.peer.asked("PUBLISH")) == 2
    assert bench.registration.state == "registered"


def test_refresh_that_is_due_while_a_wish_is_out_is_left_to_its_answer() -> None:
    bench = publishing(lambda request: stored(request, "60"), silent, stored)
    bench.advance(25)
    wish(bench, Wish(Availability.AWAY))
    bench.advance(30)
    assert len(bench.peer.asked("PUBLISH")) == 2


def test_publication_is_refreshed() -> None:
    bench = publishing()
    bench.advance(1500)
    asked = bench.peer.asked("PUBLISH")
    assert len(asked) >= 3
    assert all(request.headers.get("SIP-If-Match") for request in asked[1:])


ODD = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=60)


@given(
    st.sampled_from(["SIP-ETag", "Expires", "Min-Expires", "Retry-After", "Contact"]),
    ODD,
    st.sampled_from([200, 202, 302, 403, 409, 412, 423, 480, 489, 503]),
)
@settings(max_examples=150, deadline=None)
def test_odd_answers_to_a_publish_never_stop_the_line(name: str, value: str, status: int) -> None:
    def odd(request: Request) -> Response:
        return respond(request, status, tag="odd").with_(name, value)

    bench = publishing(odd, odd, stored)
    bench.advance(4000)
    assert bench.registration.state == "registered"
    assert len(bench.peer.asked("PUBLISH")) < 60
    leave(bench)
    bench.advance(70)
    assert bench.line.gone


# -- the farewell


def test_leaving_line_withdraws_what_it_published() -> None:
    bench = publishing()
    leave(bench)
    assert bench.peer.last("PUBLISH").expires == 0
    assert bench.peer.last("PUBLISH").headers.get("SIP-If-Match")
    methods = [request.method for request in bench.peer.requests]
    assert methods[-2:] == ["PUBLISH", "REGISTER"]
    assert bench.line.gone


def test_publication_that_is_under_way_is_withdrawn_as_soon_as_the_server_has_it() -> None:
    bench = publishing(silent)
    first = bench.peer.last("PUBLISH")
    leave(bench)
    assert len(bench.peer.asked("PUBLISH")) == 1
    assert not bench.line.gone
    bench.peer.rules["PUBLISH"] = stored
    answer = stored(first)
    bench.tell(answer)
    last = bench.peer.last("PUBLISH")
    assert (last.expires, last.headers.get("SIP-If-Match")) == (0, answer.headers.get("SIP-ETag"))
    assert last.body == b""
    assert bench.line.gone


def test_change_that_is_under_way_is_withdrawn_even_if_it_is_refused() -> None:
    bench = publishing(stored, silent)
    wish(bench, Wish(Availability.BUSY))
    change = bench.peer.last("PUBLISH")
    leave(bench)
    bench.tell(respond(change, 500, tag="p"))
    last = bench.peer.last("PUBLISH")
    assert (last.expires, last.headers.get("SIP-If-Match")) == (0, change.headers.get("SIP-If-Match"))


@pytest.mark.parametrize("status", [403, 412, 489, 500])
def test_publication_that_the_server_never_took_needs_no_withdrawal(status: int) -> None:
    bench = publishing(silent)
    asked = bench.peer.last("PUBLISH")
    leave(bench)
    bench.tell(respond(asked, status, tag="p"))
    bench.advance(400)
    assert bench.line.gone
    assert len(bench.peer.asked("PUBLISH")) == 1


def test_server_that_never_answers_does_not_hold_the_line_back_for_ever() -> None:
    bench = publishing(silent)
    leave(bench)
    bench.advance(40)
    assert bench.line.gone


def test_line_that_comes_back_while_it_leaves_publishes_again() -> None:
    bench = publishing(silent)
    first = bench.peer.last("PUBLISH")
    leave(bench)
    bench.peer.rules["PUBLISH"] = stored
    bench.line.start(bench.now)
    bench.settle()
    bench.tell(stored(first))
    bench.advance(1)
    assert bench.peer.last("PUBLISH").expires == 3600
    assert published(bench.peer.last("PUBLISH")).availability is Availability.AVAILABLE


def test_publication_begins_anew_with_a_new_connection_in_the_place_of_the_old_one() -> None:
    bench = publishing()
    bench.wire.cut(bench.box)
    bench.advance(4)
    first, second = bench.peer.asked("PUBLISH")
    assert second.headers.get("SIP-If-Match")
    assert published(second) == published(first)


@pytest.mark.parametrize(
    ("wish", "seen"),
    [
        (Wish(), Availability.AVAILABLE),
        (Wish(machine=Availability.INACTIVE), Availability.INACTIVE),
        (Wish(machine=Availability.AWAY), Availability.AWAY),
        (Wish(Availability.DND, machine=Availability.INACTIVE), Availability.DND),
        (Wish(Availability.BUSY, on_phone=True), Availability.IN_A_CALL),
        (Wish(Availability.DND, on_phone=True), Availability.DND),
        (Wish(Availability.OFFLINE, on_phone=True), Availability.OFFLINE),
    ],
)
def test_wish_becomes_one_state(wish: Wish, seen: Availability) -> None:
    assert wish.presence.availability is seen
