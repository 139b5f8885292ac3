"""The ring of the last messages."""

from __future__ import annotations

from snomtui.kit.box import Heard, Send, Up
from snomtui.trace.trace import Trace
from tests.trace.samples import ASKED, PHONE, REGISTER, SERVER, START, TAKEN

UP = Up("tls", PHONE, SERVER)


def trace(**limits: int) -> Trace:
    """A trace whose first connection is up."""
    made = Trace(**limits)
    made.linked(1, UP)
    return made


def test_messages_in_and_out_are_kept_with_their_addresses() -> None:
    kept = trace()
    kept.sent(Send(1, REGISTER), START)
    kept.heard(Heard(1, TAKEN, START + 1, None, "valid"))
    out, came = kept
    assert (out.out, out.source, out.target, out.transport, out.at) == (True, PHONE, SERVER, "tls", START)
    assert (came.out, came.source, came.target, came.verdict, came.data) == (False, SERVER, PHONE, "valid", TAKEN)


def test_udp_message_has_the_address_of_its_peer() -> None:
    kept = Trace()
    kept.linked(1, Up("udp", PHONE, SERVER))
    kept.sent(Send(1, REGISTER, ("192.0.2.9", 5070)), START)
    kept.heard(Heard(1, ASKED, START, ("192.0.2.8", 5080), "none"))
    assert [one.target for one in kept][0] == ("192.0.2.9", 5070)
    assert [one.source for one in kept][1] == ("192.0.2.8", 5080)


def test_signs_of_life_are_no_messages() -> None:
    kept = trace()
    kept.sent(Send(1, b"\r\n\r\n"), START)
    assert len(kept) == 0


def test_oldest_messages_are_forgotten_by_number() -> None:
    kept = trace(messages=3)
    for at in range(5):
        kept.sent(Send(1, REGISTER), START + at)
    assert [one.number for one in kept] == [3, 4, 5]
    assert (kept.oldest, kept.count) == (3, 5)
    assert [one.number for one in kept.since(4)] == [5]


def test_oldest_messages_are_forgotten_by_size_but_never_the_last() -> None:
    kept = trace(size=2 * len(REGISTER))
    for at in range(4):
        kept.sent(Send(1, REGISTER), START + at)
    assert len(kept) == 2
    kept.sent(Send(1, REGISTER * 9), START)
    assert [one.number for one in kept] == [5]


def test_message_of_an_unknown_connection_is_kept_all_the_same() -> None:
    kept = Trace()
    kept.heard(Heard(7, TAKEN, START, None, "none"))
    assert [one.source for one in kept] == [("", 0)]


def test_empty_trace_says_that_the_next_number_is_the_oldest() -> None:
    assert Trace().oldest == 1
