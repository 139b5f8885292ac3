"""What a line offers its conversations, and those who do not listen."""

from __future__ import annotations

from snomtui.line.desk import Conversation, Desk, Nobody
from snomtui.sip.message import respond
from tests.line.callers import talking
from tests.line.peer import Bench, accepted, says


def test_line_is_a_desk() -> None:
    desk: Desk = Bench().line
    assert desk.account.aor == "heiko@example.org"
    assert desk.auth() == "none"
    assert desk.login_refused() == "The login was refused"


def test_nobody_hears_any_answer() -> None:
    bench = Bench()
    nobody: Conversation = Nobody()
    told, asked = len(bench.box.told), len(bench.peer.requests)
    request = bench.line.letterhead.request("OPTIONS", "sip:x@y", "<sip:x@y>", "t", "c", 1)
    key = bench.line.send(request, nobody, bench.now)
    nobody.resent(request, key)
    nobody.alarm("any", bench.now)
    bench.settle()
    bench.tell(respond(bench.peer.last("OPTIONS"), 404, tag="x"))
    bench.advance(40)
    assert (len(bench.box.told), len(bench.peer.requests)) == (told, asked + 1)


def test_nobody_waits_for_the_end_of_a_branch_that_answered_too_late() -> None:
    one = talking()
    for rule in (says(200), says(481), lambda request: None):
        one.peer.rules["BYE"] = rule
        one.tell(accepted(one.peer.last("INVITE"), tag=f"late-{len(one.peer.requests)}"))
    one.advance(40)
    assert len(one.peer.asked("BYE")) == 3
    assert one.calls() == ["dialling", "talking"]


def test_timer_of_a_conversation_is_its_own() -> None:
    bench = Bench()
    rung: list[str] = []

    class Listener(Nobody):
        def __init__(self, name: str) -> None:
            self.name = name

        def alarm(self, name: object, now: float) -> None:
            rung.append(f"{self.name} {name}")

    first, second = Listener("first"), Listener("second")
    bench.line.alarm(first, "tea", bench.now + 1)
    bench.line.alarm(second, "tea", bench.now + 2)
    bench.line.alarm(first, "cake", bench.now + 3)
    bench.line.alarm(first, "cake", None)
    bench.advance(5)
    assert rung == ["first tea", "second tea"]
