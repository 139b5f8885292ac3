"""The arithmetic of NTLM ([MS-NLMP] 3.3 and 6): one way functions, responses, the key exchange key.

Everything is bytes; keys are never treated as text. OpenSSL 3 has no MD4, so MD4 is here (RFC 1320).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import lru_cache
from hashlib import md5 as _md5
from hmac import digest as _hmac
from struct import pack, unpack

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4, TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB

from snomtui.auth.ntlm.messages import Flags

KeyStream = Callable[[bytes], bytes]
"""A running RC4 state: each call encrypts (or decrypts) the next bytes."""

_MASK = 0xFFFFFFFF
_LM_MAGIC = b"KGS!@#$%"


def _choose(x: int, y: int, z: int) -> int:
    return (x & y) | (~x & z)


def _majority(x: int, y: int, z: int) -> int:
    return (x & y) | (x & z) | (y & z)


def _parity(x: int, y: int, z: int) -> int:
    return x ^ y ^ z


_COLUMNS = (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)
_REVERSED = (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)
_ROUNDS = (
    (_choose, 0x00000000, (3, 7, 11, 19), range(16)),
    (_majority, 0x5A827999, (3, 5, 9, 13), _COLUMNS),
    (_parity, 0x6ED9EBA1, (3, 9, 11, 15), _REVERSED),
)


def md4(data: bytes) -> bytes:
    """The MD4 digest (RFC 1320)."""
    state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + pack("<Q", len(data) * 8 & 0xFFFFFFFFFFFFFFFF)
    for start in range(0, len(padded), 64):
        words = unpack("<16I", padded[start : start + 64])
        a, b, c, d = state
        for mix, constant, shifts, order in _ROUNDS:
            for step, index in enumerate(order):
                total = (a + mix(b, c, d) + words[index] + constant) & _MASK
                shift = shifts[step % 4]
                a, b, c, d = d, ((total << shift) | (total >> (32 - shift))) & _MASK, b, c
        state = [(old + new) & _MASK for old, new in zip(state, (a, b, c, d), strict=True)]
    return pack("<4I", *state)


def md5(data: bytes) -> bytes:
    """The MD5 digest (RFC 1321)."""
    return _md5(data, usedforsecurity=False).digest()


def hmac_md5(key: bytes, data: bytes) -> bytes:
    """HMAC-MD5 (RFC 2104)."""
    return _hmac(key, data, "md5")


def crc32(data: bytes) -> bytes:
    """The CRC-32 of the data, little endian."""
    return pack("<I", zlib.crc32(data))


def rc4_stream(key: bytes) -> KeyStream:
    """A fresh RC4 state for this key of 5, 7, 8 or 16 bytes."""
    return Cipher(ARC4(key), mode=None).encryptor().update


def rc4(key: bytes, data: bytes) -> bytes:
    """RC4 with a fresh state."""
    return rc4_stream(key)(data)


def des(key: bytes, block: bytes) -> bytes:
    """One block of DES with an 8 byte key (parity ignored)."""
    return Cipher(TripleDES(key * 3), ECB()).encryptor().update(block)


def des7(key: bytes, block: bytes) -> bytes:
    """DES with a 7 byte key: 56 bits spread over the upper seven bits of 8 bytes."""
    bits = int.from_bytes(key, "big")
    return des(bytes((bits >> (49 - 7 * i) & 0x7F) << 1 for i in range(8)), block)


def desl(key: bytes, block: bytes) -> bytes:
    """DESL: a 16 byte key as three DES keys; 24 bytes out."""
    return des7(key[0:7], block) + des7(key[7:14], block) + des7(key[14:16] + bytes(5), block)


def utf16(text: str) -> bytes:
    """The text as UTF-16LE; lone surrogates, which Windows allows in passwords, stay as they are."""
    return text.encode("utf-16-le", "surrogatepass")


def windows_upper(text: str) -> str:
    """Upper case as Windows does it: one character for one, so a sharp s stays."""
    if text.isascii():
        return text.upper()
    return "".join(upper if len(upper := char.upper()) == 1 else char for char in text)


@lru_cache(maxsize=4096)
def ntowf_v1(password: str) -> bytes:
    """NTOWFv1: MD4 of the password. Remembered, because MD4 is the only slow step of a handshake."""
    return md4(utf16(password))


def lmowf_v1(password: str) -> bytes | None:
    """LMOWFv1; None for a password that has no LM hash: over 14 bytes, or not writable in the OEM code page."""
    try:
        oem = password.upper().encode("cp437")
    except UnicodeEncodeError:
        return None
    if len(oem) > 14:
        return None
    padded = oem.ljust(14, b"\0")
    return des7(padded[:7], _LM_MAGIC) + des7(padded[7:], _LM_MAGIC)


def ntowf_v2(password: str, user: str, domain: str) -> bytes:
    """NTOWFv2: the user in upper case, the domain exactly as it stands in the AUTHENTICATE."""
    return hmac_md5(ntowf_v1(password), utf16(windows_upper(user) + domain))


def session_base_key_v1(password: str) -> bytes:
    """The session base key of all version 1 responses."""
    return md4(ntowf_v1(password))


def nt_response_v1(password: str, server_challenge: bytes, client_challenge: bytes | None) -> bytes:
    """The NT field of version 1; with a client challenge it is the NTLM2 session response."""
    challenge = server_challenge
    if client_challenge is not None:
        challenge = md5(server_challenge + client_challenge)[:8]
    return desl(ntowf_v1(password), challenge)


def v2_temp(timestamp: bytes, client_challenge: bytes, target_info: bytes) -> bytes:
    """The part of an NTLMv2 response after the proof; `timestamp` is a FILETIME of 8 bytes."""
    return b"\x01\x01" + bytes(6) + timestamp + client_challenge + bytes(4) + target_info + bytes(4)


def nt_proof(key: bytes, server_challenge: bytes, temp: bytes) -> bytes:
    """NTProofStr; `key` is NTOWFv2."""
    return hmac_md5(key, server_challenge + temp)


def lm_response_v2(key: bytes, server_challenge: bytes, client_challenge: bytes) -> bytes:
    """The LMv2 field; `key` is NTOWFv2."""
    return hmac_md5(key, server_challenge + client_challenge) + client_challenge


def kxkey_v1(flags: Flags, base: bytes, lmowf: bytes | None, server_challenge: bytes, lm: bytes) -> bytes | None:
    """KXKEY for version 1 responses; None when the flags want a key of an LM hash or response that does not exist."""
    if Flags.ESS in flags:
        return hmac_md5(base, server_challenge + lm[:8])
    if Flags.LM_KEY in flags:
        whole = lmowf if len(lm) >= 8 else None
        return whole and des7(whole[:7], lm[:8]) + des7(whole[7:8] + b"\xbd" * 6, lm[:8])
    if Flags.NON_NT_SESSION_KEY in flags:
        return lmowf and lmowf[:8] + bytes(8)
    return base
