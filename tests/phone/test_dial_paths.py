"""Whatever is dialled, by whomever: no sign of it breaks out of a request."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snomtui.phone.intents import Dial, Transfer
from snomtui.sip.message import Request
from snomtui.sip.uri import Uri
from tests.line.peer import Peer, says, silent
from tests.phone.bench import Bench

EVIL = [
    "bob@example.org\r\nX-Evil: 1",
    "bob@example.org\nX-Evil: 1",
    "sip:bob@example.org\r\n\r\nINVITE sip:x",
    "bob\r\nX-Evil: 1@example.org",
    "sip:bob@example.org;x=\r\nX-Evil:1",
    "bob@example.org\x00",
    "bob@example.org\x0bX-Evil:1",
    "bob@example.org\x85X-Evil:1",
    "bob@example.org\u2028X-Evil:1",
    "bob@example.org SIP/2.0\r\nX-Evil: 1",
    "sip:bob@example.org>\r\nX-Evil: <1",
    "bob@example.org?X-Evil=1",
    "sip:bob@example.org;a=b?X-Evil=1&body=x",
    "<sip:bob@example.org>",
    '"x" <sip:bob@example.org>',
    "12\x0034",
    "b\udcffb@example.org",
    "b\udcffb",
    "sip:@",
    "@",
]


def bench() -> Bench:
    """A phone whose calls are never answered."""
    return Bench(Peer(INVITE=silent, CANCEL=says(200), BYE=says(200), REFER=says(202)))


def sound(asked: Request) -> bool:
    """Whether a request is ours alone: its URI can be read, carries no headers, and nothing was added."""
    uri = Uri.parse(asked.uri)
    names = {name.lower() for name, _ in asked.headers}
    return not uri.headers and asked.uri.isascii() and not any(name.startswith("x-evil") for name in names)


@pytest.mark.parametrize("number", EVIL)
def test_address_with_signs_that_break_a_line_is_not_called(number: str) -> None:
    one = bench()
    refusal = one.do(Dial(number))
    assert refusal is not None and "neither a number nor an address" in refusal.why
    assert one.peer.asked("INVITE") == [] and one.calls == ()


@pytest.mark.parametrize("number", EVIL)
def test_call_is_not_sent_to_such_an_address_either(number: str) -> None:
    one = bench()
    one.talk()
    assert one.do(Transfer(number)) is not None
    assert one.peer.asked("REFER") == []


@pytest.mark.parametrize(
    ("number", "uri"),
    [
        ("bob@example.org\r\n", "sip:bob@example.org"),
        ("1 23\r\n45", "sip:12345@example.org"),
        ("bücher@example.org", "sip:b%C3%BCcher@example.org"),
        ("Jürgen", "sip:J%C3%BCrgen@example.org"),
        ("sip:a%00b@example.org;lr", "sip:a%00b@example.org;lr"),
        ("sip:a@[2001:db8::1]:5070", "sip:a@[2001:db8::1]:5070"),
    ],
)
def test_harmless_odd_signs_are_taken_out_or_escaped(number: str, uri: str) -> None:
    one = bench()
    assert one.do(Dial(number)) is None
    (invite,) = one.peer.asked("INVITE")
    assert sound(invite) and invite.uri.partition(";user=")[0] == uri


@given(st.text(max_size=40) | st.text(max_size=20).map(lambda text: f"sip:{text}@example.org"))
@example("a@b\r\nX-Evil: 1")
@settings(max_examples=150, deadline=None)
def test_whatever_is_dialled_the_invite_is_sound(number: str) -> None:
    one = bench()
    one.do(Dial(number))
    assert all(sound(invite) for invite in one.peer.asked("INVITE")) and one.peer.unreadable == []
