"""Presence as it is published at OCS."""

from __future__ import annotations

import pytest

from snomtui.line.watch.publication import Wish
from snomtui.ocs.publication import Fault, build_fault, parse_publish
from snomtui.presence import Availability
from snomtui.sip.message import Request, Response, respond
from tests.line.frontend import published, signed_in
from tests.line.peer import in_turn, says, silent


def versions(request: Request) -> list[int]:
    """The versions in a publication."""
    return [each.version for each in parse_publish(request.body)[1]]


def conflict(request: Request) -> Response:
    """409: the server has version 5 of everything."""
    count = len(parse_publish(request.body)[1])
    fault = build_fault(Fault(tuple((index, 5) for index in range(1, count + 1))))
    return respond(request, 409, tag="s", body=("application/msrtc-fault+xml", fault))


def test_wrong_versions_are_mended_and_published_again() -> None:
    bench, _ = signed_in(service=in_turn(conflict, says(200)))
    first, second = published(bench)
    assert set(versions(first)) <= {0, 3}
    assert set(versions(second)) == {5}
    assert first.call_id != second.call_id


def test_endless_conflict_is_given_up_and_tried_later() -> None:
    bench, _ = signed_in(service=conflict)
    assert len(published(bench)) == 6
    bench.advance(299)
    assert len(published(bench)) == 6
    bench.advance(2)
    assert len(published(bench)) > 6


@pytest.mark.parametrize("body", [b"", b"<x/>", b"rubbish", b"<Fault/>"])
def test_conflict_that_cannot_be_read_is_a_refusal(body: bytes) -> None:
    rule = lambda request: respond(request, 409, tag="s", body=("application/msrtc-fault+xml", body))  # noqa: E731
    bench, _ = signed_in(service=rule)
    assert len(published(bench)) == 1


def test_only_what_changed_is_published() -> None:
    bench, _ = signed_in()
    first = parse_publish(published(bench)[-1].body)[1]
    bench.line.wish(Wish(on_phone=True), bench.now)
    bench.settle()
    call = parse_publish(published(bench)[-1].body)[1]
    assert {each.key for each in call}.isdisjoint({each.key for each in first})
    bench.line.wish(Wish(), bench.now)
    bench.settle()
    gone = parse_publish(published(bench)[-1].body)[1]
    assert [each.key for each in gone] == [each.key for each in call]
    assert all(each.removes for each in gone)


def test_wish_before_the_answer_follows_later() -> None:
    bench, _ = signed_in(service=silent)
    bench.line.wish(Wish(Availability.DND, chosen_at=1.0), bench.now)
    bench.line.wish(Wish(Availability.AWAY, chosen_at=2.0), bench.now)
    bench.settle()
    assert len(published(bench)) == 1
    bench.tell(respond(published(bench)[-1], 200, tag="s"))
    assert len(published(bench)) == 2
    assert b"15500" in published(bench)[-1].body


def test_leaving_line_takes_its_publications_back() -> None:
    bench, _ = signed_in()
    bench.line.leave(bench.now)
    bench.settle()
    last = parse_publish(published(bench)[-1].body)[1]
    assert last and all(each.removes for each in last)
    assert [request.method for request in bench.peer.requests][-1] == "REGISTER"
