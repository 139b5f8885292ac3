"""The CHALLENGE and AUTHENTICATE tokens of NTLM ([MS-NLMP] 2.2), read and written.

Datagram mode has no NEGOTIATE. Tokens are read by their descriptors only; whatever points outside of the token
raises `BadToken`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from struct import error as StructError
from struct import pack, unpack_from

from snomtui.auth.ntlm.avpairs import AvPairs, from_filetime
from snomtui.errors import BadToken

MAGIC = b"NTLMSSP\0"
V2_AV_OFFSET = 44
"""Where the AV list starts in an NTLMv2 response."""
V2_RESPONSE_MINIMUM = V2_AV_OFFSET + 4

_CHALLENGE_HEAD, _CHALLENGE_PAYLOAD = 48, 56
_AUTHENTICATE_HEAD, _AUTHENTICATE_PAYLOAD, _MIC_END = 64, 72, 88


class Flags(IntFlag):
    """NegotiateFlags ([MS-NLMP] 2.2.2.5)."""

    UNICODE = 0x00000001
    OEM = 0x00000002
    REQUEST_TARGET = 0x00000004
    SIGN = 0x00000010
    SEAL = 0x00000020
    DATAGRAM = 0x00000040
    LM_KEY = 0x00000080
    NTLM = 0x00000200
    ANONYMOUS = 0x00000800
    OEM_DOMAIN_SUPPLIED = 0x00001000
    OEM_WORKSTATION_SUPPLIED = 0x00002000
    ALWAYS_SIGN = 0x00008000
    TARGET_TYPE_DOMAIN = 0x00010000
    TARGET_TYPE_SERVER = 0x00020000
    ESS = 0x00080000
    IDENTIFY = 0x00100000
    NON_NT_SESSION_KEY = 0x00400000
    TARGET_INFO = 0x00800000
    VERSION = 0x02000000
    KEY_128 = 0x20000000
    KEY_EXCH = 0x40000000
    KEY_56 = 0x80000000


@dataclass(frozen=True, slots=True)
class Challenge:
    """A CHALLENGE token, from the server."""

    flags: Flags
    server_challenge: bytes
    """Eight random bytes, good for one attempt."""
    target_name: str = ""
    target_info: bytes = b""
    """The AV list as it came; written only if TARGET_INFO is set."""
    version: bytes = bytes(8)
    raw: bytes = field(default=b"", compare=False, repr=False)
    """The token as it came from the wire."""

    @classmethod
    def parse(cls, data: bytes) -> Challenge:
        """Read a token; raises `BadToken`."""
        _check_head(data, 2, _CHALLENGE_HEAD)
        flags = Flags(unpack_from("<I", data, 20)[0])
        name = _text(_payload(data, 12, _CHALLENGE_HEAD), flags)
        info = _payload(data, 40, _CHALLENGE_HEAD) if Flags.TARGET_INFO in flags else b""
        if info:
            AvPairs.parse(info)
        version = _version(data, 48, flags)
        return cls(flags, data[24:32], name, info, version, data)

    @property
    def pairs(self) -> AvPairs:
        """The AV list; empty if there is none."""
        return AvPairs.parse(self.target_info) if self.target_info else AvPairs()

    def __bytes__(self) -> bytes:
        name = _encode(self.target_name, self.flags)
        info = self.target_info if Flags.TARGET_INFO in self.flags else b""
        info_at = pack("<HHI", len(info), len(info), _CHALLENGE_PAYLOAD + len(name)) if info else bytes(8)
        head = MAGIC + pack("<IHHII", 2, len(name), len(name), _CHALLENGE_PAYLOAD, self.flags)
        return head + self.server_challenge + bytes(8) + info_at + self.version + name + info

    def describe(self) -> str:
        """The token in words, for a log."""
        words = [f"CHALLENGE flags {_flag_words(self.flags)}"]
        if self.target_name:
            words.append(f"target {self.target_name!r}")
        words += self.pairs.words()
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Authenticate:
    """An AUTHENTICATE token, from the client."""

    flags: Flags
    user: str
    domain: str = ""
    workstation: str = ""
    lm: bytes = field(default=b"", repr=False)
    nt: bytes = field(default=b"", repr=False)
    session_key: bytes = field(default=b"", repr=False)
    """The encrypted random session key."""
    version: bytes = bytes(8)
    mic: bytes | None = field(default=None, repr=False)
    """Only if AV pair 6 announces one."""
    raw: bytes = field(default=b"", compare=False, repr=False)
    """The token as it came from the wire."""

    @classmethod
    def parse(cls, data: bytes) -> Authenticate:
        """Read a token; raises `BadToken`."""
        _check_head(data, 3, _AUTHENTICATE_HEAD)
        flags = Flags(unpack_from("<I", data, 60)[0])
        lm, nt, domain, user, host, key = (_payload(data, at, _AUTHENTICATE_HEAD) for at in range(12, 60, 8))
        mic = None
        if len(nt) >= V2_RESPONSE_MINIMUM and AvPairs.parse(nt[V2_AV_OFFSET:]).mic_announced:
            if len(data) < _MIC_END:
                raise BadToken("the announced MIC is missing")
            mic = data[_AUTHENTICATE_PAYLOAD:_MIC_END]
        names = _text(user, flags), _text(domain, flags), _text(host, flags)
        return cls(flags, *names, lm, nt, key, _version(data, 64, flags), mic, data)

    @property
    def pairs(self) -> AvPairs:
        """The AV list inside an NTLMv2 response; empty for the others."""
        return AvPairs.parse(self.nt[V2_AV_OFFSET:]) if len(self.nt) >= V2_RESPONSE_MINIMUM else AvPairs()

    @property
    def time(self) -> float | None:
        """The time inside an NTLMv2 response in seconds since 1970; None for the others."""
        return from_filetime(self.nt[24:32]) if len(self.nt) >= V2_RESPONSE_MINIMUM else None

    def without_mic(self) -> bytes:
        """The token as it came, with its MIC set to zero: what the MIC is made over."""
        return self.raw[:_AUTHENTICATE_PAYLOAD] + bytes(16) + self.raw[_MIC_END:]

    def __bytes__(self) -> bytes:
        at = _AUTHENTICATE_PAYLOAD + len(self.mic or b"")
        domain, user, host = (_encode(text, self.flags) for text in (self.domain, self.user, self.workstation))
        payload = b""
        places = []
        for value in (domain, user, host, self.lm, self.nt, self.session_key):
            places.append(pack("<HHI", len(value), len(value), at + len(payload)))
            payload += value
        domain_at, user_at, host_at, lm_at, nt_at, key_at = places
        descriptors = lm_at + nt_at + domain_at + user_at + host_at + key_at
        return MAGIC + pack("<I", 3) + descriptors + pack("<I", self.flags) + self.version + (self.mic or b"") + payload

    def describe(self) -> str:
        """The token in words, for a log; responses and keys are only measured."""
        words = [f"AUTHENTICATE user {self.user!r} domain {self.domain!r} workstation {self.workstation!r}"]
        words.append(f"LM {len(self.lm)} bytes, NT {len(self.nt)} bytes, key {len(self.session_key)} bytes")
        words += self.pairs.words()
        words.append("with MIC" if self.mic else "no MIC")
        words.append(f"flags {_flag_words(self.flags)}")
        return ", ".join(words)


def is_negotiate(data: bytes) -> bool:
    """Whether this is a NEGOTIATE: SIP has none, but a client may take it for the way to ask for a CHALLENGE."""
    return data.startswith(MAGIC + b"\1\0\0\0")


def describe(data: bytes) -> str:
    """Any NTLM token in words, without secrets; raises `BadToken`."""
    _check_head(data, None, 12)
    kind = unpack_from("<I", data, 8)[0]
    if kind == 1:
        flags = Flags(unpack_from("<I", data.ljust(16, b"\0"), 12)[0])
        return f"NEGOTIATE flags {_flag_words(flags)}"
    if kind == 2:
        return Challenge.parse(data).describe()
    return Authenticate.parse(data).describe()


def _check_head(data: bytes, kind: int | None, size: int) -> None:
    if not data.startswith(MAGIC):
        raise BadToken("not an NTLM token")
    if len(data) < size:
        raise BadToken(f"an NTLM token of only {len(data)} bytes")
    found = unpack_from("<I", data, 8)[0]
    if kind is not None and found != kind:
        raise BadToken(f"an NTLM token of type {found} instead of {kind}")


def _payload(data: bytes, at: int, head: int) -> bytes:
    try:
        size, _, offset = unpack_from("<HHI", data, at)
    except StructError as error:
        raise BadToken("an NTLM token ends inside its head") from error
    if size == 0:
        return b""
    if offset < head or offset + size > len(data):
        raise BadToken(f"a field of {size} bytes at {offset} is not inside the token of {len(data)} bytes")
    return data[offset : offset + size]


def _text(data: bytes, flags: Flags) -> str:
    if Flags.UNICODE not in flags:
        return data.decode("cp437")
    try:
        return data.decode("utf-16-le", "surrogatepass")
    except UnicodeDecodeError as error:
        raise BadToken("a name is not UTF-16") from error


def _encode(text: str, flags: Flags) -> bytes:
    if Flags.UNICODE in flags:
        return text.encode("utf-16-le", "surrogatepass")
    return text.encode("cp437", "replace")


def _version(data: bytes, at: int, flags: Flags) -> bytes:
    return data[at : at + 8] if Flags.VERSION in flags and len(data) >= at + 8 else bytes(8)


def _flag_words(flags: Flags) -> str:
    names = " ".join(flag.name or "" for flag in Flags if flag in flags)
    return f"{flags:#010x} ({names})"
