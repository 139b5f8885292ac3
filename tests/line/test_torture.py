"""Every message of RFC 4475 and RFC 5118 on a phone's connection: what it answers, and that it lives on.

The answers go where the top Via says (RFC 3261 18.2.2), so they are read off the wire, not at the server.
"""

from __future__ import annotations

import re

import pytest

from snomtui.line.events import MessageCame
from snomtui.sip.message import Response, parse
from tests.line.callers import bench
from tests.line.peer import Bench, accepted
from tests.sip.torture import invalid, ipv6, semantics, valid

MESSAGES = {**valid.MESSAGES, **invalid.MESSAGES, **semantics.MESSAGES, **ipv6.MESSAGES}

OUTCOMES: dict[str, tuple[str, list[int]]] = {
    "wsinv": ("3.1.1.1", [481]),  # its To has a tag: a dialog that we do not know
    "intmeth": ("3.1.1.2", [501]),
    "esc01": ("3.1.1.3", [180]),
    "escnull": ("3.1.1.4", [405]),
    "esc02": ("3.1.1.5", [501]),
    "lwsdisp": ("3.1.1.6", [200]),
    "longreq": ("3.1.1.7", [180]),
    "dblreq": ("3.1.1.8", [405]),
    "semiuri": ("3.1.1.9", [200]),
    "transports": ("3.1.1.10", [200]),
    "mpart01": ("3.1.1.11", [200]),
    "unreason": ("3.1.1.12", []),
    "noreason": ("3.1.1.13", []),
    "badinv01": ("3.1.2.1", [400]),
    "clerr": ("3.1.2.2", [400]),
    "ncl": ("3.1.2.3", [400]),
    "scalar02": ("3.1.2.4", [400]),
    "scalarlg": ("3.1.2.5", []),
    "quotbal": ("3.1.2.6", [400]),
    "ltgtruri": ("3.1.2.7", [400]),
    "lwsruri": ("3.1.2.8", [400]),
    "lwsstart": ("3.1.2.9", [400]),
    "trws": ("3.1.2.10", [400]),
    "escruri": ("3.1.2.11", [400]),
    "baddate": ("3.1.2.12", [180]),  # a bad Date is ignored
    "regbadct": ("3.1.2.13", [405]),  # a phone is no registrar, whatever is in the Contact
    "badaspec": ("3.1.2.14", [200]),  # blanks inside of the brackets are forgiven
    "baddn": ("3.1.2.15", [200]),  # so are missing quotation marks
    "badvers": ("3.1.2.16", [505]),
    "mismatch01": ("3.1.2.17", [400]),
    "mismatch02": ("3.1.2.18", [501]),
    "bigcode": ("3.1.2.19", []),
    "badbranch": ("3.2.1", [200]),
    "insuf": ("3.3.1", [400]),
    "unkscm": ("3.3.2", [416]),
    "novelsc": ("3.3.3", [416]),
    "unksm2": ("3.3.4", [405]),
    "bext01": ("3.3.5", [420]),
    "invut": ("3.3.6", [415]),
    "regaut01": ("3.3.7", [405]),
    "multi01": ("3.3.8", [400]),
    "mcl01": ("3.3.9", [400]),
    "bcast": ("3.3.10", []),
    "zeromf": ("3.3.11", [200]),  # Max-Forwards concerns those who forward
    "cparam01": ("3.3.12", [405]),
    "cparam02": ("3.3.13", [405]),
    "regescrt": ("3.3.14", [405]),
    "sdp01": ("3.3.15", [406]),
    "inv2543": ("3.4.1", [180]),
    "ipv6-good": ("5118 4.1", [405]),
    "ipv6-bad": ("5118 4.2", [400]),
    "port-ambiguous": ("5118 4.3", [405]),
    "port-unambiguous": ("5118 4.4", [405]),
    "via-received-param-with-delim": ("5118 4.5", [481]),
    "via-received-param-no-delim": ("5118 4.5", [200]),
    "ipv6-in-sdp": ("5118 4.6", [488]),  # well read, but G.726 is no codec of ours
    "mult-ip-in-header": ("5118 4.7", [481]),
    "mult-ip-in-sdp": ("5118 4.8", [180]),
    "ipv4-mapped-ipv6": ("5118 4.9", [488]),
    "ipv6-bug-abnf-3-colons": ("5118 4.10", [200]),
    "ipv6-correct-abnf-2-colons": ("5118 4.10", [200]),
}
"""Section, and the statuses of the answers at once over UDP."""
ON_A_STREAM = {
    "dblreq": [405, 488],  # there it is two requests, and the offer of the second one is cut off where its length says
    "clerr": [],  # the rest of its body may still come
    "inv2543": [400],  # a body of unknown length
}
"""What is different over TCP."""
ENDS_THE_STREAM = ("ncl", "mcl01", "inv2543")
"""Where a message ends cannot be told, so the connection is given up."""


def one_line(transport: str) -> Bench:
    """A registered line over this transport."""
    return bench(user_outbound1=f"127.0.0.1:5060;transport={transport}")


def answers(one: Bench, since: int) -> list[Response]:
    """What the line has answered since then."""
    said = [each.data for each in one.wire.said[since:] if each.sender == "line" and each.data.startswith(b"SIP/2.0 ")]
    heads = [data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" for data in said]
    made = [parse(head.replace(b"Content-Length", b"X-Length")) for head in heads]
    return [each for each in made if isinstance(each, Response)]


def send(one: Bench, name: str) -> list[Response]:
    """Put a message on the wire; what comes back at once."""
    since = len(one.wire.said)
    one.tell(MESSAGES[name])
    return answers(one, since)


def alive(one: Bench) -> None:
    """The line registers, takes a call and makes one."""
    one.line.calls.hang_up_all(one.now)
    one.advance(700)
    assert one.registration.state == "registered"
    invite = one.peer.invite(call_id="still-alive")
    one.settle()
    assert [answer.status for answer in one.peer.responses if answer.call_id == invite.call_id] == [180]
    one.line.calls.hang_up_all(one.now)
    one.settle()
    one.peer.rules["INVITE"] = accepted
    id = one.dial()
    assert one.calls(id) == ["dialling", "talking"]


def test_every_message_of_both_rfcs_has_its_outcome() -> None:
    assert list(OUTCOMES) == list(MESSAGES) and len(MESSAGES) == 49 + 12


@pytest.mark.parametrize("name", MESSAGES)
def test_phone_answers_as_the_rfc_says_over_udp(name: str) -> None:
    one = one_line("udp")
    section, statuses = OUTCOMES[name]
    assert [answer.status for answer in send(one, name)] == statuses, section
    assert one.registration.state == "registered"


@pytest.mark.parametrize("name", MESSAGES)
def test_phone_answers_as_the_rfc_says_over_tcp(name: str) -> None:
    one = one_line("tcp")
    section, statuses = OUTCOMES[name]
    assert [answer.status for answer in send(one, name)] == ON_A_STREAM.get(name, statuses), section
    assert bool(one.peer.downs) == (name in ENDS_THE_STREAM)


def test_phone_that_got_them_all_over_udp_still_registers_and_calls() -> None:
    one = one_line("udp")
    for name in MESSAGES:
        send(one, name)
    alive(one)


def test_phone_that_got_them_all_over_tcp_still_registers_and_calls() -> None:
    one = one_line("tcp")
    for name in [*(name for name in MESSAGES if name != "clerr"), "clerr"]:
        send(one, name)
        if name in ENDS_THE_STREAM:
            one.line.calls.hang_up_all(one.now)
            one.advance(700)
            assert one.registration.state == "registered"
    alive(one)


@pytest.mark.parametrize("name", [name for name, (_, statuses) in OUTCOMES.items() if statuses and statuses[0] >= 300])
def test_repeated_request_gets_the_same_refusal_again(name: str) -> None:
    one = one_line("udp")
    first, again = send(one, name), send(one, name)
    assert [bytes(answer) for answer in first] == [bytes(answer) for answer in again]
    to = first[0].headers.get("To") or ""
    assert bool(re.search(r";\s*tag\s*=", to)) == (name != "insuf")


@pytest.mark.parametrize("name", ["badinv01", "quotbal", "lwsruri", "ltgtruri", "escruri", "multi01", "invut", "sdp01"])
def test_ack_to_a_refusal_is_never_answered(name: str) -> None:
    one = one_line("udp")
    (refused,) = send(one, name)
    lines = [line for line in MESSAGES[name].partition(b"\r\n\r\n")[0].split(b"\r\n") if not line.startswith(b"To:")]
    to = b"To: " + (refused.headers.get("To") or "").encode()
    data = b"\r\n".join([lines[0].replace(b"INVITE", b"ACK", 1), *lines[1:], to]).replace(b" INVITE", b" ACK")
    since = len(one.wire.said)
    one.tell(data.replace(b"Content-Length: 1", b"X: 1").replace(b"l: 1", b"X: 1") + b"\r\nContent-Length: 0\r\n\r\n")
    one.advance(40)
    assert [bytes(answer) for answer in answers(one, since) if answer.cseq.method == "ACK"] == []


def test_3_1_2_2_clerr_a_message_without_an_end_costs_the_connection() -> None:
    one = one_line("tcp")
    send(one, "clerr")
    one.advance(31)
    assert one.peer.downs == [] and one.opened == 1
    one.advance(2)
    assert len(one.peer.downs) == 1
    one.advance(60)
    assert one.opened == 2 and one.registration.state == "registered"


def test_3_1_1_11_mpart01_shows_its_readable_part() -> None:
    one = one_line("udp")
    send(one, "mpart01")
    assert one.box.of(MessageCame) == [MessageCame("sip:fluffy@example.com", "Hello")]


def test_3_4_1_inv2543_call_of_an_old_phone_is_taken_up() -> None:
    one = one_line("udp")
    send(one, "inv2543")
    call = one.line.calls.find("1-1")
    assert call is not None
    since = len(one.wire.said)
    call.answer(one.now)
    one.settle()
    (answer,) = answers(one, since)
    assert answer.status == 200 and answer.to.tag and answer.headers.get("Record-Route")
    ack = MESSAGES["inv2543"].partition(b"Content-Type")[0].replace(b"INVITE", b"ACK")
    one.tell(ack.replace(b"user=phone\r\nCall-ID", f"user=phone;tag={answer.to.tag}\r\nCall-ID".encode()) + b"\r\n")
    assert one.calls() == ["offered", "talking"]
