"""Subscriptions: begun, refreshed, ended and begun again as RFC 6665 has it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.line.events import MailboxChanged, PresenceChanged
from snomtui.line.watch.letterbox import Letterbox
from snomtui.line.watch.subscription import State, Subscription, Topic
from snomtui.presence import Availability
from snomtui.sip.message import Message, Request, Response, respond
from tests.line.notifiers import ANNA, PIDF, SERVER, granted, seen_as, serving, told, watching
from tests.line.peer import Bench, Peer, says, silent

BUSY, AWAY = seen_as(Availability.BUSY), seen_as(Availability.AWAY)


def notify(
    bench: Bench,
    state: str = "active;expires=300",
    cseq: int = 5,
    body: tuple[str, bytes] | None = BUSY,
    **more: Any,
) -> None:
    """The server tells something about Anna in the newest subscription."""
    bench.tell(told(bench.peer.last("SUBSCRIBE"), state=state, cseq=cseq, body=body, **more))


def seen(bench: Bench) -> list[Availability]:
    """How Anna was seen, in order."""
    return [event.presence.availability for event in bench.box.of(PresenceChanged)]


def asked(bench: Bench) -> list[Request]:
    """All SUBSCRIBEs."""
    return bench.peer.asked("SUBSCRIBE")


def answer(bench: Bench) -> int:
    """The status of the last answer to a NOTIFY."""
    return bench.peer.answers("NOTIFY")[-1]


# -- the beginning


def test_contact_is_watched_as_soon_as_the_line_is_registered() -> None:
    bench = watching()
    request = bench.peer.last("SUBSCRIBE")
    assert (request.uri, request.headers.get("Event")) == ("sip:anna@example.org", "presence")
    assert request.headers.get("Accept") == PIDF
    assert request.expires == 3600
    notify(bench)
    assert bench.peer.answers("NOTIFY") == [200, 200]
    assert seen(bench) == [Availability.BUSY]


def test_nobody_is_watched_where_the_setting_says_so() -> None:
    assert asked(watching(user_presence_subscription1="off")) == []


def test_line_asks_for_the_period_of_the_setting() -> None:
    assert asked(watching(user_subscription_expiry1="900"))[0].expires == 900


def test_notify_may_come_before_the_answer() -> None:
    bench = watching(silent)
    request = bench.peer.last("SUBSCRIBE")
    notify(bench, state="active;expires=100")
    assert seen(bench) == [Availability.BUSY]
    bench.tell(granted(request, 100))
    bench.peer.rules["SUBSCRIBE"] = granted
    bench.advance(99)
    first, second = asked(bench)
    assert (second.call_id, second.to.tag, second.cseq.number) == (first.call_id, "sub", first.cseq.number + 1)


def test_subscription_lives_by_its_notify_although_the_answer_never_comes() -> None:
    bench = watching(silent)
    notify(bench, state="active;expires=100")
    bench.peer.rules["SUBSCRIBE"] = serving()  # type: ignore[assignment]
    bench.advance(90)
    first, *_, last = asked(bench)
    assert (last.call_id, last.to.tag) == (first.call_id, "sub")
    assert last.cseq.number > first.cseq.number


@pytest.mark.parametrize("before", [True, False])
def test_of_two_forks_the_first_notifier_is_kept_and_the_other_is_sent_away(before: bool) -> None:
    bench = watching(silent if before else lambda request: granted(request))
    notify(bench, tag="one")
    notify(bench, tag="two", body=AWAY, cseq=1)
    assert bench.peer.answers("NOTIFY") == [200, 481]
    assert seen(bench) == [Availability.BUSY]
    if before:
        bench.tell(granted(bench.peer.last("SUBSCRIBE")))  # from a third fork
    bench.peer.rules["SUBSCRIBE"] = granted
    bench.advance(599)
    assert {request.to.tag for request in asked(bench)[1:]} == {"one"}
    assert len({request.call_id for request in asked(bench)}) == 1


def test_subscription_without_any_notify_is_none() -> None:
    bench = watching(lambda request: granted(request), serving())
    bench.advance(31)
    assert len(asked(bench)) == 1
    bench.advance(1 + 299)
    assert len(asked(bench)) == 1
    bench.advance(2)
    first, second = asked(bench)
    assert first.call_id != second.call_id


def test_short_subscription_whose_notify_is_late_is_refreshed_as_soon_as_it_comes() -> None:
    bench = watching(lambda request: granted(request, 10))
    bench.advance(12)
    assert len(asked(bench)) == 1
    notify(bench, state="active")
    bench.advance(5)
    assert len(asked(bench)) == 2


# -- refreshing


def test_subscription_is_refreshed_in_its_dialog() -> None:
    bench = watching()
    bench.advance(2000)
    assert len(asked(bench)) in (5, 6)
    assert len({request.call_id for request in asked(bench)}) == 1
    assert [request.cseq.number for request in asked(bench)] == list(range(1, len(asked(bench)) + 1))
    assert {request.to.tag for request in asked(bench)[1:]} == {"sub"}


def test_notify_that_shortens_the_period_is_believed() -> None:
    bench = watching()
    notify(bench, state="active;expires=60")
    bench.advance(59)
    assert len(asked(bench)) == 2


def test_answer_without_a_period_means_what_was_asked_for() -> None:
    def rule(request: Request) -> Any:
        yield respond(request, 202, tag="sub", headers=[SERVER])
        yield told(request, state="active")

    bench = watching(rule)
    bench.advance(2500)
    assert len(asked(bench)) == 1
    bench.advance(1000)
    assert len(asked(bench)) == 2


def test_answer_that_grants_more_than_was_asked_for_is_not_trusted() -> None:
    bench = watching(
        lambda request: respond(request, 200, tag="sub", headers=[SERVER, ("Expires", "99999")]),
        user_subscription_expiry1="600",
    )
    notify(bench, state="active;expires=99999")
    bench.advance(599)
    assert len(asked(bench)) == 2


@pytest.mark.parametrize("status", [404, 489, 480, 501])
def test_refresh_that_finds_no_subscription_ends_it(status: int) -> None:
    bench = watching(serving(), says(status))
    bench.advance(590)
    bench.tell(told(asked(bench)[0], state="active", cseq=50, body=BUSY))
    assert (answer(bench), seen(bench)) == (481, [])
    assert len(asked(bench)) == 2


def test_refresh_that_gets_481_begins_anew_at_once() -> None:
    bench = watching(serving(), says(481), serving())
    bench.advance(590)
    first, second, third = asked(bench)
    assert first.call_id == second.call_id != third.call_id
    assert (third.to.tag, third.cseq.number) == ("", 1)


@pytest.mark.parametrize("status", [500, 503, 403, 491, 600])
def test_refresh_that_fails_leaves_the_subscription_alive_until_its_end(status: int) -> None:
    bench = watching(serving(), says(status), serving())
    while len(asked(bench)) < 2:
        bench.advance(5)
    notify(bench, state="active")
    assert (answer(bench), seen(bench)) == (200, [Availability.BUSY])
    bench.advance(120)
    assert len(asked(bench)) == 3
    assert len({request.call_id for request in asked(bench)}) == 1


def test_refresh_waits_as_long_as_the_server_wants() -> None:
    bench = watching(serving(), says(503, ("Retry-After", "20 (busy)")), serving())
    while len(asked(bench)) < 2:
        bench.advance(1)
    bench.advance(18)
    assert len(asked(bench)) == 2
    bench.advance(3)
    assert len(asked(bench)) == 3


def test_period_that_is_too_short_is_made_longer() -> None:
    bench = watching(says(423, ("Min-Expires", "7200")), serving(9000))
    first, second = asked(bench)
    assert [first.expires, second.expires] == [3600, 7200]
    assert (second.call_id, second.cseq.number) == (first.call_id, 2)
    notify(bench)
    assert seen(bench) == [Availability.BUSY]


@pytest.mark.parametrize("least", ["10", "²", "", "9" * 5000])
def test_423_that_helps_nobody_is_a_refusal(least: str) -> None:
    bench = watching(says(423, ("Min-Expires", least)))
    assert len(asked(bench)) <= 2
    bench.advance(250)
    assert len(asked(bench)) <= 2


def test_server_that_wants_ever_longer_periods_is_not_followed_for_ever() -> None:
    bench = watching(lambda request: respond(request, 423, headers=[("Min-Expires", str((request.expires or 0) + 1))]))
    assert len(asked(bench)) == 4


# -- refused


@pytest.mark.parametrize(
    ("status", "pause"), [(403, 3600), (404, 3600), (480, 300), (500, 300), (503, 300), (600, 3600), (302, 300)]
)
def test_refused_subscription_is_tried_again_after_a_pause(status: int, pause: int) -> None:
    bench = watching(says(status), serving())
    bench.advance(pause - 1)
    assert len(asked(bench)) == 1
    bench.advance(2)
    first, second = asked(bench)
    assert first.call_id != second.call_id


@pytest.mark.parametrize("status", [489, 405, 415, 420, 501])
def test_server_that_does_not_know_the_package_is_not_asked_again(status: int) -> None:
    bench = watching(says(status, ("Retry-After", "5")))
    bench.advance(20_000)
    assert len(asked(bench)) == 1


def test_server_that_knows_us_anew_is_asked_anew() -> None:
    bench = watching(says(489), serving())
    bench.wire.cut(bench.box)
    bench.advance(5)
    assert len(asked(bench)) == 2


@pytest.mark.parametrize("status", [403, 480, 503, 600])
def test_refused_subscription_waits_as_long_as_the_server_wants(status: int) -> None:
    bench = watching(says(status, ("Retry-After", "45;duration=60")), serving())
    bench.advance(44)
    assert len(asked(bench)) == 1
    bench.advance(2)
    assert len(asked(bench)) == 2


@pytest.mark.parametrize("status", [481, 412])
def test_server_that_never_knows_the_subscription_is_asked_more_and_more_slowly(status: int) -> None:
    bench = watching(says(status))
    bench.advance(600)
    assert 4 < len(asked(bench)) < 14


def test_subscription_that_is_never_answered_is_tried_again() -> None:
    bench = watching(silent)
    bench.advance(33 + 300)
    assert len(asked(bench)) == 2


# -- ended by the server


@pytest.mark.parametrize(
    ("state", "pause"),
    [
        ("terminated;reason=deactivated", 0),
        ("terminated;reason=timeout", 0),
        ("Terminated ; Reason=Timeout", 0),
        ("terminated;reason=probation", 300),
        ("terminated;reason=probation;retry-after=20", 20),
        ("terminated;reason=giveup;retry-after=40", 40),
        ("terminated;reason=giveup", 300),
        ("terminated;reason=something-new", 300),
        ("terminated;reason=something-new;retry-after=7", 7),
        ("terminated", 300),
    ],
)
def test_subscription_that_the_server_ends_is_begun_anew(state: str, pause: int) -> None:
    bench = watching()
    notify(bench, state=state)
    assert bench.peer.answers("NOTIFY")[1] == 200
    assert seen(bench) == [Availability.BUSY]
    if pause:
        bench.advance(pause - 1)
        assert len(asked(bench)) == 1
        bench.advance(2)
    first, second = asked(bench)
    assert first.call_id != second.call_id
    assert second.to.tag == ""


@pytest.mark.parametrize("reason", ["rejected", "noresource", "invariant", "Rejected"])
def test_subscription_that_is_forbidden_is_not_tried_again(reason: str) -> None:
    bench = watching()
    notify(bench, state=f"Terminated ; reason={reason}; retry-after=3")
    bench.advance(20_000)
    assert len(asked(bench)) == 1


def test_server_that_ends_each_subscription_is_asked_more_and_more_slowly() -> None:
    def rule(request: Request) -> Any:
        yield granted(request)
        yield told(request, state="terminated;reason=deactivated")

    bench = watching(rule)
    assert len(asked(bench)) == 2
    bench.advance(600)
    assert 5 < len(asked(bench)) < 14


def test_subscription_that_is_over_hears_no_more() -> None:
    bench = watching()
    notify(bench, state="terminated;reason=rejected")
    notify(bench, cseq=6, body=AWAY)
    assert bench.peer.answers("NOTIFY")[-2:] == [200, 481]
    assert seen(bench) == [Availability.BUSY]


def test_refresh_that_crosses_the_end_does_no_harm() -> None:
    bench = watching(serving(), silent, serving())
    while len(asked(bench)) < 2:
        bench.advance(1)
    refresh = bench.peer.last("SUBSCRIBE")
    notify(bench, state="terminated;reason=timeout")
    assert len(asked(bench)) == 3
    bench.tell(granted(refresh))
    notify(bench, body=AWAY)
    assert seen(bench) == [Availability.BUSY, Availability.AWAY]
    assert len({request.call_id for request in asked(bench)}) == 2


# -- what is told


def test_benotify_is_heard_and_not_answered() -> None:
    bench = watching()
    before = len(bench.peer.responses)
    notify(bench, method="BENOTIFY")
    assert seen(bench) == [Availability.BUSY]
    assert len(bench.peer.responses) == before


def test_notify_that_comes_late_is_refused_and_not_heard() -> None:
    bench = watching()
    notify(bench, cseq=7)
    notify(bench, cseq=6, body=AWAY)
    assert answer(bench) == 500
    assert seen(bench) == [Availability.BUSY]
    notify(bench, cseq=9, body=AWAY)
    assert seen(bench) == [Availability.BUSY, Availability.AWAY]


def test_notify_that_is_sent_twice_is_answered_twice_and_heard_once() -> None:
    bench = watching(user_outbound1="127.0.0.1:5060;transport=udp")
    twice = told(bench.peer.last("SUBSCRIBE"), cseq=5, body=BUSY)
    bench.tell(twice, twice)
    assert bench.peer.answers("NOTIFY")[-2:] == [200, 200]
    assert seen(bench) == [Availability.BUSY]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("dialog", 489),
        ("presence.winfo", 489),
        ("presence;id=7", 481),
        ("Presence", 200),
        ("presence;x=y", 200),
        (" presence ", 200),
    ],
)
def test_notify_about_something_else_is_refused(event: str, status: int) -> None:
    bench = watching()
    notify(bench, event=event)
    assert answer(bench) == status
    assert bool(seen(bench)) == (status == 200)


def test_notify_that_needs_an_unknown_extension_is_refused() -> None:
    bench = watching()
    request = told(bench.peer.last("SUBSCRIBE"), ("Require", "eventlist, nothing"), cseq=5, body=BUSY)
    bench.tell(request)
    assert (answer(bench), seen(bench)) == (420, [])
    assert bench.peer.answered("NOTIFY").headers.get("Unsupported") == "nothing"
    bench.tell(told(bench.peer.last("SUBSCRIBE"), ("Require", "eventlist"), cseq=6, body=BUSY))
    assert (answer(bench), seen(bench)) == (200, [Availability.BUSY])


def test_notify_that_says_nothing_of_the_subscription_is_heard() -> None:
    bench = watching()
    notify(bench, state="")
    assert (answer(bench), seen(bench)) == (200, [Availability.BUSY])
    assert "[5] NOTIFY without Subscription-State taken for active" in bench.log


def test_pending_subscription_waits_for_what_comes() -> None:
    bench = watching(lambda request: granted(request))
    notify(bench, state="pending;expires=300", body=None)
    bench.advance(100)
    notify(bench, cseq=6)
    assert seen(bench) == [Availability.BUSY]
    assert len(asked(bench)) == 1


def test_notify_moves_the_target_of_the_next_refresh() -> None:
    bench = watching()
    moved = told(bench.peer.last("SUBSCRIBE"), cseq=5)
    bench.tell(moved.with_("Contact", "<sip:elsewhere@127.0.0.1:5062>"))
    bench.advance(590)
    assert bench.peer.last("SUBSCRIBE").uri == "sip:elsewhere@127.0.0.1:5062"


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "image/png"])
def test_document_of_another_type_is_refused_with_what_we_can_read(kind: str) -> None:
    bench = watching()
    notify(bench, body=(kind, BUSY[1]))
    assert answer(bench) == 415
    assert bench.peer.answered("NOTIFY").headers.get("Accept") == PIDF
    assert seen(bench) == []


def test_packed_document_is_refused() -> None:
    bench = watching()
    packed = told(bench.peer.last("SUBSCRIBE"), ("Content-Encoding", "gzip"), cseq=5, body=BUSY)
    bench.tell(packed)
    assert answer(bench) == 415
    assert bench.peer.answered("NOTIFY").headers.get("Accept-Encoding") == "identity"


def test_document_is_found_among_several_parts() -> None:
    bench = watching()
    text = b"--b\r\nContent-Type: text/plain\r\n\r\nBusy\r\n--b\r\nContent-Type: application/pidf+xml\r\n\r\n"
    notify(bench, body=("multipart/alternative;boundary=b", text + BUSY[1] + b"\r\n--b--\r\n"))
    assert (answer(bench), seen(bench)) == (200, [Availability.BUSY])


@pytest.mark.parametrize(
    "body",
    [
        b"<presence",
        b"\xff\xfe\0",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><presence>&b;</presence>",
        b"<a/>",
        b"<a>" * 5000,
        b"<presence>" + b"x" * 40_000 + b"</presense>",
    ],
)
def test_document_that_cannot_be_read_costs_itself_only(body: bytes) -> None:
    bench = watching()
    notify(bench, body=(PIDF, body))
    assert answer(bench) == 200
    assert seen(bench) == []
    assert sum("Document about presence dropped" in line for line in bench.log) == 1
    notify(bench, cseq=6)
    assert seen(bench) == [Availability.BUSY]


def test_notify_with_an_unreadable_contact_is_heard_all_the_same() -> None:
    bench = watching(silent)
    good = told(bench.peer.last("SUBSCRIBE"), body=BUSY)
    bench.tell(Request("NOTIFY", good.uri, good.headers.with_("Contact", "<sip:[broken"), good.body))
    bench.advance(1)
    assert bench.peer.answers("NOTIFY") == [200]
    assert seen(bench) == [Availability.BUSY]
    assert bench.registration.state == "registered"


def test_answer_with_an_unreadable_contact_does_not_end_the_watching() -> None:
    def rule(request: Request) -> Any:
        yield respond(request, 200, tag="sub", headers=[("Contact", "<sip:[broken"), ("Expires", "100")])
        yield told(request, state="active;expires=100")

    bench = watching(rule, serving())
    bench.advance(400)
    assert len(asked(bench)) > 1


def test_notify_for_another_subscription_gets_481() -> None:
    bench = watching()
    stranger = told(bench.peer.last("SUBSCRIBE"), cseq=5, body=BUSY)
    bench.tell(Request("NOTIFY", stranger.uri, stranger.headers.with_("Call-ID", "unknown"), stranger.body))
    assert answer(bench) == 481
    assert seen(bench) == []


@pytest.mark.parametrize("left", ["²", "-1", "soon", "9" * 5000, "0", "", '"7"'])
def test_odd_expiry_in_a_notify_harms_nothing(left: str) -> None:
    bench = watching(silent)
    notify(bench, state=f"active;expires={left}")
    assert (answer(bench), seen(bench)) == (200, [Availability.BUSY])
    bench.advance(20)
    assert len(asked(bench)) < 8


ODD = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=60)
HEADERS = ["Event", "Subscription-State", "Contact", "Content-Type", "Content-Encoding", "Require", "Record-Route",
           "Expires", "Retry-After", "Min-Expires", "SIP-ETag"]  # fmt: skip


@given(st.sampled_from(HEADERS), ODD, st.booleans())
@settings(max_examples=150, deadline=None)
def test_odd_headers_of_a_notify_never_stop_the_line(name: str, value: str, early: bool) -> None:
    bench = watching(silent, serving()) if early else watching()
    odd = told(bench.peer.last("SUBSCRIBE"), cseq=5, body=BUSY)
    bench.tell(Request("NOTIFY", odd.uri, odd.headers.with_(name, value), odd.body))
    assert len(bench.peer.answers("NOTIFY")) == (1 if early else 2)
    bench.advance(700)
    assert bench.registration.state == "registered"
    bench.line.leave(bench.now)
    bench.advance(70)
    assert bench.line.gone


@given(st.sampled_from(HEADERS), ODD, st.sampled_from([200, 202, 302, 403, 412, 423, 480, 481, 489, 503]))
@settings(max_examples=150, deadline=None)
def test_odd_answers_to_a_subscribe_never_stop_the_line(name: str, value: str, status: int) -> None:
    def odd(request: Request) -> Response:
        return respond(request, status, tag="odd", headers=[SERVER]).with_(name, value)

    bench = watching(odd, odd, serving())
    bench.advance(4000)
    assert bench.registration.state == "registered"
    assert len(asked(bench)) < 60
    bench.line.leave(bench.now)
    bench.advance(70)
    assert bench.line.gone


# -- the end


def leave(bench: Bench) -> None:
    """Say good-bye."""
    bench.line.leave(bench.now)
    bench.settle()


def test_leaving_line_unsubscribes_and_waits_for_the_last_notify() -> None:
    bench = watching(serving(), lambda request: granted(request))
    leave(bench)
    assert bench.peer.last("SUBSCRIBE").expires == 0
    assert bench.registration.state == "off"
    assert not bench.line.gone
    notify(bench, state="terminated;reason=timeout")
    assert (answer(bench), seen(bench)) == (200, [Availability.BUSY])
    assert bench.line.gone
    bench.advance(2000)
    assert len(asked(bench)) == 2


def test_last_notify_that_never_comes_is_not_waited_for_for_ever() -> None:
    bench = watching(serving(), lambda request: granted(request))
    leave(bench)
    assert not bench.line.gone
    bench.advance(1.1)
    assert bench.line.gone


@pytest.mark.parametrize("first", ["answer", "notify"])
def test_subscription_that_is_still_being_asked_for_is_taken_back(first: str) -> None:
    bench = watching(silent)
    request = bench.peer.last("SUBSCRIBE")
    leave(bench)
    assert len(asked(bench)) == 1
    bench.peer.rules["SUBSCRIBE"] = serving()  # type: ignore[assignment]
    bench.tell(granted(request) if first == "answer" else told(request))
    assert bench.peer.last("SUBSCRIBE").expires == 0
    assert bench.peer.last("SUBSCRIBE").to.tag == "sub"
    assert bench.line.gone


def test_subscriptions_begin_anew_with_a_new_connection() -> None:
    bench = watching()
    bench.wire.cut(bench.box)
    bench.advance(4)
    first, second = asked(bench)
    assert first.call_id != second.call_id
    notify(bench)
    assert seen(bench) == [Availability.BUSY]


# -- asking once


def fetching(rule: Any) -> tuple[Bench, Subscription, list[Message]]:
    """A line that asks once how things are, and what it is told."""
    bench, came = Bench(Peer(SUBSCRIBE=rule)), list[Message]()
    topic = Topic("presence", ANNA.uri, (PIDF,), expires=0)
    subscription = Subscription(bench.line, Letterbox(), topic, lambda kind, message, now: came.append(message))
    subscription.start(bench.now)
    bench.settle()
    return bench, subscription, came


@pytest.mark.parametrize("state", ["terminated;reason=timeout", "active;expires=0"])
def test_line_can_ask_once(state: str) -> None:
    bench, subscription, came = fetching(lambda request: granted(request))
    request = bench.peer.last("SUBSCRIBE")
    assert request.expires == 0
    subscription.notified(told(request, state=state, body=BUSY), None, bench.now)
    assert len(came) == 1
    assert subscription.state is State.ENDED
    bench.advance(4000)
    assert len(asked(bench)) == 1


# -- voice mail

SUMMARY = b"Messages-Waiting: yes\r\nVoice-Message: 3/7 (0/1)\r\n"
SUMMARY_TYPE = "application/simple-message-summary"


def test_mailbox_is_subscribed_where_one_is_set() -> None:
    bench = watching(contacts=(), user_mailbox1="*97")
    request = bench.peer.last("SUBSCRIBE")
    assert request.headers.get("Event") == "message-summary"
    assert request.headers.get("Accept") == SUMMARY_TYPE
    notify(bench, body=(SUMMARY_TYPE, SUMMARY))
    assert bench.box.of(MailboxChanged) == [MailboxChanged(1, True, 3, 7)]


def unasked(bench: Bench, body: bytes) -> None:
    """A message summary that nobody has subscribed to."""
    headers = (("Event", "message-summary"), ("Subscription-State", "active"))
    bench.tell(bench.peer.make("NOTIFY", *headers, body=(SUMMARY_TYPE, body)))


def test_mailbox_that_nobody_asked_for_is_heard_as_well() -> None:
    bench = Bench()
    unasked(bench, SUMMARY)
    assert bench.peer.answers("NOTIFY") == [200]
    assert bench.box.of(MailboxChanged)[-1].new == 3


@pytest.mark.parametrize("body", [b"", b"\xff" * 20, b"Voice-Message: x/y", b"Voice-Message: " + b"9" * 5000 + b"/1"])
def test_mailbox_that_cannot_be_read_harms_nothing(body: bytes) -> None:
    bench = Bench(Peer())
    unasked(bench, body)
    assert bench.peer.answers("NOTIFY") == [200]


def test_anna_is_who_is_watched() -> None:
    assert asked(watching())[0].headers.get("To") == f"<{ANNA.uri}>"
