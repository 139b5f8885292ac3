"""Which conversations follow a registration at an ordinary server."""

from __future__ import annotations

from snomtui.line.events import MailboxChanged
from snomtui.line.publication import State, Wish
from snomtui.line.watching import Watching
from snomtui.presence import Availability, Contact
from snomtui.sip.message import Request, respond
from tests.line.peer import Bench, Peer

ANNA = Contact("sip:anna@example.org", "Anna")
UNWATCHED = Contact("sip:bert@example.org", "Bert", watched=False)
NUMBER = Contact("tel:+4930123", "Somebody")


def granted(request: Request) -> object:
    """200 to a SUBSCRIBE."""
    return respond(request, 200, tag="s", headers=[("Contact", "<sip:s@127.0.0.1>"), ("Expires", "600")])


def made(*contacts: Contact, **settings: str) -> tuple[Bench, Watching]:
    """What a registered line watches."""
    bench = Bench(Peer(SUBSCRIBE=granted), **settings)  # type: ignore[arg-type]
    return bench, Watching(bench.line, "snom370", contacts)


def events(watching: Watching) -> list[tuple[str, str]]:
    """What is subscribed, and where."""
    return [(each.event, each.uri) for each in watching.subscriptions]


def test_those_are_watched_that_can_be_and_shall_be() -> None:
    _, watching = made(ANNA, UNWATCHED, NUMBER)
    assert events(watching) == [("presence", ANNA.uri)]


def test_nobody_is_watched_against_the_setting_but_the_mailbox_is() -> None:
    _, watching = made(ANNA, user_presence_subscription1="off", user_mailbox1="*97")
    assert events(watching) == [("message-summary", "sip:heiko@example.org")]


def test_everything_begins_ends_and_begins_again() -> None:
    bench, watching = made(ANNA, user_mailbox1="*97")
    before = len(bench.peer.asked("SUBSCRIBE"))
    watching.begin(bench.now)
    bench.settle()
    assert len(bench.peer.asked("SUBSCRIBE")) == before + 2
    assert all(each.active for each in watching.subscriptions)
    watching.gone()
    assert not any(each.active for each in watching.subscriptions)
    watching.begin(bench.now)
    watching.leave(bench.now)
    bench.settle()
    assert not any(each.active for each in watching.subscriptions)


def test_notify_finds_its_subscription() -> None:
    bench, watching = made(ANNA, user_mailbox1="*97")
    watching.begin(bench.now)
    bench.settle()
    asked = bench.peer.asked("SUBSCRIBE")[-2:]
    found = []
    for each in asked:
        to = each.headers.get("From") or ""
        found.append(watching.notified(bench.peer.make("NOTIFY", to=to, call_id=each.call_id)))
    assert found == watching.subscriptions
    assert watching.notified(bench.peer.make("NOTIFY", call_id="other")) is None


def test_wish_is_kept_to_ourselves_where_the_setting_says_so() -> None:
    bench, watching = made()
    watching.wish(Wish(Availability.BUSY), bench.now)
    assert watching.publisher.state is State.SILENT


def test_mailbox_is_told_in_numbers() -> None:
    bench, watching = made(user_mailbox1="*97")
    body = ("application/simple-message-summary", b"Messages-Waiting: yes\r\nVoice-Message: 2/8\r\n")
    watching.mailbox_came("", bench.peer.make("NOTIFY", body=body), bench.now)
    bench.settle()
    assert bench.box.of(MailboxChanged) == [MailboxChanged(1, True, 2, 8)]
