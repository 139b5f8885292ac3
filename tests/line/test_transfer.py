"""The blind transfer."""

from __future__ import annotations

import pytest

from snomtui.line.events import Trouble
from tests.line.callers import inside, talking
from tests.line.peer import Bench, accepted, says, sdp, silent


def transferring() -> Bench:
    """A call whose other side was sent elsewhere."""
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:clara@example.org", one.now)
    one.settle()
    refer = one.peer.last("REFER")
    assert refer.headers.get("Refer-To") == "<sip:clara@example.org>"
    assert refer.headers.get("Referred-By") == "<sip:heiko@example.org>"
    return one


def progress(one: Bench, status: str, cseq: int = 20) -> None:
    """The other side tells how the transfer goes."""
    headers = (("Event", "refer"), ("Subscription-State", "active;expires=60"))
    fragment = ("message/sipfrag;version=2.0", f"SIP/2.0 {status}\r\n".encode())
    one.tell(inside(one, "NOTIFY", cseq=cseq, headers=headers, body=fragment))


def test_transfer_that_succeeds_ends_the_call() -> None:
    one = transferring()
    progress(one, "100 Trying")
    assert one.call().state == "talking"
    progress(one, "200 OK", 21)
    assert one.peer.answers("NOTIFY") == [200, 200]
    assert one.call().state == "ended"
    assert one.box.of(Trouble) == []
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_transfer_that_fails_keeps_the_call() -> None:
    one = transferring()
    progress(one, "486 Busy Here")
    assert one.call().state == "talking"
    assert "486" in one.call().reason
    assert one.box.of(Trouble) == [Trouble("transfer", "The transfer failed (486 Busy Here)")]


def test_transfer_that_is_refused_keeps_the_call() -> None:
    one = talking()
    one.peer.rules["REFER"] = says(603)
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:clara@example.org", one.now)
    one.settle()
    assert one.call().state == "talking"
    assert "603" in one.call().reason
    assert one.box.of(Trouble) == [Trouble("transfer", "The transfer was refused (603 Decline)")]


def test_transfer_of_a_held_call_that_is_refused_leaves_it_on_hold() -> None:
    one = talking()
    one.peer.rules["REFER"] = says(603)
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    call.transfer("sip:clara@example.org", one.now)
    one.settle()
    assert one.call().state == "holding"
    one.peer.rules["INVITE"] = accepted
    call.resume(one.now)
    one.settle()
    assert one.call().state == "talking"


@pytest.mark.parametrize("body", [b"", b"SIP/2.0 abc", b"\xff" * 100, b"SIP/2.0 999 What"])
def test_progress_that_cannot_be_read_changes_nothing(body: bytes) -> None:
    one = transferring()
    one.tell(inside(one, "NOTIFY", cseq=20, body=("message/sipfrag", body)))
    assert one.peer.answers("NOTIFY") == [200]
    assert one.call().state == "talking"


def test_call_whose_transfer_is_never_answered_goes_on() -> None:
    one = talking()
    one.peer.rules["REFER"] = silent
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer("sip:clara@example.org", one.now)
    one.advance(40)
    assert one.call().state == "talking"
    assert [trouble.what for trouble in one.box.of(Trouble)] == ["transfer"]
