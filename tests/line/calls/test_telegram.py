"""Instant messages of ours."""

from __future__ import annotations

import pytest

from snomtui.auth.digest import DigestDoor
from snomtui.errors import LocalError
from snomtui.line.calls.telegram import MOST_WAITING, Post, Telegram
from snomtui.line.events import Trouble
from snomtui.sip.message import respond
from tests.line.callers import UDP, bench
from tests.line.peer import Bench, in_turn, says, silent

ANNA = "sip:anna@example.org"


def written(one: Bench, text: str = "hello") -> None:
    """Send a message to Anna."""
    Telegram(one.line, ANNA, text).send(one.now)
    one.settle()


def test_message_goes_out_as_utf_8_without_a_contact() -> None:
    """RFC 3428 4."""
    one = bench()
    one.peer.rules["MESSAGE"] = says(202)
    written(one, "Grüße\nzwei")
    (message,) = one.peer.asked("MESSAGE")
    assert (message.uri, message.body.decode()) == (ANNA, "Grüße\nzwei")
    assert message.headers.get("Content-Type") == "text/plain; charset=UTF-8"
    assert message.from_.tag and not message.to.tag
    assert "Contact" not in message.headers
    assert one.box.of(Trouble) == []


def test_message_is_proved_when_the_server_asks() -> None:
    one = bench()
    door = DigestDoor("example.org", b"server")
    one.peer.rules["MESSAGE"] = in_turn(says(407, ("Proxy-Authenticate", door.challenge(one.now))), says(200))
    written(one)
    first, second = one.peer.asked("MESSAGE")
    assert "Proxy-Authorization" in second.headers
    assert (second.cseq.number, second.body) == (first.cseq.number + 1, first.body)
    assert one.box.of(Trouble) == []


def test_person_hears_that_a_message_was_refused() -> None:
    one = bench()
    one.peer.rules["MESSAGE"] = says(404, reason="Who?")
    written(one)
    assert one.box.of(Trouble) == [Trouble("message", "The message was not delivered: 404 Who?")]


def test_person_hears_that_nobody_answered_a_message() -> None:
    one = bench()
    one.peer.rules["MESSAGE"] = silent
    written(one)
    one.advance(33)
    (told,) = one.box.of(Trouble)
    assert told.what == "message"


def test_message_that_no_datagram_should_carry_is_not_sent() -> None:
    """RFC 3428 8; over a stream it may be longer."""
    one = bench(user_outbound1=UDP)
    with pytest.raises(LocalError, match="too long"):
        written(one, "x" * 1300)
    other = bench()
    written(other, "x" * 1300)
    assert len(other.peer.last("MESSAGE").body) == 1300


def test_message_to_what_is_no_uri_is_not_sent() -> None:
    with pytest.raises(LocalError):
        Telegram(bench().line, "sip:anna@example.org?X-Evil=1", "hello")


def test_messages_to_one_person_leave_one_after_the_other() -> None:
    one = bench()
    one.peer.rules["MESSAGE"] = silent
    post = Post(one.line)
    for text in ("eins", "zwei", "drei"):
        post.send(ANNA, text, one.now)
    post.send("sip:jan@example.org", "vier", one.now)
    one.settle()
    assert [request.body for request in one.peer.asked("MESSAGE")] == [b"eins", b"vier"]
    for status in (200, 404):
        one.tell(respond(one.peer.asked("MESSAGE")[-1 if status == 404 else 0], status, tag="a"))
    assert [request.body for request in one.peer.asked("MESSAGE")] == [b"eins", b"vier", b"zwei", b"drei"]


def test_post_takes_only_so_many_messages_to_one_person() -> None:
    one = bench()
    one.peer.rules["MESSAGE"] = silent
    post = Post(one.line)
    for _ in range(MOST_WAITING):
        post.send(ANNA, "x", one.now)
    with pytest.raises(LocalError, match="Too many"):
        post.send(ANNA, "x", one.now)
