"""Named fragments of the SIP grammar (RFC 3261 25, RFC 2234), and the few text operations built on them."""

from __future__ import annotations

import re

TOKEN_CHARS = r"A-Za-z0-9\-.!%*_+`'~"
"""Characters of a token (RFC 3261 25.1)."""
TOKEN = rf"[{TOKEN_CHARS}]+"
QUOTED = r'"[^"\\]*(?:\\.[^"\\]*)*"'
"""A quoted string with its quotes; written so that matching takes linear time."""
IPV6 = r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*"
HOST = r"\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._~-]+)?\]|[A-Za-z0-9_.\-]+"
"""A host name, an IPv4 address or an IPv6 address in brackets. The underscore is not legal, and common."""

MAGIC_COOKIE = "z9hG4bK"
"""The start of every branch that was made by the rules of RFC 3261 8.1.1.7."""

IS_TOKEN = re.compile(TOKEN)
IS_HOST = re.compile(HOST)
_BARE_VALUE = re.compile(rf"{TOKEN}|\[{IPV6}\]|{IPV6}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)
_MARKS = {mark: re.compile(rf'\\.|["<>{mark}]', re.DOTALL) for mark in ",;"}


def is_token(text: str) -> bool:
    """Whether the text is a token (RFC 3261 25.1)."""
    return IS_TOKEN.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """Whether the text can stand where a host stands."""
    return IS_HOST.fullmatch(text) is not None


def breaks_line(text: str) -> bool:
    """Whether the text would end a header line early, or is cut at a NUL by somebody's C library."""
    return "\n" in text or "\r" in text or "\0" in text


def quote(text: str) -> str:
    """Make a quoted string; control characters become blanks, so no line end can be smuggled in."""
    plain = _CONTROLS.sub(" ", text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def quote_if_needed(text: str) -> str:
    """Leave tokens and addresses as they are and quote everything else."""
    return text if _BARE_VALUE.fullmatch(text) else quote(text)


def unquote(text: str) -> str:
    """Take off quotes and quoted pairs; a text without quotes comes back as it is."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    inner = text[1:-1]
    return _QUOTED_PAIR.sub(r"\1", inner) if "\\" in inner else inner


def readable(text: str) -> str:
    """Turn bytes that were not UTF-8 (kept as surrogates) into their Latin-1 characters, for people's eyes.

    Any other surrogate, which no byte from the wire can make, becomes a question mark.
    """
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _bytes_of(text).decode("latin-1")
    return text


def _bytes_of(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def split_outside(text: str, mark: str) -> list[str]:
    """Split at `mark` (a comma or a semicolon) where it is outside of quotes and angle brackets."""
    if mark not in text:
        return [text]
    if '"' not in text and "<" not in text:
        return text.split(mark)
    pieces: list[str] = []
    start, until = 0, ""
    for found in _MARKS[mark].finditer(text):
        sign = found.group()
        if until:
            until = "" if sign == until else until
        elif sign == '"':
            until = '"'
        elif sign == "<":
            until = ">"
        elif sign == mark:
            pieces.append(text[start : found.start()])
            start = found.end()
    pieces.append(text[start:])
    return pieces


def split_list(text: str) -> tuple[str, ...]:
    """Split a header value at its commas (RFC 3261 7.3.1); empty places are dropped."""
    if "," not in text:
        only = text.strip()
        return (only,) if only else ()
    return tuple(piece for piece in map(str.strip, split_outside(text, ",")) if piece)
