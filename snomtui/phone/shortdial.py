"""Speed dial: one or two signs and OK dial a number that was set for them (`speed`, snom's `speed.htm`)."""

from __future__ import annotations

from snomtui.settings.registry import Settings, registry

_SIGNS = {31: "#", 32: "*"}
"""Beside 0 to 30. Which index these two have on a real phone is not known."""


def signs_of(index: int) -> str:
    """What is typed for an entry of speed dial."""
    return _SIGNS.get(index, str(index))


def spelled_out(settings: Settings, typed: str) -> str:
    """The number that what was typed stands for; itself if it stands for none."""
    row = registry()["speed"]
    for index in range(row.first or 0, (row.last or 0) + 1):
        if typed.strip() == signs_of(index):
            return settings.text("speed", index) or typed
    return typed
