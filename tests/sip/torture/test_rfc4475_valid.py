"""RFC 4475 3.1.1 at the parser: valid messages are read with the right meaning."""

from __future__ import annotations

import pytest

from snomtui.sip.message import Message, Request, Response
from snomtui.sip.multipart import leaves, text_of
from snomtui.sip.offer import sdp_part
from snomtui.sip.sdp import Sdp, audio
from snomtui.sip.stream import Framer, Trouble, datagram
from tests.sip.torture.valid import MESSAGES


def read(name: str) -> Message:
    """A message of section 3.1.1, which must be readable with all headers that every message needs."""
    message = datagram(MESSAGES[name])
    assert isinstance(message, Request | Response), message
    return message


def request(name: str) -> Request:
    """The same, a request."""
    message = read(name)
    assert isinstance(message, Request)
    return message


def test_3_1_1_1_wsinv_is_unfolded_and_read_in_spite_of_all_its_blanks() -> None:
    invite = request("wsinv")
    assert (invite.method, invite.target.user, invite.target.host) == ("INVITE", "vivekg", "chair-dnrc.example.com")
    assert invite.target.param("unknownparam") == "" and invite.cseq.number == 9
    assert str(invite.to) == "<sip:vivekg@chair-dnrc.example.com>;tag=1918181833n"
    assert (invite.from_.name, invite.from_.tag) == ('J Rosenberg \\"', "98asjd8")
    assert invite.headers.get("Max-Forwards") == "0068" and invite.headers.get("Subject") == ""
    assert invite.headers.get("NewFangledHeader") == "newfangled value continued newfangled value"
    assert invite.headers.get("UnknownHeaderWithUnusualValue") == ";;,,;;,;"
    assert [(via.transport, via.host, via.branch) for via in invite.vias] == [
        ("UDP", "192.0.2.2", "390skdjuw"),
        ("TCP", "spindle.example.com", "z9hG4bK9ikj8"),
        ("UDP", "192.168.255.111", "z9hG4bK30239"),
    ]
    route, contact = invite.routes[0].uri, invite.contacts[0]
    assert (route.param("lr"), route.param("unknownwith"), route.param("unknown-no-value")) == ("", "value", "")
    assert (contact.name, str(contact.uri)) == ('Quoted string ""', "sip:jdrosen@example.com")
    assert [contact.params.get(name) for name in ("newparam", "secondparam", "q")] == ["newvalue", "", "0.33"]
    plan = audio(Sdp.parse(sdp_part(invite) or b""))
    assert plan is not None and (plan.host, plan.port) == ("192.0.2.4", 49217)


def test_3_1_1_2_intmeth_every_legal_character_stands_where_it_may() -> None:
    odd = request("intmeth")
    assert odd.method == odd.cseq.method == "!interesting-Method0123456789_*+`.%indeed'~"
    assert odd.target.user == "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
    assert odd.target.password == "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
    assert odd.target.host == "example.com" and odd.via.branch == "z9hG4bK-.!%66*_+`'~"
    assert odd.call_id == "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{" and odd.from_.tag == "_token~1'+`*%!-."
    assert odd.from_.name == "token1~` token2'+_ token3*%!.-"
    assert odd.from_.params.get("fromParam''~+*_!.-%") == "работающий"
    assert odd.to.name.startswith("BEL:\x07 NUL:") and odd.to.name.endswith("DEL:\x7f")
    assert odd.headers.get("extensionHeader-!.%*+_`'~") == "\ufeff大停電"


def test_3_1_1_3_esc01_escapes_are_taken_off_once_and_nowhere_else() -> None:
    invite = request("esc01")
    assert invite.target.plain_user == "sips:user@example.com" and invite.target.host == "example.net"
    assert invite.to.uri.plain_user == "user" and invite.from_.uri.plain_user == "I have spaces"
    contact = invite.contacts[0].uri
    assert contact.plain_user == "caller" and contact.param("lr") == ""
    assert contact.param("name") == "value%41"
    assert str(contact) == "sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31"


def test_3_1_1_4_escnull_an_escaped_nul_does_not_end_a_user_name() -> None:
    register = request("escnull")
    assert register.to.uri.plain_user == "null-\0-null" and str(register.to) == "<sip:null-%00-null@example.com>"
    assert [contact.uri.plain_user for contact in register.contacts] == ["\0", "\0\0"]
    assert not register.contacts[0].uri.same(register.contacts[1].uri)


def test_3_1_1_5_esc02_a_percent_sign_is_no_escape_in_a_method_or_a_header_name() -> None:
    odd = request("esc02")
    assert odd.method == odd.cseq.method == "RE%47IST%45R" and odd.to.name == odd.from_.name == "%Z%45"
    assert odd.via.branch == "z9hG4bK209%fzsnel234"
    assert [contact.uri.user for contact in odd.contacts] == ["alias1", "alias3"]
    assert odd.headers.get("C%6Fntact") == "<sip:alias2@host2.example.com>"


def test_3_1_1_6_lwsdisp_no_blank_is_needed_before_an_angle_bracket() -> None:
    assert (request("lwsdisp").from_.name, request("lwsdisp").from_.tag) == ("caller", "323")


def test_3_1_1_7_longreq_long_values_are_read_in_full() -> None:
    invite = request("longreq")
    assert len(invite.vias) == 34 and [via.host for via in invite.vias][:2] == [
        "sip33.example.com",
        "sip32.example.com",
    ]
    assert invite.vias[-1].branch == f"very{'long' * 50}branchvalue" and invite.vias[-1].received == "192.0.2.5"
    assert invite.to.name.count("extreme") == 10 and invite.to.uri.port == 6000
    assert invite.to.uri.param(f"very{'long' * 25}parameternamewithnovalue") == ""
    assert invite.from_.tag == f"12{'982' * 50}424" and invite.call_id.count("really") == 20
    assert invite.contacts[0].uri.user == "amazinglylongcallername" * 5 and len(invite.body) == 150


def test_3_1_1_8_dblreq_what_follows_a_request_in_a_packet_is_dropped() -> None:
    register = request("dblreq")
    assert (register.method, register.body) == ("REGISTER", b"") and b"INVITE" not in bytes(register)


def test_3_1_1_8_dblreq_on_a_stream_it_is_a_second_request() -> None:
    reads = Framer().feed(MESSAGES["dblreq"])
    assert [read.method for read in reads if isinstance(read, Request)] == ["REGISTER", "INVITE"]


def test_3_1_1_9_semiuri_a_semicolon_may_stand_in_a_user_name() -> None:
    options = request("semiuri")
    assert (options.target.user, options.target.host) == ("user;par=u%40example.net", "example.com")
    assert options.target.plain_user == "user;par=u@example.net" and not options.target.params
    assert options.headers.values("Accept")[-1] == "message/sipfrag" and len(options.headers.values("Accept")) == 6


def test_3_1_1_10_transports_unknown_transports_are_read() -> None:
    assert [via.transport for via in request("transports").vias] == ["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]


def test_3_1_1_11_mpart01_parts_are_cut_out_byte_by_byte() -> None:
    message = request("mpart01")
    assert len(message.body) == 553 and message.headers.get("Identity")
    (kind, text), (other, signature) = leaves(message)
    assert (kind, text, other) == ("text/plain", b"Hello", "application/octet-stream")
    assert len(signature) == 342 and signature.startswith(b"\x30\x82\x01\x52") and signature.endswith(b"\x99\xd0\x05")
    assert text_of(message) == "Hello" and sdp_part(message) is None


def test_3_1_1_12_unreason_the_phrase_is_any_utf_8() -> None:
    answer = read("unreason")
    assert isinstance(answer, Response)
    assert (answer.status, answer.reason) == (200, "= 2**3 * 5**2 но сто девяносто девять - простое")
    assert bytes(answer).splitlines()[0] == MESSAGES["unreason"].splitlines()[0]


def test_3_1_1_13_noreason_the_phrase_may_be_empty() -> None:
    answer = read("noreason")
    assert isinstance(answer, Response) and (answer.status, answer.reason) == (100, "")


@pytest.mark.parametrize("name", MESSAGES)
def test_a_stream_reads_valid_messages_as_a_packet_does(name: str) -> None:
    data = MESSAGES[name]
    for reads in (
        Framer().feed(data),
        [each for at in range(len(data)) for each in _FRAMERS[name].feed(data[at : at + 1])],
    ):
        assert not [each for each in reads if isinstance(each, Trouble)]
        assert isinstance(reads[0], Request | Response) and reads[0].headers == read(name).headers


_FRAMERS = {name: Framer() for name in MESSAGES}
