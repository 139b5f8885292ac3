"""The certificate server as clients see it, right ones and wrong ones, without sockets."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import httpx
import pytest

from snomtui.remote.est import EstWeb
from tests.remote.standin import Clock

PKCS10 = {"Content-Type": "application/pkcs10"}
ROOT = "/.well-known/est"


class Authority:
    """Gives what it was asked, with the name of the one who asked."""

    def authorities(self) -> bytes:
        """Some bytes."""
        return b"roots"

    def person(self, login: str, password: str) -> str:
        """One person."""
        return "jan@ucc.test" if (login, password) == ("jan", "right") else ""

    def enrol(self, request: bytes, who: str, old: bytes | None) -> bytes:
        """Not for garbage."""
        if b"garbage" in request:
            raise ValueError("that is no request")
        return b"%s for %s" % (b"renewed" if old else b"new", who.encode())


class Bench:
    """The server, its clock, and a client."""

    def __init__(self, **extensions: Any) -> None:
        self.clock, self.troubles = Clock(), list[str]()
        self.web = EstWeb(Authority(), self.troubles.append, self.clock)
        self.extensions = extensions

    async def ask(self, method: str, what: str, auth: tuple[str, str] | None = None, **more: Any) -> httpx.Response:
        """One request."""

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await self.web({**scope, "extensions": self.extensions}, receive, send)

        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="https://ca", verify=False) as client:
            return await client.request(method, f"{ROOT}/{what}", auth=auth, **more)


async def test_answers_have_the_types_and_the_base64_of_the_rfc() -> None:
    bench = Bench()
    roots = await bench.ask("GET", "cacerts")
    assert roots.status_code == 200 and b64decode(roots.content) == b"roots"
    assert roots.headers["content-type"] == "application/pkcs7-mime"
    assert roots.headers["content-transfer-encoding"] == "base64"
    given = await bench.ask("POST", "simpleenroll", ("jan", "right"), headers=PKCS10, content=b"x")
    assert given.headers["content-type"] == "application/pkcs7-mime; smime-type=certs-only"
    assert b64decode(given.content) == b"new for jan@ucc.test"
    assert (await bench.ask("GET", "csrattrs")).status_code == 204


async def test_renewal_is_for_those_who_show_a_certificate() -> None:
    assert (
        await Bench().ask("POST", "simplereenroll", ("jan", "right"), headers=PKCS10, content=b"x")
    ).status_code == 403
    pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    bench = Bench(tls={"client_cert_name": "CN=desk", "client_cert_chain": (pem,)})
    given = await bench.ask("POST", "simplereenroll", headers=PKCS10, content=b"x")
    assert b64decode(given.content) == b"renewed for CN=desk"


@pytest.mark.parametrize(
    ("method", "what", "more", "status"),
    [
        ("GET", "simpleenroll", {}, 405),
        ("POST", "cacerts", {}, 405),
        ("GET", "nothing", {}, 404),
        ("POST", "simpleenroll", {"headers": PKCS10, "content": b"x"}, 401),
        ("POST", "simpleenroll", {"headers": {"Authorization": "Basic ?"} | PKCS10, "content": b"x"}, 401),
        ("POST", "simpleenroll", {"headers": {"Authorization": "Digest x"} | PKCS10, "content": b"x"}, 401),
        ("POST", "simpleenroll", {"auth": ("jan", "right"), "content": b"x"}, 415),
        ("POST", "simpleenroll", {"auth": ("jan", "right"), "headers": PKCS10, "content": b"garbage"}, 400),
        ("POST", "simpleenroll", {"auth": ("jan", "right"), "headers": PKCS10, "content": b"x" * 70_000}, 413),
    ],
)
async def test_wrong_requests_get_the_reason_as_text(method: str, what: str, more: dict[str, Any], status: int) -> None:
    bench = Bench()
    answer = await bench.ask(method, what, **more)
    assert answer.status_code == status and answer.headers["content-type"].startswith("text/plain") and answer.text
    assert ("www-authenticate" in answer.headers) == (status == 401)
    assert bench.troubles == []


async def test_guesser_is_locked_out_and_the_right_login_works_after_a_while() -> None:
    bench = Bench()
    for _ in range(4):
        wrong = await bench.ask("POST", "simpleenroll", ("jan", "wrong"), headers=PKCS10, content=b"x")
        assert wrong.status_code == 401
    right = {"headers": PKCS10, "content": b"x"}
    blocked = await bench.ask("POST", "simpleenroll", ("jan", "right"), **right)
    assert (blocked.status_code, blocked.headers["retry-after"]) == (429, "60")
    bench.clock.now += 61
    assert (await bench.ask("POST", "simpleenroll", ("jan", "right"), **right)).status_code == 200
