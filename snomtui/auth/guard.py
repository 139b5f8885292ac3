"""Our side of authentication: every message of a line passes the guard, going out and coming in.

NTLM as [MS-SIPAE] has it: a handshake inside REGISTERs, then every message of both directions is signed. Digest: an
answer with each request. Nothing: messages pass as they are. A password in clear (Basic) is never sent.

Where a server offers both, an OCS account takes NTLM and any other account Digest. If that fails the other one is
tried, once for each REGISTER: Digest after NTLM always, NTLM after Digest only as NTLMv2, because NTLMv1 is weaker.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from snomtui.auth.association import Names, SecurityAssociation
from snomtui.auth.challenge import AuthLine, AuthParam, lines_of
from snomtui.auth.credentials import Credentials
from snomtui.auth.handshake import TABLE, Given, State, decoded, refusal_of, version_of
from snomtui.auth.ntlm.context import ClientContext
from snomtui.auth.ntlm.policy import LmLevel, ResponseKind
from snomtui.auth.offer import DigestOffer
from snomtui.auth.realms import PROXY, DigestRealms, Key, Place, key_of
from snomtui.auth.verdicts import BELIEVED, PROVEN, UNSIGNED_BUT_FINE, Belief, Trust, Verdict, doubted
from snomtui.errors import BadToken
from snomtui.kit.ids import Dice
from snomtui.kit.machine import Machine
from snomtui.sip.headers import Headers, key
from snomtui.sip.message import Message, Request, Response

__all__ = [
    "BELIEVED",
    "TABLE",
    "UNSIGNED_BUT_FINE",
    "Belief",
    "Credentials",
    "Guard",
    "State",
    "Trust",
    "Verdict",
    "doubted",
]

RENEW_BEFORE = 300.0
"""Seconds before the end of an association at which a new handshake starts."""
_CHALLENGES = (401, 407)
_ASKED = {"WWW-Authenticate": "Authorization", "Proxy-Authenticate": PROXY}
"""Both may stand in one response, where a proxy has collected what several branches want (RFC 3261 16.7)."""
_MOST_LINES = 64
"""Challenges of one response that are looked at."""
_UNKEPT = ("authorization", "proxy-authorization")


@dataclass(frozen=True, slots=True)
class _Proof:
    """An answered CHALLENGE on its way."""

    token: bytes
    association: SecurityAssociation
    carrier: Key | None = None
    """The REGISTER that carries it; a challenge is good for one attempt."""


class Guard:
    """One line's guard at one server."""

    def __init__(
        self,
        credentials: Credentials | None,
        level: LmLevel | None,
        dice: Dice,
        workstation: str = "",
        *,
        attempts: Sequence[int] | None = None,
        prefers_ntlm: bool = True,
        away: Callable[[Request], bool] = lambda request: False,
        noted: Callable[[str], None] | None = None,
    ) -> None:
        """`attempts` are the LAN Manager levels to try in turn when refused; without it, `level` alone, or 1 then 3.

        What worked is remembered over `forget`: the next handshake begins with it, until that is refused as well.

        `away(request)`: it goes straight to somebody else, past the server that has asked.
        """
        chosen = attempts or ((level,) if level is not None else (1, 3))
        self._attempts = tuple(LmLevel(one) for one in chosen)
        self._attempt = 0
        self._worked = 0
        """The attempt that the server took last: the next sign-in begins with it."""
        self._credentials = credentials
        self._dice = dice
        self._workstation = workstation
        self._prefers_ntlm, self._away = prefers_ntlm, away
        self._digests = DigestRealms(credentials, dice) if credentials else None
        self._machine = Machine("guard", TABLE, State.FRESH, noted)
        self._offer = Names("", "", "")
        self._header = "Authorization"
        self._proof: _Proof | None = None
        self._standing: SecurityAssociation | None = None
        self._log: list[tuple[int, str]] = []

    # What the line asks

    @property
    def state(self) -> State:
        """How far the NTLM handshake has come."""
        return self._machine.state

    @property
    def auth(self) -> str:
        """What this server believes us by: `none`, `digest`, `ntlmv1` or `ntlmv2`."""
        if self._standing:
            return self._standing.kind.auth
        return "digest" if self._digests and self._digests.trusted else "none"

    @property
    def renew_at(self) -> float | None:
        """When a REGISTER must be made at the latest, to renew the association; None if there is none."""
        return self._standing.ends_at - RENEW_BEFORE if self._standing else None

    def log(self) -> list[tuple[int, str]]:
        """New lines for the phone's log, level and text; empties itself."""
        lines, self._log = self._log, []
        return lines

    def forget(self) -> None:
        """Start from nothing: a new connection, another server, or a new try after a refusal."""
        self._machine.step(Given.FORGOTTEN)
        self._proof = self._standing = None
        if self._digests:
            self._digests.forget()

    # Going out

    def prepare(self, request: Request, now: float) -> Request:
        """Add what a new request must carry; call it once for each new request, with its final CSeq."""
        if request.method == "CANCEL" or not self._digests:
            return request
        if request.method == "ACK":
            return self._digests.acknowledge(request, self._away(request))
        request = self._digests.add_to(request.with_headers(_bare(request.headers)), self._away(request))
        return self._with_handshake(request, now) if request.method == "REGISTER" else request

    def _with_handshake(self, request: Request, now: float) -> Request:
        spent = self.state is State.PROVING and (self._proof is None or self._proof.carrier is not None)
        renewing = self.state is State.TRUSTED and self.renew_at is not None and now >= self.renew_at
        if spent or renewing:
            self._start_over()
        if self.state is State.OFFERED:
            return self._carrying(request, self._offer, b"")
        if self.state is State.PROVING and self._proof:
            proof = self._proof
            self._proof = _Proof(proof.token, proof.association, key_of(request))
            return self._carrying(request, proof.association.names, proof.token)
        return request

    def _carrying(self, request: Request, names: Names, token: bytes) -> Request:
        known = ("qop", "opaque", "realm", "targetname") if names.opaque else ("qop", "realm", "targetname")
        params = (*names.params(*known), AuthParam("gssapi-data", b64encode(token).decode()))
        if names.version > 2:
            params = (*params, AuthParam("version", str(names.version), quoted=False))
        return request.with_headers(request.headers.adding(self._header, str(AuthLine("NTLM", params))))

    def seal(self, message: Message, now: float) -> Message:
        """Sign a message that leaves, repeats included; call it last, once for each time it is sent."""
        if self._is_carrier(message) and self._proof:
            return self._sealed_proof(message, self._proof)
        association = self._standing
        # While a new handshake runs, the old association signs everything but the REGISTERs of the handshake.
        handshake = isinstance(message, Request) and message.method == "REGISTER" and self.state is not State.TRUSTED
        if association is None or handshake or any(line.get("response") for line in _ntlm_lines(message, _UNKEPT)):
            return message
        params = association.names.params("qop", "opaque", "realm", "targetname")
        line = AuthLine("NTLM", (*params, *association.seal_params(message, self._dice)))
        return message.with_headers(message.headers.adding(self._header, str(line)))

    def _is_carrier(self, message: Message) -> bool:
        if self.state is not State.PROVING or not self._proof or not isinstance(message, Request):
            return False
        return message.method == "REGISTER" and self._proof.carrier == key_of(message)

    def _sealed_proof(self, message: Message, proof: _Proof) -> Message:
        lines = _ntlm_lines(message, _UNKEPT)
        if proof.association.names.version < 4 or not lines or lines[0].get("response"):
            return message
        line = lines[0].adding(*proof.association.seal_params(message, self._dice))
        items = ((name, str(line) if value == str(lines[0]) else value) for name, value in message.headers)
        return message.with_headers(Headers.of(*items))

    # Challenges

    def challenged(self, request: Request, response: Response, now: float) -> Verdict:
        """Take a 401 or 407 to one of our requests, and say whether to try again."""
        asked = [(header, line) for name, header in _ASKED.items() for line in lines_of(response, name)][:_MOST_LINES]
        for _, line in asked:
            if line.scheme.lower() not in ("ntlm", "digest"):
                self._log.append((3, f"Challenge: Unknown scheme {line.scheme}"))
        if not self._credentials or not self._digests or not self._credentials.user:
            return Verdict(False, "none", "the server wants a user name and a password")
        self._digests.follow(request)
        ours = [(header, line) for header, line in asked if self._credentials.belong_to(line.get("realm"))]
        verdict = self._weighed(request, response, _Asked.of(ours), now)
        if not verdict.retry:
            self._digests.close(request)
        return _foreign(asked, self._credentials.realm) if asked and not ours else verdict

    def _weighed(self, request: Request, response: Response, asked: _Asked, now: float) -> Verdict:
        """Choose the scheme; what fails here leaves the choice to the other one."""
        registering = request.method == "REGISTER"
        if asked.ntlm and (not asked.digest or self._ntlm_first()):
            verdict = self._by_ntlm(asked.ntlm, request, response, now)
            if verdict.retry or verdict.register or not asked.digest:
                return verdict
        if asked.digest:
            if registering and self.state in (State.OFFERED, State.PROVING):
                self._give_up("the server wants no NTLM any more")
            verdict = self._by_digest(request, asked.digest)
            may_change = registering and self.state is State.FRESH and all(one.sends_v2 for one in self._attempts)
            if verdict.retry or not asked.ntlm or not may_change:
                return verdict
            other = self._by_ntlm(asked.ntlm, request, response, now)
            return other if other.retry else verdict
        if asked.knows_digest:
            return Verdict(False, "digest", "the server wants a form of Digest that this phone does not know")
        if asked.knows_ntlm:
            return Verdict(False, "none", "the server's NTLM challenge lacks its names")
        return Verdict(False, "none", "the server offers no scheme that this phone knows")

    def _ntlm_first(self) -> bool:
        """Whether NTLM is the scheme of choice where both are offered."""
        if self.state is State.FRESH:
            return self._prefers_ntlm and not (self._digests and self._digests.trusted)
        return self.state is not State.REFUSED

    def _by_digest(self, request: Request, offers: dict[Place, DigestOffer]) -> Verdict:
        assert self._digests is not None
        wrong = self._digests.challenged(request, offers, self._away(request))
        return Verdict(not wrong, "digest", wrong or "the server asks for Digest authentication")

    def _by_ntlm(self, ntlm: tuple[str, AuthLine], request: Request, response: Response, now: float) -> Verdict:
        self._header, line = ntlm
        return self._ntlm(line, response, now) if request.method == "REGISTER" else self._not_here()

    def _not_here(self) -> Verdict:
        """Another request than REGISTER was challenged: the server does not know our association (any more)."""
        if self.state is State.TRUSTED:
            self._start_over()
            self._standing = None
        refused = self.state is State.REFUSED
        return Verdict(False, self._trying.auth, "the server wants a new NTLM handshake", register=not refused)

    def _ntlm(self, line: AuthLine, response: Response, now: float) -> Verdict:
        state, token = self.state, line.get("gssapi-data")
        if state is State.REFUSED:
            return Verdict(False, self._trying.auth, "the server refused NTLM before")
        refused = self._trying
        if state is State.OFFERED and not token:
            return self._give_up("the server did not send its NTLM challenge")
        if state is State.PROVING:
            if self._attempt + 1 == len(self._attempts):
                self._worked = 0
                return self._give_up(refusal_of(refused, response, now))
            self._attempt += 1
        if state is State.TRUSTED:
            self._standing = None
        if state is not State.OFFERED:
            self._machine.step(Given.SCHEMES)
            self._proof = None
            self._offer = Names(line.raw("realm") or "", line.raw("targetname") or "", "", version_of(line))
        if token:
            return self._prove(line, token, now)
        if state is State.PROVING:
            return Verdict(True, self._trying.auth, f"{refused.value} was refused, trying {self._trying.value}")
        return Verdict(True, self._trying.auth, "the server asks for NTLM authentication")

    @property
    def _trying(self) -> ResponseKind:
        return ResponseKind.NTLMV2 if self._attempts[self._attempt].sends_v2 else ResponseKind.NTLMV1

    def _prove(self, line: AuthLine, token: str, now: float) -> Verdict:
        credentials = self._credentials
        if credentials is None:
            return self._give_up("no user name and password")
        user, domain = credentials.user, credentials.domain
        self._log.append((6, f'Using user "{user}" and domain "{domain}" for NTLM authentication'))
        level = self._attempts[self._attempt]
        context = ClientContext(user, domain, credentials.password, level, self._workstation)
        try:
            answer = context.answer(decoded(token), now, self._dice)
        except BadToken as error:
            return self._give_up(f"the server's NTLM challenge cannot be used: {error}")
        self._machine.step(Given.TOKEN)
        realm, targetname = line.raw("realm") or self._offer.realm, line.raw("targetname") or self._offer.targetname
        names = Names(realm, targetname, line.raw("opaque") or "", version_of(line))
        self._proof = _Proof(answer.token, SecurityAssociation(names, answer.keys, answer.kind, now, client=True))
        return Verdict(True, answer.kind.auth, f"answering with {answer.kind.value}")

    def _give_up(self, why: str) -> Verdict:
        auth = self._trying.auth
        self._machine.step(Given.GIVEN_UP)
        self._attempt = self._worked
        self._proof = self._standing = None
        return Verdict(False, auth, why)

    def _start_over(self) -> None:
        self._machine.step(Given.STARTED_OVER)
        self._proof = None

    # Coming in

    def verify(self, message: Message, now: float) -> Belief:
        """Say whether a message from the server is to be believed; call it once for each message."""
        if self._digests and isinstance(message, Response):
            wrong = self._digests.doubts(message)
            if wrong:
                return doubted(wrong)
        lines = _ntlm_lines(message, ("Authentication-Info", "Proxy-Authentication-Info"))
        if self._proof and self._ends_handshake(message):
            return self._judge(message, lines, self._proof.association)
        if self._standing is None:
            return BELIEVED if self.state is State.FRESH else UNSIGNED_BUT_FINE
        if lines:
            wrong = self._standing.doubts(message, lines[0]).why
            return doubted(wrong) if wrong else PROVEN
        if isinstance(message, Response) and (message.status < 200 or message.status in _CHALLENGES):
            return UNSIGNED_BUT_FINE
        return doubted("the signature is missing")

    def _ends_handshake(self, message: Message) -> bool:
        """Whether this is the final answer to the REGISTER with the proof, and no further challenge."""
        if not isinstance(message, Response) or message.status < 200 or message.status in _CHALLENGES:
            return False
        return self._proof is not None and self._proof.carrier == key_of(message)

    def _judge(self, message: Message, lines: list[AuthLine], association: SecurityAssociation) -> Belief:
        wrong = association.doubts(message, lines[0]).why if lines else "the signature is missing"
        if not wrong:
            self._machine.step(Given.PROVEN)
            self._worked = self._attempt
            self._standing, self._proof = association, None
            return PROVEN
        if not lines and isinstance(message, Response) and message.status >= 400:
            # Trouble in front of the authentication, a 503 for instance. The challenge is spent all the same.
            self._start_over()
            return UNSIGNED_BUT_FINE
        self._give_up(wrong)
        return doubted(f"the server did not prove itself: {wrong}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a server asks for, and what of it can be answered."""

    ntlm: tuple[str, AuthLine] | None
    """Our header and the challenge."""
    digest: dict[Place, DigestOffer]
    """One for each realm: the topmost that we know (RFC 8760 2.4)."""
    knows_ntlm: bool
    knows_digest: bool

    @classmethod
    def of(cls, asked: Sequence[tuple[str, AuthLine]]) -> _Asked:
        """Sort the challenges; an NTLM one without its names can only be answered if it has a token."""
        ntlm = [(header, line) for header, line in asked if line.is_scheme("NTLM")]
        usable = [each for each in ntlm if each[1].get("gssapi-data") or None not in _names(each[1])]
        offers: dict[Place, DigestOffer] = {}
        for header, line in asked:
            offer = DigestOffer.of(line)
            if offer:
                offers.setdefault((header, offer.realm.value), offer)
        best = max(usable, key=lambda each: bool(each[1].get("gssapi-data")), default=None)
        return cls(best, offers, bool(ntlm), any(line.is_scheme("Digest") for _, line in asked))


def _names(line: AuthLine) -> tuple[str | None, str | None]:
    return line.raw("realm"), line.raw("targetname")


def _foreign(asked: Sequence[tuple[str, AuthLine]], realm: str) -> Verdict:
    theirs = ", ".join(dict.fromkeys(f'"{line.get("realm") or ""}"' for _, line in asked))
    return Verdict(False, "none", f'the server asks in the realm {theirs}, but this login is only for "{realm}"')


def _bare(headers: Headers) -> Headers:
    """The headers without credentials that a former attempt had added."""
    if not any(name in headers for name in _UNKEPT):
        return headers
    return Headers(tuple(item for item in headers if key(item[0]) not in _UNKEPT))


def _ntlm_lines(message: Message, names: tuple[str, ...]) -> list[AuthLine]:
    return [line for line in lines_of(message, *names) if line.is_scheme("NTLM")]
