"""The phones of colleagues."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.line.events import LampChanged
from snomtui.sip.message import Request
from tests.line.notifiers import granted, serving, told
from tests.line.peer import Bench, Peer, in_turn
from tests.simple.lists import RELATED, member, related, rlmi

JAN = "sip:jan@example.org"
LAMPS = {"user_event_list_uri1": "sip:lamps@example.org", "user_event_list_subscription1": "on"}


def document(version: int, *dialogs: tuple[str, str], full: bool = True) -> bytes:
    """A document; each dialog is its id and its state."""
    each = "".join(
        f'<dialog id="{id}" direction="recipient"><state>{state}</state><remote>'
        f'<identity display="Carol">sip:carol@example.org</identity></remote></dialog>'
        for id, state in dialogs
    )
    return f'<dialog-info version="{version}" state="{"full" if full else "partial"}">{each}</dialog-info>'.encode()


def watching(*rules: Any, **more: str) -> Bench:
    """A line with a key for Jan's phone, or other settings."""
    rule = in_turn(*rules) if rules else serving()
    return Bench(Peer(SUBSCRIBE=rule), **(more or {"fkey3": f"blf <{JAN}>|*8"}))  # type: ignore[arg-type]


def tell(bench: Bench, cseq: int, body: bytes, kind: str = "application/dialog-info+xml") -> None:
    """The server tells something."""
    bench.tell(told(bench.peer.last("SUBSCRIBE"), cseq=cseq, body=(kind, body)))


def lamps(bench: Bench) -> list[str]:
    """All that lamps were told to show, in order."""
    return [event.lamp for event in bench.box.of(LampChanged)]


def test_lamp_follows_the_calls_of_a_colleague() -> None:
    bench = watching()
    request = bench.peer.last("SUBSCRIBE")
    assert (request.uri, request.headers.get("Event")) == (JAN, "dialog")
    assert request.headers.get("Accept") == "application/dialog-info+xml"
    for number, state in enumerate(["trying", "early", "confirmed", "confirmed", "terminated"]):
        tell(bench, 2 + number, document(number, ("1", state)))
    assert lamps(bench) == ["ringing", "busy", "idle"]
    assert bench.box.of(LampChanged)[0] == LampChanged(1, JAN, "ringing", "sip:carol@example.org", "Carol")


def test_document_that_goes_backwards_changes_no_lamp() -> None:
    bench = watching()
    tell(bench, 2, document(7, ("1", "confirmed")))
    tell(bench, 3, document(6, ("1", "terminated")))
    assert lamps(bench) == ["busy"]
    assert bench.peer.answers("NOTIFY")[-1] == 200


def test_document_that_comes_twice_is_told_once() -> None:
    bench = watching()
    tell(bench, 2, document(7, ("1", "confirmed")))
    tell(bench, 3, document(7, ("1", "confirmed")))
    assert lamps(bench) == ["busy"]


def test_gap_makes_the_line_ask_for_everything_but_not_again_and_again() -> None:
    bench = watching()
    tell(bench, 2, document(1, ("1", "early")))
    for number in range(20):
        tell(bench, 10 + number, document(10 + 2 * number, ("2", "confirmed"), full=False))
    first, second = bench.peer.asked("SUBSCRIBE")
    assert (first.call_id, second.expires) == (second.call_id, 3600)
    assert lamps(bench) == ["ringing"]


@pytest.mark.parametrize("body", [b"<x/>", b"<dialog-info", b"<dialog-info/>", b"<dialog-info><dialog/></dialog-info>"])
def test_document_that_says_nothing_changes_no_lamp(body: bytes) -> None:
    bench = watching()
    tell(bench, 2, body)
    assert lamps(bench) == []
    assert bench.peer.answers("NOTIFY")[-1] == 200


# -- a list


def test_list_tells_of_many_phones_in_one_subscription() -> None:
    bench = watching(**LAMPS)
    request = bench.peer.last("SUBSCRIBE")
    assert (request.uri, request.headers.get("Supported")) == ("sip:lamps@example.org", "eventlist")
    assert "multipart/related" in (request.headers.get("Accept") or "")
    kind = "application/dialog-info+xml"
    root = rlmi(member(JAN, "1@h"), member("sip:eva@example.org", "2@h"), version=0)
    tell(
        bench,
        2,
        related(root, ("1@h", kind, document(0, ("1", "early"))), ("2@h", kind, document(0, ("1", "confirmed")))),
        RELATED,
    )
    assert [(event.uri, event.lamp) for event in bench.box.of(LampChanged)] == [
        (JAN, "ringing"),
        ("sip:eva@example.org", "busy"),
    ]
    change = rlmi(member(JAN, "1@h"), version=1, full=False)
    tell(bench, 3, related(change, ("1@h", kind, document(1, ("1", "terminated")))), RELATED)
    gone = rlmi(member("sip:eva@example.org", state="terminated"), version=2, full=False)
    tell(bench, 4, related(gone), RELATED)
    assert lamps(bench) == ["ringing", "busy", "idle", "idle"]


def test_member_that_cannot_be_read_costs_itself_only() -> None:
    bench = watching(**LAMPS)
    kind = "application/dialog-info+xml"
    root = rlmi(member(JAN, "1@h"), member("sip:eva@example.org", "2@h"), member("tel:1", "3@h"))
    tell(bench, 2, related(root, ("1@h", kind, b"<odd"), ("2@h", kind, document(0, ("1", "confirmed")))), RELATED)
    assert [(event.uri, event.lamp) for event in bench.box.of(LampChanged)] == [("sip:eva@example.org", "busy")]


def test_list_that_goes_backwards_is_not_used_and_a_gap_is_asked_for() -> None:
    bench = watching(**LAMPS)
    kind = "application/dialog-info+xml"
    part = ("1@h", kind, document(0, ("1", "confirmed")))
    tell(bench, 2, related(rlmi(member(JAN, "1@h"), version=5), part), RELATED)
    off = ("1@h", kind, document(9))
    tell(bench, 3, related(rlmi(member(JAN, "1@h"), version=4), off), RELATED)
    assert lamps(bench) == ["busy"]
    tell(bench, 4, related(rlmi(member(JAN, "1@h"), version=8, full=False), off), RELATED)
    assert lamps(bench) == ["busy", "idle"]
    assert len(bench.peer.asked("SUBSCRIBE")) == 2


def test_server_without_lists_is_not_asked_again() -> None:
    def bad(request: Request) -> Any:
        yield granted(request)
        yield told(request, state="terminated;reason=noresource")

    bench = watching(bad, **LAMPS)
    bench.advance(9000)
    assert len(bench.peer.asked("SUBSCRIBE")) == 1


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("listed", [True, False])
def test_any_bytes_are_answered_and_cost_a_log_line_at_most(listed: bool, data: bytes) -> None:
    bench = watching(**LAMPS) if listed else watching()
    tell(bench, 2, data or b" ", RELATED if listed else "application/dialog-info+xml")
    tell(bench, 3, related(data), RELATED)
    assert set(bench.peer.answers("NOTIFY")) <= {200, 415}
    assert bench.registration.state == "registered"
