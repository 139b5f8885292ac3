"""Which conversations follow a registration at an ordinary server."""

from __future__ import annotations

from snomtui.line.events import LampChanged, MailboxChanged
from snomtui.line.watch.publication import State, Wish
from snomtui.line.watch.watching import Watching
from snomtui.presence import Availability, Contact
from tests.line.notifiers import ANNA, serving, told
from tests.line.peer import Bench, Peer, registered

UNWATCHED = Contact("sip:bert@example.org", "Bert", watched=False)
NUMBER = Contact("tel:+4930123", "Somebody")
LAMP = "sip:jan@example.org"


def made(*contacts: Contact, **settings: str) -> tuple[Bench, Watching]:
    """What a registered line watches."""
    bench = Bench(Peer(SUBSCRIBE=serving()), **settings)  # type: ignore[arg-type]
    return bench, Watching(bench.line, "snom370", contacts, bench.line.start)


def events(watching: Watching) -> list[tuple[str, str]]:
    """What is subscribed, and where."""
    return [(each.topic.event, each.topic.uri) for each in watching.subscriptions]


def test_those_are_watched_that_can_be_and_shall_be() -> None:
    _, watching = made(ANNA, UNWATCHED, NUMBER)
    assert events(watching) == [("presence", ANNA.uri)]


def test_nobody_is_watched_against_the_setting_but_the_mailbox_is() -> None:
    _, watching = made(ANNA, user_presence_subscription1="off", user_mailbox1="*97")
    assert events(watching) == [("message-summary", "sip:heiko@example.org")]


def test_list_of_the_server_takes_the_place_of_single_contacts() -> None:
    _, watching = made(ANNA, user_presence_buddy_list_uri1="sip:friends@example.org")
    assert events(watching) == [("presence", "sip:friends@example.org")]


def test_phones_and_registration_are_watched_where_it_is_set() -> None:
    _, watching = made(
        fkey3=f"blf <{LAMP}>",
        user_event_list_uri1="sip:lamps@example.org",
        user_event_list_subscription1="on",
        sim_watch_registration="on",
    )
    assert events(watching) == [
        ("dialog", LAMP),
        ("dialog", "sip:lamps@example.org"),
        ("reg", "sip:heiko@example.org"),
    ]


def test_everything_begins_ends_and_begins_again() -> None:
    bench, watching = made(ANNA, user_mailbox1="*97")
    before = len(bench.peer.asked("SUBSCRIBE"))
    bench.line._server = watching  # the line hands what comes in to it
    watching.begin(registered(bench.peer.last("REGISTER")), bench.now)
    bench.settle()
    assert len(bench.peer.asked("SUBSCRIBE")) == before + 2
    assert all(each.active for each in watching.subscriptions)
    watching.gone()
    assert not any(each.active for each in watching.subscriptions)
    watching.begin(registered(bench.peer.last("REGISTER")), bench.now)
    watching.leave(bench.now)
    assert not watching.quiet
    bench.settle()
    assert watching.quiet
    assert not any(each.active for each in watching.subscriptions)


def test_notify_finds_its_subscription() -> None:
    bench, watching = made(ANNA, user_mailbox1="*97")
    watching.begin(registered(bench.peer.last("REGISTER")), bench.now)
    bench.settle()
    asked = bench.peer.asked("SUBSCRIBE")[-2:]
    assert [watching.notified(told(each)) for each in asked] == watching.subscriptions
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


def test_keys_that_are_changed_change_what_is_watched_without_a_new_registration() -> None:
    bench = Bench(Peer(SUBSCRIBE=serving()), fkey3=f"blf <{LAMP}>")  # type: ignore[arg-type]
    bench.line.watch_lamps(["sip:other@example.org"], bench.now)
    bench.settle()
    asked = [(request.uri, request.expires) for request in bench.peer.asked("SUBSCRIBE")]
    assert asked == [(LAMP, 3600), ("sip:server@127.0.0.1:5060", 0), ("sip:other@example.org", 3600)]
    assert len(bench.peer.asked("REGISTER")) == 1


def test_keys_that_are_set_before_the_registration_wait_for_it() -> None:
    bench = Bench(Peer(SUBSCRIBE=serving()), start=False)  # type: ignore[arg-type]
    bench.line.watch_lamps([LAMP], bench.now)
    bench.settle()
    assert bench.peer.asked("SUBSCRIBE") == []
    bench.line.start(bench.now)
    bench.settle()
    assert [request.uri for request in bench.peer.asked("SUBSCRIBE")] == [LAMP]


def test_lamp_goes_out_with_the_key_and_with_the_connection() -> None:
    bench = Bench(Peer(SUBSCRIBE=serving()), fkey3=f"blf <{LAMP}>")  # type: ignore[arg-type]
    info = b'<dialog-info version="1" state="full"><dialog id="1"><state>confirmed</state></dialog></dialog-info>'
    for _ in range(2):
        bench.tell(told(bench.peer.last("SUBSCRIBE"), cseq=9, body=("application/dialog-info+xml", info)))
        bench.wire.cut(bench.box)
        bench.advance(5)
    assert [event.lamp for event in bench.box.of(LampChanged)] == ["busy", "idle", "busy", "idle"]
