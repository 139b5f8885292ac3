"""Their side of authentication: a registrar's door, as an OCS 2007 front end keeps it ([MS-SIPAE] 3.3).

Each endpoint (connection, address of record, epid) has an association. A wrong signature is dropped in silence, a
wrong password is asked again, an ACK or CANCEL is never challenged. Digest can be offered beside, for other phones.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable

from snomtui.auth.association import Names, SecurityAssociation
from snomtui.auth.challenge import AuthLine, AuthParam, lines_of
from snomtui.auth.dates import date
from snomtui.auth.digest import DigestDoor, DigestResult
from snomtui.auth.ntlm.context import Fault, Host, Outcome, ServerContext
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.auth.rulings import (
    Account,
    Admit,
    Ask,
    Association,
    Discard,
    Forbid,
    Given,
    Pass,
    Place,
    Ruling,
    State,
)
from snomtui.kit.box import Conn
from snomtui.kit.ids import Dice
from snomtui.kit.secret import Secret
from snomtui.sip.message import Message, Request, Response

__all__ = [
    "Account",
    "Admit",
    "Ask",
    "Association",
    "Discard",
    "Doorman",
    "Forbid",
    "Host",
    "Pass",
    "Ruling",
    "State",
]

PATIENCE = 120.0
"""Seconds that a CHALLENGE waits for its answer."""
MOST_CHALLENGED = 20_000
"""CHALLENGEs that wait at the same time; the oldest is forgotten."""

_CREDENTIALS = ("Authorization", "Proxy-Authorization")
_UNCHALLENGED = ("ACK", "CANCEL")
_NOT_SIGNED = (100, 401, 407)
_FORBIDDEN = "Credentials provided are not authorized to act as specified from URI"


class Doorman:
    """The door of one server. `level`, `version`, `kerberos` and the offers may be changed at any time."""

    def __init__(
        self,
        realm: str,
        targetname: str,
        accounts: Callable[[str, str], Account | None],
        level: LmLevel,
        version: int = 4,
        *,
        dice: Dice,
        host: Host | None = None,
        kerberos: bool = True,
        offer_ntlm: bool = True,
        offer_digest: bool = False,
        digest_realm: str = "",
        noted: Callable[[str], None] | None = None,
    ) -> None:
        """`accounts` finds (user, domain) without regard to case; the domain is "" for `user@domain` and for Digest.

        Some Digest phones give up when any other scheme is offered: for them switch off `kerberos` and `offer_ntlm`.
        """
        self.level = level
        self.version = version
        self.kerberos = kerberos
        self.offer_ntlm = offer_ntlm
        self.offer_digest = offer_digest
        self._realm = realm
        self._targetname = targetname
        self._accounts = accounts
        self._dice = dice
        self._host = host or Host()
        self._noted = noted
        self._digest = DigestDoor(digest_realm or self._host.dns_domain, dice(32))
        self._challenged: dict[str, Association] = {}
        self._trusted: dict[str, Association] = {}
        self._places: dict[Place, Association] = {}
        self._on: dict[Conn, dict[str, Association]] = {}

    # Going out

    def seal(self, message: Message, association: Association | None, now: float) -> Message:
        """Sign what the server sends to an endpoint; challenges, 100 and messages to others stay as they are."""
        if association is None or association.security is None:
            return message
        if isinstance(message, Response) and message.status in _NOT_SIGNED:
            return message
        security = association.security
        params = security.seal_params(message, self._dice)
        line = AuthLine("NTLM", (*params, *security.names.params("opaque", "qop", "targetname", "realm")))
        return message.with_headers(
            message.headers.without("Authentication-Info").adding("Authentication-Info", str(line))
        )

    def association(self, conn: Conn, aor: str, epid: str, now: float) -> Association | None:
        """The trusted association of an endpoint."""
        found = self._places.get((conn, aor.lower(), epid.lower()))
        return found if found and self._alive(found, now) else None

    def lost(self, conn: Conn) -> None:
        """The connection is gone, and with it its associations."""
        for association in list(self._on.get(conn, {}).values()):
            self._end(association)

    # Coming in

    def check(self, message: Message, conn: Conn, now: float) -> Ruling:
        """Rule on a message; raises `MalformedMessage` if From (or To of a response) cannot be read."""
        own = message.from_ if isinstance(message, Request) else message.to
        place = (conn, own.uri.aor.lower(), (own.params.get("epid") or "").lower())
        lines = lines_of(message, *_CREDENTIALS)
        mine = [line for line in lines if self.offer_ntlm and line.is_scheme("NTLM") and self._is_mine(line)]
        if isinstance(message, Response):
            return self._check_response(message, mine, place, now)
        if mine:
            ruling = self._check_ntlm(message, mine[0], place, now)
        elif self.offer_digest and message.method not in _UNCHALLENGED:
            ruling = self._check_digest(message, lines, now)
        else:
            ruling = self._ask("no credentials", now)
        if isinstance(ruling, Ask) and message.method in _UNCHALLENGED:
            # Digest credentials are those of the INVITE (RFC 3261 22.1): their count is used up, they prove nothing.
            signs = any(not line.is_scheme("Digest") for line in lines)
            must_sign = signs or not self.offer_digest or self._signs(place, now)
            return Discard(f"{message.method}: {ruling.why}") if must_sign else Pass()
        return ruling

    def _is_mine(self, line: AuthLine) -> bool:
        return line.raw("realm") == self._realm and line.raw("targetname") == self._targetname

    def _check_response(self, message: Response, mine: list[AuthLine], place: Place, now: float) -> Ruling:
        if not mine:
            must_sign = message.status > 100 and self._signs(place, now)
            return Discard("an answer without a signature") if must_sign else Pass()
        ruling = self._check_signed(message, mine[0], place, now)
        return Discard(f"answer: {ruling.why}") if isinstance(ruling, Ask) else ruling

    def _signs(self, place: Place, now: float) -> bool:
        """Whether this endpoint has an association; by epid too, since a call may have come for another address."""
        conn, aor, epid = place
        if self.association(conn, aor, epid, now):
            return True
        held = list(self._on.get(conn, {}).values()) if epid else []
        return any(one.place[2] == epid and one.state is State.TRUSTED and self._alive(one, now) for one in held)

    def _check_ntlm(self, request: Request, line: AuthLine, place: Place, now: float) -> Ruling:
        token = line.get("gssapi-data")
        if token is None:
            ruling = self._check_signed(request, line, place, now)
        elif request.method in _UNCHALLENGED:
            return Discard(f"{request.method} with a handshake")
        elif token == "":
            return self._challenge(place, now)
        else:
            ruling = self._check_proof(request, line, token, place, now)
        return self._from_allowed(ruling, request)

    def _check_signed(self, message: Message, line: AuthLine, place: Place, now: float) -> Ruling:
        """A message after the handshake: the association is found by opaque, and must be of this endpoint."""
        association = self._trusted.get(line.raw("opaque") or "")
        if association is None or not _same_endpoint(association.place, place) or not self._alive(association, now):
            return self._ask("no such association", now)
        security, account = association.security, association.account
        if security is None or account is None:
            return self._ask("no such association", now)
        if line.get("response") is None:
            return self._ask("no signature", now)
        wrong = security.doubts(message, line)
        return Discard(wrong) if wrong else Admit(account, association)

    @staticmethod
    def _from_allowed(ruling: Ruling, request: Request) -> Ruling:
        """Whether the account may write this From. Inside a dialog it stays what the caller had dialled."""
        if not isinstance(ruling, Admit) or request.to.tag:
            return ruling
        aor = request.from_.uri.aor.lower()
        if ruling.account.uri.lower() == aor:
            return ruling
        headers = (("ms-diagnostics-public", f'4004;reason="{_FORBIDDEN}"'),)
        why = f"{ruling.account.uri} may not write {aor} into From"
        return Forbid(403, "Forbidden", headers, why, ruling.association)

    # The handshake

    def _challenge(self, place: Place, now: float) -> Ask:
        """The empty step: a CHALLENGE with a new opaque."""
        self._sweep(now)
        opaque = self._new_opaque()
        association = Association(opaque, place, self.version, now, self._noted)
        context = ServerContext(self._host, self.level, self._password_of, now, self._dice)
        association.context = context
        association.step(Given.ASKED)
        self._challenged[opaque] = association
        self._on.setdefault(place[0], {})[opaque] = association
        token = b64encode(context.token).decode()
        params = (AuthParam("opaque", opaque), AuthParam("gssapi-data", token), *self._names(self._targetname))
        headers = (("Date", date(now)), ("WWW-Authenticate", str(AuthLine("NTLM", params))))
        return Ask(headers, "NTLM challenge sent")

    def _check_proof(self, request: Request, line: AuthLine, token: str, place: Place, now: float) -> Ruling:
        """The AUTHENTICATE. A challenge is good for one attempt, so the association leaves the waiting ones at once."""
        association = self._challenged.get(line.raw("opaque") or "")
        if association is None or association.place != place or association.context is None:
            return self._ask("an answer to no challenge of ours", now)
        del self._challenged[association.opaque]
        outcome = association.context.check(_decoded(token), now)
        association.kind = outcome.kind
        association.context = None
        account = self._accounts(outcome.user, outcome.domain) if outcome.ok else None
        if account is None or outcome.keys is None or outcome.kind is None:
            association.step(Given.WRONG)
            return self._refused(outcome, now)
        version = min(association.version, _version(line))
        names = Names(self._realm, self._targetname, association.opaque, version)
        security = SecurityAssociation(names, outcome.keys, outcome.kind, now, client=False)
        wrong = security.doubts(request, line) if version >= 4 else ""
        if wrong:
            association.step(Given.WRONG)
            return Discard(f"AUTHENTICATE: {wrong}")
        association.version, association.security, association.account = version, security, account
        self._install(association)
        return Admit(account, association, outcome.why)

    def _install(self, association: Association) -> None:
        """Let the new association stand beside the one that it replaces, and drop the one before that."""
        association.step(Given.RIGHT)
        former = self._places.get(association.place)
        if former:
            if former.former:
                self._end(former.former)
            former.former = None
        association.former = former
        self._trusted[association.opaque] = association
        self._places[association.place] = association

    def _refused(self, outcome: Outcome, now: float) -> Ask:
        text = f'1000;reason="Final handshake failed";source="{self._targetname}"'
        if outcome.fault is Fault.CLOCK:
            reason = "Significant time skew detected during authentication."
            text = f'1013;reason="{reason}";source="{self._targetname}"'
        elif self.version >= 4:
            text += ';HRESULT="0xC3E93EC3(SIP_E_AUTH_UNAUTHORIZED)"'
        user = f"{outcome.domain}\\{outcome.user}" if outcome.domain else outcome.user
        asked = self._ask(outcome.why, now)
        return Ask((*asked.headers, ("ms-diagnostics", text)), outcome.why, True, user)

    def _password_of(self, user: str, domain: str) -> Secret | None:
        account = self._accounts(user, domain)
        return account.password if account else None

    # Challenges of all kinds

    def _ask(self, why: str, now: float, *, stale: bool = False, refusal: bool = False, user: str = "") -> Ask:
        """The first step: all schemes, one line each."""
        values: list[str] = []
        if self.kerberos:
            values.append(str(AuthLine("Kerberos", self._names(f"sip/{self._targetname}"))))
        if self.offer_ntlm:
            values.append(str(AuthLine("NTLM", self._names(self._targetname))))
        if self.offer_digest:
            values.append(self._digest.challenge(now, stale))
        headers = (("Date", date(now)), *(("WWW-Authenticate", value) for value in values))
        return Ask(headers, why, refusal, user)

    def _names(self, targetname: str) -> tuple[AuthParam, ...]:
        names = (AuthParam("realm", self._realm), AuthParam("targetname", targetname))
        return names if self.version < 3 else (*names, AuthParam("version", str(self.version), quoted=False))

    def _check_digest(self, request: Request, lines: tuple[AuthLine, ...], now: float) -> Ruling:
        digest = [line for line in lines if line.is_scheme("Digest") and line.get("realm") == self._digest.realm]
        if not digest:
            return self._ask("no credentials", now)
        verdict = self._digest.check_line(digest[0], request.method, None, self._digest_password, now, request.body)
        account = self._accounts(verdict.user, "") if verdict.ok else None
        if account:
            return self._from_allowed(Admit(account, None), request)
        stale = verdict.result is DigestResult.STALE
        return self._ask(verdict.result.value, now, stale=stale, refusal=not stale, user=verdict.user)

    def _digest_password(self, user: str) -> str | None:
        password = self._password_of(user, "")
        return password.reveal() if password else None

    # Keeping house

    def _alive(self, association: Association, now: float) -> bool:
        if association.security and now < association.security.ends_at:
            return True
        self._end(association)
        return False

    def _end(self, association: Association) -> None:
        association.step(Given.ENDED)
        self._challenged.pop(association.opaque, None)
        self._trusted.pop(association.opaque, None)
        association.security = association.former = None
        held = self._on.get(association.place[0], {})
        held.pop(association.opaque, None)
        if not held:
            self._on.pop(association.place[0], None)
        if self._places.get(association.place) is association:
            del self._places[association.place]

    def _sweep(self, now: float) -> None:
        """Forget CHALLENGEs that nobody answered; the oldest come first in the dict."""
        while self._challenged:
            oldest = next(iter(self._challenged.values()))
            if now - oldest.made < PATIENCE and len(self._challenged) < MOST_CHALLENGED:
                return
            self._end(oldest)

    def _new_opaque(self) -> str:
        number = int.from_bytes(self._dice(4), "big")
        while (opaque := f"{number:08X}") in self._challenged or opaque in self._trusted:
            number = (number + 1) % 2**32
        return opaque


def _same_endpoint(mine: Place, theirs: Place) -> bool:
    """The same connection, and the same epid if one was written."""
    return mine[0] == theirs[0] and theirs[2] in ("", mine[2])


def _version(line: AuthLine) -> int:
    """The version that a client echoes; none means 2."""
    text = line.get("version") or ""
    return int(text) if text in ("3", "4") else 2


def _decoded(token: str) -> bytes:
    """The token; what is not base64 is no token either, and is refused as one."""
    try:
        return b64decode(token, validate=True)
    except (Base64Error, ValueError):
        return b""
