"""`touch=X Y [press|release|pr]` of command.htm: what a program does with a finger on the display of the snom 870.

Several touches may follow each other. What stands at a pixel only the roof knows, where phone and skin come together
(`Doors.touched`); each touch finds the display as the one before has left it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from snomtui.errors import LocalError
from snomtui.phone.touching import PIXELS

MOST = 50
"""So many touches may stand in one command."""

_ONE = re.compile(r"([0-9]{1,4}) ([0-9]{1,4})(?: (press|release|pr|p|r))?(?: |$)")
_FORM = f"touch=X Y [press|release|pr], X from 0 to {PIXELS[0] - 1} and Y from 0 to {PIXELS[1] - 1}"


class BadTouch(LocalError):
    """Touches that cannot be read; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A finger at one pixel, counted from the top left corner."""

    x: int
    y: int
    down: bool = True
    """Whether it comes down here."""
    up: bool = True
    """Whether it goes up here; only then something happens, as on the real display."""


def touches(value: str) -> tuple[Touch, ...]:
    """Read `X Y [how] X Y [how] ...`, parted by blanks, `+`, commas or semicolons; raises `BadTouch`."""
    text = re.sub(r"[\s+,;]+", " ", unquote(value)).strip().lower()
    found: list[Touch] = []
    at = 0
    while at < len(text):
        match = _ONE.match(text, at)
        if not match or len(found) >= MOST:
            raise BadTouch(f"{_FORM}; not {ascii(value[:40])}")
        how = match[3] or "pr"
        touch = Touch(int(match[1]), int(match[2]), how != "release" and how != "r", how not in ("press", "p"))
        if touch.x >= PIXELS[0] or touch.y >= PIXELS[1]:
            raise BadTouch(f"{_FORM}; {touch.x} {touch.y} is outside")
        found.append(touch)
        at = match.end()
    if not found:
        raise BadTouch(_FORM)
    return tuple(found)
