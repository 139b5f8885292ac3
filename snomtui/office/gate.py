"""The gate: the doorman with the faults that concern him, and which association belongs to which endpoint."""

from __future__ import annotations

from dataclasses import replace

from snomtui.auth.book import MOST_ENDPOINTS
from snomtui.auth.challenge import lines_of
from snomtui.auth.doorman import Admit, Ask, Association, Doorman, Forbid, Host, Ruling
from snomtui.kit.box import Conn, Surroundings
from snomtui.ocs.endpoint import epid_of
from snomtui.office.faults import SKEW, Fault, Faults
from snomtui.office.people import People
from snomtui.office.policy import Policy
from snomtui.sip.message import Message, Request

_INFO = "Authentication-Info"
_CREDENTIALS = ("Authorization", "Proxy-Authorization")
_WINDOWS = ("ntlm", "kerberos", "tls-dsk")
_OCS_TAGS = ("gruu-10", "msrtc-event-categories", "ms-forking", "adhoclist")


class Gate:
    """Lets messages in, and signs what goes out."""

    def __init__(self, people: People, policy: Policy, surroundings: Surroundings) -> None:
        self.faults = Faults()
        self._associations: dict[Conn, dict[str, Association]] = {}
        """By epid; an endpoint is found by it even when it answers a call to one of its numbers.

        The one that asked nothing for the longest time comes first.
        """
        self._phones: dict[Conn, set[str]] = {}
        """Who has shown a password by Digest, by connection: addresses of record in lower case."""
        self._doorman = Doorman(
            policy.realm,
            people.server,
            people.account,
            policy.level,
            policy.version,
            dice=surroundings.dice,
            host=Host(
                domain=people.netbios,
                computer=people.server.partition(".")[0].upper()[:15],
                dns_domain=people.domain,
                dns_computer=people.server,
            ),
        )
        self.follow(policy)

    def follow(self, policy: Policy) -> None:
        """Take another policy: it holds for the next handshake, and nobody who is signed in notices."""
        self._digest = policy.digest
        door = self._doorman
        door.level, door.version, door.realm = policy.level, policy.version, policy.realm
        door.minimum = policy.minimum_session_security
        door.kerberos, door.tls_dsk, door.offer_digest = policy.kerberos, policy.tls_dsk, policy.digest

    def check(self, message: Message, conn: Conn, now: float) -> Ruling:
        """Rule on a message; raises `MalformedMessage` if it does not say from whom it is."""
        if Fault.FORGETFUL in self.faults and isinstance(message, Request) and _is_signed(message):
            self.lost(conn)
        ruling = self._doorman.check(message, conn, now + (SKEW if Fault.CLOCK in self.faults else 0.0))
        if isinstance(ruling, Admit | Forbid) and ruling.association and isinstance(message, Request):
            self._remember(conn, epid_of(message.headers.get("From") or ""), ruling.association)
        if isinstance(ruling, Admit) and ruling.association is None:
            self._phones.setdefault(conn, set()).add(ruling.account.uri.lower())
        return self._offered(ruling, message) if isinstance(ruling, Ask) else ruling

    def _remember(self, conn: Conn, epid: str, association: Association) -> None:
        mine = self._associations.setdefault(conn, {})
        mine.pop(epid, None)
        mine[epid] = association
        if len(mine) > MOST_ENDPOINTS:
            del mine[next(iter(mine))]

    def phone_on(self, conn: Conn, aor: str) -> str:
        """Who says something that ordinary phones never prove, such as an ACK; empty if nobody may say it here.

        Inside a call From may be whatever the caller had dialled.
        """
        known = self._phones.get(conn, set())
        if aor.lower() in known:
            return aor
        return next(iter(known)) if len(known) == 1 else ""

    def _offered(self, ask: Ask, message: Message) -> Ask:
        """The challenges that this client can read: some ordinary phones drop a 401 that has any but Digest."""
        if Fault.KERBEROS_ONLY in self.faults:
            return self._doorman.kerberos_only(ask)
        if self._digest and is_ordinary(message):
            return _without(ask, "NTLM ", "Kerberos ", "TLS-DSK ")
        return _without(ask, "Digest ")

    def seal(self, message: Message, conn: Conn, epid: str, now: float) -> Message:
        """Sign a message to the endpoint with this epid on this connection, if it has an association."""
        mine = self._associations.get(conn, {})
        # Inside of dialogs some clients leave the epid out.
        association = mine.get(epid) or (next(iter(mine.values())) if len(mine) == 1 else None)
        sealed = self._doorman.seal(message, association, now)
        return _spoiled(sealed) if Fault.WRONG_SIGNATURE in self.faults else sealed

    def lost(self, conn: Conn) -> None:
        """A connection is gone, and with it all trust."""
        self._associations.pop(conn, None)
        self._phones.pop(conn, None)
        self._doorman.lost(conn)

    def forget(self) -> None:
        """Know nobody any more, as after a restart."""
        self._associations.clear()
        self._phones.clear()
        self._doorman.forget()


def is_ordinary(message: Message) -> bool:
    """Whether nothing in a message says that an OCS client has sent it."""
    headers = message.headers
    if "epid" in message.from_.params or any(name.lower().startswith("ms-") for name, _ in headers):
        return False
    if any(each.scheme.lower() in _WINDOWS for each in lines_of(message, *_CREDENTIALS)):
        return False
    if any(each.lower() in _OCS_TAGS for each in headers.values("Supported")):
        return False
    event, contact = headers.get("Event") or "", headers.get("Contact") or ""
    return event.lower() != "registration" and "proxy=replace" not in contact


def _without(ask: Ask, *schemes: str) -> Ask:
    kept = [each for each in ask.headers if not (each[0] == "WWW-Authenticate" and each[1].startswith(schemes))]
    return replace(ask, headers=tuple(kept))


def _is_signed(request: Request) -> bool:
    """Whether a request is past the handshake."""
    lines = lines_of(request, *_CREDENTIALS)
    return any(each.get("response") and each.get("gssapi-data") is None for each in lines)


def _spoiled(message: Message) -> Message:
    """The same with a signature that no key fits."""
    value = message.headers.get(_INFO)
    if not value or 'rspauth="01000000' not in value:
        return message
    head, mark, tail = value.partition('rspauth="01000000')
    wrong = "".join(f"{15 - int(each, 16):X}" for each in tail[:16])
    return message.with_(_INFO, f"{head}{mark}{wrong}{tail[16:]}")
