"""A guard and a doorman joined by a pretend wire: everything passes as bytes, every message can be tampered with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from snomtui.auth.doorman import Admit, Ask, Association, Discard, Doorman, Forbid, Host, Pass, Ruling
from snomtui.auth.guard import Belief, Credentials, Guard, Verdict
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.kit.ids import Dice
from snomtui.kit.secret import Secret
from snomtui.sip.message import Message, Request, Response, parse, respond

NOW = 1256669010.0
REALM, TARGET = "SIP Communications Service", "sip.ucc.test"
USER, EPID = "Heiko.Riedel", "0004135a2b"
PASSWORD = "Sommer2009!"
Change = Callable[[bytes], bytes]


def seeded(seed: int = 1) -> Dice:
    return Random(seed).randbytes


@dataclass(frozen=True)
class Person:
    uri: str
    password: Secret


PEOPLE = {
    "heiko.riedel": Person("sip:heiko.riedel@ucc.test", Secret(PASSWORD)),
    "nora": Person("sip:nora@ucc.test", Secret("")),
    "jan": Person("sip:jan@ucc.test", Secret("Winter2009?")),
}


def accounts(user: str, domain: str) -> Person | None:
    if domain.lower() not in ("", "ucc", "ucc.test"):
        return None
    return PEOPLE.get(user.lower().removesuffix("@ucc.test"))


def door(
    level: int = 5,
    version: int = 4,
    *,
    kerberos: bool = True,
    offer_digest: bool = False,
    host: Host | None = None,
    seed: int = 2,
) -> Doorman:
    return Doorman(
        REALM,
        TARGET,
        accounts,
        LmLevel(level),
        version,
        dice=seeded(seed),
        kerberos=kerberos,
        offer_digest=offer_digest,
        host=host,
    )


def guard(
    level: int | None = 3,
    login: str = r"ucc\Heiko.Riedel",
    password: str = PASSWORD,
    *,
    attempts: Sequence[int] | None = None,
    seed: int = 1,
) -> Guard:
    credentials = Credentials.parse(login, Secret(password))
    chosen = None if level is None else LmLevel(level)
    return Guard(credentials, chosen, seeded(seed), "SNOM370", attempts=attempts)


def request(method: str, cseq: int, *, user: str = USER, call_id: str = "2b7c9f@snom370", epid: str = EPID) -> Request:
    own = f"<sip:{user}@ucc.test>"
    other = own if method == "REGISTER" else "<sip:jan@ucc.test>"
    lines = [
        f"{method} sip:ucc.test SIP/2.0",
        f"Via: SIP/2.0/TLS 10.0.0.7:4711;branch=z9hG4bK-{cseq}",
        f"From: {own};tag=x91kq;epid={epid}",
        f"To: {other}",
        f"Call-ID: {call_id}",
        f"CSeq: {cseq} {method}",
        "Expires: 900",
    ]
    made = parse("\r\n".join((*lines, "", "")).encode())
    assert isinstance(made, Request)
    return made


def from_server(method: str = "NOTIFY", cseq: int = 1) -> Request:
    lines = [
        f"{method} sip:heiko@10.0.0.7:4711 SIP/2.0",
        f"Via: SIP/2.0/TLS 10.0.0.1:5061;branch=z9hG4bK-s{cseq}",
        "From: <sip:jan@ucc.test>;tag=c1",
        f"To: <sip:heiko.riedel@ucc.test>;epid={EPID}",
        "Call-ID: 77aa@fe",
        f"CSeq: {cseq} {method}",
    ]
    made = parse("\r\n".join((*lines, "", "")).encode())
    assert isinstance(made, Request)
    return made


def unchanged(data: bytes) -> bytes:
    return data


@dataclass
class Wire:
    """One phone's guard at one doorman."""

    guard: Guard
    doorman: Doorman
    conn: int = -1
    now: float = NOW
    skew: float = 0.0
    """How far the server's clock is ahead, in seconds."""
    to_server: Change = unchanged
    to_client: Change = unchanged
    cseq: int = 0
    registers: int = 0
    sent: list[Request] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    log: list[tuple[int, str]] = field(default_factory=list)
    association: Association | None = None
    verdict: Verdict | None = None
    belief: Belief | None = None

    def ask(self, method: str, *, user: str = USER) -> Response | None:
        """Send one request; the server's answer as the client saw it, None if the server kept silent."""
        self.cseq += 1
        made = self.guard.prepare(request(method, self.cseq, user=user), self.now)
        ruling = self.deliver(self.guard.seal(made, self.now))
        reply = self._reply(self.sent[-1], ruling)
        if reply is None:
            return None
        seen = parse(self.to_client(bytes(reply)))
        assert isinstance(seen, Response)
        self.belief = self.guard.verify(seen, self.now)
        self.answers.append(seen)
        if seen.status in (401, 407):
            self.verdict = self.guard.challenged(made, seen, self.now)
            self.log += self.guard.log()
        return seen

    def deliver(self, message: Message) -> Ruling:
        """Put a message on the wire to the server."""
        seen = parse(self.to_server(bytes(message)))
        if isinstance(seen, Request):
            self.sent.append(seen)
        ruling = self.doorman.check(seen, self.conn, self.now + self.skew)
        self.rulings.append(ruling)
        if isinstance(ruling, Admit):
            self.association = ruling.association
        return ruling

    def _reply(self, asked: Request, ruling: Ruling) -> Message | None:
        now = self.now + self.skew
        if isinstance(ruling, Ask):
            return respond(asked, ruling.status, ruling.reason, tag="srv1", headers=ruling.headers)
        if isinstance(ruling, Forbid):
            refusal = respond(asked, ruling.status, ruling.reason, tag="srv1", headers=ruling.headers)
            return self.doorman.seal(refusal, ruling.association, now)
        if isinstance(ruling, Admit):
            fine = respond(asked, 200, tag="srv1", headers=[("Expires", "900")])
            return self.doorman.seal(fine, ruling.association, now)
        assert isinstance(ruling, Discard | Pass)
        return None

    def register(self) -> bool:
        """REGISTER until it is accepted or given up; whether it was accepted and believed."""
        for _ in range(10):
            self.registers += 1
            answer = self.ask("REGISTER")
            if answer is None:
                return False
            if answer.status == 200:
                return bool(self.belief and self.belief.ok)
            if answer.status not in (401, 407) or not (self.verdict and self.verdict.retry):
                return False
        raise AssertionError("the guard never stops")

    @property
    def kerberos_lines(self) -> int:
        """How often the log says that it does not know Kerberos."""
        return self.log.count((3, "Challenge: Unknown scheme Kerberos"))

    def pushed(self, method: str = "NOTIFY", cseq: int = 1) -> Message:
        """A request of the server, sealed, as the client sees it."""
        sealed = self.doorman.seal(from_server(method, cseq), self.association, self.now)
        return parse(self.to_client(bytes(sealed)))
