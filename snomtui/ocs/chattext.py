"""What is written in instant messages: plain text, HTML reduced to it, the text inside an INVITE (`ms-text-format`).

OCS clients may put the first text of a conversation into the header of its INVITE. Whoever took it from there says
`Supported: ms-text-format` in its 200; else it comes again as a MESSAGE.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from html import unescape

from snomtui.sip.headers import Item
from snomtui.sip.message import Message
from snomtui.sip.multipart import decoded, kind_of, typed_leaves
from snomtui.sip.params import parameter_named

ACCEPT = "text/plain, text/html, multipart/alternative"
"""What an instant message to us may be."""
TEXT = "text/plain; charset=UTF-8"
"""What ours are."""
TOAST = "ms-text-format"
_LONGEST_TOAST = 2000
"""Bytes; a longer text does not go into a header."""
_READABLE = ("text/plain", "text/html")
"""In the order of preference, whatever the order in the body."""
_TOKEN = re.compile(r"<!--|-->|<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>|<[!?/][^<>]*+>")
"""A piece of markup; it never looks at a sign twice, however odd the text."""
_BLOCKS = frozenset(("br", "p", "div", "li", "ul", "ol", "tr", "table", "pre", "hr", "h1", "h2", "h3", "h4"))
_UNSEEN = frozenset(("script", "style", "head", "title"))
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def text_in(message: Message) -> str | None:
    """The text of an instant message; None if there is nothing in it that a person can read.

    An empty body is an empty text. Of a multipart/alternative the plain one is taken (RFC 2046 5.1.4).
    """
    if not message.body:
        return ""
    found: dict[str, tuple[str, bytes]] = {}
    for written, part in typed_leaves(message):
        found.setdefault(kind_of(written) or "text/plain", (written, part))
    kind = next((kind for kind in _READABLE if kind in found), None)
    return None if kind is None else _plain(kind, decoded(*found[kind]))


def toast_in(message: Message) -> str | None:
    """The text inside an INVITE, or None; a header that cannot be read is none."""
    header = message.headers.get(TOAST) or ""
    kind = kind_of(header)
    body = parameter_named(header, "ms-body").strip()
    if kind not in _READABLE or not body:
        return None
    try:
        raw = b64decode(body + "=" * (-len(body) % 4), validate=True)
    except ValueError:
        return None
    return _plain(kind, decoded(header, raw)) or None


def toast(text: str) -> list[Item]:
    """The header that carries our first text inside the INVITE, if the text is short enough for that."""
    raw = text.encode("utf-8", "replace")
    return [(TOAST, f"{TEXT};ms-body={b64encode(raw).decode()}")] if 0 < len(raw) <= _LONGEST_TOAST else []


def _plain(kind: str, text: str) -> str:
    return reduced(text) if kind == "text/html" else text


def reduced(html: str) -> str:
    """HTML as plain text: without tags, comments, scripts and empty lines, with its line breaks."""
    pieces: list[str] = []
    hidden, at = "", 0
    for token in _TOKEN.finditer(html):
        if not hidden:
            pieces.append(_BLANKS.sub(" ", html[at : token.start()]))
        at = token.end()
        name = (token[2] or token[0]).lower()
        if hidden:
            hidden = "" if name == hidden and token[1] != "" else hidden
        elif name == "<!--":
            hidden = "-->"
        elif name == "-->":
            pieces.append(name)
        elif name in _UNSEEN and not token[1]:
            hidden = name
        elif name in _BLOCKS:
            pieces.append("\n")
    if not hidden:
        pieces.append(_BLANKS.sub(" ", html[at:]))
    lines = (" ".join(line.split()) for line in unescape("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)
