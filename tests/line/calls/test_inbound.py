"""What nobody has asked for: requests outside of every dialog."""

from __future__ import annotations

import pytest

from snomtui.errors import LocalError
from snomtui.line.events import MessageCame
from tests.line.peer import Bench, Peer, accepted, says, sdp


@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("OPTIONS", 200),
        ("BYE", 481),
        ("INFO", 481),
        ("UPDATE", 481),
        ("NOTIFY", 481),
        ("PRACK", 481),
        ("SUBSCRIBE", 405),
        ("PUBLISH", 405),
        ("REGISTER", 405),
        ("DANCE", 501),
    ],
)
def test_requests_outside_of_a_dialog_are_answered(method: str, status: int) -> None:
    bench = Bench()
    bench.tell(bench.peer.make(method))
    assert bench.peer.answers(method) == [status]
    answer = bench.peer.answered(method)
    assert answer.to.tag
    assert ("INVITE" in (answer.headers.get("Allow") or "")) == (status in (200, 405, 501))


@pytest.mark.parametrize("method", ["INVITE", "BYE", "INFO", "NOTIFY", "UPDATE", "MESSAGE", "OPTIONS"])
def test_requests_in_a_dialog_that_is_not_there_get_481(method: str) -> None:
    bench = Bench()
    bench.tell(bench.peer.make(method, to="<sip:heiko@example.org>;tag=unknown"))
    assert bench.peer.answers(method) == [481]


def test_ack_for_nothing_is_never_answered() -> None:
    bench = Bench()
    bench.tell(bench.peer.make("ACK"), bench.peer.make("ACK", to="<sip:heiko@example.org>;tag=unknown"))
    assert bench.peer.responses == []


def test_benotify_is_never_answered() -> None:
    bench = Bench()
    bench.tell(bench.peer.make("BENOTIFY", ("Event", "presence")))
    assert bench.peer.responses == []


def test_answer_that_fits_nothing_is_ignored() -> None:
    bench = Bench()
    bench.tell(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 1.2.3.4;branch=z9hG4bK-x\r\nFrom: <sip:a@b>;tag=1\r\n"
               b"To: <sip:a@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n")  # fmt: skip
    assert bench.registration.state == "registered"
    assert bench.peer.responses == []


def thrown_out(event: str) -> Bench:
    """A phone at an OCS that has ended its registration."""
    bench = Bench(user_server_type1="ocs")
    body = ("text/registration-event", f"deregistered;event={event}\r\n".encode())
    bench.tell(bench.peer.make("NOTIFY", ("Event", "registration-notify"), ("Subscription-State", "active"), body=body))
    return bench


@pytest.mark.parametrize(("event", "why"), [("rejected", "locked"), ("unregistered", "elsewhere")])
def test_phone_that_is_not_wanted_back_does_not_come_back_at_once(event: str, why: str) -> None:
    bench = thrown_out(event)
    assert bench.peer.answers("NOTIFY") == [200]
    assert (bench.registration.state, bench.registration.retry_in) == ("refused", 300)
    assert why in bench.registration.reason
    before = len(bench.peer.asked("REGISTER"))
    bench.advance(290)
    assert len(bench.peer.asked("REGISTER")) == before
    bench.advance(20)
    assert bench.registration.state == "registered"


@pytest.mark.parametrize("event", ["rejected", "unregistered"])
def test_phone_that_is_thrown_out_twice_waits_once(event: str) -> None:
    bench = thrown_out(event)
    body = ("text/registration-event", f"deregistered;event={event}".encode())
    bench.tell(bench.peer.make("NOTIFY", ("Event", "registration-notify"), ("Subscription-State", "active"), body=body))
    assert (bench.registration.state, bench.registration.retry_in) == ("refused", 300)


@pytest.mark.parametrize("event", ["deactivated", "something"])
def test_server_that_throws_the_phone_out_for_a_while_is_asked_again_soon(event: str) -> None:
    bench = thrown_out(event)
    assert bench.peer.answers("NOTIFY") == [200]
    assert bench.registration.state == "waiting"
    assert bench.registration.reason
    bench.advance(4)
    assert bench.registration.state == "registered"


def test_stranger_cannot_end_a_registration_where_no_ocs_is() -> None:
    bench = Bench()
    body = ("text/registration-event", b"deregistered;event=rejected")
    bench.tell(bench.peer.make("NOTIFY", ("Event", "registration-notify"), ("Subscription-State", "active"), body=body))
    assert bench.peer.answers("NOTIFY") == [481]
    assert bench.registration.state == "registered"


def test_calls_have_ids_of_their_own() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = says(486)
    ids = [bench.dial(), bench.dial()]
    bench.peer.invite(body=sdp(), call_id="in")
    bench.settle()
    assert ids == ["1-1", "1-2"]
    assert [call.id for call in bench.line.calls] == ["1-3"]


def test_ping_is_answered_with_a_pong() -> None:
    bench = Bench()
    before = len(bench.wire.said)
    bench.tell(b"\r\n\r\n")
    assert [said.data for said in bench.wire.said[before:] if said.sender == "line"] == [b"\r\n"]


def test_line_keeps_a_connection_alive_as_the_server_asks() -> None:
    bench = Bench()
    bench.peer.rules["REGISTER"] = says(
        200, ("Expires", "3600"), ("ms-keep-alive", "UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300")
    )
    bench.line.start(bench.now)
    bench.advance(1150)
    assert bench.peer.pings == 4
    bench.line.leave(bench.now)
    bench.advance(2000)
    assert bench.peer.pings == 4


def test_instant_message_is_told() -> None:
    one = Bench()
    one.tell(one.peer.make("MESSAGE", body=("text/plain", "Grüße".encode())))
    assert one.peer.answers("MESSAGE") == [200]
    assert one.box.of(MessageCame) == [MessageCame("sip:anna@example.org", "Grüße")]


def test_options_with_an_unknown_requirement_gets_420() -> None:
    one = Bench()
    one.tell(one.peer.make("OPTIONS", ("Require", "x-magic")))
    assert one.peer.answers("OPTIONS") == [420]
    assert one.peer.answered("OPTIONS").headers.get("Unsupported") == "x-magic"


@pytest.mark.parametrize(
    "uri",
    ["sip:bob@example.org\r\nX-Evil: 1", "sip:bob@example.org>", "bob", "", "sip:bob@example.org?X-Evil=1", "sip:"],
)
def test_program_cannot_call_what_is_no_uri(uri: str) -> None:
    one = Bench()
    with pytest.raises(LocalError):
        one.line.calls.dial(uri, "bob", one.now)
    one.settle()
    assert one.peer.asked("INVITE") == [] and list(one.line.calls) == [] and one.box.reserved == []


def test_copy_of_a_request_that_came_another_way_gets_482() -> None:
    one = Bench(user_outbound1="127.0.0.1:5060;transport=udp")
    invite = one.peer.invite()
    one.settle()
    copy = invite.with_("Via", "SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-another-way")
    one.tell(copy, copy)
    statuses = [(each.status, each.via.branch) for each in one.peer.responses if each.call_id == invite.call_id]
    assert statuses == [(180, invite.via.branch)] + [(482, "z9hG4bK-another-way")] * 2
    assert len(list(one.line.calls)) == 1


def test_second_request_of_the_same_dialog_is_no_copy() -> None:
    one = Bench()
    one.tell(one.peer.make("OPTIONS"), one.peer.make("OPTIONS", cseq=2), one.peer.make("MESSAGE"))
    assert one.peer.answers("OPTIONS") == [200, 200] and one.peer.answers("MESSAGE") == [200]


def test_instant_message_of_several_parts_is_told_by_its_text() -> None:
    one = Bench()
    parts = b"--b\r\nContent-Type: text/html\r\n\r\n<p>hi\r\n--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b--\r\n"
    one.tell(one.peer.make("MESSAGE", body=("multipart/alternative;boundary=b", parts)))
    assert one.box.of(MessageCame) == [MessageCame("sip:anna@example.org", "hi")]


def test_request_that_cannot_be_shown_or_understood_gets_415() -> None:
    one = Bench()
    one.tell(one.peer.make("MESSAGE", body=("image/gif", b"GIF")))
    assert one.peer.answered("MESSAGE").headers.get("Accept") == "text/plain"
    one.tell(one.peer.make("INVITE", ("Contact", "<sip:anna@127.0.0.1>"), body=("image/gif", b"GIF")))
    assert one.peer.answered("INVITE").headers.get("Accept") == "application/sdp"
    assert (one.peer.answers("MESSAGE"), one.peer.answers("INVITE")) == ([415], [415])


def test_request_of_an_unknown_scheme_gets_416_and_one_that_names_another_phone_is_served() -> None:
    one = Bench()
    one.tell(one.peer.make("OPTIONS", uri="urn:service:sos"), one.peer.make("MESSAGE", uri="sip:4711@pbx.example.net"))
    assert (one.peer.answers("OPTIONS"), one.peer.answers("MESSAGE")) == ([416], [200])


def test_answer_to_a_call_that_was_given_up_long_ago_is_acknowledged_and_ended() -> None:
    bench = Bench(Peer(BYE=says(200)), user_outbound1="127.0.0.1:5060;transport=udp")
    bench.dial()
    invite = bench.peer.last("INVITE")
    bench.advance(70)
    assert bench.call().cause == "timeout"
    for _ in range(3):
        bench.tell(accepted(invite))
    assert [request.cseq.number for request in bench.peer.asked("ACK")] == [1, 1, 1]
    assert len(bench.peer.asked("BYE")) == 1
    assert bench.peer.last("BYE").call_id == invite.call_id


def test_answer_to_a_call_that_was_never_made_is_of_no_interest() -> None:
    bench = Bench()
    bench.tell(accepted(bench.peer.make("INVITE", call_id="somebody-elses")))
    assert not bench.peer.asked("ACK")
    assert not bench.peer.asked("BYE")


def test_program_cannot_make_more_calls_than_there_may_be() -> None:
    one = Bench()
    one.line.calls.most = 2
    one.dial()
    one.dial()
    with pytest.raises(LocalError, match="There are 2 calls"):
        one.dial()
    assert len(one.box.reserved) == 2


def test_call_that_cannot_be_written_leaves_nothing_behind() -> None:
    one = Bench()
    with pytest.raises(LocalError):
        one.line.calls.dial("sip:bob@example.org", "bob", one.now, [("Subject", "a\r\nb")])
    one.settle()
    assert list(one.line.calls) == [] and one.calls() == [] and one.peer.asked("INVITE") == []
    one.no_port_leaks()
