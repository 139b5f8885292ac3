"""Which subscription a NOTIFY is for."""

from __future__ import annotations

from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.subscription import Subscription, Topic
from tests.line.notifiers import granted, told
from tests.line.peer import Bench, Peer


def started(count: int) -> tuple[Bench, Letterbox, list[Subscription]]:
    """A line with so many subscriptions of its own."""
    bench, letterbox = Bench(Peer(SUBSCRIBE=granted)), Letterbox()
    made = [
        Subscription(bench.line, letterbox, Topic("presence", f"sip:{n}@x.test"), lambda *_: None) for n in range(count)
    ]
    for each in made:
        each.start(bench.now)
    bench.settle()
    return bench, letterbox, made


def test_each_notify_finds_its_subscription_without_looking_at_the_others() -> None:
    bench, letterbox, made = started(50)
    assert len(letterbox) == 50
    assert [letterbox.find(told(request)) for request in bench.peer.asked("SUBSCRIBE")] == made


def test_stranger_finds_nothing() -> None:
    bench, letterbox, _ = started(1)
    notify = told(bench.peer.last("SUBSCRIBE"))
    assert letterbox.find(notify.with_("Call-ID", "other")) is None
    assert letterbox.find(notify.with_("To", "<sip:heiko@example.org>;tag=other")) is None


def test_subscription_that_begins_anew_is_found_under_its_new_name_only() -> None:
    bench, letterbox, (one,) = started(1)
    old = told(bench.peer.last("SUBSCRIBE"))
    one.start(bench.now)
    bench.settle()
    assert letterbox.find(old) is None
    assert letterbox.find(told(bench.peer.last("SUBSCRIBE"))) is one
    one.gone()
    assert list(letterbox) == []
