from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.auth.challenge import AuthLine, AuthParam, Challenge, lines_of
from snomtui.auth.dates import date, parse_date
from snomtui.errors import MalformedMessage
from snomtui.sip.message import parse


def test_reader_finds_all_challenges_of_one_line() -> None:
    lines = Challenge.parse_many(
        'Kerberos realm="A, B", targetname="sip/s", version=4, ntlm realm="R",targetname="s" ,, version=4,'
        'Digest realm="x\\"y", nonce="n=,", qop="auth,auth-int", algorithm=MD5, stale=TRUE, Negotiate, Basic YWJjZA=='
    )
    assert [line.scheme for line in lines] == ["Kerberos", "ntlm", "Digest", "Negotiate", "Basic"]
    assert lines[0].get("realm") == "A, B" and lines[0].get("VERSION") == "4"
    assert lines[1].is_scheme("NTLM") and lines[1].get("targetname") == "s"
    assert (lines[2].get("realm"), lines[2].raw("realm")) == ('x"y', 'x\\"y')
    assert (lines[2].get("nonce"), lines[2].get("qop"), lines[2].get("opaque")) == ("n=,", "auth,auth-int", None)
    assert str(lines[4]) == "Basic YWJjZA=="


@pytest.mark.parametrize(
    "text",
    [
        'NTLM realm="SIP Communications Service", targetname="sip.ucc.test", version=4',
        'Digest username="UCC\\\\heiko", realm="r", nonce="n", uri="sip:a@b", response="00", qop=auth, nc=00000001',
        'rspauth="00", cnonce="c", nc=00000001, qop=auth',
        'NTLM qop="auth", gssapi-data="", crand="1a2b3c4d"',
        "Negotiate TlRMTVNTUAAB=",
    ],
)
def test_what_was_read_is_written_as_it_stood(text: str) -> None:
    assert str(AuthLine.parse(text)) == text


def test_writer_quotes_what_the_rfcs_want() -> None:
    offer = AuthLine.of("Digest", ("realm", 'a "b"\r\nX: y'), ("qop", "auth"), ("algorithm", "MD5"), ("stale", "true"))
    assert str(offer) == 'Digest realm="a \\"b\\" X: y", qop="auth", algorithm=MD5, stale=true'
    answer = AuthLine.of("Digest", ("qop", "auth"), ("nc", "00000001"), ("opaque", None))
    assert str(answer) == "Digest qop=auth, nc=00000001"


@pytest.mark.parametrize("text", ['Digest realm="open', 'Digest realm="a" "b"x"', "=", 'NTLM <>, realm="x"', '"'])
def test_reader_refuses_what_cannot_be_read(text: str) -> None:
    with pytest.raises(MalformedMessage):
        AuthLine.parse_many(text)


def test_credentials_are_exactly_one() -> None:
    for text in ("", 'Digest a="b", NTLM c="d"'):
        with pytest.raises(MalformedMessage):
            AuthLine.parse(text)


def test_lines_of_several_headers_are_collected_and_broken_ones_left_out() -> None:
    message = parse(
        b'SIP/2.0 401 No\r\nWWW-Authenticate: Kerberos realm=a\r\nwww-authenticate: Digest realm="b\r\n'
        b"WWW-AUTHENTICATE: NTLM realm=c, TLS-DSK realm=d\r\n\r\n"
    )
    assert [line.scheme for line in lines_of(message, "WWW-Authenticate")] == ["Kerberos", "NTLM", "TLS-DSK"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('@@@, Digest realm="r", nonce="n"', ['Digest realm="r", nonce="n"']),
        ('Digest realm="r", @@@, nonce="n"', ['Digest realm="r", nonce="n"']),
        ('Digest realm="r", Foo <>, nonce="n"', ['Digest realm="r"', 'Foo nonce="n"']),
        ('Digest ?, realm="r"', ['Digest realm="r"']),
        ('NTLM realm="r", Digest nonce="open', ['NTLM realm="r"']),
        ('"', []),
        ("", []),
    ],
)
def test_what_cannot_be_read_spoils_as_little_as_possible(text: str, read: list[str]) -> None:
    assert [str(line) for line in AuthLine.readable(text)] == read


def test_backslash_without_quotes_is_no_escape() -> None:
    param = AuthLine.parse("Digest realm=a\\b").param("realm")
    assert param is not None and param.value == "a\\b"
    assert str(param.echoed("realm")) == 'realm="a\\\\b"'


@given(st.text(max_size=100))
def test_garbage_is_a_malformed_message_and_nothing_else(text: str) -> None:
    read = AuthLine.readable(text)
    try:
        lines = AuthLine.parse_many(text)
    except MalformedMessage:
        return
    assert lines == read
    assert all(AuthLine.parse_many(str(line)) for line in lines)


@given(st.lists(st.tuples(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), st.text(max_size=20)), max_size=6))
def test_values_of_any_kind_come_back(pairs: list[tuple[str, str]]) -> None:
    known = [(name, "".join(char for char in value if char.isprintable())) for name, value in dict(pairs).items()]
    known = [(name, value) for name, value in known if name not in ("nc", "version", "stale", "algorithm", "userhash")]
    line = AuthLine.of("Digest", *known)
    assert [(param.name, param.value) for param in AuthLine.parse(str(line)).params] == known


def test_long_hostile_lines_are_read_in_linear_time() -> None:
    for text in ("a" * 50_000, '"' * 50_001, "a," * 50_000, 'a="' + "\\" * 50_001, "a = " * 20_000, "a " * 50_000):
        try:
            AuthLine.parse_many(text)
        except MalformedMessage:
            continue


def test_date_is_written_and_read() -> None:
    assert date(1256669010.9) == "Tue, 27 Oct 2009 18:43:30 GMT"
    assert parse_date("Tue, 27 Oct 2009 18:43:30 GMT") == 1256669010.0
    for odd in ("", "Tue, 27 Oct 2009", "Tue, 32 Oct 2009 18:43:30 GMT", "Tue, 27 Okt 2009 18:43:30 GMT"):
        assert parse_date(odd) is None


def test_param_prints_as_it_was() -> None:
    assert str(AuthParam("version", "4", quoted=False)) == "version=4"
