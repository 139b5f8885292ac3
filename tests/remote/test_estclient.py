"""The client of certificate servers, at servers that answer this and that."""

from __future__ import annotations

import ssl
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from snomtui.errors import LocalError, RemoteError, Unreachable
from snomtui.remote.estclient import EstClient, EstLater, EstRefused
from snomtui.remote.reply import Header, Receive, Scope, Send, answer, header, target
from snomtui.remote.serving import Serving
from snomtui.shell.certificates import make

PKCS7 = b"application/pkcs7-mime"


class Server:
    """Answers everything in one way, and notes what it was asked."""

    def __init__(self, status: int = 200, body: bytes = b64encode(b"yes"), kind: bytes = PKCS7, *more: Header) -> None:
        self.status, self.body, self.kind, self.more = status, body, kind, more
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        self.asked.append(f"{scope['method']} {target(scope)} {header(scope, b'authorization') or ''}".strip())
        if self.status == 401 and header(scope, b"authorization") == f"Basic {b64encode(b'me:right').decode()}":
            return await answer(send, 200, self.body, self.kind)
        await answer(send, self.status, self.body, self.kind, self.more)


@asynccontextmanager
async def at(
    server: Server, *login: str, path: str = "", label: str = "", trusts: bool = True
) -> AsyncIterator[EstClient]:
    """A client at a server that listens."""
    bundle = make(["127.0.0.1"], time.time())

    async def tls() -> ssl.SSLContext:
        return bundle.server_context()

    serving = Serving(server, "127.0.0.1", 0, "test", tls=tls)
    _, port = await serving.start()
    trusted = bundle.authority if trusts else make(["x"], time.time()).authority
    context = ssl.create_default_context(cadata=trusted)
    try:
        async with EstClient(f"https://127.0.0.1:{port}{path}", label, context, *login) as client:
            yield client
    finally:
        await serving.stop()


@pytest.mark.parametrize(
    ("path", "label", "where"),
    [
        ("", "", "/.well-known/est/cacerts"),
        ("/", "phones", "/.well-known/est/phones/cacerts"),
        ("/pki", "", "/pki/.well-known/est/cacerts"),
        ("/.well-known/est/x", "", "/.well-known/est/x/cacerts"),
    ],
)
async def test_address_is_made_as_the_rfc_has_it(path: str, label: str, where: str) -> None:
    server = Server()
    async with at(server, path=path, label=label) as client:
        assert await client.authorities() == b"yes"
    assert server.asked == [f"GET {where}"]


async def test_login_is_sent_when_it_is_asked_for_and_never_before() -> None:
    server = Server(401, b64encode(b"yes"), PKCS7, (b"www-authenticate", b'Basic realm="x"'))
    async with at(server, "me", "right") as client:
        assert await client.enrol(b"request") == b"yes"
    assert server.asked == [
        "POST /.well-known/est/simpleenroll",
        "POST /.well-known/est/simpleenroll Basic bWU6cmlnaHQ=",
    ]


@pytest.mark.parametrize(("login", "why"), [((), "a login is needed"), (("me", "wrong"), "the login is refused")])
async def test_wrong_login_is_told_as_such(login: tuple[str, ...], why: str) -> None:
    server = Server(401, b"no", b"text/plain", (b"www-authenticate", b'Basic realm="x"'))
    async with at(server, *login) as client:
        with pytest.raises(EstRefused, match=rf"{why} \(no\)") as error:
            await client.enrol(b"request")
    assert error.value.login and "wrong" not in str(error.value).replace("wrong name", "")


@pytest.mark.parametrize(
    ("value", "seconds"), [(b"7", 7), (b"banana", 60), (b"Fri, 31 Dec 9999 23:59:59 GMT", 10**10), (b"", 60)]
)
async def test_server_that_needs_time_says_how_long(value: bytes, seconds: float) -> None:
    async with at(Server(202, b"", b"text/plain", (b"retry-after", value))) as client:
        with pytest.raises(EstLater) as error:
            await client.enrol(b"request", again=True)
    assert error.value.seconds == seconds or (seconds == 10**10 and error.value.seconds > 10**9)


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (Server(400, b"bad names", b"text/plain"), r"refused simpleenroll with 400 \(bad names\)"),
        (Server(500, b"<html>", b"text/html"), "refused simpleenroll with 500$"),
        (Server(200, b"x", b"text/html"), "it is no EST server"),
        (Server(200, b"A", PKCS7), "something else than Base64"),
        (Server(302, b"", PKCS7, (b"location", b"https://elsewhere.example.org/")), "with 302"),
    ],
)
async def test_wrong_answer_is_said_in_words(server: Server, why: str) -> None:
    async with at(server) as client:
        with pytest.raises(EstRefused, match=why):
            await client.enrol(b"request")
    assert len(server.asked) == 1


@pytest.mark.parametrize("first", [b"", b'Basic realm="x", ', b"Negotiate, "])
async def test_digest_is_answered_wherever_it_stands(first: bytes) -> None:
    asks = (b"www-authenticate", first + b'Digest realm="x", qop="auth", nonce="n", Basic realm="y"')
    server = Server(401, b"", b"text/plain", asks)
    async with at(server, "me", "right") as client:
        with pytest.raises(EstRefused, match="the login is refused"):
            await client.enrol(b"request")
    assert 'simpleenroll Digest username="me", realm="x", nonce="n"' in server.asked[1]


@pytest.mark.parametrize(
    ("asks", "why"),
    [
        (b'Digest realm="x", qop="auth-int", nonce="n"', "a kind of Digest that is not known here"),
        (b'Digest realm="x", qop="auth", nonce="n", algorithm=FOO', "a kind of Digest that is not known here"),
        (b"Negotiate", "a login that is neither Basic nor Digest"),
    ],
)
async def test_login_of_an_unknown_kind_is_said_in_words_and_gets_no_password(asks: bytes, why: str) -> None:
    server = Server(401, b"", b"text/plain", (b"www-authenticate", asks))
    async with at(server, "me", "right") as client:
        with pytest.raises(EstRefused, match=why) as error:
            await client.enrol(b"request")
    assert error.value.login and len(server.asked) == 1


async def test_address_that_is_none_is_said_in_words() -> None:
    with pytest.raises(LocalError, match="^sim_est_url: "):
        EstClient("https://[:::::]/", "", ssl.create_default_context())


async def test_server_that_is_not_trusted_is_told_nothing() -> None:
    server = Server()
    async with at(server, "me", "right", trusts=False) as client:
        with pytest.raises(Unreachable, match="its certificate is not trusted .*sim_est_ca_file"):
            await client.enrol(b"request")
    assert server.asked == []


async def test_answer_without_end_is_broken_off() -> None:
    async with at(Server(200, b"A" * 300_000)) as client:
        with pytest.raises(RemoteError, match="too large"):
            await client.authorities()


async def test_nobody_there_is_said_in_words() -> None:
    known: dict[str, Any] = {"tls": ssl.create_default_context()}
    async with EstClient("https://127.0.0.1:9", "", **known) as client:
        with pytest.raises(Unreachable, match="127.0.0.1:9"):
            await client.authorities()
