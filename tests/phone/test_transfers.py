"""Transfers as a person makes them: the page, the keys, the id of another call; and who is shown."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Dial, HangUp, Hold, Select, Transfer
from snomtui.sip.message import Request, Response
from tests.line.callers import sdp_of
from tests.line.peer import accepted, ringing, says, sdp, silent
from tests.phone.bench import Bench


def answering(request: Request) -> Response:
    """Somebody who agrees to everything."""
    direction = {"sendonly": "recvonly", "inactive": "inactive"}.get(sdp_of(request), "sendrecv")
    return accepted(request, tag=f"of-{request.call_id[:6]}", body=sdp(direction))


def two_calls() -> Bench:
    """Bob on hold, Clara on the phone."""
    bench = Bench()
    bench.peer.rules |= {"INVITE": answering, "REFER": says(202)}
    assert bench.do(Dial("sip:bob@example.org")) is None
    assert bench.do(Dial("sip:clara@example.org")) is None
    assert bench.states == ["holding", "talking"]
    return bench


def referred(bench: Bench) -> tuple[str, str]:
    """Who was sent, and to whom."""
    refer = bench.peer.last("REFER")
    return refer.to.uri.user, (refer.headers.get("Refer-To") or "").strip("<>").partition("?")[0]


def test_page_offers_the_other_calls() -> None:
    bench = two_calls()
    bench.press("TRANSFER")
    assert (bench.page.name, bench.rows, bench.page.cursor) == ("transfer", ["P1 bob@example.org"], 0)
    bench.press("4")
    assert bench.rows == ["Enter the number, then OK"] and bench.page.entry == "4"
    bench.press("BACKSPACE")
    assert bench.rows == ["P1 bob@example.org"]
    bench.press("ENTER")
    assert referred(bench) == ("bob", "sip:clara@example.org")
    assert bench.page.name == "call"


def test_one_of_several_calls_is_chosen() -> None:
    bench = two_calls()
    assert bench.do(Dial("sip:dora@example.org")) is None
    bench.press("TRANSFER")
    assert bench.rows == ["P1 bob@example.org", "P2 clara@example.org"]
    bench.press("DOWN", "ENTER")
    assert referred(bench) == ("clara", "sip:dora@example.org")


def test_number_that_is_typed_counts_more_than_other_calls() -> None:
    bench = two_calls()
    bench.press("TRANSFER", "4", "2", "ENTER")
    assert referred(bench) == ("clara", "sip:42@example.org;user=phone")


@pytest.mark.parametrize(("call", "to"), [("1-1", "1-2"), ("1-2", "1-1"), (None, "1-1")])
def test_call_on_hold_is_the_one_that_is_sent(call: str | None, to: str) -> None:
    bench = two_calls()
    assert bench.do(Transfer(to, call)) is None
    assert referred(bench) == ("bob", "sip:clara@example.org")


def test_own_id_is_no_other_call() -> None:
    bench = two_calls()
    refusal = bench.do(Transfer("9-9", "1-2"))
    assert refusal is None
    assert referred(bench)[1] == "sip:99@example.org;user=phone"  # a number like any other


def test_call_that_rings_here_cannot_be_connected() -> None:
    bench = two_calls()
    bench.ring()
    refusal = bench.do(Transfer("1-3", "1-2"))
    assert refusal is not None and "up" in refusal.why
    assert bench.peer.asked("REFER") == []


def test_call_that_still_rings_there_is_called_anew_by_the_other_side() -> None:
    bench = Bench()
    bench.peer.rules |= {"INVITE": answering, "REFER": says(202)}
    assert bench.do(Dial("sip:bob@example.org")) is None
    assert bench.do(Hold()) is None
    bench.peer.rules["INVITE"] = ringing
    assert bench.do(Dial("123")) is None
    bench.press("TRANSFER", "ENTER")
    assert len(bench.peer.asked("CANCEL")) == 1
    assert referred(bench) == ("bob", "sip:123@example.org;user=phone")
    assert "?" not in (bench.peer.last("REFER").headers.get("Refer-To") or "")


def test_transfer_key_means_nothing_while_the_only_call_rings() -> None:
    bench = Bench()
    bench.call_out()
    refusal = bench.do(Transfer("42"))
    assert refusal is not None
    bench.peer.rules["INVITE"] = silent
    assert bench.page.name == "call"
    assert bench.do(HangUp()) is None


def test_one_who_sent_the_call_on_is_shown() -> None:
    bench = Bench()
    bench.peer.invite(("Diversion", '"Bob" <sip:bob@example.org>;reason=unconditional'))
    bench.wire.settle()
    assert "Redirected by Bob" in bench.rows
    assert bench.calls[0].diverted_by == "Bob"


def test_anonymous_caller_is_shown_as_one() -> None:
    bench = Bench()
    bench.peer.invite(("Privacy", "id"))
    bench.wire.settle()
    assert bench.rows[0] == "Anonymous"
    assert "anna" not in " ".join(bench.rows).lower()


def test_row_of_another_call_may_be_clicked() -> None:
    bench = two_calls()
    bench.press("TRANSFER")
    assert bench.do(Select(0)) is None
    assert bench.page.cursor == 0
    bench.press("ENTER")
    assert referred(bench)[0] == "bob"
