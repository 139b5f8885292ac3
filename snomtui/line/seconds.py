"""Seconds as servers write them into headers."""

from __future__ import annotations

import re

from snomtui.sip.message import Response

LONGEST = 2**31 - 1
LONGEST_WAIT = 3600
"""A server cannot send us away for longer."""
_WHOLE = re.compile(r"\s*0*([0-9]{1,12})\s*")


def seconds(text: str | None) -> int | None:
    """The delta-seconds of RFC 3261 25.1, at most `LONGEST`; None if there is none or it is no whole number."""
    found = _WHOLE.fullmatch(text or "")
    return min(int(found[1]), LONGEST) if found else None


def retry_after(response: Response) -> int | None:
    """The seconds of Retry-After (RFC 3261 20.33), between 1 and an hour; None if there is none that can be read."""
    text = (response.headers.get("Retry-After") or "").partition("(")[0].partition(";")[0]
    wait = seconds(text)
    return None if wait is None else min(max(1, wait), LONGEST_WAIT)
