"""One exchange: the login that is asked for, and answers that are no model of HTTP."""

from __future__ import annotations

import re

import pytest

from snomtui.errors import LocalError, Unreachable
from snomtui.remote.driving.client import Client, NotASnom, Refused, Unanswered
from tests.remote.driving.oddphones import OK, logged_in, odd, page

DIGEST = 'Digest realm="snom", nonce="abc", qop="auth", algorithm=MD5'


@pytest.mark.parametrize(
    ("asks", "wanted"),
    [
        ('Basic realm="snom"', "Basic bWU6Z2VoZWlt"),
        ("basic", "Basic bWU6Z2VoZWlt"),
        (DIGEST, "Digest username="),
        ('Digest realm="snom", nonce="abc"', "Digest username="),
        (f'{DIGEST}\r\nWWW-Authenticate: Basic realm="snom"', "Digest username="),
        (f'Basic realm="snom"\r\nWWW-Authenticate: {DIGEST}', "Digest username="),
        (f'Basic realm="snom", {DIGEST}', "Digest username="),
        (f'{DIGEST}, Basic realm="snom"', "Digest username="),
    ],
)
def test_client_logs_in_as_the_phone_asks(asks: str, wanted: str) -> None:
    with odd(logged_in(asks, OK, wanted)) as phone:
        client = Client(phone.url, "me", "geheim")
        assert client.ask("GET", "/command.htm?number=5").status == 200
        client.close()
        bare, told = phone.asked
        assert b"uthorization" not in bare and wanted.encode() in told


def test_digest_covers_the_whole_target() -> None:
    with odd(logged_in(DIGEST, OK, "Digest")) as phone:
        Client(phone.url, "me", "geheim").ask("GET", "/command.htm?number=%2B49")
        assert b'uri="/command.htm?number=%2B49"' in phone.asked[1]


@pytest.mark.parametrize("asks", ['Digest realm="x", nonce="n", qop="auth-int"', 'Digest realm="x"'])
def test_login_of_an_unknown_kind_is_told_in_words(asks: str) -> None:
    with (
        odd(logged_in(asks, OK, "never")) as phone,
        pytest.raises(Refused, match="kind of Digest login that is not known"),
    ):
        Client(phone.url, "me", "geheim").ask("GET", "/x")


@pytest.mark.parametrize("realm", ["Yealink T46", "FRITZ!Box", "snom D865"])
def test_login_is_not_sent_to_another_make(realm: str) -> None:
    with odd(logged_in(f'Basic realm="{realm}"', OK, "never")) as box:
        with pytest.raises(NotASnom, match="the login was not sent"):
            Client(box.url, "me", "geheim").ask("GET", "/command.htm?number=5")
        assert len(box.asked) == 1


def test_login_in_the_address_is_used_and_not_shown() -> None:
    with odd(logged_in("Basic realm=x", OK, "Basic bWU6Z2VoZWlt")) as phone:
        client = Client(phone.url.replace("//", "//me:geheim@"))
        assert client.ask("GET", "/x").status == 200 and "geheim" not in client.where


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.0 200 OK\n\nshort",
        b"HTTP/1.1 200\r\n\r\nshort",
    ],
)
def test_answer_with_a_wrong_length_is_still_an_answer(data: bytes) -> None:
    with odd(lambda request: data) as phone:
        answer = Client(phone.url).ask("GET", "/x")
        assert (answer.status, answer.text) == (200, "short")


@pytest.mark.parametrize(("data", "closed"), [(b"", True), (b"banana\r\n\r\n", False)])
def test_missing_answer_is_told_apart_from_a_phone_that_is_not_there(data: bytes, closed: bool) -> None:
    with odd(lambda request: data) as phone, pytest.raises(Unanswered, match="without a proper answer") as said:
        Client(phone.url).ask("GET", "/x")
    assert said.value.closed is closed
    with pytest.raises(Unreachable) as nobody:
        Client("http://127.0.0.1:1").ask("GET", "/x")
    assert not isinstance(nobody.value, Unanswered)


def test_phone_that_never_comes_to_an_end_is_given_up() -> None:
    endless = b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000_000
    with odd(lambda request: endless) as phone, pytest.raises(Unanswered, match="no answer from") as said:
        Client(phone.url, timeout=0.1).ask("GET", "/x")
    assert not said.value.closed


def test_refusal_in_words_of_the_other_side_moves_no_cursor() -> None:
    assert str(Refused("no \x1b[2J\r\nroot\u202e")) == "no ?[2J root?"


def test_huge_page_is_read_no_further_than_needed() -> None:
    with odd(lambda request: page("200 OK", "x" * 3_000_000)) as phone:
        assert len(Client(phone.url).ask("GET", "/x").body) == 1 << 20


def test_each_request_has_its_own_connection() -> None:
    with odd(lambda request: OK) as phone:
        client = Client(phone.url)
        assert [client.ask("GET", f"/{n}").status for n in range(3)] == [200] * 3
        assert all(re.search(rb"(?i)\r\nconnection: close\r\n", request) for request in phone.asked)


@pytest.mark.parametrize("url", ["", "ftp://x", "http://", "http://x:99999", "http://[", "http://x:y", "http://a b"])
def test_client_refuses_what_is_no_address(url: str) -> None:
    with pytest.raises(LocalError):
        Client(url)


def test_address_that_is_none_is_told_without_its_login() -> None:
    with pytest.raises(LocalError) as said:
        Client("http://me:geheim@x:y")
    assert "geheim" not in str(said.value)
