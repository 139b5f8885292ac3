"""What a phone announces is what it serves."""

from __future__ import annotations

import pytest

from snomtui.line.methods import ALLOW, EXTENSIONS, OCS_METHODS, SERVED
from tests.line.callers import answered, inside, offered, pick_up, talking
from tests.line.frontend import signed_in
from tests.line.peer import Bench, Peer

NEVER = ("SUBSCRIBE", "PUBLISH", "REGISTER")


def test_phone_announces_the_same_everywhere() -> None:
    one = talking()
    for method in ("REGISTER", "INVITE"):
        assert one.peer.last(method).headers.get("Allow") == ALLOW
    two, _ = offered()
    pick_up(two)
    two.tell(two.peer.make("OPTIONS", call_id="what"))
    assert two.peer.answered("INVITE").headers.get("Allow") == ALLOW
    assert two.peer.answered("OPTIONS").headers.get("Allow") == ALLOW


def test_phone_announces_no_events_and_no_extensions_that_it_does_not_serve() -> None:
    one = talking()
    one.tell(one.peer.make("OPTIONS", call_id="what"))
    assert one.peer.last("INVITE").headers.get("Allow-Events") == "talk, hold, refer"
    assert "Allow-Events" not in talking(sim_notify_talk="off").peer.last("INVITE").headers
    for message in (one.peer.last("INVITE"), one.peer.answered("OPTIONS")):
        assert message.headers.values("Supported") == EXTENSIONS
    assert "events=" not in (one.peer.last("REGISTER").headers.get("Contact") or "")


@pytest.mark.parametrize("method", sorted(set(SERVED) - {"INVITE", "ACK", "CANCEL", "BYE", "PRACK", "REFER"}))
def test_method_that_is_announced_is_served_inside_a_call(method: str) -> None:
    one, invite = answered()
    one.tell(inside(one, method, invite, cseq=2))
    assert one.peer.answers(method) == [200]


@pytest.mark.parametrize("method", NEVER)
def test_method_that_is_not_announced_is_refused(method: str) -> None:
    assert method not in ALLOW.split(", ") and method not in OCS_METHODS.split(", ")
    bench = Bench(Peer())
    bench.tell(bench.peer.make(method))
    assert bench.peer.answers(method) == [405]
    assert bench.peer.answered(method).headers.get("Allow") == ALLOW


def test_contact_at_ocs_names_benotify_as_well() -> None:
    one, _ = signed_in()
    assert f'methods="{OCS_METHODS}"' in (one.peer.last("REGISTER").headers.get("Contact") or "")
    assert set(OCS_METHODS.split(", ")) == {*SERVED, "BENOTIFY"}
