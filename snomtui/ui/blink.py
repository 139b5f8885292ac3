"""When a blinking LED is lit: a pure function of the common tick."""

from __future__ import annotations

from snomtui.phone.snapshot import Pattern

TICK = 0.25
"""Seconds between two ticks, common to all LEDs so that equal patterns blink together."""

_TICKS = {Pattern.FAST: 1, Pattern.MEDIUM: 2, Pattern.SLOW: 4}
"""How many ticks one phase lasts."""


def blinks(pattern: Pattern) -> bool:
    """Whether a pattern needs the ticker at all."""
    return pattern in _TICKS


def lit(pattern: Pattern, tick: int) -> bool:
    """Whether an LED shines at this tick; every blinking pattern begins lit."""
    if pattern in _TICKS:
        return tick // _TICKS[pattern] % 2 == 0
    return pattern is Pattern.ON
