"""Tones as tables of samples: each is computed once and then only cut into frames.

The call progress tones are the German ones (ITU-T E.180 supplement 2: 425 Hz), the phone's `tone_scheme` GER.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from math import pi, sin

from snomtui.errors import LocalError
from snomtui.media.g711 import RATE


@dataclass(frozen=True, slots=True)
class Tone:
    """A rhythm of one or more frequencies that repeats for ever."""

    hertz: tuple[int, ...]
    on_ms: int
    off_ms: int = 0
    level: float = 0.25
    """Share of full scale for each frequency."""
    swell: float = 0.0
    """How deep the loudness breathes, once in `on_ms`; 0 = not at all."""
    in_turn: bool = False
    """Whether the frequencies sound one after the other, each for `on_ms`, and not together."""


TONES = {
    "test": Tone((440,), 2000, level=0.3, swell=0.25),
    "dial": Tone((425,), 1000),
    "ringback": Tone((425,), 1000, 4000),
    "busy": Tone((425,), 480, 480),
    "information": Tone((950, 1400, 1800), 330, 1000, in_turn=True),
    "chime": Tone((440, 554, 659), 300, 900, in_turn=True),
    "beep": Tone((1000,), 500),
}
"""`test` is what the source `tone` plays: a soft, breathing concert A.

`information` is the special information tone of ITU-T E.180; `chime` stands for a spoken announcement.
"""

KEYPAD_ROWS = (697, 770, 852, 941)
KEYPAD_COLUMNS = (1209, 1336, 1477, 1633)
_KEYPAD = "123A456B789C*0#D"
_EVENTS = "0123456789*#ABCD"


@cache
def pcm(name: str) -> bytes:
    """One turn of the tone `name` as samples (8000 Hz, 16 bits); raises `LocalError` for a name not in `TONES`."""
    if name not in TONES:
        raise LocalError(f"tone {name}: there are only {', '.join(TONES)}")
    tone = TONES[name]
    silence = bytes(2 * RATE * tone.off_ms // 1000)
    parts = [replace(tone, hertz=(hertz,)) for hertz in tone.hertz] if tone.in_turn else [tone]
    return b"".join(_render(part, tone.on_ms) for part in parts) + silence


@cache
def keypad(event: int) -> bytes:
    """A fifth of a second of the two frequencies of one key (ITU-T Q.23); `event` 0 to 15 as in RFC 4733 table 3."""
    place = _KEYPAD.index(_EVENTS[event])
    return _render(Tone((KEYPAD_ROWS[place // 4], KEYPAD_COLUMNS[place % 4]), 200), 200)


def _render(tone: Tone, milliseconds: int) -> bytes:
    count = RATE * milliseconds // 1000
    step = [2 * pi * hertz / RATE for hertz in tone.hertz]
    loud = _loudness(tone, count)
    return array("h", (int(32767 * loud(n) * sum(sin(n * one) for one in step)) for n in range(count))).tobytes()


def _loudness(tone: Tone, count: int) -> Callable[[int], float]:
    if not tone.swell:
        return lambda _: tone.level
    return lambda n: tone.level * (1 - tone.swell + tone.swell * sin(2 * pi * n / count))
