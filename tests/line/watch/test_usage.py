"""The dialog of a subscription."""

from __future__ import annotations

import pytest

from snomtui.line.watch.usage import Usage
from snomtui.sip.headers import Headers
from snomtui.sip.message import Request
from tests.line.notifiers import granted, told

FIRST = Request(
    "SUBSCRIBE",
    "sip:anna@example.org",
    Headers.of(
        ("Via", "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK-1"),
        ("From", "<sip:heiko@example.org>;tag=ours"),
        ("To", "<sip:anna@example.org>"),
        ("Call-ID", "c1"),
        ("CSeq", "3 SUBSCRIBE"),
        ("Contact", "<sip:heiko@127.0.0.1>"),
        ("Event", "presence"),
        ("Expires", "600"),
    ),
)


def bound(tag: str = "sub", cseq: int = 5) -> Usage:
    """A dialog that a NOTIFY has made."""
    usage = Usage("presence")
    usage.told(FIRST, told(FIRST, tag=tag, cseq=cseq))
    return usage


def test_first_notify_makes_the_dialog_and_our_requests_count_on() -> None:
    usage = bound("one")
    assert usage.dialog is not None
    request = usage.dialog.request("SUBSCRIBE", "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK-2")
    assert (request.to.tag, request.from_.tag, request.cseq.number) == ("one", "ours", 4)
    assert request.uri == "sip:server@127.0.0.1:5060"


def test_notifier_other_than_the_one_that_answered_is_the_one_that_counts() -> None:
    usage = Usage("presence")
    usage.accepted(FIRST, granted(FIRST))
    usage.told(FIRST, told(FIRST, tag="fork"))
    usage.accepted(FIRST, granted(FIRST))
    assert usage.dialog is not None
    assert usage.dialog.remote.tag == "fork"


@pytest.mark.parametrize(
    ("notify", "counted", "status"),
    [
        (told(FIRST, cseq=6), True, 0),
        (told(FIRST, cseq=5), True, 0),
        (told(FIRST, cseq=4), True, 500),
        (told(FIRST, cseq=4), False, 0),
        (told(FIRST, cseq=6, tag="other"), True, 481),
        (told(FIRST, cseq=6, event="dialog"), True, 489),
        (told(FIRST, cseq=6, event="presence;id=1"), True, 481),
    ],
)
def test_notify_is_refused_for_what_is_wrong_with_it(notify: Request, counted: bool, status: int) -> None:
    assert bound().objection(notify, counted) == status


def test_notify_without_event_is_taken_for_ours() -> None:
    notify = told(FIRST, cseq=6)
    assert bound().objection(notify.with_headers(notify.headers.without("Event")), True) == 0
