"""Servers that want to know who we are, as rules of a peer: real doors, and doors that misbehave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from snomtui.auth.digest import DigestDoor, DigestResult
from snomtui.auth.doorman import Admit, Ask, Doorman
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.kit.secret import Secret
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, Response, respond
from tests.line.peer import Rule
from tests.wire import START

HEADERS = {
    401: ("WWW-Authenticate", "Authorization"),
    407: ("Proxy-Authenticate", "Proxy-Authorization"),
}
Arrange = Callable[[Sequence[str]], Sequence[str]]
"""Puts the challenges of a server into header lines."""


def digest_asks(door: DigestDoor, then: Rule, status: int = 401, password: str = "secret") -> Rule:
    """A rule that lets in who proves to this door; what is stale is said to be so."""
    asked, given = HEADERS[status]

    def rule(request: Request) -> object:
        results = [
            door.check(value, request.method, request.uri, {"heiko": password}.get, START, request.body).result
            for value in request.headers.all(given)
            if f'realm="{door.realm}"' in value
        ]
        if DigestResult.OK in results:
            return then(request)
        stale = DigestResult.STALE in results
        return respond(request, status, tag="door", headers=[(asked, door.challenge(START, stale))])

    return rule  # type: ignore[return-value]


def never_content(challenges: Callable[[int], str], status: int = 401) -> Rule:
    """A rule that refuses everything, each time with another challenge; it gets the number of the refusal."""
    refusals = iter(range(1, 10_000))
    return lambda request: respond(
        request, status, tag="never", headers=[(HEADERS[status][0], challenges(next(refusals)))]
    )


def fresh_nonce(number: int) -> str:
    """The challenge of a server that has another nonce each time and never says why."""
    return f'Digest realm="example.org", nonce="n{number}", qop="auth"'


def fresh_realm(number: int) -> str:
    """The challenge of a server that collects answers: each time it asks in another realm."""
    return f'Digest realm="r{number}", nonce="n{number}", qop="auth"'


def always_stale(number: int) -> str:
    """The challenge of a server that calls each answer stale."""
    return f'Digest realm="example.org", nonce="n{number}", qop="auth", stale=TRUE'


@dataclass(frozen=True)
class _Person:
    uri: str
    password: Secret


class FrontDoor:
    """A real doorman with Kerberos, NTLM and Digest, whose challenges stand in header lines as a test wants them."""

    def __init__(
        self,
        then: Rule,
        host: str,
        arrange: Arrange = list,
        status: int = 401,
        *,
        password: str = "secret",
        digest_password: str = "secret",
    ) -> None:
        self._then, self._arrange, self._status = then, arrange, status
        people = {"ntlm": _Person(f"sip:heiko@{host}", Secret(password))}
        people["digest"] = _Person(f"sip:heiko@{host}", Secret(digest_password))
        self._kind = "ntlm"
        self.doorman = Doorman(
            "SIP Communications Service",
            "sip.ucc.test",
            lambda user, domain: people[self._kind] if user == "heiko" else None,
            LmLevel(5),
            dice=Random(7).randbytes,
            offer_digest=True,
            digest_realm="example.org",
        )

    def __call__(self, request: Request) -> Response:
        """The rule."""
        given = " ".join(request.headers.all("Authorization") + request.headers.all("Proxy-Authorization"))
        self._kind = "digest" if given.startswith("Digest") else "ntlm"
        ruling = self.doorman.check(request, 1, START)
        if isinstance(ruling, Ask):
            lines = [value for name, value in ruling.headers if name == "WWW-Authenticate"]
            asked: list[Item] = [(HEADERS[self._status][0], line) for line in self._arrange(lines)]
            return respond(request, self._status, tag="door", headers=asked)
        assert isinstance(ruling, Admit), ruling
        answer = self._then(request)
        assert isinstance(answer, Response)
        sealed = self.doorman.seal(answer, ruling.association, START)
        assert isinstance(sealed, Response)
        return sealed
