"""Their side of authentication: a registrar's door, as an OCS 2007 front end keeps it ([MS-SIPAE] 3.3).

Each endpoint (connection, address of record, epid) has an association. A wrong signature is dropped in silence, a
wrong password is asked again, an ACK or CANCEL is never challenged. Digest can be offered beside, for other phones.
Kerberos and TLS-DSK can be offered as well, but nobody gets in with them. A client learns only that it was refused;
why stands in the ruling, for the journal.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import replace

from snomtui.auth.association import Names as AssociationNames
from snomtui.auth.association import SecurityAssociation
from snomtui.auth.book import Book
from snomtui.auth.challenge import AuthLine, lines_of
from snomtui.auth.dates import date
from snomtui.auth.digest import DigestDoor, DigestResult, DigestVerdict
from snomtui.auth.faults import Doubt, Fault, short
from snomtui.auth.ntlm.messages import Flags, is_negotiate
from snomtui.auth.ntlm.policy import LmLevel
from snomtui.auth.ntlm.server import Host, Outcome, ServerContext
from snomtui.auth.rulings import Account, Admit, Ask, Association, Discard, Forbid, Header, Pass, Place, Ruling, State
from snomtui.auth.schemes import Names
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
    "Fault",
    "Forbid",
    "Host",
    "Pass",
    "Ruling",
    "State",
]

_INFO = "Authentication-Info"
_CREDENTIALS = ("Authorization", "Proxy-Authorization")
_UNCHALLENGED = ("ACK", "CANCEL")
_NOT_SIGNED = (100, 401, 407)
_FORBIDDEN = "Credentials provided are not authorized to act as specified from URI"
MOST_TICKETS = 256
"""People of one connection whose last token is remembered; whom it forgets goes round once more."""
_TICKETS = {"kerberos": Fault.KERBEROS, "tls-dsk": Fault.TLS_DSK}
"""Schemes that are offered and never taken, in lower case."""


class Doorman:
    """The door of one server. Its attributes may be changed at any time, and hold for the next handshake."""

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
        self.realm = realm
        self.level = level
        self.version = version
        self.minimum = Flags(0)
        """The minimum session security: flags that every AUTHENTICATE must have."""
        self.kerberos = kerberos
        self.offer_ntlm = offer_ntlm
        self.tls_dsk = False
        self.offer_digest = offer_digest
        self._targetname = targetname
        self._accounts = accounts
        self._dice, self._noted = dice, noted
        self._host = host or Host()
        self._digest = DigestDoor(digest_realm or self._host.dns_domain, dice(32))
        self._book = Book(dice, noted)
        self._tickets: dict[Conn, dict[str, None]] = {}
        """Who has sent a token of a scheme that is never taken: addresses of record by connection, the oldest first."""

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
        headers = message.headers
        if _INFO in headers:
            headers = headers.without(_INFO)
        return message.with_headers(headers.adding(_INFO, str(line)))

    def lost(self, conn: Conn) -> None:
        """The connection is gone, and with it its associations."""
        self._book.lost(conn)
        self._tickets.pop(conn, None)

    def forget(self) -> None:
        """Know nobody any more, as after a restart: no association, no challenge and no nonce."""
        self._digest = DigestDoor(self._digest.realm, self._dice(32))
        self._book = Book(self._dice, self._noted)
        self._tickets.clear()

    # Coming in

    def check(self, message: Message, conn: Conn, now: float) -> Ruling:
        """Rule on a message; raises `MalformedMessage` if From (or To of a response) cannot be read."""
        own = message.from_ if isinstance(message, Request) else message.to
        place = (conn, own.uri.aor.lower(), (own.params.get("epid") or "").lower())
        lines = lines_of(message, *_CREDENTIALS)
        mine = [line for line in lines if self.offer_ntlm and line.is_scheme("NTLM") and self._is_mine(line)]
        if isinstance(message, Response):
            return self._check_response(message, mine, place, now)
        ruling = self._check_request(message, lines, mine, place, now)
        if isinstance(ruling, Ask) and message.method in _UNCHALLENGED:
            # Digest credentials are those of the INVITE (RFC 3261 22.1): their count is used up, they prove nothing.
            signs = any(not line.is_scheme("Digest") for line in lines)
            must_sign = signs or not self.offer_digest or self._book.signs(place, now)
            return Discard(f"{message.method}: {ruling.why}", ruling.fault) if must_sign else Pass()
        return ruling

    def _is_mine(self, line: AuthLine) -> bool:
        """Whether credentials name this server, or were made when its realm was another one."""
        if line.raw("targetname") != self._targetname:
            return False
        return line.raw("realm") in (self.realm, self._book.realm_of(line.raw("opaque") or ""))

    def _check_request(
        self, request: Request, lines: tuple[AuthLine, ...], mine: list[AuthLine], place: Place, now: float
    ) -> Ruling:
        if mine:
            return self._check_ntlm(request, mine[0], place, now)
        may = self.offer_digest and request.method not in _UNCHALLENGED
        digest = [line for line in lines if line.is_scheme("Digest") and line.get("realm") == self._digest.realm]
        if may and digest:
            return self._check_digest(request, digest[0], now)
        tickets = [line for line in lines if line.scheme.lower() in _TICKETS]
        if tickets and request.method not in _UNCHALLENGED:
            return self._ticket(tickets[0], place, now)
        return self._ask(self._without_proof(request, lines, place, now), now)

    def _without_proof(self, request: Request, lines: tuple[AuthLine, ...], place: Place, now: float) -> Doubt:
        """Why there are no credentials to be looked at; nothing is wrong with the first request of a handshake."""
        if not lines:
            if request.method != "REGISTER" and self._book.signs(place, now):
                return Doubt(Fault.UNSIGNED, "not signed, though this endpoint has an association")
            return Doubt(Fault.NONE, "no credentials")
        line = lines[0]
        offered = {"ntlm": self.offer_ntlm, "digest": self.offer_digest}
        if not offered.get(line.scheme.lower()):
            return Doubt(Fault.SCHEME, f"{short(line.scheme) or 'a scheme without a name'} is not offered")
        realm, targetname = short(line.raw("realm") or ""), short(line.raw("targetname") or "")
        target = f' and targetname "{targetname}"' if line.is_scheme("NTLM") else ""
        return Doubt(Fault.NAMES, f'{line.scheme} credentials for realm "{realm}"{target}, which is not this server')

    def _check_response(self, message: Response, mine: list[AuthLine], place: Place, now: float) -> Ruling:
        if not mine:
            must_sign = message.status > 100 and self._book.signs(place, now)
            return Discard("an answer without a signature", Fault.UNSIGNED) if must_sign else Pass()
        ruling = self._check_signed(message, mine[0], place, now)
        return Discard(f"answer: {ruling.why}", ruling.fault) if isinstance(ruling, Ask) else ruling

    def _check_ntlm(self, request: Request, line: AuthLine, place: Place, now: float) -> Ruling:
        token = line.get("gssapi-data")
        ruling: Ruling
        if token is None:
            ruling = self._check_signed(request, line, place, now)
        elif request.method in _UNCHALLENGED:
            return Discard(f"{request.method} with a handshake")
        elif token == "" or is_negotiate(_decoded(token)):
            return self._challenge(place, now)
        else:
            ruling = self._check_proof(request, line, token, place, now)
        return self._from_allowed(ruling, request)

    def _check_signed(self, message: Message, line: AuthLine, place: Place, now: float) -> Admit | Ask | Discard:
        """A message after the handshake: the association is found by opaque, and must be of this endpoint."""
        association = self._book.signed(line.raw("opaque") or "", place, now)
        if isinstance(association, Doubt):
            return self._ask(association, now)
        security, account = association.security, association.account
        assert security is not None and account is not None  # those of every association that is trusted
        if line.get("response") is None:
            return self._ask(Doubt(Fault.UNSIGNED, "no signature"), now)
        wrong = security.doubts(message, line)
        return Discard(wrong.why, wrong.fault, account.uri) if wrong else Admit(account, association)

    @staticmethod
    def _from_allowed(ruling: Ruling, request: Request) -> Ruling:
        """Whether the account may write this From. Inside a dialog it stays what the caller had dialled."""
        if not isinstance(ruling, Admit) or (request.to.tag and request.method != "REGISTER"):
            return ruling
        aor = request.from_.uri.aor.lower()
        if ruling.account.uri.lower() == aor:
            return ruling
        headers = (("ms-diagnostics-public", f'4004;reason="{_FORBIDDEN}"'),)
        why = f"{ruling.account.uri} may not write {aor} into From"
        return Forbid(403, "Forbidden", headers, why, ruling.association, Fault.FROM)

    # The handshake

    @property
    def _names(self) -> Names:
        return Names(self.realm, self._targetname, self.version)

    def _challenge(self, place: Place, now: float) -> Ask:
        """The empty step: a CHALLENGE with a new opaque."""
        context = ServerContext(self._host, self.level, self._password_of, now, self._dice, self.minimum)
        association = self._book.challenge(place, self.version, self.realm, context, now)
        line = self._names.challenge(association.opaque, b64encode(context.token).decode())
        return Ask((("Date", date(now)), ("WWW-Authenticate", line)), "NTLM challenge sent")

    def _check_proof(self, request: Request, line: AuthLine, token: str, place: Place, now: float) -> Ruling:
        """The AUTHENTICATE."""
        association = self._book.answered(line.raw("opaque") or "", place, now)
        if isinstance(association, Doubt):
            return self._refused(association, now) if association.fault.refuses else self._ask(association, now)
        context = association.context
        assert context is not None  # it waits for its one answer
        outcome = context.check(_decoded(token), now)
        association.kind, association.context = outcome.kind, None
        account = self._accounts(outcome.user, outcome.domain) if outcome.ok else None
        if account is None or outcome.keys is None or outcome.kind is None:
            self._book.refuse(association)
            kind = outcome.kind.auth if outcome.kind else ""
            return self._refused(Doubt(outcome.fault, outcome.why), now, _who(outcome), kind)
        version = min(association.version, _version(line))
        names = AssociationNames(association.realm, self._targetname, association.opaque, version)
        security = SecurityAssociation(names, outcome.keys, outcome.kind, now, client=False)
        wrong = security.doubts(request, line) if version >= 4 else None
        if wrong:
            self._book.refuse(association)
            return Discard(f"AUTHENTICATE: {wrong.why}", wrong.fault, account.uri)
        association.version, association.security, association.account = version, security, account
        self._book.install(association)
        return Admit(account, association, outcome.why)

    def _refused(self, doubt: Doubt, now: float, user: str = "", kind: str = "") -> Ask:
        """Refuse a proof: all schemes again, and a reason that tells nothing about the account."""
        told = (("ms-diagnostics", self._names.diagnostics(doubt.fault)),)
        return self._ask(doubt, now, user=user, kind=kind, more=told)

    def _ticket(self, line: AuthLine, place: Place, now: float) -> Ask:
        """A token of Kerberos or TLS-DSK. Once all schemes are offered again; who then comes again is sent to NTLM.

        A client that had one of these refused should go on with the next scheme by itself. One that takes the best
        scheme of every 401 would go round for ever.
        """
        senders = self._tickets.setdefault(place[0], {})
        again = place[1] in senders
        senders[place[1]] = None
        if len(senders) > MOST_TICKETS:
            del senders[next(iter(senders))]
        fault, what = _TICKETS[line.scheme.lower()], line.scheme
        why = f"{what} refused: this server takes NTLM only" + ("; it is offered no other scheme now" if again else "")
        told = (("ms-diagnostics", self._names.diagnostics(fault)),)
        return self._ask(Doubt(fault, why), now, kind=what.lower(), more=told, tickets=not again)

    def _password_of(self, user: str, domain: str) -> Secret | None:
        account = self._accounts(user, domain)
        return account.password if account else None

    # Challenges of all kinds

    def _ask(
        self,
        doubt: Doubt,
        now: float,
        *,
        user: str = "",
        kind: str = "",
        more: tuple[Header, ...] = (),
        tickets: bool = True,
    ) -> Ask:
        """The first step: all schemes, one line each."""
        values: list[str] = []
        if self.kerberos and (tickets or not self.offer_ntlm):
            values.append(self._names.kerberos)
        if self.offer_ntlm:
            values.append(self._names.ntlm)
        if self.tls_dsk and (tickets or not self.offer_ntlm):
            values.append(self._names.tls_dsk)
        if self.offer_digest:
            values.append(self._digest.challenge(now, doubt.fault is Fault.STALE))
        headers = (("Date", date(now)), *(("WWW-Authenticate", value) for value in values), *more)
        return Ask(headers, doubt.why, doubt.fault, user, kind)

    def kerberos_only(self, ask: Ask) -> Ask:
        """The same refusal of a server that speaks Kerberos and nothing else, in every step of a handshake."""
        rest = [each for each in ask.headers if each[0] != "WWW-Authenticate"]
        return replace(ask, headers=(*rest, ("WWW-Authenticate", self._names.kerberos)))

    # Digest

    def _check_digest(self, request: Request, line: AuthLine, now: float) -> Ruling:
        verdict = self._digest.check_line(line, request.method, None, self._digest_password, now, request.body)
        account = self._accounts(verdict.user, "") if verdict.ok else None
        if account:
            return self._from_allowed(Admit(account, None), request)
        return self._ask(self._digest_doubt(verdict), now, user=verdict.user, kind="digest")

    def _digest_doubt(self, verdict: DigestVerdict) -> Doubt:
        """What is wrong with Digest credentials, told apart for the journal."""
        if verdict.result is DigestResult.STALE:
            return Doubt(Fault.STALE, "Digest nonce is stale: too old, or its count was used before")
        if verdict.result is DigestResult.MALFORMED:
            return Doubt(Fault.UNREADABLE, "Digest credentials cannot be used: a part is missing or not as offered")
        account, user = self._accounts(verdict.user, ""), short(verdict.user)
        if account is None:
            return Doubt(Fault.UNKNOWN_USER, f"unknown user {user} (Digest)")
        if not account.password:
            return Doubt(Fault.NO_PASSWORD, f"{user} has no password: nobody can sign in as this user (Digest)")
        return Doubt(Fault.WRONG_PASSWORD, "wrong password (Digest response)")

    def _digest_password(self, user: str) -> str | None:
        password = self._password_of(user, "")
        return password.reveal() if password else None


def _who(outcome: Outcome) -> str:
    return f"{outcome.domain}\\{outcome.user}" if outcome.domain else outcome.user


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
