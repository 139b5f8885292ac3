"""Session keys and the 16 byte message signature ([MS-NLMP] 3.4)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hmac import compare_digest
from struct import pack

from snomtui.auth.ntlm.crypto import KeyStream, crc32, hmac_md5, md5, rc4_stream
from snomtui.auth.ntlm.messages import Flags

SIP_SEQUENCE = 100
"""[MS-SIPAE] 3.2.5.1: SIP signs every message with the sequence number 100."""

_VERSION = b"\x01\x00\x00\x00"


def sign_key(exported: bytes, client: bool) -> bytes:
    """SIGNKEY of one direction; exists only with extended session security."""
    return md5(exported + _magic(client, b"signing"))


def seal_key(flags: Flags, exported: bytes, client: bool) -> bytes:
    """SEALKEY of one direction; without extended session security both directions share one.

    Without ESS and without LM_KEY the key is not weakened, not even in datagram mode: real servers do not do it.
    """
    if Flags.ESS in flags:
        return md5(_weakened(flags, exported) + _magic(client, b"sealing"))
    return _short(flags, exported) if Flags.LM_KEY in flags else exported


def _short(flags: Flags, exported: bytes) -> bytes:
    """The eight bytes of a key without extended session security."""
    return exported[:7] + b"\xa0" if Flags.KEY_56 in flags else exported[:5] + b"\xe5\x38\xb0"


def _weakened(flags: Flags, exported: bytes) -> bytes:
    if Flags.KEY_128 in flags:
        return exported
    return exported[:7] if Flags.KEY_56 in flags else exported[:5]


def _magic(client: bool, purpose: bytes) -> bytes:
    direction = b"client-to-server" if client else b"server-to-client"
    return b"session key to " + direction + b" " + purpose + b" key magic constant\0"


def mac_with_ess(stream: KeyStream | None, key: bytes, seq: int, message: bytes) -> bytes:
    """A signature with extended session security; `stream` is None when no key was exchanged."""
    number = pack("<I", seq)
    checksum = hmac_md5(key, number + message)[:8]
    return _VERSION + (stream(checksum) if stream else checksum) + number


def mac_without_ess(stream: KeyStream, seq: int, message: bytes, pad: bytes = bytes(4)) -> bytes:
    """A signature without extended session security; the pad is any four bytes and covered by nothing."""
    stream(bytes(4))
    return _VERSION + pad + stream(crc32(message)) + stream(pack("<I", seq))


@dataclass(frozen=True, slots=True, repr=False)
class SessionKeys:
    """The keys of one security association, for both directions; never printed."""

    flags: Flags
    client_sign: bytes
    client_seal: bytes
    server_sign: bytes
    server_seal: bytes
    _pads: dict[tuple[bool, int], bytes] = field(default_factory=dict, init=False, compare=False)
    """With ESS: the beginning of the key stream, which is the same for all messages with one number."""

    @classmethod
    def derive(cls, exported: bytes, flags: Flags) -> SessionKeys:
        """Make all keys of the exported session key; `flags` are those of the AUTHENTICATE."""
        return cls(
            flags,
            sign_key(exported, client=True),
            seal_key(flags, exported, client=True),
            sign_key(exported, client=False),
            seal_key(flags, exported, client=False),
        )

    @property
    def by_the_letter(self) -> SessionKeys | None:
        """The keys of those who weaken them in datagram mode, as [MS-NLMP] 3.4.5.3 has it; None if that is the same."""
        if Flags.DATAGRAM not in self.flags or self.flags & (Flags.ESS | Flags.LM_KEY):
            return None
        seal = _short(self.flags, self.client_seal)
        return replace(self, client_seal=seal, server_seal=seal) if seal != self.client_seal else None

    def sign(self, message: bytes, *, client: bool, seq: int = SIP_SEQUENCE, pad: bytes = bytes(4)) -> bytes:
        """Sign as the client or as the server, in datagram mode: a new RC4 state for every message."""
        key, seal = (self.client_sign, self.client_seal) if client else (self.server_sign, self.server_seal)
        if Flags.ESS not in self.flags:
            return mac_without_ess(rc4_stream(seal), seq, message, pad)
        checksum = mac_with_ess(None, key, seq, message)
        return self._covered(checksum, seal, client, seq) if Flags.KEY_EXCH in self.flags else checksum

    def _covered(self, mac: bytes, seal: bytes, client: bool, seq: int) -> bytes:
        """A signature with its checksum encrypted."""
        pad = self._pads.get((client, seq))
        if pad is None:
            pad = self._pads[client, seq] = rc4_stream(md5(seal + pack("<I", seq)))(bytes(8))
        checksum = int.from_bytes(mac[4:12], "big") ^ int.from_bytes(pad, "big")
        return mac[:4] + checksum.to_bytes(8, "big") + mac[12:]

    def verify(self, message: bytes, signature: bytes, *, client: bool, seq: int = SIP_SEQUENCE) -> bool:
        """Whether the client (or the server) made this signature; without ESS its pad may be anything."""
        if len(signature) != 16:
            return False
        return compare_digest(self.sign(message, client=client, seq=seq, pad=signature[4:8]), signature)

    def __repr__(self) -> str:
        return "SessionKeys(*****)"
