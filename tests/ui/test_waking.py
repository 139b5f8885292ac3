"""Tests of the front that is drawn before the phone is there."""

from __future__ import annotations

from snomtui.phone.intents import Press, Refusal
from snomtui.phone.snapshot import Snapshot
from snomtui.ui.waking import TYPED_AHEAD, Waking
from tests.ui.people import SNAPSHOTS, Border


def test_front_takes_keys_and_hands_them_on_in_order_when_the_phone_is_there() -> None:
    front, phone = Waking("snom370"), Border(SNAPSHOTS["idle"])
    for digit in "030":
        assert front.do(Press(digit)) is None
    front.wake(phone)
    front.do(Press("ENTER"))
    assert phone.wishes == [Press("0"), Press("3"), Press("0"), Press("ENTER")]


def test_front_refuses_when_too_much_is_typed_before_the_phone_is_there() -> None:
    front = Waking("snom370")
    for _ in range(TYPED_AHEAD):
        front.do(Press("1"))
    assert isinstance(front.do(Press("1")), Refusal)


def test_watcher_sees_the_phone_as_soon_as_it_wakes_and_not_after_it_stopped_listening() -> None:
    front, phone = Waking("snom370"), Border(SNAPSHOTS["idle"])
    seen: list[Snapshot] = []
    deaf = front.listen(seen.append)
    assert front.snapshot().page.name == "starting"
    front.wake(phone)
    assert seen == [SNAPSHOTS["idle"]]
    deaf()
    assert front.snapshot() == SNAPSHOTS["idle"]
