"""Both ends of one NTLM handshake in datagram mode ([MS-NLMP] 3.1.5.2 and 3.2.5.2): CHALLENGE, AUTHENTICATE, keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from hmac import compare_digest

from snomtui.auth.ntlm import crypto
from snomtui.auth.ntlm.avpairs import AvId, AvPairs, to_filetime
from snomtui.auth.ntlm.keys import SessionKeys
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.auth.ntlm.policy import LmLevel, ResponseKind, classify
from snomtui.errors import BadToken
from snomtui.kit.ids import Dice
from snomtui.kit.secret import Secret

OCS_OFFER = Flags(0xE29882F3)
"""What an OCS 2007 R2 on Windows Server 2003 offers."""
XP, SERVER_2003 = bytes.fromhex("0501280a0000000f"), bytes.fromhex("0502ce0e0000000f")
"""VERSION fields; informative only."""
CLOCK_LIMIT = 36 * 3600.0
"""Seconds between the clocks after which NTLMv2 is refused."""

_KEPT = (
    Flags.UNICODE | Flags.SIGN | Flags.DATAGRAM | Flags.NTLM | Flags.ALWAYS_SIGN | Flags.ESS | Flags.IDENTIFY
    | Flags.TARGET_INFO | Flags.VERSION | Flags.KEY_128 | Flags.KEY_EXCH | Flags.KEY_56
)  # fmt: skip
_CLIENT_NEEDS = Flags.UNICODE | Flags.SIGN | Flags.DATAGRAM | Flags.KEY_EXCH
_SERVER_NEEDS = Flags.DATAGRAM | Flags.KEY_EXCH


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client makes of a CHALLENGE."""

    token: bytes
    """The AUTHENTICATE."""
    keys: SessionKeys
    kind: ResponseKind


@dataclass(frozen=True, slots=True)
class ClientContext:
    """A user at a LAN Manager level, ready to answer any number of CHALLENGEs."""

    user: str
    domain: str
    password: Secret
    level: LmLevel
    workstation: str = ""
    version: bytes = XP

    def answer(self, token: bytes, now: float, dice: Dice) -> Answer:
        """Answer a CHALLENGE; raises `BadToken` if it cannot be read, or lacks what SIP needs."""
        challenge = Challenge.parse(token)
        flags = self._flags(challenge.flags)
        kind = self.level.sends(Flags.ESS in flags)
        client_challenge = dice(8)
        if kind is ResponseKind.NTLMV2:
            lm, nt, key = self._v2(challenge, client_challenge, now)
        else:
            lm, nt, key = self._v1(challenge, client_challenge, flags)
        exported = dice(16)
        authenticate = Authenticate(
            flags,
            self.user,
            self.domain,
            self.workstation,
            lm,
            nt,
            crypto.rc4(key, exported),
            self.version if Flags.VERSION in flags else bytes(8),
        )
        return Answer(bytes(authenticate), SessionKeys.derive(exported, flags), kind)

    def _flags(self, offered: Flags) -> Flags:
        missing = _CLIENT_NEEDS & ~offered
        if missing:
            names = " ".join(flag.name or "" for flag in Flags if flag in missing)
            raise BadToken(f"the CHALLENGE does not offer {names}")
        flags = offered & _KEPT | Flags.REQUEST_TARGET
        if not self.level.may_use_ess:
            flags &= ~Flags.ESS
        if Flags.KEY_128 in flags:
            flags &= ~Flags.KEY_56
        return flags

    def _v1(self, challenge: Challenge, client_challenge: bytes, flags: Flags) -> tuple[bytes, bytes, bytes]:
        password, server_challenge = self.password.reveal(), challenge.server_challenge
        if Flags.ESS in flags:
            nt = crypto.nt_response_v1(password, server_challenge, client_challenge)
            lm = client_challenge + bytes(16)
        else:
            nt = crypto.nt_response_v1(password, server_challenge, None)
            lm_hash = crypto.lmowf_v1(password) if self.level.sends_lm else None
            lm = crypto.desl(lm_hash, server_challenge) if lm_hash else nt
        key = crypto.session_base_key_v1(password)
        if Flags.ESS in flags:
            key = crypto.hmac_md5(key, server_challenge + client_challenge)
        return lm, nt, key

    def _v2(self, challenge: Challenge, client_challenge: bytes, now: float) -> tuple[bytes, bytes, bytes]:
        key = crypto.ntowf_v2(self.password.reveal(), self.user, self.domain)
        server_time = challenge.pairs.get(AvId.TIMESTAMP)
        timestamp = server_time if server_time and len(server_time) == 8 else to_filetime(now)
        info = challenge.target_info or bytes(4)
        temp = crypto.v2_temp(timestamp, client_challenge, info)
        proof = crypto.nt_proof(key, challenge.server_challenge, temp)
        lm = bytes(24) if server_time else crypto.lm_response_v2(key, challenge.server_challenge, client_challenge)
        return lm, proof + temp, crypto.hmac_md5(key, proof)


class Fault(Enum):
    """Why a server refuses an AUTHENTICATE."""

    NONE = "accepted"
    UNREADABLE = "unreadable token"
    USED = "challenge used twice"
    ANONYMOUS = "anonymous"
    FLAGS = "flags"
    UNKNOWN_USER = "unknown user"
    LEVEL = "refused by level"
    WRONG_PASSWORD = "wrong password"
    CLOCK = "clock differs"
    MIC = "wrong MIC"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a server makes of an AUTHENTICATE."""

    fault: Fault
    why: str
    """In words, for a journal; for a good one how the user signed in."""
    user: str = ""
    domain: str = ""
    kind: ResponseKind | None = None
    keys: SessionKeys | None = None
    """There only if the answer was right."""

    @property
    def ok(self) -> bool:
        """Whether the user is who they say."""
        return self.fault is Fault.NONE


@dataclass(frozen=True, slots=True)
class Host:
    """The server as its CHALLENGEs show it."""

    domain: str = "UCC"
    """NetBIOS name of the domain."""
    computer: str = "SIP"
    """NetBIOS name of the server."""
    dns_domain: str = "ucc.test"
    dns_computer: str = "sip.ucc.test"
    offer: Flags = OCS_OFFER
    target_name: str = ""
    timestamp: bool = False
    """Server 2008 and later tell their time in the CHALLENGE (AV pair 7)."""
    version: bytes = SERVER_2003

    def target_info(self, now: float) -> bytes:
        """The AV list, in the order in which Windows writes it."""
        pairs = AvPairs.of(
            (AvId.DOMAIN, self.domain),
            (AvId.COMPUTER, self.computer),
            (AvId.DNS_DOMAIN, self.dns_domain),
            (AvId.DNS_COMPUTER, self.dns_computer),
            (AvId.DNS_FOREST, self.dns_domain),
        )
        if self.timestamp:
            pairs = AvPairs((*pairs.items, (AvId.TIMESTAMP, to_filetime(now))))
        return bytes(pairs)


PasswordOf = Callable[[str, str], Secret | None]
"""The password of (user, domain) as the client wrote them, or None for a stranger. Looks up without regard to case."""


def key_exchange_key(message: Authenticate, kind: ResponseKind, password: str, challenge: bytes) -> bytes | None:
    """Recompute the response to a server challenge: the key exchange key ([MS-NLMP] 3.4.5.1), None if it is wrong."""
    if kind is ResponseKind.NTLMV2:
        return _key_v2(message, password, challenge, message.domain) or _key_v2(message, password, challenge, "")
    lm_hash = crypto.lmowf_v1(password)
    if kind is ResponseKind.LM:
        good = lm_hash is not None and compare_digest(crypto.desl(lm_hash, challenge), message.lm)
    else:
        client = message.lm[:8] if kind is ResponseKind.NTLM2_SESSION else None
        good = compare_digest(crypto.nt_response_v1(password, challenge, client), message.nt)
    if not good:
        return None
    return crypto.kxkey_v1(message.flags, crypto.session_base_key_v1(password), lm_hash, challenge, message.lm)


def _key_v2(message: Authenticate, password: str, challenge: bytes, domain: str) -> bytes | None:
    key = crypto.ntowf_v2(password, message.user, domain)
    proof = crypto.nt_proof(key, challenge, message.nt[16:])
    return crypto.hmac_md5(key, proof) if compare_digest(proof, message.nt[:16]) else None


class ServerContext:
    """One CHALLENGE and the check of its one answer."""

    def __init__(self, host: Host, level: LmLevel, password_of: PasswordOf, now: float, dice: Dice) -> None:
        self._level = level
        self._password_of = password_of
        version = host.version if Flags.VERSION in host.offer else bytes(8)
        info = host.target_info(now) if Flags.TARGET_INFO in host.offer else b""
        challenge = Challenge(host.offer, dice(8), host.target_name, info, version)
        self._challenge = challenge
        self._open = [bytes(challenge)]

    @property
    def token(self) -> bytes:
        """The CHALLENGE."""
        return bytes(self._challenge)

    def check(self, token: bytes, now: float) -> Outcome:
        """Check an AUTHENTICATE; never raises for what came from the wire. A challenge is good for one attempt."""
        if not self._open:
            return Outcome(Fault.USED, "the challenge was used before")
        self._open.clear()
        try:
            authenticate = Authenticate.parse(token)
            kind = classify(authenticate)
        except BadToken as error:
            return Outcome(Fault.UNREADABLE, str(error))
        who = (authenticate.user, authenticate.domain, kind)
        password = self._password_of(authenticate.user, authenticate.domain) if authenticate.user else None
        fault, why = self._forbidden(authenticate, kind, password)
        if fault is not Fault.NONE or password is None:
            return Outcome(fault, why, *who)
        key = key_exchange_key(authenticate, kind, password.reveal(), self._challenge.server_challenge)
        if key is None:
            return Outcome(Fault.WRONG_PASSWORD, f"wrong password ({kind.value} response)", *who)
        return self._finish(authenticate, kind, key, now)

    def _forbidden(self, message: Authenticate, kind: ResponseKind, password: Secret | None) -> tuple[Fault, str]:
        """Everything that can be said before a response is computed."""
        if kind is ResponseKind.ANONYMOUS:
            return Fault.ANONYMOUS, "anonymous sign-in refused"
        extra = message.flags & ~(self._challenge.flags | Flags.REQUEST_TARGET)
        if extra:
            return Fault.FLAGS, f"flags {extra:#010x} were not offered"
        if _SERVER_NEEDS & ~message.flags or len(message.session_key) != 16:
            return Fault.FLAGS, "datagram mode and a session key of 16 bytes are needed"
        if password is None:
            return Fault.UNKNOWN_USER, "unknown user"
        if not self._level.accepts(kind):
            return Fault.LEVEL, f"{kind.value} response refused by level {int(self._level)}"
        return Fault.NONE, ""

    def _finish(self, message: Authenticate, kind: ResponseKind, key: bytes, now: float) -> Outcome:
        who = (message.user, message.domain, kind)
        skew = 0.0 if message.time is None else message.time - now
        if abs(skew) > CLOCK_LIMIT:
            return Outcome(Fault.CLOCK, f"clock differs by {abs(skew) / 3600:.1f} hours", *who)
        exported = crypto.rc4(key, message.session_key)
        if message.mic is not None:
            mic = crypto.hmac_md5(exported, bytes(self._challenge) + message.without_mic())
            if not compare_digest(mic, message.mic):
                return Outcome(Fault.MIC, "the MIC is wrong", *who)
        return Outcome(Fault.NONE, f"signed in with {kind.value}", *who, SessionKeys.derive(exported, message.flags))
