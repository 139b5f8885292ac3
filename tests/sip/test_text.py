"""Params, URIs, addresses, Vias and headers: the text of SIP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import LocalError, MalformedMessage, RemoteError
from snomtui.sip.address import Address, uri_text
from snomtui.sip.fields import CSeq
from snomtui.sip.grammar import quote, readable, split_list, unquote
from snomtui.sip.headers import COMPACT, Headers
from snomtui.sip.params import Params, parameter_named
from snomtui.sip.uri import Uri, checked, person_uri
from snomtui.sip.via import Via

TOKENS = st.text("abcXYZ019-.!%*_+`'~", min_size=1, max_size=12)
HOSTS = st.sampled_from(["ucc.test", "10.1.2.3", "[2001:db8::1]", "UCC.Test", "snom_phone"])
PORTS = st.none() | st.integers(0, 65535)
PARAMS = st.lists(st.tuples(TOKENS, st.none() | TOKENS | st.text().map(quote)), max_size=4).map(
    lambda items: Params(tuple(items))
)
URI_PARAMS = st.lists(st.tuples(TOKENS, st.none() | TOKENS), max_size=4).map(lambda items: Params(tuple(items)))
URIS = st.builds(
    Uri,
    st.sampled_from(["sip", "sips"]),
    TOKENS,
    HOSTS,
    st.none() | TOKENS,
    PORTS,
    URI_PARAMS,
    st.sampled_from(["", "subject=a", "a=b&c=d"]),
)


@given(PARAMS)
def test_params_written_by_us_are_read_back(params: Params) -> None:
    assert Params.parse(str(params)) == params


@given(TOKENS, st.text())
def test_any_parameter_value_survives_quoting(name: str, value: str) -> None:
    text = str(Params().with_(name, value))
    assert "\r" not in text and "\n" not in text
    if all(sign >= " " and sign != "\x7f" for sign in value):
        assert Params.parse(text).get(name) == value


def test_params_keep_order_and_spelling_while_lookup_ignores_case() -> None:
    params = Params.parse(';Tag=a;EPID="0\\"1" ; lr;x = 1')
    assert (
        params.get("TAG") == "a" and params.get("epid") == '0"1' and params.get("lr") == "" and params.get("x") == "1"
    )
    assert "LR" in params and params.get("none") is None and "none" not in params
    assert str(params.with_("tag", "b").without("x")) == ';Tag=b;EPID="0\\"1";lr'
    assert str(params.with_("new", None)).endswith(";new")


def test_a_line_end_cannot_be_put_into_a_parameter() -> None:
    with pytest.raises(LocalError):
        Params().with_raw("a", "b\r\nVia: x")


@given(URIS)
def test_uris_written_by_us_are_read_back(uri: Uri) -> None:
    assert Uri.parse(str(uri)) == uri


@given(st.text() | URIS.map(str).flatmap(lambda text: st.text().map(lambda more: text + more)))
def test_any_text_is_a_uri_or_a_remote_error(text: str) -> None:
    try:
        uri = Uri.parse(text)
    except RemoteError:
        return
    assert Uri.parse(str(uri)) == uri and "\n" not in str(uri)


@pytest.mark.parametrize(
    "text",
    [
        "sip:alice@atlanta.com",
        "sip:alice:secretword@atlanta.com;transport=tcp",
        "sips:alice@atlanta.com?subject=project%20x&priority=urgent",
        "sip:+1-212-555-1212:1234@gateway.com;user=phone",
        "sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com",
        "sip:alice;day=tuesday@atlanta.com",
        "sip:heiko@ucc.test;opaque=user:epid:1vnmmZx1n16plAzxtx3D3gAA;gruu",
        "sip:0305555;phone-context=berlin.ucc.test@ucc.test;user=phone",
        "sip:10.1.2.3:2051;transport=tls;ms-opaque=4d1e90c277;ms-received-cid=2600",
        "sip:a@[2001:db8::9:1]:5062",
        "tel:+493055500;ext=12",
        "urn:service:sos",
    ],
)
def test_real_uris_are_written_as_they_were_read(text: str) -> None:
    assert str(Uri.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "alice", "sip:", "sip:a@", "sip:a@b:99999", "sip:a@b:x", "sip:a b@c", "sip:a@[::1", "sip:a@b\r\nX: y"]
)
def test_reader_refuses_what_is_no_uri(text: str) -> None:
    with pytest.raises(MalformedMessage):
        Uri.parse(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        ),
        ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
        ("sip:carol@chicago.com", "SIP:carol@CHICAGO.com"),
        ("sip:%6a%6F%65@h;%6Cr", "sip:joe@h;lr"),
        ("sip:a%3bb@h", "sip:a%3Bb@h"),
        ("sip:a:p%61ss@h", "sip:a:pass@h"),
        ("sip:a@[2001:DB8::1]", "sip:a@[2001:db8::1]"),
        ("sip:b@h?Subject=a&priority=urgent", "sip:b@h?priority=urgent&subject=a"),
        ("tel:+49-30-555", "TEL:+49(30)555"),
        ("tel:7042;phone-context=Example.COM", "tel:70-42;phone-context=example.com"),
        ("tel:7042;phone-context=+49-30", "tel:7042;phone-context=+4930"),
        ("tel:+4930555;ext=1-2;isub=x", "tel:+4930555;isub=x;ext=12"),
    ],
)
def test_uris_that_the_standards_call_equal_are_the_same(one: str, other: str) -> None:
    assert Uri.parse(one).same(Uri.parse(other)) and Uri.parse(other).same(Uri.parse(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:carol@chicago.com;security=off", "sip:carol@chicago.com;security=on"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000"),
        ("sip:bob@biloxi.com", "sips:bob@biloxi.com"),
        ("sip:bob@biloxi.com", "sip:biloxi.com"),
        ("sip:bob@biloxi.com", "sip:Bob@biloxi.com"),
        ("sip:bob@biloxi.com", "sip:bob:secret@biloxi.com"),
        ("sip:a@h;maddr=224.0.0.1", "sip:a@h"),
        ("sip:a@h;ttl=1;maddr=x", "sip:a@h;ttl=2;maddr=x"),
        ("sip:a@h;user=phone", "sip:a@h"),
        ("sip:a@h;method=INVITE", "sip:a@h"),
        ("sip:a%3Bb@h", "sip:a;b@h"),
        ("sip:null-%00-null@h", "sip:null-@h"),
        ("tel:+49-30-555", "tel:4930555"),
        ("tel:7042;phone-context=example.com", "tel:7042;phone-context=example.org"),
        ("tel:+4930555;ext=12", "tel:+4930555"),
    ],
)
def test_uris_that_the_standard_calls_different_are_not_the_same(one: str, other: str) -> None:
    assert not Uri.parse(one).same(Uri.parse(other))


@pytest.mark.parametrize(
    ("text", "number", "param"),
    [
        ("tel:+1-201-555-0123", "tel:+12015550123", None),
        ("tel:7042;phone-context=example.com", "tel:7042", "example.com"),
        ("tel:863-1234;phone-context=+1-914-555", "tel:8631234", "+1-914-555"),
        ("tel:*21%23;phone-context=example.com", "tel:*21%23", "example.com"),
    ],
)
def test_tel_uris_of_rfc_3966_are_read(text: str, number: str, param: str | None) -> None:
    uri = Uri.parse(text)
    assert (uri.aor, uri.param("phone-context"), uri.host, str(uri)) == (number, param, "", text)


def test_uri_parameters_are_found_behind_their_escapes() -> None:
    uri = Uri.parse("sip:a@b;%6C%72;MADDR=224.2.0.1;ttl=16;n%61me=v%61lue%25%34%31;transport=%54CP")
    assert [uri.param(name) for name in ("lr", "maddr", "ttl", "name", "none")] == [
        "", "224.2.0.1", "16", "value%41", None,
    ]  # fmt: skip
    assert uri.transport == "tcp" and str(Uri.parse(str(uri))) == str(uri)


@pytest.mark.parametrize("text", ["sip:a@b?Route=x", "sip:a@b?x=y;tag=1", "SIPS:a@b?x"])
def test_uri_with_headers_needs_angle_brackets(text: str) -> None:
    with pytest.raises(MalformedMessage):
        Address.parse(text)
    assert Address.parse(f"<{text}>").uri.headers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"open <sip:a@b>;tag=1', ""),
        ("Mr, X <sip:a@b;tag=no>;Tag = yes", "yes"),
        ('"a;tag=no" <sip:a@b>;x;tag="q"', "q"),
        ("sip:a@b;tag=1", "1"),
        ("", ""),
    ],
)
def test_parameter_is_found_in_a_value_that_is_odd_elsewhere(text: str, value: str) -> None:
    assert parameter_named(text, "tag") == value


def test_address_of_record_leaves_out_port_params_and_separators() -> None:
    assert Uri.parse("sips:%48eiko@UCC.test:5061;transport=tls").aor == "sip:Heiko@ucc.test"
    assert Uri.parse("tel:+49 30-555".replace(" ", ".")).aor == "tel:+4930555"
    assert Uri.parse("sip:ucc.test").aor == "sip:ucc.test"


def test_uri_parameter_is_escaped_not_quoted() -> None:
    uri = Uri.parse("sip:a@b").with_param("opaque", "user:epid:x y").with_param("gruu", None)
    assert str(uri) == "sip:a@b;opaque=user:epid:x%20y;gruu" and str(uri.without_param("GRUU"))[-1] == "y"


@given(st.text().map(lambda text: unquote(quote(text)).strip()), URIS, PARAMS)
def test_addresses_written_by_us_are_read_back(name: str, uri: Uri, params: Params) -> None:
    address = Address(readable(name), uri, params)
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    ("text", "name", "uri", "tag"),
    [
        ('"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s', "A. G. Bell", "sip:agb@bell-telephone.com", "a48s"),
        ("Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8", "Anonymous", "sip:c8oqz84zk7z@privacy.org", "hyh8"),
        ("sip:+12125551212@server.phone2net.com;tag=887s", "", "sip:+12125551212@server.phone2net.com", "887s"),
        ("tel:+493055512;tag=9", "", "tel:+493055512", "9"),
        ('"Riedel, \\"H\\" <x>"<sip:h@ucc.test;a=1>;epid=01', 'Riedel, "H" <x>', "sip:h@ucc.test;a=1", ""),
        ("<tel:+493055500;ext=12>", "", "tel:+493055500;ext=12", ""),
        ("The \udcfcber Bob <sip:b@c>", "The über Bob", "sip:b@c", ""),
    ],
)
def test_reader_takes_every_form_of_address(text: str, name: str, uri: str, tag: str) -> None:
    address = Address.parse(text)
    assert (address.name, str(address.uri), address.tag, uri_text(text)) == (name, uri, tag, uri)


def test_commas_in_quotes_and_brackets_do_not_split_a_list() -> None:
    found = Address.parse_many('"Mr, W" <sip:a,b@c>;q=0.7, , "Two\\", x" <sip:d@e>;methods="A, B"')
    assert [address.name for address in found] == ["Mr, W", 'Two", x'] and found[1].params.get("methods") == "A, B"


@pytest.mark.parametrize("text", ["*", "", "<>", '"open <sip:a@b>', "<sip:a@b> junk", "<sip:a@b"])
def test_reader_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(MalformedMessage):
        Address.parse(text)


def test_long_blanks_do_not_make_a_reader_slow() -> None:
    blanks = " " * 200_000
    readers: list[Callable[[str], object]] = [Address.parse, Via.parse, Uri.parse, Params.parse, CSeq.parse, split_list]
    for reader in readers:
        for text in (blanks + "x" + blanks, "a" + blanks + "<", "SIP/2.0/UDP" + blanks + ";" + blanks, '"' * 100_000):
            try:
                reader(text)
            except RemoteError:
                continue


@given(st.builds(Via, st.sampled_from(["UDP", "TLS", "tcp"]), HOSTS, PORTS, PARAMS))
def test_vias_written_by_us_are_read_back(via: Via) -> None:
    assert Via.parse(str(via)) == via


def test_via_may_lack_a_branch_and_hold_blanks() -> None:
    via = Via.parse("SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1")
    assert (via.transport, via.host, via.port, via.branch) == ("UDP", "first.example.com", 4000, "")
    assert Via.parse("SIP/2.0/tls 10.1.2.3:2051;ms-received-cid=2600").params.get("ms-received-cid") == "2600"
    assert len(Via.parse_many("SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/TCP b")) == 2


def test_server_notes_where_a_request_came_from() -> None:
    plain = Via.parse("SIP/2.0/UDP 10.1.1.1:4540;branch=z9hG4bKkjshdyff")
    assert plain.answered_from(("10.1.1.1", 9988)) is plain and plain.reply_to == ("10.1.1.1", 4540)
    moved = plain.answered_from(("192.0.2.1", 9988))
    assert moved.received == "192.0.2.1" and moved.reply_to == ("192.0.2.1", 4540)
    asking = Via.parse("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff")
    assert str(asking.answered_from(("192.0.2.1", 9988))) == (
        "SIP/2.0/UDP 10.1.1.1:4540;rport=9988;branch=z9hG4bKkjshdyff;received=192.0.2.1"
    )
    assert asking.answered_from(("192.0.2.1", 9988)).reply_to == ("192.0.2.1", 9988)
    six = Via.parse("SIP/2.0/UDP [2001:db8::1];rport").answered_from(("2001:db8::9", 7))
    assert Via.parse(str(six)).reply_to == ("2001:db8::9", 7)


@pytest.mark.parametrize("text", ["", "SIP/3.0/UDP a", "SIP/2.0/UDP", "SIP/2.0/UDP a:b", "SIP/2.0/UDP a:70000", "x"])
def test_reader_refuses_what_is_no_via(text: str) -> None:
    with pytest.raises(MalformedMessage):
        Via.parse(text)


@pytest.mark.parametrize("short", COMPACT)
def test_compact_and_long_names_are_one_header(short: str) -> None:
    for name, asked in ((short, COMPACT[short]), (COMPACT[short].title(), short.upper())):
        headers = Headers.of((name, "1"))
        assert headers.get(asked) == "1" and asked in headers
        assert headers.with_(asked, "2").items == ((name, "2"),) and not headers.without(asked).items


def test_headers_are_changed_in_their_place() -> None:
    headers = Headers.of(("Via", "a"), ("X-Odd", "1"), ("via", "b, c"), ("To", "t"))
    assert headers.all("VIA") == ("a", "b, c") and headers.values("via") == ("a", "b", "c")
    assert [name for name, _ in headers.with_("VIA", "z")] == ["Via", "X-Odd", "To"]
    assert headers.first("Via", "n").items[0] == ("Via", "n") and headers.first("New", "n").items[0] == ("New", "n")
    assert headers.adding("Via", "last").all("Via")[-1] == "last" and headers.with_("New", "x").items[-1] == (
        "New",
        "x",
    )
    assert headers.get("none") is None and headers.all("none") == () and len(headers) == 4


def test_a_line_end_cannot_be_put_into_a_header() -> None:
    for value in ("a\r\nVia: x", "a\n", "\0"):
        for change in (Headers().with_, Headers().adding, Headers().first):
            with pytest.raises(LocalError):
                change("Subject", value)
        with pytest.raises(LocalError):
            Headers.of(("Subject", value))


def test_checked_uri_is_the_same_text_and_carries_no_headers() -> None:
    assert checked("sip:Bob@ucc.de;transport=tcp") == "sip:Bob@ucc.de;transport=tcp"
    for text in ("sip:ucc.de", "sips:bob@ucc.de", "tel:+49", "SIP:bob@ucc.de"):
        assert checked(text) == text
    for text in ("", "bob", "sip:bob@ucc.de?Subject=x", "sip:bob@ucc.de\r\nX: y"):
        with pytest.raises(LocalError):
            checked(text)


@pytest.mark.parametrize(
    "text",
    ["mailto:a@b", "https://b", "urn:x", "sip:@b", "sip::pw@b", "sips:@b", "tel:;x=1", "sip:a@b\r\n", " sip:a@b"],
)
def test_checked_uri_is_one_that_can_be_called_and_names_somebody(text: str) -> None:
    with pytest.raises(LocalError):
        checked(text)


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("heiko@ucc.de", "sip:heiko@ucc.de"),
        ("SIPS:Heiko.Riedel@ucc.de", "sip:Heiko.Riedel@ucc.de"),
        ("sip:heiko@10.0.0.1:5062", "sip:heiko@10.0.0.1:5062"),
        ("sip:heiko@[::1]", "sip:heiko@[::1]"),
        ("+4930123", None),
        ("sip:ucc.de", None),
        ("mailto:heiko@ucc.de", None),
        ("sip:heiko:secret@ucc.de", None),
        ("sip:heiko@ucc.de;user=phone", None),
        ("sip:heiko@ucc.de?subject=x", None),
        ("sip:heiko@ucc.de:", None),
        ("sip:heiko@ucc@de", None),
        ("", None),
    ],
)
def test_only_the_address_of_somebody_is_taken_for_one(text: str, uri: str | None) -> None:
    assert person_uri(text) == uri
