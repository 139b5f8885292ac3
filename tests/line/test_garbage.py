"""Whatever comes over the connection, the line goes on and nothing is raised."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.sip.message import Request, respond
from tests.line.callers import UDP, answered, inside, talking
from tests.line.peer import Bench, Peer, accepted, says, sdp

WORDS = [
    b"INVITE", b"SIP/2.0", b"sip:a@b", b" ", b"\r\n", b"\n", b":", b"Via", b"Contact: <sip:[>", b"\0", b"\xff\xfe",
    b"Content-Length: 99999999999999999999", b"Content-Length: -1", b"CSeq: 1 INVITE", b"To: ;;;", b"From: \"", b"<",
    b"SIP/2.0 200 OK", b"SIP/2.0 999 ", b"Event: presence", b"Subscription-State: terminated", b"\xc2\xb2",
]  # fmt: skip


def alive(bench: Bench) -> None:
    """The line still registers and takes calls."""
    bench.peer.rules["REGISTER"] = Peer().rules["REGISTER"]
    bench.advance(400)
    assert bench.registration.state == "registered"
    invite = bench.peer.invite(call_id="still-alive")
    bench.settle()
    assert [answer.status for answer in bench.peer.responses if answer.call_id == invite.call_id] == [180]


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_random_bytes_never_stop_the_line(transport: str, data: bytes) -> None:
    bench = Bench(user_outbound1=f"127.0.0.1:5060;transport={transport}")
    bench.tell(data)
    alive(bench)


@given(st.lists(st.sampled_from(WORDS), max_size=40))
@settings(max_examples=80, deadline=None)
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_pieces_of_sip_never_stop_the_line(transport: str, words: list[bytes]) -> None:
    bench = Bench(user_outbound1=f"127.0.0.1:5060;transport={transport}")
    bench.tell(b"".join(words))
    alive(bench)


ODD = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=60)
NAMES = ["Via", "From", "To", "Contact", "CSeq", "Call-ID", "Require", "Record-Route", "Content-Type", "Event",
         "Subscription-State", "P-Asserted-Identity", "Expires", "Authorization", "Reason", "RSeq", "RAck",
         "Session-Expires", "Min-SE", "Retry-After", "Warning", "Allow", "Supported", "Info-Package",
         "Replaces"]  # fmt: skip
METHODS = ["INVITE", "NOTIFY", "BENOTIFY", "BYE", "CANCEL", "ACK", "MESSAGE", "REFER", "UPDATE", "OPTIONS", "PRACK",
           "INFO"]  # fmt: skip


@given(st.sampled_from(METHODS), st.sampled_from(NAMES), ODD)
@settings(max_examples=200, deadline=None)
def test_odd_headers_of_requests_never_stop_the_line(method: str, name: str, value: str) -> None:
    bench = Bench(Peer(INVITE=accepted, BYE=says(200)), user_outbound1="127.0.0.1:5060;transport=udp")
    request = bench.peer.make(method, ("Contact", "<sip:anna@127.0.0.1>"), body=("application/sdp", sdp()))
    bench.tell(Request(method, request.uri, request.headers.with_(name, value), request.body))
    bench.advance(1)
    for call in bench.line.calls:
        call.hang_up(bench.now)
    bench.settle()
    bench.advance(70)
    bench.no_port_leaks()
    alive(bench)


@given(st.sampled_from(NAMES), ODD, st.sampled_from([180, 183, 200, 202, 302, 401, 407, 423, 481, 500]))
@settings(max_examples=200, deadline=None)
def test_odd_answers_never_stop_the_line(name: str, value: str, status: int) -> None:
    bench = Bench(Peer(BYE=says(200)))

    def rule(request: Request) -> object:
        answer = respond(request, status, tag="odd", headers=[("Contact", "<sip:x@127.0.0.1>")])
        return answer.with_body("application/sdp", sdp()).with_(name, value)

    bench.peer.rules["INVITE"] = bench.peer.rules["REGISTER"] = rule  # type: ignore[assignment]
    bench.dial()
    bench.advance(201)
    for call in bench.line.calls:
        call.hang_up(bench.now)
    bench.settle()
    bench.advance(70)
    bench.no_port_leaks()
    alive(bench)


def test_messages_that_come_in_small_pieces_are_read() -> None:
    bench = Bench()
    data = bytes(bench.peer.make("OPTIONS"))
    for at in range(len(data)):
        bench.tell(data[at : at + 1])
    assert bench.peer.answers("OPTIONS") == [200]


def test_good_message_before_bytes_that_are_no_sip_is_answered() -> None:
    bench = Bench()
    bench.tell(bytes(bench.peer.make("OPTIONS")) + b"x world\r\n\r\n")
    assert bench.peer.answers("OPTIONS") == [200]
    alive(bench)


def test_bytes_that_are_no_sip_cost_the_connection_only() -> None:
    bench = Bench()
    bench.tell(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500)
    assert bench.registration.state == "waiting"
    assert bench.peer.downs
    alive(bench)


@pytest.mark.parametrize(
    "data",
    [
        b"INVITE sip:a@b SIP/2.0\r\n" + b"X: " + b"y" * 10_000_000,
        b"NOTIFY sip:a@b SIP/2.0\r\nContent-Length: 2000000000\r\n\r\n",
        b"\r\n" * 50_000,
        b"INVITE sip:a@b SIP/2.0\r\n" + b"Via: x\r\n" * 20_000 + b"\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nVia: " + b"SIP/2.0/TCP a;branch=b," * 10_000 + b"\r\n\r\n",
    ],
)
def test_huge_things_never_stop_the_line(data: bytes) -> None:
    bench = Bench()
    bench.tell(data)
    alive(bench)


def test_huge_session_description_is_refused_quickly() -> None:
    bench = Bench()
    body = b"v=0\r\n" + b"m=audio 1 RTP/AVP 8\r\n" * 9000
    bench.peer.invite(body=body)
    bench.settle()
    assert bench.peer.answers("INVITE")[0] in (180, 488)


def test_flood_of_calls_is_answered_and_leaks_nothing() -> None:
    bench = Bench(Peer(BYE=says(200)))
    for number in range(300):
        bench.peer.invite(call_id=f"flood-{number}")
    bench.settle()
    bench.line.calls.hang_up_all(bench.now)
    bench.advance(70)
    bench.no_port_leaks()


def test_message_with_flipped_bits_never_stops_the_line() -> None:
    luck = Random(3)
    bench = Bench(user_outbound1="127.0.0.1:5060;transport=udp")
    for number in range(300):
        data = bytearray(bytes(bench.peer.make("INVITE", body=("application/sdp", sdp()), call_id=f"bits-{number}")))
        for _ in range(luck.randrange(1, 6)):
            data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
        bench.tell(bytes(data))
    bench.line.calls.hang_up_all(bench.now)
    bench.advance(70)
    bench.no_port_leaks()
    alive(bench)


CALL_HEADERS = ["Contact", "Require", "RSeq", "RAck", "Session-Expires", "Min-SE", "Supported", "Allow", "Reason",
                "Retry-After", "Content-Type", "CSeq", "Record-Route", "Info-Package", "Refer-To"]  # fmt: skip
INSIDE = ["INVITE", "UPDATE", "PRACK", "INFO", "BYE", "ACK", "REFER", "NOTIFY", "OPTIONS", "CANCEL"]
BODIES = [
    b"",
    sdp(),
    sdp("sendonly"),
    sdp(codecs="G729", dtmf=False),
    b"v=0\r\nm=audio 1 RTP/AVP\r\n",
    b"\xff\0rubbish",
]
Blow = tuple[str, str, str, bytes, int]


@given(
    st.booleans(),
    st.lists(
        st.tuples(
            st.sampled_from(INSIDE), st.sampled_from(CALL_HEADERS), ODD, st.sampled_from(BODIES), st.integers(0, 9)
        ),
        max_size=8,
    ),
)
@settings(max_examples=150, deadline=None)
def test_odd_requests_inside_a_call_never_stop_the_line(ours: bool, blows: list[Blow]) -> None:
    one, invite = (talking(user_outbound1=UDP), None) if ours else answered(user_outbound1=UDP)
    for method, name, value, body, cseq in blows:
        request = inside(one, method, invite, cseq=cseq, body=("application/sdp", body) if body else None)
        one.tell(Request(method, request.uri, request.headers.with_(name, value), request.body))
        one.advance(0.3)
    for call in one.line.calls:
        call.hang_up(one.now)
    one.settle()
    one.advance(100)
    assert not list(one.line.calls)
    one.no_port_leaks()


@given(
    st.lists(
        st.tuples(
            st.sampled_from([100, 180, 183, 199, 200, 302, 305, 422, 487, 491, 503, 603]),
            st.sampled_from(["a", "b", ""]),
            st.sampled_from(BODIES),
            st.integers(0, 4),
            st.sampled_from(["<sip:x@127.0.0.1>", "<sip:y@example.net>;q=0.5", "<tel:+49>", "", "<sip:[>"]),
        ),
        max_size=10,
    ),
    st.integers(0, 10),
)
@settings(max_examples=200, deadline=None)
def test_answers_in_any_order_never_leave_a_call_behind(
    answers: list[tuple[int, str, bytes, int, str]], taken_back: int
) -> None:
    one = Bench(Peer(BYE=says(200), PRACK=says(200)), user_outbound1=UDP)
    one.dial()
    for at, (status, tag, body, number, contact) in enumerate(answers):
        headers = [("Contact", contact), *([("Require", "100rel"), ("RSeq", str(number))] if number else [])]
        part = ("application/sdp", body) if body else None
        one.tell(respond(one.peer.last("INVITE"), status, tag=tag or None, headers=headers, body=part))
        if at == taken_back and list(one.line.calls):
            one.hang_up()
    for call in one.line.calls:
        call.hang_up(one.now)
    one.settle()
    one.advance(100)
    assert not list(one.line.calls)
    assert not [ack for ack in one.peer.asked("ACK") if ack.cseq.number > one.peer.last("INVITE").cseq.number]
    one.no_port_leaks()
