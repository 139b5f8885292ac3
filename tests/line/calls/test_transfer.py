"""Transfers that we ask for: blind, and into another call."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from snomtui.errors import LocalError
from snomtui.line.calls.replaces import Replaces
from snomtui.line.events import Trouble
from snomtui.sip.address import Address
from snomtui.sip.dialog import Dialog
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


def test_transfer_of_a_call_that_holds_us_is_tried_and_leaves_it_held() -> None:
    one = talking()
    one.tell(inside(one, "INVITE", cseq=11, body=("application/sdp", sdp("sendonly"))), inside(one, "ACK", cseq=11))
    assert one.call().state == "held"
    one.peer.rules["REFER"] = says(603)
    transfer(one)
    assert (one.call().state, len(one.peer.asked("REFER"))) == ("held", 1)


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


# -- outcomes that are not told plainly


def ended_by_us(one: Bench) -> bool:
    """Whether the first call is over and a BYE said so."""
    return one.call().state == "ended" and len(one.peer.asked("BYE")) == 1


def test_refer_says_what_we_understand() -> None:
    assert "norefersub" in (transferring().peer.last("REFER").headers.get("Supported") or "")


def test_other_side_that_will_not_tell_has_the_call_ended_at_once() -> None:
    one = talking()
    one.peer.rules["REFER"] = says(202, ("Refer-Sub", "false"))
    transfer(one)
    assert ended_by_us(one)


def test_other_side_that_says_nothing_for_a_minute_keeps_the_call() -> None:
    one = transferring()
    one.advance(59)
    assert one.box.of(Trouble) == []
    one.advance(2)
    assert one.call().state == "talking"
    assert [trouble.what for trouble in one.box.of(Trouble)] == ["transfer"]
    progress(one, "200 OK")
    assert ended_by_us(one)


def test_every_word_of_the_other_side_gives_it_another_minute() -> None:
    one = transferring()
    for number in range(20, 24):
        one.advance(50)
        progress(one, "180 Ringing", number)
    assert one.box.of(Trouble) == []
    progress(one, "200 OK", 24)
    assert ended_by_us(one)


def test_telling_that_ends_without_an_outcome_keeps_the_call() -> None:
    one = transferring()
    headers = (("Event", "refer"), ("Subscription-State", "terminated;reason=timeout"))
    one.tell(inside(one, "NOTIFY", cseq=20, headers=headers, body=("message/sipfrag", b"SIP/2.0 180 Ringing\r\n")))
    assert one.call().state == "talking"
    assert [trouble.what for trouble in one.box.of(Trouble)] == ["transfer"]


def test_other_side_that_hangs_up_during_a_transfer_ends_the_call() -> None:
    one = transferring()
    one.tell(inside(one, "BYE", cseq=20))
    assert (one.call().state, one.call().cause) == ("ended", "remote")
    one.advance(100)
    assert one.box.of(Trouble) == []


def test_notify_about_something_else_is_a_bad_event() -> None:
    one = transferring()
    one.tell(inside(one, "NOTIFY", cseq=20, headers=(("Event", "conference"), ("Subscription-State", "active"))))
    assert one.peer.answers("NOTIFY") == [489]
    assert one.call().state == "talking"


def test_outcome_before_the_answer_to_the_refer_counts() -> None:
    one = talking()
    one.peer.rules["REFER"] = silent
    transfer(one)
    progress(one, "200 OK")
    assert ended_by_us(one)
    one.tell(says(202)(one.peer.last("REFER")))  # type: ignore[arg-type]
    one.advance(100)
    assert one.box.of(Trouble) == []


# -- into another call


def transfer(one: Bench, to: str = "sip:clara@example.org") -> None:
    """Send the other side of the first call elsewhere."""
    call = one.line.calls.find("1-1")
    assert call is not None
    call.transfer(to, one.now)
    one.settle()


def joining(target: str = "sip:clara@example.org", contact: str = "<sip:callee@127.0.0.1:5060>") -> Bench:
    """Two calls, Bob's on hold; Bob was told to take our place in the other one."""
    one = talking()
    first, bob = one.line.calls.find("1-1"), one.peer.last("INVITE").call_id
    assert first is not None
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    first.hold(one.now)
    one.settle()
    one.peer.rules["INVITE"] = lambda request: accepted(request, tag="clara").with_("Contact", contact)
    second = one.line.calls.find(one.dial(target))
    assert second is not None
    first.join(second, one.now)
    one.settle()
    assert one.peer.last("REFER").call_id == bob
    return one


def test_other_side_is_told_whose_place_to_take() -> None:
    one = joining()
    clara = one.peer.last("INVITE")
    to = Address.parse(one.peer.last("REFER").headers.get("Refer-To") or "").uri
    assert str(to).partition("?")[0] == "sip:clara@example.org"
    told = Replaces.parse(unquote(to.headers.partition("=")[2]))
    assert told == Replaces(clara.call_id, "clara", clara.from_.tag)
    assert (one.call("1-1").state, one.call("1-2").state) == ("holding", "talking")


def test_gruu_of_the_other_one_is_better_than_its_public_address() -> None:
    one = joining(contact="<sip:clara@example.org;gr=urn:uuid:1>")
    assert "<sip:clara@example.org;gr=urn:uuid:1?Replaces=" in (one.peer.last("REFER").headers.get("Refer-To") or "")


def test_both_calls_end_when_the_others_have_found_each_other() -> None:
    one = joining()
    clara = one.peer.last("INVITE")
    dialog = Dialog.uas(clara, "clara")
    one.tell(dialog.request("BYE", one.peer.via()))
    assert one.call("1-2").state == "ended"
    bob = next(each for each in one.peer.asked("INVITE") if each.call_id == one.peer.last("REFER").call_id)
    fragment = ("message/sipfrag", b"SIP/2.0 200 OK\r\n")
    headers = [("Event", "refer"), ("Subscription-State", "terminated;reason=noresource")]
    one.tell(Dialog.uas(bob, "callee").request("NOTIFY", one.peer.via(), headers, fragment))
    assert one.call("1-1").state == "ended"
    one.advance(10)
    assert len(one.peer.asked("BYE")) == 1
    one.no_port_leaks()


def test_other_call_that_does_not_end_by_itself_is_ended() -> None:
    one = joining()
    bob = next(each for each in one.peer.asked("INVITE") if each.call_id == one.peer.last("REFER").call_id)
    fragment = ("message/sipfrag", b"SIP/2.0 200 OK\r\n")
    one.tell(Dialog.uas(bob, "callee").request("NOTIFY", one.peer.via(), [("Event", "refer")], fragment))
    assert (one.call("1-1").state, one.call("1-2").state) == ("ended", "talking")
    one.advance(6)
    assert one.call("1-2").state == "ended"
    one.no_port_leaks()


def test_joining_that_fails_leaves_both_calls_as_they_were() -> None:
    one = joining()
    bob = next(each for each in one.peer.asked("INVITE") if each.call_id == one.peer.last("REFER").call_id)
    fragment = ("message/sipfrag", b"SIP/2.0 481 No Such Call\r\n")
    one.tell(Dialog.uas(bob, "callee").request("NOTIFY", one.peer.via(), [("Event", "refer")], fragment))
    one.advance(10)
    assert (one.call("1-1").state, one.call("1-2").state) == ("holding", "talking")


@pytest.mark.parametrize(
    "to",
    ["sip:x@example.org\r\nX-Evil: 1", "clara", "sip:a@b>;x=<sip:c", "sip:@example.org", "mailto:clara@example.org"],
)
def test_transfer_to_what_is_no_address_leaves_the_call_as_it_was(to: str) -> None:
    one = talking()
    call = one.line.calls.find("1-1")
    assert call is not None
    with pytest.raises(LocalError):
        call.transfer(to, one.now)
    one.settle()
    assert one.peer.asked("REFER") == []
    transfer(one)
    assert len(one.peer.asked("REFER")) == 1
