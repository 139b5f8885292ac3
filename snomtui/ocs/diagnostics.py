"""The header ms-diagnostics: why a server refuses, as a number and in words ([MS-OCER] 2.2.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from snomtui.sip.headers import Item
from snomtui.sip.message import Response

_REASON = re.compile(r';\s*reason\s*=\s*"([^"]{1,200})"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a server does not do what it is asked."""

    status: int
    """Of the answer."""
    number: int
    """In ms-diagnostics."""
    why: str
    headers: tuple[Item, ...] = ()
    """Further headers of the answer."""


def diagnostics(number: int, why: str, source: str) -> Item:
    """The header; `source` is the name of the server. A quotation mark in the words becomes an apostrophe."""
    words = why.replace('"', "'")
    return "ms-diagnostics", f'{number};reason="{words}";source="{source}"'


def diagnosed(response: Response) -> str:
    """What the diagnostics of a server or of the other client say, in words; "" if there are none."""
    for name in ("ms-diagnostics", "ms-diagnostics-public", "ms-client-diagnostics"):
        found = _REASON.search(response.headers.get(name) or "")
        if found:
            return found[1]
    return ""


def why_of(response: Response) -> str:
    """Why a server refuses, in words: its own diagnostics, else the reason of its answer."""
    return f"{diagnosed(response) or response.reason or 'The server refused'} ({response.status})"
