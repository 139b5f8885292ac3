"""The client's end of one NTLM handshake in datagram mode ([MS-NLMP] 3.1.5.2): CHALLENGE, AUTHENTICATE, keys."""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.auth.ntlm import crypto
from snomtui.auth.ntlm.avpairs import AvId, to_filetime
from snomtui.auth.ntlm.keys import SessionKeys
from snomtui.auth.ntlm.messages import Authenticate, Challenge, Flags
from snomtui.auth.ntlm.policy import LmLevel, ResponseKind
from snomtui.errors import BadToken
from snomtui.kit.ids import Dice
from snomtui.kit.secret import Secret

XP = bytes.fromhex("0501280a0000000f")
"""A VERSION field; informative only."""

_KEPT = (
    Flags.UNICODE | Flags.SIGN | Flags.DATAGRAM | Flags.NTLM | Flags.ALWAYS_SIGN | Flags.ESS | Flags.IDENTIFY
    | Flags.TARGET_INFO | Flags.VERSION | Flags.KEY_128 | Flags.KEY_EXCH | Flags.KEY_56
)  # fmt: skip
_CLIENT_NEEDS = Flags.UNICODE | Flags.SIGN | Flags.DATAGRAM | Flags.KEY_EXCH


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
