"""Requests and responses: reading, asking, writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import LocalError, MalformedMessage, RemoteError
from snomtui.sip.fields import MOST_HOPS
from snomtui.sip.headers import Headers
from snomtui.sip.message import REASONS, CSeq, Request, Response, parse, reason_of, respond
from tests.sip.examples import INVITE, MICROSOFT, request, response

ODD = [b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"\0", b"\xa0", b"\r\n ", b"\r\n\r\n", b"\r\nl: 4", b"SIP/2.0", b"8"]
"""What makes a difference in a head."""


def test_reader_sees_the_invite_of_the_standard() -> None:
    invite = request()
    assert (invite.method, invite.uri, str(invite.target), invite.body) == (
        "INVITE",
        "sip:bob@biloxi.com",
        "sip:bob@biloxi.com",
        b"v=0\n",
    )
    assert invite.call_id == "a84b4c76e66710" and invite.cseq == CSeq(314159, "INVITE")
    assert invite.from_.name == "Alice" and invite.from_.tag == "1928301774" and invite.to.tag == ""
    assert invite.via.branch == "z9hG4bKnashds8" and invite.vias == (invite.via,)
    assert invite.content_type == "application/sdp" and invite.expires is None
    assert bytes(invite) == INVITE
    invite.check()


def test_reader_sees_the_register_of_a_microsoft_client() -> None:
    register = request(MICROSOFT)
    register.check()
    assert register.from_.params.get("epid") == "0004135a2b" and str(register.to.uri) == "sip:heiko@ucc.test"
    assert register.via.branch == "" and register.via.transport == "tls"
    assert register.headers.values("Supported")[-1] == "ms-forking" and len(register.headers.values("Supported")) == 4
    contact = register.contacts[0]
    assert contact.params.get("+sip.instance") == "<urn:uuid:99e6f9d6-759c-5e9f-a994-0cf1b71dc3de>"
    assert contact.uri.params.get("ms-received-cid") == "2600" and contact.params.get("methods") == (
        "INVITE, MESSAGE, INFO, BENOTIFY"
    )
    assert bytes(register) == MICROSOFT


def test_reader_takes_compact_forms_folding_and_bare_line_ends() -> None:
    short = parse(
        b"\r\nOPTIONS sip:b@c SIP/2.0\nv: SIP/2.0/UDP a;branch=z9hG4bK1,\n SIP/2.0/TCP b\n"
        b"f:sip:a@b;tag=1\nt : <sip:b@c>\ni: x\nCSeq: 0009\n\t  OPTIONS\n"
        b"m:<sip:x@y>\nk: a,\r\n b\nSubject:\nl: 2\n\nhello"
    )
    short.check()
    assert len(short.vias) == 2 and short.cseq == CSeq(9, "OPTIONS") and short.body == b"he"
    assert short.headers.values("Supported") == ("a", "b") and short.headers.get("Subject") == ""
    assert str(short.contacts[0].uri) == "sip:x@y"


def test_writer_sets_content_length_where_it_stood_or_last() -> None:
    plain = Request("MESSAGE", "sip:a@b", Headers.of(("To", "<sip:a@b>")))
    assert bytes(plain).endswith(b"\r\nContent-Length: 0\r\n\r\n")
    filled = plain.with_("l", "77").with_("X", "1").with_body("text/plain", b"hi")
    assert bytes(filled) == (
        b"MESSAGE sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\nl: 2\r\nX: 1\r\nContent-Type: text/plain\r\n\r\nhi"
    )


def test_header_bytes_that_are_not_utf8_go_out_as_they_came_in() -> None:
    data = b"SIP/2.0 486 Besetzt\r\nSubject: \xfcber \xc3\xbc\r\nContent-Length: 0\r\n\r\n"
    assert bytes(parse(data)) == data
    assert b"?" in bytes(request().with_("Subject", "\ud800"))
    assert response(b"SIP/2.0 486 Gespr\xe4ch\r\n\r\n").reason == "Gespräch"


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        (b"SIP/2.0 101 Progress Report", 101, "Progress Report"),
        (b"sip/2.0 200", 200, ""),
        (b"SIP/2.0 100 trying -- your call is important to us", 100, "trying -- your call is important to us"),
        (b"SIP/2.0 605 ", 605, ""),
    ],
)
def test_reader_takes_any_reason(line: bytes, status: int, reason: str) -> None:
    answer = response(line + b"\r\n\r\n")
    assert (answer.status, answer.reason) == (status, reason)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"INVITE sip:a b SIP/2.0\r\n\r\n", 400),
        (b"INVITE  sip:a@b SIP/2.0\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/7.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"SIP/2.0 700 x\r\n\r\n", 400),
        (b"IN@VITE sip:a@b SIP/2.0\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nno colon here\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\n: empty\r\n\r\n", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 9\r\n\r\nshort", 400),
        (b"INVITE sip:a@b SIP/2.0\r\nContent-Length: -1\r\n\r\n", 400),
    ],
)
def test_reader_refuses_what_is_no_message(data: bytes, status: int) -> None:
    with pytest.raises(MalformedMessage) as caught:
        parse(data)
    assert caught.value.status == status


@pytest.mark.parametrize("name", [b"Via", b"CSeq", b"Call-ID", b"From", b"To"])
def test_check_misses_every_needed_header(name: bytes) -> None:
    lines = [line for line in INVITE.split(b"\r\n") if not line.startswith(name)]
    with pytest.raises(MalformedMessage):
        parse(b"\r\n".join(lines)).check()


def test_check_compares_the_method_with_the_cseq() -> None:
    with pytest.raises(MalformedMessage):
        parse(INVITE.replace(b"314159 INVITE", b"314159 BYE")).check()


def test_star_contact_is_no_address() -> None:
    register = request().with_("Contact", "*")
    assert register.contact_star and register.contacts == () and not request().contact_star


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("3600", 3600), ("x", None), ("9" * 40, 2**32 - 1)])
def test_expires_is_a_number_or_none(text: str, seconds: int | None) -> None:
    assert request().with_("Expires", text).expires == seconds


def test_a_request_line_cannot_be_broken_from_inside() -> None:
    for method, uri in (("INVITE", "sip:a@b\r\nVia: x"), ("IN VITE", "sip:a@b"), ("INVITE", ""), ("INVITE", "a b")):
        with pytest.raises(LocalError):
            Request(method, uri, Headers())
    with pytest.raises(LocalError):
        Response(200, "OK\r\nX: y", Headers())


def test_answer_copies_what_the_standard_says() -> None:
    invite = request().with_headers(
        request().headers.first("Via", "SIP/2.0/TLS p;branch=z9hG4bKp").adding("Record-Route", "<sip:p;lr>")
    )
    invite = invite.with_("Timestamp", "54")
    ringing = respond(invite, 180, tag="b1", headers=[("X", "y")])
    assert ringing.reason == "Ringing" and ringing.headers.all("Via") == invite.headers.all("Via")
    assert ringing.headers.get("To") == "Bob <sip:bob@biloxi.com>;tag=b1" and ringing.to.tag == "b1"
    assert ringing.headers.get("From") == invite.headers.get("From") and ringing.cseq == invite.cseq
    assert ringing.headers.get("Record-Route") == "<sip:p;lr>" and "Timestamp" not in ringing.headers
    trying = respond(invite, 100)
    assert "Record-Route" not in trying.headers and trying.headers.get("Timestamp") == "54" and trying.to.tag == ""
    assert "Record-Route" not in respond(invite, 486).headers
    done = respond(invite, 200, tag="b1", body=("application/sdp", b"v=0"))
    assert done.body == b"v=0" and done.content_type == "application/sdp"
    assert respond(invite.with_("To", "<sip:b@c>;tag=old"), 200, tag="new").to.tag == "old"


def test_every_status_has_a_phrase() -> None:
    assert reason_of(605) == "Decline Everywhere" and reason_of(101) == "Progress Report" and reason_of(499)
    assert all(100 <= status < 700 and phrase for status, phrase in REASONS.items())


@given(st.binary() | st.binary().map(lambda data: INVITE[: len(data) * 7] + data + INVITE[len(data) * 7 :]))
def test_random_bytes_are_a_message_or_a_remote_error(data: bytes) -> None:
    try:
        message = parse(data)
        message.check()
    except RemoteError:
        return
    again = parse(bytes(message))
    assert (again.start_line, again.body) == (message.start_line, message.body)


@given(
    st.sampled_from([INVITE, MICROSOFT, b"SIP/2.0 486 Besetzt\r\nTo: x\r\nContent-Length: 2\r\n\r\nhi"]),
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 9), st.sampled_from(ODD) | st.binary(max_size=4)), max_size=3
    ),
)
def test_the_quick_way_of_reading_sees_what_the_careful_way_sees(
    data: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for at, length, new in changes:
        data = data[:at] + new + data[at + length :]
    outcomes: list[object] = []
    for text in (data, b"\r\n" + data):  # an empty line in front is not plain
        try:
            outcomes.append(parse(text))
        except MalformedMessage as error:
            outcomes.append((str(error), error.status))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    "lines",
    [
        b"to:<sip:b@c>\r\nContent-Length: 0",
        b"To  :  <sip:b@c> \r\nX-Odd:\r\nContent-Length: 0\r\nX: \xff \t",
        b"Content-Length: 0\r\nSubject: gr\xc3\xbc\xc3\x9fe",
    ],
)
def test_a_message_that_nobody_changes_goes_out_as_it_came_in(lines: bytes) -> None:
    for start in (b"MESSAGE sip:b@c SIP/2.0", b"SIP/2.0 486 Gespr\xe4ch"):
        data = start + b"\r\n" + lines + b"\r\n\r\n"
        message = parse(data + b"behind the end")
        assert bytes(message) == data
        changed = message.with_("X-New", "1")
        assert b"X-New: 1\r\n" in bytes(changed) and bytes(changed.with_body("a/b", b"c")).endswith(b"\r\n\r\nc")
        assert bytes(message) == data


@pytest.mark.parametrize("value", [b"a\nVia: evil", b"a\rVia: evil", b"a\0b", b"a\r\n b"])
def test_line_breaks_inside_of_a_value_never_go_out_again(value: bytes) -> None:
    message = parse(INVITE.replace(b"Max-Forwards: 70", b"Subject: " + value))
    assert b"Subject: " + value not in bytes(message)
    assert parse(bytes(message)).headers == message.headers


def test_the_same_message_read_in_two_ways_is_equal_and_can_be_a_key() -> None:
    one, other = parse(INVITE), parse(b"\r\n" + INVITE)
    assert one == other and hash(one) == hash(other) and one != one.with_("X", "y")
    assert repr(one.headers) == repr(other.headers) and one.headers != one.headers.items
    with pytest.raises(AttributeError):
        one.headers.items = ()  # type: ignore[misc]


@pytest.mark.parametrize("name", ["Via", "Route", "Record-Route"])
def test_check_refuses_a_path_that_nobody_can_have_gone(name: str) -> None:
    value = "SIP/2.0/UDP a;branch=z9hG4bK1" if name == "Via" else '<sip:a;x=",,,,,";lr>'
    fine = request().with_(name, ", ".join([value] * MOST_HOPS))
    fine.check()
    with pytest.raises(MalformedMessage):
        fine.with_headers(fine.headers.adding(name, value)).check()


def test_reader_takes_the_tortuous_invite_of_rfc_4475() -> None:
    invite = request(
        b"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"
        b"TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
        b'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8\r\n'
        b"MaX-fOrWaRdS: 0068\r\nCall-ID: wsinv.ndaksdj@192.0.2.1\r\nContent-Length   : 2\r\ncseq: 0009\r\n  INVITE\r\n"
        b"Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\ns :\r\n"
        b"NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
        b"UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nContent-Type: application/sdp\r\n"
        b"Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
        b"v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
        b" SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bKkdjuw\r\n"
        b'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n'
        b"  secondparam ; q = 0.33\r\n\r\nok"
    )
    invite.check()
    assert invite.to.tag == "1918181833n" and invite.from_.tag == "98asjd8" and invite.from_.name == 'J Rosenberg \\"'
    assert [via.branch for via in invite.vias] == ["390skdjuw", "z9hG4bK9ikj8", "z9hG4bKkdjuw"]
    assert "lr" in invite.routes[0].uri.params and invite.headers.get("s") == ""
    assert invite.contacts[0].params.get("newparam") == "newvalue" and invite.contacts[0].params.get("q") == "0.33"
    assert invite.contacts[0].name == 'Quoted string ""' and invite.body == b"ok"
    assert str(respond(invite, 200).to) == "<sip:vivekg@chair-dnrc.example.com>;tag=1918181833n"
