"""Queries and form bodies as remote control programs really send them.

Escaping is all over the place: form encoding, percent encoding, nothing at all. So the raw bytes are read here, and
what a `+` means is decided where it is known what the value is for.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, unquote_to_bytes

from snomtui.phone.intents import is_secret

STARS = "********"
"""What stands where a secret was."""

HIDDEN_TAG = "hidden_tag"
"""The form field that carries a page's secret tag."""

Pairs = list[tuple[str, str]]

_LOGIN = re.compile(r"((?::|%3A)(?:/|%2F){2})(?:(?!%40|%2F|%3F|%23)[^\s/@?#])*(?:@|%40)", re.IGNORECASE)
_COLON = re.compile(rb"^([A-Za-z_][A-Za-z0-9_]*):([^\r\n]*)(?:\r?\n|\Z)", re.MULTILINE)
_PHONE_NUMBER = re.compile(r"[0-9+*#()/.\- \t]+")


def pairs(raw: bytes, form: bool = False) -> Pairs:
    """Names and values in order, percent-decoded. Never fails.

    A raw `+` stays as it is; with `form` it is a blank, but for one that begins a phone number.
    """
    found = []
    for part in raw.strip().split(b"&"):
        name, _, value = part.partition(b"=")
        name = name.removeprefix(b"amp;")  # somebody escaped the & for HTML first
        known_as = _text(name).replace("+", " ").strip()
        if known_as:
            found.append((known_as, _text(_blanks(value) if form else value)))
    return found


def equated(body: bytes) -> bytes:
    """A form that a library for call tests writes as lines `NAME:VALUE`, as others write it; any other as it is."""
    return body if b"=" in body else _COLON.sub(rb"\1=\2&", body)


def merged(query: Pairs, body: Pairs) -> Pairs:
    """Query and form body of one request; what stands in both counts once, so that it takes effect once."""
    known = {name.lower() for name, _ in query}
    return query + [(name, value) for name, value in body if name.lower() not in known] if known else body


def number(value: str) -> str:
    """The number or address that is to be dialled, from the value of `number=`.

    A leading `+` may come raw, as `%2B`, or as the blank that form decoding made of it. A `+` after the first digit of
    a phone number is a form-encoded blank. Separators stay: the dial plan removes them. What was encoded twice is
    decoded once more; of `Jan <sip:jan@host>` the address counts.
    """
    text = _bracketed(_decoded_again(value))
    if re.match(r"[ \t]+[1-9]", text):
        text = "+" + text.lstrip()
    text = text.strip()
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("tel", "callto") and "@" not in rest:
        inside = rest.removeprefix("//")
        return f"{scheme}:{number(inside)}" if inside else text
    if colon and scheme.lower() in ("sip", "sips") and _PHONE_NUMBER.fullmatch(rest) and rest.strip():
        return number(rest)  # an address without a host: the registrar knows it
    if not _PHONE_NUMBER.fullmatch(text):
        return text
    head = re.match(r"[^0-9]*", text)
    start = head.end() if head else 0
    return re.sub(r"\+[+ ]*\+", "+", text[:start]) + text[start:].replace("+", " ").rstrip()


def _bracketed(text: str) -> str:
    """The address of `Display Name <sip:user@host>`; any other text as it is."""
    found = re.fullmatch(r"[^<>]*<([^<>]+)>[^<>]*", text)
    return found[1] if found else text


def _decoded_again(text: str) -> str:
    """A number that was percent-encoded twice; the escapes of a SIP address are part of it and stay."""
    if "%" not in text:
        return text
    plain = text
    while "%" in plain and (once := unquote(plain)) != plain:
        plain = once
    return plain if _PHONE_NUMBER.fullmatch(plain) or re.search("%(40|3A)", text, re.IGNORECASE) else text


def blanked(target: str) -> str:
    """A request target as it was received, without the values of secret settings and the logins of URLs in it."""
    path, mark, query = target.partition("?")
    path = without_login(path)  # the absolute form may have one
    if not mark:
        return path
    return path + "?" + "&".join(_blanked_part(part) for part in query.split("&"))


def without_login(text: str) -> str:
    """A text as it may be told: URLs in it, percent-encoded or not, lose their logins."""
    return _LOGIN.sub(r"\1", text)


def encoded(value: str) -> str:
    """A value for a query in the form that every phone reads: everything unusual percent-encoded."""
    return quote(value, safe="")


def dialling(wanted: str, outgoing_uri: str = "") -> str:
    """The query of command.htm that asks for a call: what `number` reads, written."""
    return f"number={encoded(wanted)}" + (f"&outgoing_uri={encoded(outgoing_uri)}" if outgoing_uri else "")


def _blanked_part(part: str) -> str:
    name, equals, value = part.partition("=")
    plain = _text(name.encode("utf-8", "replace")).removeprefix("amp;").replace("+", " ")
    if equals and value and (is_secret(plain) or plain == HIDDEN_TAG):
        return f"{name}={STARS}"
    return name + equals + without_login(value)


def _blanks(value: bytes) -> bytes:
    plus = value[:1] if re.match(rb"\+[0-9]", value) else b""
    return plus + value[len(plus) :].replace(b"+", b" ")


def _text(raw: bytes) -> str:
    data = unquote_to_bytes(raw)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
