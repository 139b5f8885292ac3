"""OPTIONS, INFO and MESSAGE, inside and outside of calls."""

from __future__ import annotations

import pytest

from snomtui.line.events import MessageCame
from snomtui.line.methods import ABILITIES
from tests.line.callers import answered, bench, inside


@pytest.mark.parametrize("busy", [False, True])
def test_options_are_answered_as_an_invite_would_be(busy: bool) -> None:
    """RFC 3261 11.2."""
    one = bench()
    one.line.calls.busy = lambda: busy
    one.tell(one.peer.make("OPTIONS"))
    answer = one.peer.answered("OPTIONS")
    assert answer.status == (486 if busy else 200)
    assert [(name, answer.headers.get(name)) for name, _ in ABILITIES] == list(ABILITIES)
    assert answer.to.tag and answer.body == b""


def test_options_inside_a_call_are_answered_though_the_phone_is_busy() -> None:
    one, invite = answered()
    one.line.calls.busy = lambda: True
    one.tell(inside(one, "OPTIONS", invite, cseq=2))
    assert one.peer.answers("OPTIONS") == [200]


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        ("application/dtmf-relay", b"Signal=5\r\nDuration=160\r\n", "5"),
        ("application/dtmf-relay", b"Signal= *\r\nDuration= 100\r\n", "*"),
        ("Application/DTMF-Relay; x=y", b"signal=#", "#"),
        ("application/dtmf", b"7", "7"),
        ("application/dtmf", b"10\r\n", "10"),
        ("application/dtmf-relay", b"\xff\xfe", None),
        ("application/dtmf", b"", None),
    ],
)
def test_digit_in_an_info_is_read(kind: str, body: bytes, digit: str | None) -> None:
    one, invite = answered()
    one.tell(inside(one, "INFO", invite, cseq=2, body=(kind, body)))
    assert one.peer.answers("INFO") == [200]
    told = [line for line in one.log if "pressed" in line]
    assert told == ([f"[6] The other side pressed {digit}"] if digit else [])


def test_info_of_an_unknown_package_gets_469() -> None:
    """RFC 6086 4.2.2."""
    one, invite = answered()
    one.tell(inside(one, "INFO", invite, cseq=2, headers=(("Info-Package", "x-magic"),), body=("text/plain", b"x")))
    assert one.peer.answers("INFO") == [469]
    assert one.peer.answered("INFO").headers.get("Recv-Info") == ""
    assert one.call().state == "talking"


def test_info_that_is_not_understood_gets_415() -> None:
    one, invite = answered()
    one.tell(inside(one, "INFO", invite, cseq=2, body=("application/media_control+xml", b"<x/>")))
    assert one.peer.answers("INFO") == [415]
    assert "application/dtmf-relay" in one.peer.answered("INFO").headers.values("Accept")
    assert one.call().state == "talking"


@pytest.mark.parametrize(("kind", "status"), [("text/plain", 200), ("text/html", 200), ("image/png", 415)])
def test_message_that_is_no_text_is_refused(kind: str, status: int) -> None:
    one = bench()
    one.tell(one.peer.make("MESSAGE", body=(kind, b"hello")))
    assert one.peer.answers("MESSAGE") == [status]
    assert len(one.box.of(MessageCame)) == (status == 200)
    assert ("Accept" in one.peer.answered("MESSAGE").headers) == (status == 415)
