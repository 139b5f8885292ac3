"""Which requests are refused before anybody looks at what they want; see also tests/sip/torture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.sip.headers import Headers
from snomtui.sip.message import Request, parse
from snomtui.sip.stream import rescue
from snomtui.sip.validity import Abilities, Refusal, answer_as_it_is, refusal, refusal_of_trouble
from tests.sip.examples import request

PHONE = Abilities(("INVITE", "ACK", "MESSAGE", "OPTIONS", "NOTIFY"), ("INVITE", "REGISTER"), ("timer",))
GIF = ("image/gif", b"GIF")
MIXED = ("multipart/mixed;boundary=b", b"--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b--\r\n")


def asked(method: str = "INVITE", uri: str = "sip:a@b", body: tuple[str, bytes] | None = None, **more: str) -> Request:
    """A request; underscores in names of headers stand for hyphens."""
    headers = request().headers.without("Content-Type").with_("CSeq", f"1 {method}")
    for name, value in more.items():
        headers = headers.with_(name.replace("_", "-"), value)
    made = Request(method, uri, headers)
    return made.with_body(*body) if body else made


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (asked(), None),
        (asked(uri="sips:a@b"), None),
        (asked(uri="tel:+4930"), None),
        (asked(uri="sip:somebody.else"), None),
        (asked(uri="urn:service:sos"), 416),
        (asked(uri="a@b"), 400),
        (asked(uri="sip:a@b?X=y"), 400),
        (asked("REGISTER"), 405),
        (asked("REGISTER", uri="urn:x:y"), 405),
        (asked("DANCE"), 501),
        (asked(Require="Timer"), None),
        (asked(Require="timer, magic"), 420),
        (asked("NOTIFY", Require="eventlist"), None),
        (asked(Via="SIP/2.0/UDP a;branch=z9hG4bKx, junk"), 400),
        (asked(body=GIF), 415),
        (asked(body=GIF, Content_Disposition="icon; Handling = Optional"), None),
        (asked(body=GIF, Content_Disposition="render;handling=required"), 415),
        (asked("OPTIONS", body=GIF), None),
        (asked(body=MIXED), None),
        (asked(body=("multipart/mixed;boundary=b", b"--b\r\n\r\nhi\r\n--b--")), 415),
        (asked(body=("application/sdp", b"v=0"), Content_Encoding="identity"), None),
        (asked(body=("application/sdp", b"v=0"), Content_Encoding="gzip"), 415),
        (asked(body=("application/sdp", b"v=0"), e="gzip"), 415),
        (asked(Content_Encoding="gzip"), None),
        (asked("MESSAGE", body=("text/html", b"x")), None),
        (asked("MESSAGE", body=MIXED), None),
        (asked("MESSAGE", body=GIF), 415),
        (asked(Accept="application/sdp;level=1, text/plain"), None),
        (asked(Accept="application/*"), None),
        (asked(Accept="*/*;q=0.1"), None),
        (asked(Accept=""), None),
        (asked(Accept="text/plain"), 406),
        (asked("OPTIONS", Accept="text/plain"), None),
        (asked(Max_Forwards="0"), None),
        (asked(Date="Fri, 01 Jan 2010 16:00:00 EST"), None),
    ],
)
def test_request_is_refused_with_the_right_status(made: Request, status: int | None) -> None:
    refused = refusal(made, PHONE)
    assert (refused.status if refused else None) == status


@pytest.mark.parametrize("name", ["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Type"])
def test_header_that_may_stand_once_is_refused_twice_unless_it_says_the_same(name: str) -> None:
    first = request().headers.get(name) or ""
    for second, status in ((first, None), (f"{first}2", 400)):
        made = Request("INVITE", "sip:a@b", request().headers.adding(name, second), b"v=0")
        refused = refusal(made, PHONE)
        assert (refused.status if refused else None) == status


@pytest.mark.parametrize(
    ("made", "header"),
    [
        (asked("DANCE"), ("Allow", "INVITE, ACK, MESSAGE, OPTIONS, NOTIFY")),
        (asked(Require="x, timer, y"), ("Unsupported", "x, y")),
        (asked(body=GIF), ("Accept", "application/sdp")),
        (asked("MESSAGE", body=GIF), ("Accept", "text/plain")),
        (asked(body=("application/sdp", b"v=0"), Content_Encoding="gzip"), ("Accept-Encoding", "identity")),
    ],
)
def test_refusal_says_what_would_be_taken(made: Request, header: tuple[str, str]) -> None:
    refused = refusal(made, PHONE)
    assert refused is not None and refused.headers == (header,)


@pytest.mark.parametrize(("method", "status", "given_back"), [
    ("INVITE", 400, 400), ("INVITE", 505, 505), ("DANCE", 400, 501), ("DANCE", 505, 505), ("REGISTER", 400, 400),
])  # fmt: skip
def test_unreadable_request_of_an_unknown_method_is_not_implemented(method: str, status: int, given_back: int) -> None:
    assert refusal_of_trouble(asked(method), status, PHONE).status == given_back


def test_answer_copies_what_is_there_and_adds_a_tag_that_stays_the_same() -> None:
    odd = Request("INVITE", "sip:a@b", Headers.of(
        ("v", "bad"), ("Via", "worse"), ("To", '"open <sip:a@b>'), ("t", "second"), ("CSeq", "many"), ("X", "y"),
    ))  # fmt: skip
    answer = answer_as_it_is(odd, Refusal(400, (("Allow", "INVITE"),), "No"))
    assert (answer.status, answer.reason) == (400, "No") and answer.headers.all("Via") == ("bad", "worse")
    assert [name for name, _ in answer.headers] == ["v", "Via", "To", "CSeq", "Allow"]
    to = answer.headers.get("To") or ""
    assert to.startswith('"open <sip:a@b>;tag=') and len(to) == len('"open <sip:a@b>;tag=') + 8
    assert bytes(answer) == bytes(answer_as_it_is(odd, Refusal(400, (("Allow", "INVITE"),), "No")))
    other = odd.with_("CSeq", "more")
    assert answer_as_it_is(other, Refusal(400)).headers.get("To") != to


def test_answer_keeps_a_tag_that_is_there() -> None:
    made = asked(To="<sip:a@b> ; Tag = mine")
    assert answer_as_it_is(made, Refusal(481)).headers.get("To") == "<sip:a@b> ; Tag = mine"


@given(st.binary(max_size=300))
def test_any_bytes_that_can_be_answered_get_a_whole_answer(data: bytes) -> None:
    saved = rescue(b"INVITE x\r\nVia: SIP/2.0/UDP a\r\nTo: " + data)
    assert saved is not None
    answer = answer_as_it_is(saved, refusal_of_trouble(saved, 400, PHONE))
    assert parse(bytes(answer)).headers.get("Via") == "SIP/2.0/UDP a"
