"""What stands in the body of a request: a form, urlencoded or multipart (RFC 7578), or one flat JSON object.

The content type is what the client says, and many say nothing or something else, so the body itself is looked at too.
"""

from __future__ import annotations

import re

from snomtui.errors import LocalError
from snomtui.remote import query
from snomtui.remote.intentjson import decode

MOST_PARTS = 500
"""So many fields are read of one form."""

_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(rb'(?:^|;)\s*name=(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE | re.MULTILINE)
_FILE = re.compile(rb";\s*filename\*?=", re.IGNORECASE)


def fields(body: bytes, kind: str, form: bool = False) -> query.Pairs | None:
    """Names and values of a body with this content type; None if nothing can be read in it."""
    kind = kind.strip()
    if "multipart" in kind.lower():
        return multipart(body, kind)
    if "json" in kind.lower() or body.lstrip()[:1] == b"{":
        return _flat(body)
    if "xml" in kind.lower() or body.lstrip()[:1] == b"<":
        return None
    return query.pairs(query.equated(body).lstrip(b"?"), form)


def multipart(body: bytes, kind: str) -> query.Pairs | None:
    """The fields of a multipart form, in order; files are left out. None if it is none."""
    found = _BOUNDARY.search(kind)
    if not found:
        return None
    boundary = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    pairs: query.Pairs = []
    for part in (b"\r\n" + body).split(b"\r\n" + boundary)[1 : MOST_PARTS + 1]:
        head, blank, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        named = _NAME.search(head) if blank and b"form-data" in head.lower() and not _FILE.search(head) else None
        if named:
            name = (named[1] or named[2] or b"").decode("utf-8", "replace").strip()
            pairs += [(name, _text(content))] if name else []
    return pairs


def _flat(body: bytes) -> query.Pairs | None:
    try:
        given = decode(body)
    except LocalError:
        return None
    values = {name: _word(value) for name, value in given.items()}
    return [(name, value) for name, value in values.items() if value is not None]


def _word(value: object) -> str | None:
    """A value as a form would have it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if isinstance(value, (str, int, float)) else None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
