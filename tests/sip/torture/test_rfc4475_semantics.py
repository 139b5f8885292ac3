"""RFC 4475 3.2 to 3.4 at the parser and at the checks of RFC 3261 8.2."""

from __future__ import annotations

import pytest

from snomtui.kit.timers import Timers
from snomtui.line.methods import SERVICE
from snomtui.sip.happenings import Arrived, Cancelled, Stray
from snomtui.sip.means import Wire
from snomtui.sip.message import Request, Response, parse, respond
from snomtui.sip.stream import Framer, Trouble, datagram
from snomtui.sip.transaction import Transactions
from snomtui.sip.validity import answer_as_it_is, refusal, refusal_of_trouble
from tests.sip.torture.semantics import MESSAGES

UDP = Wire(1, False, ("192.0.2.77", 5060))
OUTCOMES = [
    ("3.2.1", "badbranch", None),
    ("3.3.2", "unkscm", 416),
    ("3.3.3", "novelsc", 416),
    ("3.3.4", "unksm2", 405),
    ("3.3.5", "bext01", 420),
    ("3.3.6", "invut", 415),
    ("3.3.7", "regaut01", 405),
    ("3.3.8", "multi01", 400),
    ("3.3.11", "zeromf", None),
    ("3.3.12", "cparam01", 405),
    ("3.3.13", "cparam02", 405),
    ("3.3.14", "regescrt", 405),
    ("3.3.15", "sdp01", 406),
    ("3.4.1", "inv2543", None),
]
"""How a phone refuses a request; None = it serves it. It is no registrar, so it refuses every REGISTER."""


def request(name: str) -> Request:
    """A message that must be readable."""
    message = datagram(MESSAGES[name])
    assert isinstance(message, Request), message
    return message


@pytest.mark.parametrize(("section", "name", "status"), OUTCOMES)
def test_request_is_refused_or_served_as_the_rfc_says(section: str, name: str, status: int | None) -> None:
    refused = refusal(request(name), SERVICE)
    assert (refused.status if refused else None) == status


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("bext01", "Unsupported", "nothingSupportsThis, nothingSupportsThisEither"),
        ("invut", "Accept", "application/sdp"),
        ("unksm2", "Allow", ", ".join(SERVICE.served)),
    ],
)
def test_refusal_tells_what_would_have_done(name: str, header: str, value: str) -> None:
    refused = refusal(request(name), SERVICE)
    assert refused is not None
    assert answer_as_it_is(request(name), refused).headers.get(header) == value


def test_3_3_1_insuf_is_answered_with_400_as_far_as_its_headers_go() -> None:
    found = datagram(MESSAGES["insuf"])
    assert isinstance(found, Trouble) and found.request is not None
    answer = answer_as_it_is(found.request, refusal_of_trouble(found.request, found.error.status, SERVICE))
    assert answer.status == 400 and answer.headers.get("CSeq") == "193942 INVITE" and "Call-ID" not in answer.headers


def test_3_3_4_unksm2_addresses_of_any_scheme_are_read() -> None:
    odd = request("unksm2")
    assert (odd.to.uri.scheme, odd.to.uri.user) == ("isbn", "2983792873")
    assert (odd.from_.uri.scheme, odd.from_.tag) == ("http", "3234233")
    assert str(odd.contacts[0].uri) == "name:John_Smith"


def test_3_3_8_multi01_is_answered_with_one_of_each_header() -> None:
    refused = refusal(request("multi01"), SERVICE)
    assert refused is not None and refused.reason.startswith("Several")
    answer = answer_as_it_is(request("multi01"), refused)
    assert [len(answer.headers.all(name)) for name in ("Via", "From", "To", "Call-ID", "CSeq")] == [1, 1, 1, 1, 1]
    assert answer.cseq.number == 5 and answer.to.tag


def test_3_3_9_mcl01_two_lengths_are_none() -> None:
    found = datagram(MESSAGES["mcl01"])
    assert isinstance(found, Trouble) and found.error.status == 400 and found.request is not None
    streamed = Framer().feed(MESSAGES["mcl01"])[0]
    assert isinstance(streamed, Trouble) and streamed.fatal


def test_3_3_10_bcast_an_answer_with_two_vias_is_not_for_us() -> None:
    transactions = Transactions(Timers())
    answer = parse(MESSAGES["bcast"])
    assert isinstance(answer, Response) and len(answer.vias) == 2
    invite = parse(
        b"INVITE sip:user@example.edu SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\r\n"
        b"From: sip:user@example.com;tag=11141343\r\nTo: sip:user@example.edu\r\n"
        b"CSeq: 35 INVITE\r\nCall-ID: bcast.0384840201234ksdfak3j2erwedfsASdf\r\n\r\n"
    )
    assert isinstance(invite, Request)
    transactions.request(invite, UDP, object(), 0.0)
    assert transactions.receive(answer, UDP, 0.0) == [Stray(answer, UDP)]


def test_3_3_12_and_13_cparam_a_parameter_without_brackets_belongs_to_the_header() -> None:
    bare, bracketed = request("cparam01").contacts[0], request("cparam02").contacts[0]
    assert "unknownparam" in bare.params and bare.uri.param("unknownparam") is None
    assert "unknownparam" not in bracketed.params and bracketed.uri.param("unknownparam") == ""


def test_3_3_14_regescrt_headers_inside_of_brackets_belong_to_the_uri() -> None:
    contact = request("regescrt").contacts[0].uri
    assert contact.headers == "Route=%3Csip:sip.example.com%3E" and contact.host == "example.com"


# -- 3.2.1 and 3.4.1: transactions without a branch of RFC 3261


def sent(data: bytes, **changes: str) -> Request:
    """The message with other header values."""
    made = parse(data)
    assert isinstance(made, Request)
    for name, value in changes.items():
        made = made.with_(name, value)
    return made


def test_3_2_1_badbranch_an_empty_branch_tells_transactions_apart_as_rfc_2543_did() -> None:
    transactions = Transactions(Timers())
    first = sent(MESSAGES["badbranch"])
    (arrived,) = transactions.receive(first, UDP, 0.0)
    assert isinstance(arrived, Arrived) and arrived.key is not None
    transactions.respond(arrived.key, respond(first, 200, tag="x"), 0.0)
    assert transactions.receive(first, UDP, 0.1) == []
    assert [each.message.start_line for each in transactions.transmit()] == ["SIP/2.0 200 OK"] * 2
    others = [sent(MESSAGES["badbranch"], CSeq="9 OPTIONS"), sent(MESSAGES["badbranch"], From="sip:z@b;tag=9")]
    assert [len(transactions.receive(other, UDP, 0.2)) for other in others] == [1, 1]


def test_3_4_1_inv2543_repeat_ack_and_cancel_find_their_invite_without_a_branch() -> None:
    transactions = Transactions(Timers())
    invite = sent(MESSAGES["inv2543"])
    assert invite.from_.tag == "" and invite.via.branch == "" and invite.body.endswith(b"RTP/AVP 0\r\n")
    assert invite.to.params.get("user") == "phone"
    (arrived,) = transactions.receive(invite, UDP, 0.0)
    assert isinstance(arrived, Arrived) and arrived.key is not None
    assert transactions.receive(invite, UDP, 0.5) == []
    cancel = Request("CANCEL", invite.uri, invite.headers.without("Content-Type")).with_("CSeq", "56 CANCEL")
    (cancelled,) = transactions.receive(cancel, UDP, 1.0)
    assert isinstance(cancelled, Cancelled) and cancelled.key == arrived.key
    refused = respond(invite, 487, tag="ours")
    transactions.respond(arrived.key, refused, 1.0)
    ack = Request("ACK", invite.uri, invite.headers.without("Content-Type")).with_("CSeq", "56 ACK")
    assert transactions.receive(ack.with_("To", refused.headers.get("To") or ""), UDP, 1.1) == []
    transactions.transmit()
    assert transactions.receive(invite, UDP, 1.2) == [] and transactions.transmit() == []
