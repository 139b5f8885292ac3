"""The lines of authentication headers (RFC 2617 1.2 and 3.2, RFC 7235 2.1, [MS-SIPAE] 2.2): a scheme and parameters.

Challenges (WWW-Authenticate, Proxy-Authenticate), credentials (Authorization, Proxy-Authorization) and
Authentication-Info all have this one form. What is read is written again exactly as it stood.
"""

from __future__ import annotations

import re
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

    @classmethod
    def of(cls, name: str, value: str) -> AuthParam:
        """A plain value, between quotes."""
        return cls(name, _escape(value))

    @property
    def value(self) -> str:
        """The value with quoted pairs undone (RFC 3261 25.1); without quotes there are none."""
        return _QUOTED_PAIR.sub(r"\1", self.raw) if self.quoted and "\\" in self.raw else self.raw

    def echoed(self, name: str) -> AuthParam:
        """The same value between quotes, for our answer: the escapes stay as the other side chose them."""
        return AuthParam(name, self.raw if self.quoted else _escape(self.raw))

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
        lines, trouble = _read(text)
        if trouble:
            raise trouble
        return tuple(cls(scheme, tuple(params)) for scheme, params in lines)

    @classmethod
    def readable(cls, text: str) -> tuple[AuthLine, ...]:
        """All that can be read of one header line: what is garbage costs one parameter, or one challenge."""
        return tuple(cls(scheme, tuple(params)) for scheme, params in _read(text)[0])

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
        param = self.param(name)
        return param.value if param else None

    def raw(self, name: str) -> str | None:
        """The value of a parameter as it stands between its quotes."""
        param = self.param(name)
        return param.raw if param else None

    def adding(self, *params: AuthParam) -> AuthLine:
        """The same line with more parameters at its end."""
        return AuthLine(self.scheme, (*self.params, *params))

    def param(self, name: str) -> AuthParam | None:
        """A parameter, the first of that name."""
        wanted = name.lower()
        return next((param for param in self.params if param.name.lower() == wanted), None)

    def __str__(self) -> str:
        params = ", ".join(map(str, self.params))
        return f"{self.scheme} {params}".strip()


Challenge = AuthLine
"""A line of WWW-Authenticate or Proxy-Authenticate."""


def lines_of(message: Message, *names: str) -> tuple[AuthLine, ...]:
    """All readable values of these headers; what cannot be read counts as not there."""
    return tuple(line for name in names for text in message.headers.all(name) for line in AuthLine.readable(text))


def _read(text: str) -> tuple[list[tuple[str, list[AuthParam]]], MalformedMessage | None]:
    """The readable parts of a header line, and the first thing that is wrong with it."""
    lines: list[tuple[str, list[AuthParam]]] = []
    trouble: MalformedMessage | None = None
    items, rest = _items(text)
    for item in items:
        param, scheme = _PARAM.fullmatch(item), _SCHEME.fullmatch(item)
        if param:
            if not lines:
                lines.append(("", []))
            lines[-1][1].append(_param(param))
        elif scheme:
            first, wrong = _first(scheme[1], (scheme[2] or "").strip())
            lines.append((scheme[1], first))
            trouble = trouble or wrong
        else:
            trouble = trouble or MalformedMessage(f"not an authentication scheme: {item[:20]!r}")
    if rest and not trouble:
        trouble = MalformedMessage("a quoted value of an authentication header has no end")
    return lines, trouble


def _items(text: str) -> tuple[list[str], str]:
    """The text split at commas outside of quotes, and what could not be split because a quote has no end.

    Empty items, which RFC 7230 7 allows, are left out.
    """
    items: list[str] = []
    at = 0
    while at < len(text):
        if text[at] in ", \t\r\n":
            at += 1
            continue
        found = _ITEM.match(text, at)
        if not found or (found.end() < len(text) and text[found.end()] != ","):
            return items, text[at:]
        items.append(found[0].strip())
        at = found.end()
    return items, ""


def _first(scheme: str, rest: str) -> tuple[list[AuthParam], MalformedMessage | None]:
    """What stands behind the name of a scheme: nothing, a token68 or a parameter."""
    if not rest:
        return [], None
    if _TOKEN68.fullmatch(rest):
        return [AuthParam("", rest, quoted=False)], None
    param = _PARAM.fullmatch(rest)
    if param:
        return [_param(param)], None
    return [], MalformedMessage(f"a {scheme} header has something that is no parameter")


def _param(found: re.Match[str]) -> AuthParam:
    quoted = found[2] is not None
    return AuthParam(found[1], found[2] if quoted else found[3], quoted)


def _escape(value: str) -> str:
    plain = _CONTROLS.sub(" ", value)  # a line end must not reach a header
    return plain.replace("\\", "\\\\").replace('"', '\\"')
