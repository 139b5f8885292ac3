"""Addresses in From, To, Contact, Route and others: name-addr and addr-spec (RFC 3261 20.10, 25.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from snomtui.errors import MalformedMessage
from snomtui.sip import params as no
from snomtui.sip.grammar import QUOTED, quote, readable, split_list, unquote
from snomtui.sip.params import Params
from snomtui.sip.uri import Uri

_BRACKETED = re.compile(
    rf'(?:(?P<quoted>{QUOTED})\s*|(?P<words>[^"<][^<]*)?)<(?P<uri>[^>]*)>\s*(?P<params>;.*)?', re.DOTALL
)
_USUAL = re.compile(
    r"""(?:"([A-Za-z0-9 ,.+\-]*)" ?)?<(sips?):([A-Za-z0-9\-_.+]+)@([A-Za-z0-9.\-]+)(?::([0-9]{1,4}))?>"""
    r"""(?:;tag=([A-Za-z0-9\-._]+))?"""
)
"""What nearly every From and To looks like, with nothing in it that needs a second look."""


_SHORT = 200


@dataclass(frozen=True, slots=True)
class Address:
    """A URI with the name of a person and header parameters."""

    name: str
    """Without quotes; "" if there is none."""
    uri: Uri
    params: Params = no.NONE

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read one address, with or without angle brackets; raises `MalformedMessage`.

        Without brackets all parameters belong to the header, not to the URI, and it can have no headers (RFC 3261
        20.10). Blanks inside of the brackets and names without quotation marks are forgiven (RFC 4475 3.1.2.14, 15).
        """
        return _again(text) if len(text) <= _SHORT else _read(text)

    @classmethod
    def parse_many(cls, text: str) -> tuple[Address, ...]:
        """Read a list of addresses; commas inside of quotes and brackets do not count."""
        return tuple(cls.parse(piece) for piece in split_list(text))

    def __str__(self) -> str:
        name = f"{quote(self.name)} " if self.name else ""
        return f"{name}<{self.uri}>{self.params}"

    @property
    def tag(self) -> str:
        """The tag parameter (RFC 3261 19.3), "" if there is none."""
        return self.params.get("tag") or ""

    def with_param(self, name: str, value: str | None) -> Address:
        """Set a header parameter; None makes a flag."""
        return replace(self, params=self.params.with_(name, value))


def _read(text: str) -> Address:
    usual = _USUAL.fullmatch(text)
    if usual:
        name, scheme, user, host, port, tag = usual.groups()
        uri = Uri(scheme, user, host, None, int(port) if port else None)
        return Address(name or "", uri, Params((("tag", tag),)) if tag else no.NONE)
    name, uri_part, params = _pieces(text)
    return Address(name, Uri.parse(uri_part), Params.parse(params))


_again = lru_cache(4096)(_read)
"""From and To come back with every message of a conversation. Bounded, and only for texts of `_SHORT` characters."""


def uri_text(text: str) -> str:
    """The URI of an address exactly as it is written there; raises `MalformedMessage` if there is no address."""
    return _pieces(text)[1]


def _pieces(text: str) -> tuple[str, str, str]:
    """Name, URI and parameters of an address as texts."""
    text = text.strip()
    if "<" not in text:
        uri, semicolon, params = text.partition(";")
        if "?" in uri and uri[:4].lower() in ("sip:", "sips"):
            raise MalformedMessage(f"a question mark without angle brackets: {text[:80]!r}")
        return "", uri.strip(), semicolon + params
    found = _BRACKETED.fullmatch(text)
    if not found:
        raise MalformedMessage(f"not an address: {text[:80]!r}")
    name = found["words"].rstrip() if found["words"] else unquote(found["quoted"] or "")
    return readable(name), found["uri"].strip(), found["params"] or ""
