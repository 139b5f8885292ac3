"""Subscriptions at an ordinary server: presence of contacts and voice mail."""

from __future__ import annotations

from typing import Any

import pytest

from snomtui.line.events import MailboxChanged, PresenceChanged
from snomtui.presence import Availability, Contact, Presence
from snomtui.simple.pidf import build_pidf
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Bench, Peer, in_turn, says, silent

ANNA = Contact("sip:anna@example.org", "Anna")
SERVER: Item = ("Contact", "<sip:server@127.0.0.1:5060>")
PIDF = "application/pidf+xml"


def granted(request: Request, expires: int = 600) -> Response:
    """200 to a SUBSCRIBE."""
    asked = request.expires if request.expires is not None else expires
    return respond(request, 200, tag="sub", headers=[SERVER, ("Expires", str(min(asked, expires)))])


def watching(*rules: Any, **more: Any) -> Bench:
    """A line that watches Anna."""
    return Bench(Peer(SUBSCRIBE=in_turn(*rules) if rules else granted), (ANNA,), **more)


def notify(
    bench: Bench,
    availability: Availability = Availability.BUSY,
    state: str = "active;expires=300",
    cseq: int = 1,
    method: str = "NOTIFY",
    event: str = "presence",
    body: tuple[str, bytes] | None = None,
) -> Request:
    """What the server tells about Anna."""
    asked = bench.peer.last("SUBSCRIBE")
    made = body or (PIDF, build_pidf(ANNA.uri, Presence(availability), "t1"))
    headers: list[Item] = [("Event", event), ("Subscription-State", state), SERVER]
    return bench.peer.make(
        method,
        *headers,
        to=asked.headers.get("From") or "",
        caller="<sip:anna@example.org>;tag=sub",
        call_id=asked.call_id,
        cseq=cseq,
        body=made if made[1] else None,
    )


def seen(bench: Bench) -> list[Availability]:
    """How Anna was seen, in order."""
    return [event.presence.availability for event in bench.box.of(PresenceChanged)]


def test_contact_is_watched_as_soon_as_the_line_is_registered() -> None:
    bench = watching()
    request = bench.peer.last("SUBSCRIBE")
    assert (request.uri, request.headers.get("Event")) == ("sip:anna@example.org", "presence")
    assert request.headers.get("Accept") == PIDF
    bench.tell(notify(bench))
    assert bench.peer.answers("NOTIFY") == [200]
    assert seen(bench) == [Availability.BUSY]


def test_nobody_is_watched_where_the_setting_says_so() -> None:
    assert watching(user_presence_subscription1="off").peer.asked("SUBSCRIBE") == []


def test_notify_may_come_before_the_answer() -> None:
    bench = watching(silent)
    asked = bench.peer.last("SUBSCRIBE")
    bench.tell(notify(bench, state="active;expires=100"))
    assert seen(bench) == [Availability.BUSY]
    bench.tell(granted(asked, 100))
    bench.peer.rules["SUBSCRIBE"] = granted
    bench.advance(99)
    first, second = bench.peer.asked("SUBSCRIBE")
    assert (second.call_id, second.to.tag, second.cseq.number) == (first.call_id, "sub", first.cseq.number + 1)


def test_subscription_is_refreshed_in_its_dialog() -> None:
    bench = watching()
    bench.advance(2000)
    asked = bench.peer.asked("SUBSCRIBE")
    assert len(asked) == 4 or len(asked) == 5
    assert len({request.call_id for request in asked}) == 1
    assert [request.cseq.number for request in asked] == list(range(1, len(asked) + 1))
    assert {request.to.tag for request in asked[1:]} == {"sub"}


@pytest.mark.parametrize(("status", "pause"), [(403, 300), (489, 300), (500, 300), (481, 1)])
def test_refused_subscription_is_tried_again(status: int, pause: int) -> None:
    bench = watching(says(status), granted)
    assert len(bench.peer.asked("SUBSCRIBE")) == 1
    bench.advance(pause - 0.5)
    assert len(bench.peer.asked("SUBSCRIBE")) == 1
    bench.advance(1)
    first, second = bench.peer.asked("SUBSCRIBE")
    assert first.call_id != second.call_id


def test_refresh_that_finds_no_subscription_any_more_begins_anew() -> None:
    bench = watching(granted, says(481), granted)
    bench.advance(600)
    first, second, third = bench.peer.asked("SUBSCRIBE")
    assert first.call_id == second.call_id != third.call_id
    assert third.to.tag == ""


def test_subscription_that_is_never_answered_is_tried_again() -> None:
    bench = watching(silent)
    bench.advance(33 + 300)
    assert len(bench.peer.asked("SUBSCRIBE")) == 2


@pytest.mark.parametrize(("reason", "again"), [("deactivated", 2), ("timeout", 301), ("giveup", 301), ("", 301)])
def test_subscription_that_the_server_ends_is_begun_anew(reason: str, again: int) -> None:
    bench = watching()
    bench.tell(notify(bench, state=f"terminated;reason={reason}"))
    assert bench.peer.answers("NOTIFY") == [200]
    bench.advance(again)
    first, second = bench.peer.asked("SUBSCRIBE")[:2]
    assert first.call_id != second.call_id


@pytest.mark.parametrize("reason", ["rejected", "noresource", "Rejected"])
def test_subscription_that_is_forbidden_is_not_tried_again(reason: str) -> None:
    bench = watching()
    bench.tell(notify(bench, state=f"Terminated ; reason={reason}"))
    bench.advance(5000)
    assert len(bench.peer.asked("SUBSCRIBE")) == 1


def test_benotify_is_heard_and_not_answered() -> None:
    bench = watching()
    bench.tell(notify(bench, method="BENOTIFY"))
    assert seen(bench) == [Availability.BUSY]
    assert bench.peer.responses == []


@pytest.mark.parametrize(
    "body",
    [b"<presence", b"", b"\xff\xfe\0", b"<?xml version='1.0'?><!DOCTYPE a><a/>", b"<a/>", b"<a>" * 5000],
)
def test_document_that_cannot_be_read_costs_itself_only(body: bytes) -> None:
    bench = watching()
    bench.tell(notify(bench, body=(PIDF, body)))
    assert bench.peer.answers("NOTIFY") == [200]
    assert seen(bench) == []
    bench.tell(notify(bench, cseq=2))
    assert seen(bench) == [Availability.BUSY]


def test_notify_with_an_unreadable_contact_is_answered_once() -> None:
    bench = watching(silent)
    good = notify(bench)
    bench.tell(Request("NOTIFY", good.uri, good.headers.with_("Contact", "<sip:[broken"), good.body))
    bench.advance(1)
    assert len(bench.peer.answers("NOTIFY")) == 1
    assert bench.registration.state == "registered"


def test_answer_with_an_unreadable_contact_does_not_end_the_watching() -> None:
    bench = watching(
        lambda request: respond(request, 200, tag="sub", headers=[("Contact", "<sip:[broken"), ("Expires", "100")]),
        granted,
    )
    bench.advance(400)
    assert len(bench.peer.asked("SUBSCRIBE")) > 1


def test_notify_for_another_subscription_gets_481() -> None:
    bench = watching()
    stranger = notify(bench)
    bench.tell(Request("NOTIFY", stranger.uri, stranger.headers.with_("Call-ID", "unknown"), stranger.body))
    assert bench.peer.answers("NOTIFY") == [481]
    assert seen(bench) == []


@pytest.mark.parametrize("left", ["²", "-1", "soon", "9" * 5000, "0"])
def test_odd_expiry_in_a_notify_harms_nothing(left: str) -> None:
    bench = watching(silent)
    bench.tell(notify(bench, state=f"active;expires={left}"))
    assert bench.peer.answers("NOTIFY") == [200]
    assert seen(bench) == [Availability.BUSY]


def test_leaving_line_unsubscribes() -> None:
    bench = watching()
    bench.line.leave(bench.now)
    bench.settle()
    assert bench.peer.last("SUBSCRIBE").expires == 0
    bench.tell(notify(bench, state="terminated;reason=timeout"))
    bench.advance(2000)
    assert len(bench.peer.asked("SUBSCRIBE")) == 2


def test_subscriptions_begin_anew_with_a_new_connection() -> None:
    bench = watching()
    bench.wire.cut(bench.box)
    bench.advance(4)
    first, second = bench.peer.asked("SUBSCRIBE")
    assert first.call_id != second.call_id
    bench.tell(notify(bench))
    assert seen(bench) == [Availability.BUSY]


SUMMARY = b"Messages-Waiting: yes\r\nVoice-Message: 3/7 (0/1)\r\n"


def test_mailbox_is_subscribed_where_one_is_set() -> None:
    bench = Bench(Peer(SUBSCRIBE=granted), user_mailbox1="*97")
    asked = bench.peer.last("SUBSCRIBE")
    assert asked.headers.get("Event") == "message-summary"
    bench.tell(notify(bench, event="message-summary", body=("application/simple-message-summary", SUMMARY)))
    assert bench.box.of(MailboxChanged) == [MailboxChanged(1, True, 3, 7)]


def test_mailbox_that_nobody_asked_for_is_heard_as_well() -> None:
    bench = Bench()
    body = ("application/simple-message-summary", SUMMARY)
    bench.tell(bench.peer.make("NOTIFY", ("Event", "message-summary"), ("Subscription-State", "active"), body=body))
    assert bench.peer.answers("NOTIFY") == [200]
    assert bench.box.of(MailboxChanged)[-1].new == 3


@pytest.mark.parametrize("body", [b"", b"\xff" * 20, b"Voice-Message: x/y", b"Voice-Message: " + b"9" * 5000 + b"/1"])
def test_mailbox_that_cannot_be_read_harms_nothing(body: bytes) -> None:
    bench = Bench()
    kind = ("application/simple-message-summary", body)
    bench.tell(bench.peer.make("NOTIFY", ("Event", "message-summary"), ("Subscription-State", "active"), body=kind))
    assert bench.peer.answers("NOTIFY") == [200]
