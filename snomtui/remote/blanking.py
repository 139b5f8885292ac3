"""Request bodies as they may be shown: forms and JSON without the values of secrets. Pure."""

from __future__ import annotations

from typing import Any

from snomtui.errors import LocalError
from snomtui.phone.intents import is_secret
from snomtui.remote.intentjson import any_json, encode
from snomtui.remote.query import STARS, blanked, equated, without_login

__all__ = ["LONGEST", "STARS", "shown_body"]

LONGEST = 4096
"""So many bytes of a body are shown; a longer one is not."""


def shown_body(kind: str, body: bytes) -> str:
    """A body as it may be shown; empty for one that is empty, too long, or of a kind that cannot be read here."""
    if not body or len(body) > LONGEST:
        return ""
    text = body.decode("utf-8", "replace")
    if "json" in kind or body.lstrip()[:1] in (b"{", b"["):
        return _json(body)
    if "xml" in kind:
        return "" if "pass" in text.lower() else without_login(text)
    if "multipart" in kind:
        return ""
    return blanked(f"?{equated(body).decode('utf-8', 'replace')}")[1:]


def _json(body: bytes) -> str:
    try:
        return encode(_hidden(any_json(body))).decode()
    except LocalError:
        return ""


def _hidden(value: Any, secret: bool = False) -> Any:
    """The same value; what has the name of a secret, or stands beside such a name, is stars."""
    if isinstance(value, dict):
        named = is_secret(str(value.get("name", "")))
        return {
            name: _hidden(each, secret or is_secret(str(name)) or (named and name == "value"))
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_hidden(each, secret) for each in value]
    if secret and value not in ("", None):
        return STARS
    return without_login(value) if isinstance(value, str) else value
