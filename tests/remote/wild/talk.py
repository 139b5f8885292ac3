"""How these programs talk: bytes in, bytes out."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from tests.remote.test_server import Running

BASIC = base64.b64encode(b"admin:geheim").decode()
LOGIN = {"http_user": "admin", "http_pass": "geheim"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def location(self) -> str:
        """Where it leads."""
        return self.headers.get("location", "")


def read(raw: bytes) -> Answer:
    """The first answer in these bytes."""
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    assert re.match(r"HTTP/1\.[01] [0-9]{3} ?", line), raw[:80]
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    return Answer(int(line.split(" ")[1]), headers, body.decode("utf-8", "replace"))


async def ask(
    web: Running, target: str, *fields: str, method: str = "GET", body: str = "", http: str = "1.1"
) -> Answer:
    """One request on a connection of its own; `fields` are header lines. A body gets its length."""
    lines = [f"{method} {target} HTTP/{http}", *fields]
    if http == "1.1" and not any(field.lower().startswith("host:") for field in fields):
        lines.append(f"Host: 127.0.0.1:{web.port}")
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body.encode())}")
    lines.append("Connection: close")
    return read(await web.raw(("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1")))


def basic(user: str = "admin", password: str = "geheim") -> str:
    """The header of somebody who sends Basic at once."""
    return "Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def md5(text: str) -> str:
    """As Digest wants it."""
    return hashlib.md5(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Digest:
    """A program that makes Digest answers by hand, with what it forgets to do."""

    nonce: str
    realm: str
    user: str = "admin"
    password: str = "geheim"

    def header(
        self, uri: str, method: str = "GET", *, qop: str = "auth", nc: str = "00000001", session: bool = False,
        scheme: str = "Digest", signed: str | None = None,
    ) -> str:  # fmt: skip
        """The header for one request; `signed` is another uri that was signed in its place."""
        ha1 = md5(f"{self.user}:{self.realm}:{self.password}")
        ha1 = md5(f"{ha1}:{self.nonce}:abc") if session else ha1
        uri = signed or uri
        ha2 = md5(f"{method}:{uri}")
        middle = f"{self.nonce}:{nc}:abc:{qop}" if qop else self.nonce
        parts = [f'username="{self.user}", realm="{self.realm}", nonce="{self.nonce}", uri="{uri}"']
        parts += [f'response="{md5(f"{ha1}:{middle}:{ha2}")}"']
        parts += [f'qop={qop}, nc={nc}, cnonce="abc"'] if qop else []
        parts += ["algorithm=MD5-sess", 'cnonce="abc"'][: 1 if qop else 2] if session else []
        return f"Authorization: {scheme} " + ", ".join(parts)


async def challenged(web: Running, target: str = "/command.htm?key=1", password: str = "geheim") -> Digest:
    """Ask without a login, and read the challenge."""
    answer = await ask(web, target)
    assert answer.status == 401
    said = answer.headers["www-authenticate"]
    found = {name: re.search(f'{name}="([^"]*)"', said) for name in ("nonce", "realm")}
    assert found["nonce"] and found["realm"]
    return Digest(found["nonce"][1], found["realm"][1], password=password)
