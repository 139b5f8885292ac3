"""What the line above a message says, in the forms of snom, sipp, sngrep, ngrep, Asterisk, PJSIP and Kamailio."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from snomtui.kit.box import HostPort

_HOST = r"(\[[0-9A-Fa-f:.%\w]+\]|[\w.-]+)"
_ARROW = re.compile(rf"{_HOST}:(\d{{1,5}})\s*(?:->|=>|-->|→)\s*{_HOST}:(\d{{1,5}})")
_WHO = re.compile(rf"\b(to|from)\s+(?:(?:udp|tcp|tls|ws|wss)[:/ ]+)?{_HOST}:(\d{{1,5}})", re.IGNORECASE)
_OUT = re.compile(r"\b(?:sent|send|sending|transmitting|retransmitting|tx|outgoing)\b", re.IGNORECASE)
_IN = re.compile(r"\b(?:received|receive|receiving|recv|read|rx|incoming)\b", re.IGNORECASE)
_KIND = re.compile(r"(?<![\w.])(udp|tcp|tls)(?![\w.])", re.IGNORECASE)
_TIME = r"(\d{1,2}):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?"
_ISO = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}})[T ]+{_TIME}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}}),? {_TIME}")
_NAMED = re.compile(rf"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* +(\d{{1,2}})(?:,? (\d{{4}}))? {_TIME}")
_BARE = re.compile(rf"(?<![\d:/.]){_TIME}(?![\d:])")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_VERDICT = re.compile(r"\(\d+ bytes, (?:signature (valid|none)|dropped: (.*))\):")
_SOME_DAY = (2000, 1, 1)
"""The date of a time without one."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is known of a message beside the message."""

    at: float = 0.0
    transport: str = ""
    out: bool | None = None
    source: HostPort = ("", 0)
    target: HostPort = ("", 0)
    verdict: str = ""

    @classmethod
    def read(cls, text: str) -> Stamp:
        """Find what can be found in the lines above a message."""
        kind, known = _KIND.search(text), _VERDICT.search(text)
        verdict = (known[1] or known[2]) if known else ""
        source, target = _ends(text)
        return cls(moment(text), kind[1].lower() if kind else "", _way(text), source, target, verdict)


def _way(text: str) -> bool | None:
    out, came = _OUT.search(text), _IN.search(text)
    if out and came:
        return out.start() < came.start()
    return True if out else False if came else None


def _ends(text: str) -> tuple[HostPort, HostPort]:
    arrow = _ARROW.search(text)
    if arrow:
        return _place(arrow[1], arrow[2]), _place(arrow[3], arrow[4])
    found = {match[1].lower(): _place(match[2], match[3]) for match in _WHO.finditer(text)}
    return found.get("from", ("", 0)), found.get("to", ("", 0))


def _place(host: str, port: str) -> HostPort:
    number = int(port)
    place = (host.strip("[]"), number if number < 65536 else 0)
    return ("", 0) if place == ("0.0.0.0", 0) else place


def moment(text: str) -> float:
    """The first local time in a text, in seconds since 1970; 0 if there is none."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
        if found := pattern.search(text):
            return _seconds((int(found[order[0]]), int(found[order[1]]), int(found[order[2]])), found.groups()[3:])
    if found := _NAMED.search(text):
        day = (int(found[3] or _SOME_DAY[0]), _MONTHS.index(found[1]) + 1, int(found[2]))
        return _seconds(day, found.groups()[3:])
    found = _BARE.search(text)
    return _seconds(_SOME_DAY, found.groups()) if found else 0.0


def _seconds(day: tuple[int, int, int], parts: tuple[str | None, ...]) -> float:
    hour, minute, second, fraction = parts
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return datetime(*day, int(hour or 0), int(minute or 0), int(second or 0), micros).timestamp()
    except (ValueError, OverflowError):
        return 0.0
