"""Repairs what web pages for phones often get wrong, because no snom has ever complained about it.

Mended are: an `&` that begins no reference, names of characters that only HTML knows, attributes without quotation
marks, a last tag that closes under another name, and blanks before the declaration. Whatever else is wrong stays wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
"""How pieces begin and end in which nothing is touched."""
_BEGINS = re.compile("|".join(map(re.escape, _ENDS)))
_TAG = re.compile(r"<[A-Za-z_](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")
_BARE = re.compile(r"(\s[\w:.-]+\s*=\s*)([^\s\"'<>=/][^\s\"'<>]*?)(?=\s|/?>)")
_AMPERSAND = re.compile(r"&(?:(#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_OWN = ("amp", "lt", "gt", "quot", "apos")
"""The names that XML itself knows."""
_FIRST = re.compile(r"<([A-Za-z_][\w:.-]*)[\s>]")
_LAST = re.compile(r"</\s*([A-Za-z_][\w:.-]*)\s*>\s*\Z")


def mended(text: str) -> str:
    """The same document with the usual mistakes repaired."""
    text = text.lstrip("\ufeff \t\r\n")
    pieces, at = [], 0
    for start, end in _kept(text):
        pieces += [_piece(text[at:start]), text[start:end]]
        at = end
    return _closed("".join([*pieces, _piece(text[at:])]))


def _kept(text: str) -> Iterator[tuple[int, int]]:
    """Where pieces begin and end that stay as they are; one without end is none.

    What has no end once has none later: it is not looked for again, or a page of beginnings would take minutes.
    """
    at, endless = 0, set[str]()
    for found in _BEGINS.finditer(text):
        if found.start() < at or found[0] in endless:
            continue
        end = text.find(_ENDS[found[0]], found.end())
        if end < 0:
            endless.add(found[0])
        else:
            at = end + len(_ENDS[found[0]])
            yield found.start(), at


def _piece(text: str) -> str:
    return _TAG.sub(lambda tag: _BARE.sub(r'\1"\2"', tag[0]), _AMPERSAND.sub(_reference, text))


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;" + found[0][1:]
    if name in _OWN or name.startswith("#"):
        return found[0]
    meant = unescape(found[0])
    return "&amp;" + found[0][1:] if meant == found[0] else meant.replace("<", "&lt;").replace("&", "&amp;")


def _closed(text: str) -> str:
    """The last tag closes the first one, whatever it says."""
    first, last = _FIRST.search(text), _LAST.search(text)
    if first and last and first[1] != last[1] and last[1].lower().endswith(_mains()) and f"<{last[1]}" not in text:
        return f"{text[: last.start()]}</{first[1]}>"
    return text


def _mains() -> tuple[str, ...]:
    return ("text", "menu", "directory", "input", "image", "imagefile", "batch", "silent")
