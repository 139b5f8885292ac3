"""The lines of authentication headers (RFC 2617 1.2 and 3.2, RFC 7235 2.1, [MS-SIPAE] 2.2): a scheme and parameters.

Challenges (WWW-Authenticate, Proxy-Authenticate), credentials (Authorization, Proxy-Authorization) and
Authentication-Info all have this one form. What is read is written again exactly as it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from snomtui.errors import MalformedMessage
from snomtui.sip.message import Message

_TOKEN = r"[^\s\",=<>@:;\\/\[\]?{}()]+"
_ITEM = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*")+', re.DOTALL)
_PARAM = re.compile(rf'({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))', re.DOTALL)
_SCHEME = re.compile(rf"({_TOKEN})(?:\s+(.*))?", re.DOTALL)
_TOKEN68 = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_BARE = frozenset({"version", "nc", "stale", "algorithm", "userhash"})
"""Parameters that are written without quotes; `qop` is one of them only in Digest credentials."""


@dataclass(frozen=True, slots=True)
class AuthParam:
    """One `name=value`."""

    name: str
    raw: str
    """What stands between the quotes, escapes and all; [MS-SIPAE] signatures cover just that."""
    quoted: bool = True

    @property
    def value(self) -> str:
        """The value with quoted pairs undone (RFC 3261 25.1)."""
        return _QUOTED_PAIR.sub(r"\1", self.raw) if "\\" in self.raw else self.raw

    def __str__(self) -> str:
        if not self.name:
            return self.raw
        return f'{self.name}="{self.raw}"' if self.quoted else f"{self.name}={self.raw}"


@dataclass(frozen=True, slots=True)
class AuthLine:
    """One challenge, one set of credentials, or one Authentication-Info."""

    scheme: str
    """As it was spelled; "" in Digest's Authentication-Info, which has none."""
    params: tuple[AuthParam, ...] = ()

    @classmethod
    def parse_many(cls, text: str) -> tuple[AuthLine, ...]:
        """Read one header line, which may hold several challenges; raises `MalformedMessage`."""
        lines: list[AuthLine] = []
        for item in _items(text):
            param = _PARAM.fullmatch(item)
            if param:
                if not lines:
                    lines.append(cls(""))
                lines[-1] = cls(lines[-1].scheme, (*lines[-1].params, _param(param)))
            else:
                lines.append(cls(*_started(item)))
        return tuple(lines)

    @classmethod
    def parse(cls, text: str) -> AuthLine:
        """Read credentials or an Authentication-Info: exactly one; raises `MalformedMessage`."""
        lines = cls.parse_many(text)
        if len(lines) != 1:
            raise MalformedMessage(f"{len(lines)} authentication values where one should be")
        return lines[0]

    @classmethod
    def of(cls, scheme: str, *pairs: tuple[str, str | None]) -> AuthLine:
        """Make a line of plain values; a value of None is left out. Quotes stand where the RFCs want them."""
        present = [(name, value) for name, value in pairs if value is not None]
        bare = _BARE | {"qop"} if any(name == "nc" for name, _ in present) else _BARE
        return cls(scheme, tuple(AuthParam(name, _escape(value), name not in bare) for name, value in present))

    def is_scheme(self, name: str) -> bool:
        """Whether this is the scheme of that name, in any spelling."""
        return self.scheme.lower() == name.lower()

    def get(self, name: str) -> str | None:
        """The value of a parameter; names know no case."""
        param = self._find(name)
        return param.value if param else None

    def raw(self, name: str) -> str | None:
        """The value of a parameter as it stands between its quotes."""
        param = self._find(name)
        return param.raw if param else None

    def adding(self, *params: AuthParam) -> AuthLine:
        """The same line with more parameters at its end."""
        return AuthLine(self.scheme, (*self.params, *params))

    def _find(self, name: str) -> AuthParam | None:
        wanted = name.lower()
        return next((param for param in self.params if param.name.lower() == wanted), None)

    def __str__(self) -> str:
        params = ", ".join(map(str, self.params))
        return f"{self.scheme} {params}".strip()


Challenge = AuthLine
"""A line of WWW-Authenticate or Proxy-Authenticate."""


def lines_of(message: Message, *names: str) -> tuple[AuthLine, ...]:
    """All readable values of these headers; a line that cannot be read counts as not there."""
    found: list[AuthLine] = []
    for text in _texts(message, names):
        try:
            found += AuthLine.parse_many(text)
        except MalformedMessage:
            continue
    return tuple(found)


def _texts(message: Message, names: Iterable[str]) -> Iterable[str]:
    return (text for name in names for text in message.headers.all(name))


def _items(text: str) -> list[str]:
    """The text split at commas outside of quotes; empty items, which RFC 7230 7 allows, are left out."""
    items: list[str] = []
    at = 0
    while at < len(text):
        if text[at] in ", \t\r\n":
            at += 1
            continue
        found = _ITEM.match(text, at)
        if not found:
            raise MalformedMessage("a quoted value of an authentication header has no end")
        items.append(found[0].strip())
        at = found.end()
        if at < len(text) and text[at] != ",":
            raise MalformedMessage("a quoted value of an authentication header has no end")
    return items


def _started(item: str) -> tuple[str, tuple[AuthParam, ...]]:
    found = _SCHEME.fullmatch(item)
    if not found:
        raise MalformedMessage(f"not an authentication scheme: {item[:20]!r}")
    scheme, rest = found[1], (found[2] or "").strip()
    if not rest:
        return scheme, ()
    if _TOKEN68.fullmatch(rest):
        return scheme, (AuthParam("", rest, quoted=False),)
    param = _PARAM.fullmatch(rest)
    if not param:
        raise MalformedMessage(f"a {scheme} header has something that is no parameter")
    return scheme, (_param(param),)


def _param(found: re.Match[str]) -> AuthParam:
    quoted = found[2] is not None
    return AuthParam(found[1], found[2] if quoted else found[3], quoted)


def _escape(value: str) -> str:
    plain = _CONTROLS.sub(" ", value)  # a line end must not reach a header
    return plain.replace("\\", "\\\\").replace('"', '\\"')
