"""Why calls are refused and ended, in words."""

from __future__ import annotations

import pytest

from snomtui.line.calls.why import causes, elsewhere, reason, refusal, said, warning
from snomtui.line.seconds import retry_after
from snomtui.sip.headers import Headers, Item
from snomtui.sip.message import Request, Response


def refused(status: int, *headers: Item, phrase: str = "") -> Response:
    """A refusal."""
    return Response(status, phrase, Headers.of(*headers))


def bye(*reasons: str) -> Request:
    """A BYE with these Reason lines."""
    return Request("BYE", "sip:a@b", Headers.of(*(("Reason", each) for each in reasons)))


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (refused(486), "Busy Here"),
        (refused(486, phrase="Beim Essen"), "Beim Essen"),
        (
            refused(488, ("Warning", '304 pbx "Media type not available"')),
            "Not Acceptable Here: Media type not available",
        ),
        (refused(488, ("Warning", "garbage")), "Not Acceptable Here"),
        (refused(503, ("Retry-After", "120 (in maintenance)")), "Service Unavailable; try again in 120 s"),
        (refused(503, ("Retry-After", "soon")), "Service Unavailable"),
        (refused(404, ("Reason", "Q.850;cause=1")), "Not Found: The number is not in use"),
        (refused(404, ("Reason", 'SIP;cause=404;text="Not Found"')), "Not Found"),
        (refused(599), "Server Failure"),
        (
            refused(403, ("ms-diagnostics", '12004;reason="The user has no permission";source="sip.ucc.de"')),
            "Forbidden: The user has no permission",
        ),
        (
            refused(488, ("ms-client-diagnostics", '52017;reason="Encryption levels do not match"')),
            "Not Acceptable Here: Encryption levels do not match",
        ),
        (refused(404, ("ms-diagnostics", '1003;reason="not found"')), "Not Found"),
        (refused(404, ("ms-diagnostics", "1003")), "Not Found"),
    ],
)
def test_refusal_is_told_in_words(response: Response, words: str) -> None:
    assert refusal(response) == words


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((), ""),
        (("Q.850;cause=16",), ""),
        (('Q.850;cause=16;text="Normal call clearing"',), ""),
        (("Q.850 ;cause=17",), "The other side is busy"),
        (('q.850;cause=200;text="Odd"',), "Odd"),
        (("SIP;cause=600",), "Busy Everywhere"),
        (("SIP;cause=200",), ""),
        (('SIP;cause=200;text="Call completed elsewhere"',), "Call completed elsewhere"),
        (('SIP ;cause=580 ;text="Precondition Failure", Q.850;cause=1',), "Precondition Failure"),
        (("Q.850;cause=16, SIP;cause=503",), "Service Unavailable"),
        ((";;;", "preemption", "Q.850;cause=x"), ""),
    ],
)
def test_reason_is_told_in_words(lines: tuple[str, ...], words: str) -> None:
    assert said(bye(*lines)) == words


@pytest.mark.parametrize(
    ("line", "so"),
    [
        ('SIP;cause=200;text="Call completed elsewhere"', True),
        ("SIP;cause=200", True),
        ('SIP;cause=487;text="Answered elsewhere"', True),
        ("SIP;cause=487", False),
        ("Q.850;cause=200", False),
    ],
)
def test_call_that_was_taken_elsewhere_is_known(line: str, so: bool) -> None:
    assert elsewhere(bye(line)) is so


def test_what_we_write_can_be_read_again() -> None:
    name, value = reason(408, 'a "quoted" text')
    assert (name, value) == ("Reason", 'SIP;cause=408;text="a \\"quoted\\" text"')
    (cause,) = causes(bye(value))
    assert (cause.protocol, cause.code, cause.text) == ("SIP", 408, 'a "quoted" text')
    assert warning(305, "192.0.2.1", "No codec") == ("Warning", '305 192.0.2.1 "No codec"')


def test_retry_after_without_a_number_is_none() -> None:
    assert retry_after(refused(500, ("Retry-After", "5;duration=3600"))) == 5
    assert retry_after(refused(500)) is None


def test_long_text_of_somebody_else_is_cut() -> None:
    assert len(said(bye(f'SIP;cause=500;text="{"x" * 5000}"'))) == 120
