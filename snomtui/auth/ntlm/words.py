"""The NTLM tokens that messages carry, in words and field by field.

Nothing here is a password or a key; challenges and responses are only measured, unless they are asked for.
"""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from itertools import islice

from snomtui.auth.challenge import AuthLine
from snomtui.auth.ntlm.avpairs import AvId, AvPairs, from_filetime
from snomtui.auth.ntlm.messages import V2_RESPONSE_MINIMUM, Authenticate, Challenge, Flags, is_negotiate
from snomtui.auth.ntlm.policy import classify
from snomtui.errors import BadToken
from snomtui.sip.headers import Headers

Fields = tuple[tuple[str, str], ...]
"""Names and values for people."""

_AUTH = ("WWW-Authenticate", "Proxy-Authenticate", "Authorization", "Proxy-Authorization")
_TEXTS = {
    AvId.COMPUTER: "NetBIOS computer",
    AvId.DOMAIN: "NetBIOS domain",
    AvId.DNS_COMPUTER: "DNS computer",
    AvId.DNS_DOMAIN: "DNS domain",
    AvId.DNS_FOREST: "DNS forest",
    AvId.TARGET_NAME: "target name (SPN)",
}
_UNREADABLE = "an unreadable NTLM token"
MOST_PAIRS = 24
_FLAGS = tuple((int(flag), flag.name or "") for flag in Flags)
"""As plain numbers, which are compared ten times as fast."""


def line_of(headers: Headers) -> AuthLine | None:
    """The NTLM challenge or credentials among the headers, one with a token before one without."""
    texts = [text for name in _AUTH for text in headers.all(name) if "NTLM" in text.upper()]
    found = [line for text in texts for line in AuthLine.readable(text) if line.is_scheme("NTLM")]
    return next((line for line in found if line.get("gssapi-data") is not None), found[0] if found else None)


def token_of(headers: Headers) -> str | None:
    """The token as base64; "" asks for a challenge, None = there is none."""
    line = line_of(headers)
    return line.get("gssapi-data") if line else None


def in_words(data: str) -> str:
    """One sentence about a token."""
    if not data:
        return "asks for an NTLM challenge"
    try:
        token = _parsed(data)
        if isinstance(token, Challenge):
            return f"NTLM CHALLENGE, flags {int(token.flags):#010x}"
        who = f"{token.domain}\\{token.user}" if token.domain else token.user
        kind = classify(token).value
        return readable(f"NTLM AUTHENTICATE of {who} at {token.workstation or '?'}: {kind} response")
    except (BadToken, ValueError):
        return _UNREADABLE


def fields_of(data: str, whole: bool = False) -> Fields:
    """A token field by field; empty for one that asks for a challenge. `whole`: with challenges and responses."""
    try:
        return fields_of_bytes(b64decode(data, validate=True), whole) if data else ()
    except ValueError as error:
        return (("token", f"{_UNREADABLE}: {error}"),)


def fields_of_bytes(raw: bytes, whole: bool = False) -> Fields:
    """The same for the bytes of a token."""
    try:
        if is_negotiate(raw):
            found = [("token", "NEGOTIATE"), *_flags(Flags(int.from_bytes(raw[12:16], "little")))]
        else:
            token = _read(raw)
            found = _challenge(token) if isinstance(token, Challenge) else _authenticate(token)
            found += _secret(token) if whole else []
    except (BadToken, ValueError) as error:
        found = [("token", f"{_UNREADABLE}: {error}")]
    return tuple((name, readable(value)) for name, value in found)


def _parsed(data: str) -> Challenge | Authenticate:
    return _read(b64decode(data, validate=True))


def _read(raw: bytes) -> Challenge | Authenticate:
    return Challenge.parse(raw) if raw[8:12] == b"\2\0\0\0" else Authenticate.parse(raw)


def _secret(token: Challenge | Authenticate) -> list[tuple[str, str]]:
    """What a CHALLENGE asks and an AUTHENTICATE answers ([MS-NLMP] 2.2.2.6 to 2.2.2.8)."""
    if isinstance(token, Challenge):
        return [("server challenge", token.server_challenge.hex())]
    found = [("LM response", token.lm.hex())]
    if len(token.nt) >= V2_RESPONSE_MINIMUM:
        found += [("NTLMv2 proof", token.nt[:16].hex()), ("client challenge", token.nt[32:40].hex())]
    else:
        found.append(("NTLMv1 response", token.nt.hex()))
    if token.session_key:
        found.append(("encrypted session key", token.session_key.hex()))
    return found if token.mic is None else [*found, ("MIC", token.mic.hex())]


def _challenge(token: Challenge) -> list[tuple[str, str]]:
    found = [("token", "CHALLENGE"), ("target", token.target_name)] if token.target_name else [("token", "CHALLENGE")]
    return [*found, *_flags(token.flags), *_pairs(token.pairs), *_version(token.version)]


def _authenticate(token: Authenticate) -> list[tuple[str, str]]:
    found = [("token", "AUTHENTICATE"), ("user", token.user), ("domain", token.domain)]
    found += [("workstation", token.workstation), ("response", f"{classify(token).value}, {len(token.nt)} bytes")]
    found += [("LM field", f"{len(token.lm)} bytes"), ("session key", f"{len(token.session_key)} bytes")]
    if token.time is not None:
        found.append(("client's time", _moment(token.time)))
    mic = [("MIC", "present")] if token.mic is not None else []
    return [*found, *_flags(token.flags), *_pairs(token.pairs), *mic, *_version(token.version)]


def _flags(flags: Flags) -> list[tuple[str, str]]:
    value = int(flags)
    names = " ".join(name for bit, name in _FLAGS if value & bit)
    return [("flags", f"{value:#010x} {names}")]


def _pairs(pairs: AvPairs) -> list[tuple[str, str]]:
    return [_pair(kind, value) for kind, value in islice(pairs.items, MOST_PAIRS)]


def _pair(kind: int, value: bytes) -> tuple[str, str]:
    if kind == AvId.TIMESTAMP and len(value) == 8:
        return "AV time", _moment(from_filetime(value))
    if kind == AvId.FLAGS:
        return "AV flags", f"{int.from_bytes(value[:4], 'little'):#x}"
    known = AvId._value2member_map_.get(kind)
    if known in _TEXTS:
        return f"AV {_TEXTS[AvId(kind)]}", value.decode("utf-16-le", "replace")
    return f"AV {AvId(kind).name.lower().replace('_', ' ') if known else kind}", f"{len(value)} bytes"


def _version(version: bytes) -> list[tuple[str, str]]:
    if not any(version):
        return []
    build = int.from_bytes(version[2:4], "little")
    return [("Windows version", f"{version[0]}.{version[1]} build {build}")]


def _moment(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "no date"


def readable(text: str) -> str:
    """One line that can be shown anywhere."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:300])
