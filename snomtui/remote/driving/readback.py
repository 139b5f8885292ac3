"""What the client makes of the phone's answers: event streams, snapshots and pages, turned into values and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape

from snomtui.remote.driving.client import harmless
from snomtui.remote.intentjson import BadIntent, Object, decode


def lines_of(chunks: Iterator[str]) -> Iterator[str]:
    """The lines of a stream; only LF and CRLF end a line, for a text may hold what Unicode calls line ends."""
    rest = ""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split("\n")
        yield from (line.removesuffix("\r") for line in lines)


def events(lines: Iterator[str], last: str) -> Iterator[tuple[str, Object]]:
    """Server-sent events: the id and the object of each."""
    data: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "id":
            last = value
        elif name == "data":
            data.append(value)
        elif not line and data:
            with suppress(BadIntent):  # what is no event of ours is passed over
                yield last, decode("\n".join(data).encode())
            data = []


def text_of(page: str) -> str:
    """The words of an HTML page, one line a row."""
    bare = re.sub(r"(?is)<(script|style|head)\b.*?</\1>", "", page)
    bare = re.sub(r"(?i)<(br|/tr|/p|/div|/h\d)\b[^>]*>", "\n", bare)
    lines = (" ".join(line.split()) for line in unescape(re.sub(r"<[^>]*>", " ", bare)).split("\n"))
    return "\n".join(harmless(line) for line in lines if line)


def is_snapshot(found: Object) -> bool:
    """Whether an object can be what our own phone tells of itself: what is in it is of the kinds that it has there."""
    lists = {"identities": ("identity", "aor", "state"), "calls": ("id", "direction", "number", "remote", "state")}
    for name, wanted in lists.items():
        each = found.get(name, [])
        if not isinstance(each, list) or not all(isinstance(one, dict) and one.keys() >= set(wanted) for one in each):
            return False
    return all(isinstance(found.get(name, {}), dict) for name in ("own_presence", "display"))


def in_words(phone: Object) -> str:
    """A snapshot object in a few lines for a person."""
    lines = [f"{phone.get('model', 'phone')} {phone.get('version', '')}".strip()]
    for identity in phone.get("identities", []):
        said = f"identity {identity['identity']}: {identity['aor']} {identity['state']}"
        lines.append(f"{said}: {identity['reason']}" if identity.get("reason") else said)
    for call in phone.get("calls", []):
        lines.append(f"call {call['id']}: {call['direction']} {call['number'] or call['remote']} {call['state']}")
    own = phone.get("own_presence", {})
    lines.append(f"presence: {own.get('availability', 'UNKNOWN')}")
    if phone.get("display", {}).get("status"):
        lines.append(f"status: {phone['display']['status']}")
    return "\n".join(harmless(line) for line in lines)
