"""Finds an NTLM token in what a person has copied: base64 or hexadecimal, alone or with the words around it."""

from __future__ import annotations

import re
from base64 import b64decode

MAGIC = b"NTLMSSP\0"
_PREFIXED = re.compile(r'(?:gssapi-data\s*=\s*"?|\bNTLM\s+|\bNegotiate\s+)([A-Za-z0-9+/=\s]+)', re.IGNORECASE)
_HEX = re.compile(r"(?:0x)?((?:[0-9A-Fa-f]{2}[\s:,]*)+)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+=*")


def token_in(data: bytes) -> bytes | None:
    """The bytes of the token; None if this is none."""
    if data.startswith(MAGIC):
        return data
    text = data.decode("ascii", "replace").strip().strip("\"'")
    for candidate in (text, *(match[1] for match in _PREFIXED.finditer(text))):
        found = _read(candidate)
        if found is not None and found.startswith(MAGIC):
            return found
    return None


def _read(text: str) -> bytes | None:
    packed = "".join(text.split())
    if _HEX.fullmatch(text.strip()):
        return bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", text.strip().removeprefix("0x")))
    if not _BASE64.fullmatch(packed):
        return None
    try:
        return b64decode(packed + "=" * (-len(packed) % 4), validate=True)
    except ValueError:
        return None
