"""SIP, SIPS and tel URIs (RFC 3261 19.1, RFC 3966)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote as escape
from urllib.parse import unquote as unescape

from snomtui.errors import LocalError, MalformedMessage
from snomtui.sip import params as no
from snomtui.sip.grammar import is_host
from snomtui.sip.params import Params

_FORBIDDEN = re.compile(r'[\x00-\x20\x7f<>"]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*")
_SIP = re.compile(
    r"(?:(?P<user>[^@:]*)(?::(?P<password>[^@]*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^:;?\[\]@]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<params>;[^?]*)?(?:\?(?P<headers>.*))?"
)
_PERSON = re.compile(
    r"(?:sips?:)?(?P<bare>[^\s<>\"@:;?]+@(?:\[[0-9a-f:.]+\]|[^\s<>\"@:;?/\[\]]+)(?::[0-9]{1,5})?)", re.IGNORECASE
)
_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9\-_.!~*'()]")
"""Signs that mean the same escaped and bare (RFC 3261 19.1.4, 25.1)."""
_USER_SAFE = "-_.!~*'()&=+$,;?/"
"""What may stand unescaped in the user part (RFC 3261 25.1, `unreserved` and `user-unreserved`)."""
_PARAM_SAFE = "-_.!~*'()[]/:&+$"
"""What may stand unescaped in a URI parameter (RFC 3261 25.1, `paramchar`)."""
_CALLABLE = ("sip", "sips", "tel")
_SEPARATORS = str.maketrans("", "", "-.() ")
_NEVER_ALONE = ("user", "ttl", "method", "maddr", "transport")
"""Parameters that must be in both URIs or in none (RFC 3261 19.1.4)."""


@dataclass(frozen=True, slots=True)
class Uri:
    """One URI; all texts are as written, escapes included.

    A URI that is neither `sip` nor `sips` (tel, urn, im, ...) has its text in `user` and an empty `host`.
    """

    scheme: str
    """In lower case."""
    user: str
    """For tel: the number with its visual separators."""
    host: str
    """IPv6 addresses keep their brackets."""
    password: str | None = None
    port: int | None = None
    params: Params = no.NONE
    headers: str = ""
    """What stands after the question mark."""

    @classmethod
    def parse(cls, text: str) -> Uri:
        """Read a URI; raises `MalformedMessage`."""
        return _again(text) if len(text) <= _SHORT else cls._read(text)

    @classmethod
    def _read(cls, text: str) -> Uri:
        text = text.strip()
        scheme, colon, rest = text.partition(":")
        if not colon or not rest or _FORBIDDEN.search(text) or not _SCHEME.fullmatch(scheme):
            raise MalformedMessage(f"not a URI: {text[:80]!r}")
        scheme = scheme.lower()
        if scheme not in ("sip", "sips"):
            return cls._other(scheme, rest)
        found = _SIP.fullmatch(rest)
        if not found or not is_host(found["host"]):
            raise MalformedMessage(f"not a SIP URI: {text[:80]!r}")
        port = int(found["port"]) if found["port"] else None
        if port is not None and port > 65535:
            raise MalformedMessage(f"port out of range in {text[:80]!r}")
        params = Params.parse(found["params"]) if found["params"] else no.NONE
        return cls(scheme, found["user"] or "", found["host"], found["password"], port, params, found["headers"] or "")

    @classmethod
    def _other(cls, scheme: str, rest: str) -> Uri:
        rest, _, headers = rest.partition("?")
        user, semicolon, params = rest.partition(";")
        return cls(scheme, user, "", None, None, Params.parse(semicolon + params), headers)

    def __str__(self) -> str:
        headers = f"?{self.headers}" if self.headers else ""
        if not self.host:
            return f"{self.scheme}:{self.user}{self.params}{headers}"
        password = "" if self.password is None else f":{self.password}"
        user = f"{self.user}{password}@" if self.user or password else ""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}:{user}{self.host}{port}{self.params}{headers}"

    @property
    def plain_user(self) -> str:
        """The user part without escapes."""
        return unescape(self.user)

    @property
    def aor(self) -> str:
        """The address of record, to find a person by: `sip:user@host`, or `tel:+49...`.

        The host is in lower case, escapes in the user part are in one form, `sips` counts as `sip`. The user part
        keeps its case (RFC 3261 19.1.4); who is more liberal compares in lower case.
        """
        if self.scheme == "tel":
            return f"tel:{self.user.translate(_SEPARATORS).lower()}"
        if not self.host:
            return f"{self.scheme}:{self.user}"
        user = f"{self._normal_user}@" if self.user else ""
        return f"sip:{user}{self.host.lower()}"

    @property
    def _normal_user(self) -> str:
        user = self.user
        return escape(unescape(user), safe=_USER_SAFE) if "%" in user else user

    def param(self, name: str) -> str | None:
        """A URI parameter without escapes, which its name may have as well; "" for a flag, None if it is not there."""
        for own, value in self.params:
            if own.lower() == name or ("%" in own and unescape(own).lower() == name):
                return unescape(value or "")
        return None

    @property
    def transport(self) -> str | None:
        """The transport parameter in lower case, or None."""
        value = self.param("transport")
        return value.lower() if value else None

    def same(self, other: Uri) -> bool:
        """Whether both mean the same resource (RFC 3261 19.1.4, RFC 3966 4)."""
        if self.scheme != other.scheme or self.port != other.port:
            return False
        if self.scheme == "tel":
            return self.aor == other.aor and _tel_params(self.params) == _tel_params(other.params)
        return (
            self._compared == other._compared
            and _same_params(self.params, other.params)
            and _header_set(self.headers) == _header_set(other.headers)
        )

    @property
    def _compared(self) -> tuple[str, str | None, str]:
        return _normal(self.user), None if self.password is None else _normal(self.password), self.host.lower()

    def with_param(self, name: str, value: str | None) -> Uri:
        """Set a parameter; what cannot stand in a URI is escaped. None makes a flag."""
        raw = None if value is None else escape(value, safe=_PARAM_SAFE + "%")
        return replace(self, params=self.params.with_raw(name, raw))

    def without_param(self, name: str) -> Uri:
        """Leave a parameter out."""
        return replace(self, params=self.params.without(name))


def _normal(text: str) -> str:
    """Escapes in one form: an escaped reserved sign is another thing than the sign itself (RFC 3261 19.1.4)."""
    return _ESCAPED.sub(_plain_or_upper, text) if "%" in text else text


def _plain_or_upper(escaped: re.Match[str]) -> str:
    sign = chr(int(escaped[1], 16))
    return sign if _UNRESERVED.fullmatch(sign) else escaped[0].upper()


def _plain_params(params: Params) -> dict[str, str]:
    return {unescape(name).lower(): unescape(value or "").lower() for name, value in params}


def _tel_params(params: Params) -> dict[str, str]:
    """Parameters of a number as they are compared: all count, separators do not (RFC 3966 4)."""
    return {
        name: value.translate(_SEPARATORS) if name == "ext" or value.startswith("+") else value
        for name, value in _plain_params(params).items()
    }


_SHORT = 200
_again = lru_cache(4096)(Uri._read)
"""A phone meets the same few URIs all day. Bounded, and only for texts of `_SHORT` characters."""


def _same_params(one: Params, other: Params) -> bool:
    ours, theirs = _plain_params(one), _plain_params(other)
    if any((name in ours) != (name in theirs) for name in _NEVER_ALONE):
        return False
    return all(theirs.get(name, value) == value for name, value in ours.items())


def _header_set(text: str) -> set[tuple[str, str]]:
    pairs = (piece.partition("=") for piece in text.split("&") if piece)
    return {(unescape(name).lower(), unescape(value)) for name, _, value in pairs}


def person_uri(text: str) -> str | None:
    """The address of somebody as `sip:user@host`, with a port if there is one; a person may leave out `sip:`.

    None for everything else: a number, a mere host, other schemes, passwords, parameters and headers.
    """
    found = _PERSON.fullmatch(text)
    return f"sip:{found['bare']}" if found else None


def checked(text: str) -> str:
    """The same text, if it may stand in a request line and in a To header; else a `LocalError`.

    It is one that can be called (sip, sips, tel), names somebody if it has an `@`, and carries no headers (RFC 3261
    19.1.5).
    """
    try:
        uri = Uri.parse(text)
    except MalformedMessage as error:
        raise LocalError(str(error)) from None
    if uri.scheme not in _CALLABLE or text != text.strip():
        raise LocalError(f"no address to call: {text[:80]!r}")
    if not uri.user and ("@" in text or uri.scheme == "tel"):
        raise LocalError(f"nobody is named in {text[:80]!r}")
    if uri.headers:
        raise LocalError(f"headers in {text[:80]!r}")
    return text
