"""Seconds as servers write them into headers."""

from __future__ import annotations

import re

LONGEST = 2**31 - 1
_WHOLE = re.compile(r"\s*0*([0-9]{1,12})\s*")


def seconds(text: str | None) -> int | None:
    """The delta-seconds of RFC 3261 25.1, at most `LONGEST`; None if there is none or it is no whole number."""
    found = _WHOLE.fullmatch(text or "")
    return min(int(found[1]), LONGEST) if found else None
