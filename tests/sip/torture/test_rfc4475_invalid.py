"""RFC 4475 3.1.2 at the parser: what is refused there, what is forgiven, and what is answered later."""

from __future__ import annotations

import pytest

from snomtui.errors import MalformedMessage
from snomtui.line.methods import SERVICE
from snomtui.sip.message import Request, Response
from snomtui.sip.stream import Framer, Read, Trouble, datagram
from snomtui.sip.validity import answer_as_it_is, refusal, refusal_of_trouble
from tests.sip.torture.invalid import MESSAGES

UNREADABLE = [
    ("3.1.2.2", "clerr", 400),
    ("3.1.2.3", "ncl", 400),
    ("3.1.2.4", "scalar02", 400),
    ("3.1.2.6", "quotbal", 400),
    ("3.1.2.8", "lwsruri", 400),
    ("3.1.2.9", "lwsstart", 400),
    ("3.1.2.10", "trws", 400),
    ("3.1.2.16", "badvers", 505),
    ("3.1.2.17", "mismatch01", 400),
    ("3.1.2.18", "mismatch02", 501),
]
"""What no reader takes for a message, and how it is answered."""
REFUSED = [("3.1.2.1", "badinv01", 400), ("3.1.2.7", "ltgtruri", 400), ("3.1.2.11", "escruri", 400)]
"""What can be read but not served."""
FORGIVEN = [("3.1.2.12", "baddate"), ("3.1.2.14", "badaspec"), ("3.1.2.15", "baddn")]
"""Where the RFC lets a reader be liberal, we are."""


def trouble(read: Read | None) -> Trouble:
    """What was read must be trouble."""
    assert isinstance(read, Trouble), read
    return read


def request(name: str) -> Request:
    """A message that must be readable."""
    message = datagram(MESSAGES[name])
    assert isinstance(message, Request), message
    return message


@pytest.mark.parametrize(("section", "name", "status"), UNREADABLE)
def test_unreadable_request_is_saved_far_enough_to_be_answered(section: str, name: str, status: int) -> None:
    found = trouble(datagram(MESSAGES[name]))
    assert found.request is not None
    refused = refusal_of_trouble(found.request, found.error.status, SERVICE)
    answer = answer_as_it_is(found.request, refused)
    assert answer.status == refused.status == status
    for header in ("Via", "From", "Call-ID", "CSeq"):
        assert answer.headers.all(header) == found.request.headers.all(header)
    again = trouble(datagram(MESSAGES[name])).request
    assert again is not None and bytes(answer_as_it_is(again, refused)) == bytes(answer)


@pytest.mark.parametrize(("section", "name", "status"), REFUSED)
def test_readable_request_that_is_wrong_is_refused(section: str, name: str, status: int) -> None:
    refused = refusal(request(name), SERVICE)
    assert refused is not None and refused.status == status


@pytest.mark.parametrize(("section", "name"), FORGIVEN)
def test_small_faults_are_forgiven(section: str, name: str) -> None:
    assert refusal(request(name), SERVICE) is None


def test_3_1_2_14_and_15_badaspec_and_baddn_mean_what_their_writer_meant() -> None:
    assert (request("badaspec").to.name, str(request("badaspec").to.uri)) == (
        "Watson, Thomas",
        "sip:t.watson@example.org",
    )
    assert (request("baddn").from_.name, request("baddn").from_.tag) == ("Bell, Alexander", "43")
    assert str(request("baddn").to) == '"Watson, Thomas" <sip:t.watson@example.org>'


def test_3_1_2_13_regbadct_a_contact_with_headers_needs_brackets() -> None:
    with pytest.raises(MalformedMessage):
        request("regbadct").contacts  # noqa: B018  reading is the check


@pytest.mark.parametrize(("section", "name"), [("3.1.2.5", "scalarlg"), ("3.1.2.19", "bigcode")])
def test_bad_response_is_dropped_silently(section: str, name: str) -> None:
    assert trouble(datagram(MESSAGES[name])).request is None


@pytest.mark.parametrize(("section", "name"), [("3.1.2.3", "ncl")])
def test_stream_ends_where_nobody_can_tell_how_long_a_message_is(section: str, name: str) -> None:
    found = trouble(Framer().feed(MESSAGES[name])[0])
    assert found.fatal and found.request is not None


def test_3_1_2_2_clerr_a_stream_waits_for_the_rest_of_the_body() -> None:
    framer = Framer()
    assert framer.feed(MESSAGES["clerr"]) == []
    (message,) = framer.feed(b"x" * 9999)[:1]
    assert isinstance(message, Request) and len(message.body) == 9999


@pytest.mark.parametrize("name", sorted(set(MESSAGES) - {"clerr", "ncl"}))
def test_bad_message_costs_a_stream_itself_only(name: str) -> None:
    good = (
        b"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP c;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
    )
    good += b"Call-ID: good\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    reads = Framer().feed(MESSAGES[name] + good)
    last = reads[-1]
    assert len(reads) == 2 and isinstance(last, Request) and last.call_id == "good"
    assert isinstance(reads[0], Request | Response | Trouble)
