"""Our side of authentication: every message of a line passes the guard, going out and coming in.

NTLM as [MS-SIPAE] has it: a handshake inside REGISTERs, then every message of both directions is signed. Digest: an
answer with each request. Nothing: messages pass as they are.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from snomtui.auth.association import Names, SecurityAssociation
from snomtui.auth.challenge import AuthLine, AuthParam, lines_of
from snomtui.auth.credentials import Credentials
from snomtui.auth.dates import parse_date
from snomtui.auth.digest import DigestOffer
from snomtui.auth.ntlm.context import ClientContext
from snomtui.auth.ntlm.policy import LmLevel, ResponseKind
from snomtui.auth.realms import DigestRealms, Key, key_of
from snomtui.auth.verdicts import BELIEVED, UNSIGNED_BUT_FINE, Belief, Trust, Verdict, doubted
from snomtui.errors import BadToken
from snomtui.kit.ids import Dice
from snomtui.kit.machine import Machine, Table
from snomtui.sip.headers import Headers, key
from snomtui.sip.message import Message, Request, Response

__all__ = ["BELIEVED", "UNSIGNED_BUT_FINE", "Belief", "Credentials", "Guard", "State", "Trust", "Verdict", "doubted"]

RENEW_BEFORE = 300.0
"""Seconds before the end of an association at which a new handshake starts."""
SKEW_WORTH_SAYING = 900.0
"""Seconds between the clocks above which a refusal mentions them ([MS-SIPAE] asks for 15 minutes)."""
HIGHEST_VERSION = 4
_ANSWERS = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
_UNKEPT = ("authorization", "proxy-authorization")


class State(Enum):
    """How far the NTLM handshake with this server has come."""

    FRESH = auto()
    """No handshake; the next REGISTER goes without credentials."""
    OFFERED = auto()
    """The server speaks NTLM; the next REGISTER asks for its CHALLENGE."""
    PROVING = auto()
    """The CHALLENGE is answered; the server's proof is awaited."""
    TRUSTED = auto()
    """Both sides have proven themselves; everything is signed."""
    REFUSED = auto()
    """It did not work; nothing is tried until `forget`."""


class Given(Enum):
    """What moves a handshake."""

    SCHEMES = auto()
    TOKEN = auto()
    PROVEN = auto()
    GIVEN_UP = auto()
    STARTED_OVER = auto()
    FORGOTTEN = auto()


TABLE: Table[State, Given] = {
    State.FRESH: {
        Given.SCHEMES: State.OFFERED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.OFFERED: {
        Given.TOKEN: State.PROVING,
        Given.GIVEN_UP: State.REFUSED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.PROVING: {
        Given.PROVEN: State.TRUSTED,
        Given.SCHEMES: State.OFFERED,
        Given.GIVEN_UP: State.REFUSED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.TRUSTED: {
        Given.SCHEMES: State.OFFERED,
        Given.STARTED_OVER: State.FRESH,
        Given.FORGOTTEN: State.FRESH,
    },
    State.REFUSED: {Given.FORGOTTEN: State.FRESH},
}


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
        noted: Callable[[str], None] | None = None,
    ) -> None:
        """`attempts` are the LAN Manager levels to try in turn when refused; without it, `level` alone, or 1 then 3."""
        chosen = attempts or ((level,) if level is not None else (1, 3))
        self._attempts = tuple(LmLevel(one) for one in chosen)
        self._attempt = 0
        self._credentials = credentials
        self._dice = dice
        self._workstation = workstation
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
        if request.method in ("ACK", "CANCEL") or not self._digests:
            return request
        request = self._digests.add_to(request.with_headers(_bare(request.headers)))
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
        asked, header = _ANSWERS.get(response.status, _ANSWERS[401])
        lines = lines_of(response, asked)
        for line in lines:
            if line.scheme.lower() not in ("ntlm", "digest"):
                self._log.append((3, f"Challenge: Unknown scheme {line.scheme}"))
        if not self._credentials or not self._digests or not self._credentials.user:
            return Verdict(False, "none", "the server wants a user name and a password")
        ntlm = [line for line in lines if line.is_scheme("NTLM")]
        if ntlm:
            self._header = header
            line = max(ntlm, key=lambda line: bool(line.get("gssapi-data")))
            if request.method != "REGISTER":
                return self._not_here()
            return self._ntlm(line, response, now)
        if not any(line.is_scheme("Digest") for line in lines):
            return Verdict(False, "none", "the server offers no scheme that this phone knows")
        if not any(map(DigestOffer.of, lines)):
            return Verdict(False, "digest", "the server wants a form of Digest that this phone does not know")
        if self._digests.challenged(request, lines, header):
            return Verdict(True, "digest", "the server asks for Digest authentication")
        return Verdict(False, "digest", "wrong user name or password")

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
                return self._give_up(_refusal(refused, response, now))
            self._attempt += 1
        if state is State.TRUSTED:
            self._standing = None
        if state is not State.OFFERED:
            self._machine.step(Given.SCHEMES)
            self._proof = None
            self._offer = Names(line.raw("realm") or "", line.raw("targetname") or "", "", _version(line))
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
            answer = context.answer(_decoded(token), now, self._dice)
        except BadToken as error:
            return self._give_up(f"the server's NTLM challenge cannot be used: {error}")
        self._machine.step(Given.TOKEN)
        realm, targetname = line.raw("realm") or self._offer.realm, line.raw("targetname") or self._offer.targetname
        names = Names(realm, targetname, line.raw("opaque") or "", _version(line))
        self._proof = _Proof(answer.token, SecurityAssociation(names, answer.keys, answer.kind, now, client=True))
        return Verdict(True, answer.kind.auth, f"answering with {answer.kind.value}")

    def _give_up(self, why: str) -> Verdict:
        auth = self._trying.auth
        self._machine.step(Given.GIVEN_UP)
        self._attempt = 0
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
            wrong = self._standing.doubts(message, lines[0])
            return doubted(wrong) if wrong else BELIEVED
        if isinstance(message, Response) and (message.status < 200 or message.status in _ANSWERS):
            return UNSIGNED_BUT_FINE
        return doubted("the signature is missing")

    def _ends_handshake(self, message: Message) -> bool:
        """Whether this is the final answer to the REGISTER with the proof, and no further challenge."""
        if not isinstance(message, Response) or message.status < 200 or message.status in _ANSWERS:
            return False
        return self._proof is not None and self._proof.carrier == key_of(message)

    def _judge(self, message: Message, lines: list[AuthLine], association: SecurityAssociation) -> Belief:
        wrong = association.doubts(message, lines[0]) if lines else "the signature is missing"
        if not wrong:
            self._machine.step(Given.PROVEN)
            self._standing, self._proof = association, None
            return BELIEVED
        if not lines and isinstance(message, Response) and message.status >= 400:
            # Trouble in front of the authentication, a 503 for instance. The challenge is spent all the same.
            self._start_over()
            return UNSIGNED_BUT_FINE
        self._give_up(wrong)
        return doubted(f"the server did not prove itself: {wrong}")


def _bare(headers: Headers) -> Headers:
    """The headers without credentials that a former attempt had added."""
    return Headers(tuple(item for item in headers if key(item[0]) not in _UNKEPT))


def _ntlm_lines(message: Message, names: tuple[str, ...]) -> list[AuthLine]:
    return [line for line in lines_of(message, *names) if line.is_scheme("NTLM")]


def _version(line: AuthLine) -> int:
    """The protocol version of a challenge that we follow: none means 2 ([MS-SIPAE] 2.2.1)."""
    text = line.get("version") or ""
    return min(int(text), HIGHEST_VERSION) if text in ("3", "4", "5", "6") else 2


def _decoded(token: str) -> bytes:
    try:
        return b64decode(token, validate=True)
    except (Base64Error, ValueError) as error:
        raise BadToken("not base64") from error


def _refusal(kind: ResponseKind, response: Response, now: float) -> str:
    """Why a proof was refused, as far as a client can know."""
    why = f"the server refused the {kind.value} answer: wrong user, password or domain, or its policy forbids it"
    theirs = parse_date(response.headers.get("Date") or "")
    if theirs is not None and abs(theirs - now) > SKEW_WORTH_SAYING:
        why += f"; the clocks differ by {abs(theirs - now) / 60:.0f} minutes"
    return why
