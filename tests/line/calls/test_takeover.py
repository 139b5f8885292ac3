"""An INVITE with Replaces takes the place of a call (RFC 3891)."""

from __future__ import annotations

import pytest

from snomtui.line.calls.replaces import Replaces
from snomtui.sip.dialog import Dialog
from snomtui.sip.headers import Item
from tests.line.callers import answered, bench, inside, offered, pick_up, talking
from tests.line.peer import Bench, accepted, ringing, says, sdp, silent


def name_of(one: Bench, more: str = "") -> Item:
    """Replaces as somebody must send it who means the first call of the line."""
    call = one.line.calls.find("1-1")
    assert call is not None
    (dialog,) = call.dialogs()
    return named(dialog, more)


def named(dialog: Dialog, more: str = "") -> Item:
    """Replaces as the other side of our dialog would be told it."""
    call_id, ours, theirs = dialog.key
    return "Replaces", f"{call_id};to-tag={ours};from-tag={theirs}{more}"


def dora(one: Bench, *headers: Item, body: bytes | None = None) -> None:
    """Somebody else calls, and confirms the answer if there is one."""
    invite = one.peer.invite(*headers, call_id="from-dora", body=body)
    one.settle()
    last = [each for each in one.peer.responses if each.call_id == "from-dora"][-1]
    if last.status == 200:
        one.tell(one.peer.dialog_of_invite(invite).ack(invite, one.peer.via()))


def statuses(one: Bench) -> list[int]:
    """What the other caller was answered."""
    return [each.status for each in one.peer.responses if each.call_id == "from-dora" and each.cseq.method == "INVITE"]


@pytest.mark.parametrize("required", [(), (("Require", "replaces"),)])
def test_new_call_is_answered_without_ringing_and_the_old_one_ends(required: tuple[Item, ...]) -> None:
    one, _ = answered()
    dora(one, name_of(one), *required)
    assert statuses(one)[-1] == 200
    assert (one.call("1-1").state, one.call("1-2").state) == ("ended", "talking")
    assert [each.call_id for each in one.peer.asked("BYE")] == ["asked-by-peer"]
    one.hang_up("1-2")
    one.no_port_leaks()


def test_call_that_we_made_is_replaced_as_well() -> None:
    one = talking()
    dora(one, name_of(one))
    assert (one.call("1-1").state, one.call("1-2").state) == ("ended", "talking")


def test_call_on_hold_is_replaced_by_one_on_hold() -> None:
    one, _ = answered()
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly"))
    call = one.line.calls.find("1-1")
    assert call is not None
    call.hold(one.now)
    one.settle()
    dora(one, name_of(one))
    one.advance(0)
    assert (one.call("1-1").state, one.call("1-2").state) == ("ended", "holding")
    assert one.peer.last("INVITE").call_id == "from-dora"


def test_busy_phone_lets_a_call_be_replaced() -> None:
    one, _ = answered()
    one.line.calls.busy = lambda: True
    dora(one, name_of(one))
    assert statuses(one)[-1] == 200


@pytest.mark.parametrize(
    "value",
    [
        "asked-by-peer;to-tag=wrong;from-tag=theirs",
        "other;to-tag=1;from-tag=2",
        "asked-by-peer;to-tag=0;from-tag=0",
    ],
)
def test_call_that_is_not_there_cannot_be_replaced(value: str) -> None:
    one, _ = answered()
    dora(one, ("Replaces", value))
    assert statuses(one) == [481]
    assert one.call("1-1").state == "talking"


def test_call_that_is_over_is_declined() -> None:
    one, invite = answered()
    name = name_of(one)
    one.tell(inside(one, "BYE", invite))
    dora(one, name)
    assert statuses(one) == [603]


def test_call_whose_end_is_on_its_way_is_declined() -> None:
    one, _ = answered()
    one.peer.rules["BYE"] = silent
    one.hang_up()
    dora(one, name_of(one))
    assert statuses(one) == [603]


def test_only_a_ringing_call_was_meant() -> None:
    one, _ = answered()
    dora(one, name_of(one, ";early-only"))
    assert statuses(one) == [486]
    assert one.call("1-1").state == "talking"


def test_call_that_rings_here_cannot_be_replaced() -> None:
    one, _ = offered()
    dora(one, name_of(one))
    assert statuses(one) == [481]
    pick_up(one)
    assert one.peer.answers("INVITE")[-1] == 200


@pytest.mark.parametrize(
    "headers",
    [
        [("Replaces", "nonsense")],
        [("Replaces", "a;to-tag=1;from-tag=2"), ("Replaces", "a;to-tag=1;from-tag=2")],
        [("Replaces", "a;to-tag=1;from-tag=2"), ("Join", "b;to-tag=1;from-tag=2")],
    ],
)
def test_replaces_that_makes_no_sense_gets_400(headers: list[Item]) -> None:
    one, _ = answered()
    dora(one, *headers)
    assert statuses(one) == [400]
    assert one.call("1-1").state == "talking"


def test_replaces_in_another_request_gets_400() -> None:
    one = bench()
    one.tell(one.peer.make("OPTIONS", ("Replaces", "a;to-tag=1;from-tag=2")))
    assert one.peer.answers("OPTIONS") == [400]


def test_joining_a_call_is_not_served() -> None:
    one, _ = answered()
    dora(one, ("Require", "join"), ("Join", "a;to-tag=1;from-tag=2"))
    assert statuses(one) == [420]
    assert one.peer.answered("INVITE").headers.get("Unsupported") == "join"


def test_replacement_that_cannot_be_spoken_changes_nothing() -> None:
    one, _ = answered()
    dora(one, name_of(one), body=sdp(codecs="G729", dtmf=False))
    assert statuses(one) == [488]
    assert one.call("1-1").state == "talking"


def test_replacement_without_a_port_changes_nothing() -> None:
    one, _ = answered()
    one.box.ports_left = 0
    dora(one, name_of(one))
    assert statuses(one) == [500]
    assert one.call("1-1").state == "talking"


def test_call_of_ours_that_rings_there_is_replaced() -> None:
    one = bench()
    one.peer.rules["INVITE"] = ringing
    one.dial()
    invite = one.peer.last("INVITE")
    dora(one, named(Dialog.uac(invite, ringing(invite)), ";early-only"))
    assert statuses(one)[-1] == 200
    assert len(one.peer.asked("CANCEL")) == 1
    one.tell(says(487)(invite))  # type: ignore[arg-type]
    assert (one.call("1-1").state, one.call("1-2").state) == ("ended", "talking")


def test_name_for_others_is_read_back() -> None:
    one, _ = answered()
    call = one.line.calls.find("1-1")
    assert call is not None and call.dialog is not None
    told = Replaces.of(call.dialog)
    assert (told.to_tag, told.from_tag) == (call.dialog.remote.tag, call.dialog.local.tag)
