"""The server's end of an NTLM handshake in datagram mode ([MS-NLMP] 3.2.5.2): CHALLENGE, check of the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from snomtui.auth.faults import NO_DOUBT, Doubt, Fault, short
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
SERVER_2003 = bytes.fromhex("0502ce0e0000000f")
"""A VERSION field; informative only."""
CLOCK_LIMIT = 36 * 3600.0
"""Seconds between the clocks after which NTLMv2 is refused."""

NO_FLAGS = Flags(0)
_SERVER_NEEDS = Flags.DATAGRAM | Flags.KEY_EXCH
_DEMANDS = {Flags.ESS: "extended session security (NTLM2)", Flags.KEY_128: "128 bit keys"}


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
    """One CHALLENGE and the check of its one answer ([MS-NLMP] 3.2.5.2)."""

    def __init__(
        self,
        host: Host,
        level: LmLevel,
        password_of: PasswordOf,
        now: float,
        dice: Dice,
        minimum: Flags = NO_FLAGS,
    ) -> None:
        """`minimum` are the flags that an answer must have: ESS, KEY_128, both or none (NtlmMinServerSec)."""
        self._host = host
        self._level = level
        self._minimum = minimum
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
        doubt = self._misfit(authenticate, kind) or self._stranger(authenticate, password) or self._too_old(kind)
        if doubt or password is None:
            return Outcome(doubt.fault, doubt.why, *who)
        key = key_exchange_key(authenticate, kind, password.reveal(), self._challenge.server_challenge)
        if key is None:
            return Outcome(Fault.WRONG_PASSWORD, f"wrong password ({kind.value} response)", *who)
        return self._finish(authenticate, kind, key, now)

    def _misfit(self, message: Authenticate, kind: ResponseKind) -> Doubt:
        """What is wrong with the form of an answer, whoever gave it."""
        if kind is ResponseKind.ANONYMOUS or Flags.ANONYMOUS in message.flags:
            return Doubt(Fault.ANONYMOUS, "anonymous sign-in refused")
        extra = message.flags & ~(self._challenge.flags | Flags.REQUEST_TARGET)
        if extra:
            return Doubt(Fault.FLAGS, f"flags {extra:#010x} were not offered")
        if _SERVER_NEEDS & ~message.flags or len(message.session_key) != 16:
            return Doubt(Fault.FLAGS, "datagram mode and a session key of 16 bytes are needed")
        lacking = self._minimum & ~message.flags
        if lacking:
            return Doubt(Fault.WEAK, f"session security too weak: {_demand(lacking)} demanded")
        return NO_DOUBT

    def _stranger(self, message: Authenticate, password: Secret | None) -> Doubt:
        """Who cannot sign in whatever they answer. `password` is None for somebody whom nobody knows."""
        if password:
            return NO_DOUBT
        if password is not None:
            return Doubt(Fault.NO_PASSWORD, f"{short(message.user)} has no password: nobody can sign in as this user")
        user, at, suffix = message.user.rpartition("@")
        domain = suffix if at else message.domain
        if domain.lower() not in ("", self._host.domain.lower(), self._host.dns_domain.lower()):
            return Doubt(Fault.UNKNOWN_DOMAIN, f"unknown Windows domain {short(domain)}, this is {self._host.domain}")
        return Doubt(Fault.UNKNOWN_USER, f"unknown user {short(user if at else message.user)}")

    def _too_old(self, kind: ResponseKind) -> Doubt:
        """Whether the level takes such responses; the text is the one that an administrator looks for."""
        if self._level.accepts(kind):
            return NO_DOUBT
        word = "NTLMv1" if kind is ResponseKind.NTLM2_SESSION else kind.value
        why = f"{word} response refused by level {int(self._level)} ({self._level.title})"
        if kind is ResponseKind.NTLM2_SESSION:
            why += "; it had NTLM2 session security, which is still version 1"
        return Doubt(Fault.LEVEL, why)

    def _finish(self, message: Authenticate, kind: ResponseKind, key: bytes, now: float) -> Outcome:
        who = (message.user, message.domain, kind)
        skew = 0.0 if message.time is None else message.time - now
        if abs(skew) > CLOCK_LIMIT:
            side = "behind" if skew < 0 else "ahead"
            limit = f"the client is {side}, and NTLMv2 allows {CLOCK_LIMIT / 3600:.0f}"
            return Outcome(Fault.CLOCK, f"clock differs by {abs(skew) / 3600:.1f} hours: {limit}", *who)
        exported = crypto.rc4(key, message.session_key)
        if message.mic is not None:
            mic = crypto.hmac_md5(exported, bytes(self._challenge) + message.without_mic())
            if not compare_digest(mic, message.mic):
                return Outcome(Fault.MIC, "the MIC is wrong", *who)
        return Outcome(Fault.NONE, f"signed in with {kind.value}", *who, SessionKeys.derive(exported, message.flags))


def _demand(flags: Flags) -> str:
    """What a minimum session security demands, such as `128 bit keys are`."""
    words = " and ".join(text for flag, text in _DEMANDS.items() if flag in flags)
    return f"{words} {'is' if flags == Flags.ESS else 'are'}"
