"""When a subscription or publication that came to nothing is tried again: the rules, without any memory.

All pauses are seconds; 0 means at once, None means never until the line registers anew.
"""

from __future__ import annotations

from snomtui.kit.ids import Dice

AGAIN = 300
"""Seconds to the next try where nobody says anything better."""
SELDOM = 3600
"""Seconds to the next try where a person has to change something at the server first."""
LONGEST = 86400
"""Nobody can send us away for more seconds than that."""

_NEVER = frozenset({405, 406, 415, 416, 420, 489, 501, 505})
"""The server does not know what we ask for, and will not learn it while it runs."""
_SELDOM = frozenset({402, 403, 404, 410, 414, 485, 600, 603, 604, 606})
_OVER = frozenset({404, 405, 408, 410, 412, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604})
"""Answers to a refresh that end the subscription (RFC 6665 4.1.2.2, RFC 5057 5.1); after all others it lives on."""
_FINAL = frozenset({"rejected", "noresource", "invariant"})
_AT_ONCE = frozenset({"deactivated", "timeout"})


def after_refusal(status: int, told: int | None) -> float | None:
    """The pause after a refused request; `told` is its Retry-After."""
    if status in _NEVER:
        return None
    if status in (412, 481):
        return 0 if told is None else _within(told)
    if told is not None:
        return _within(told)
    return SELDOM if status in _SELDOM else AGAIN


def ends(status: int) -> bool:
    """Whether this answer to a refresh ends the subscription."""
    return status in _OVER


def after_end(reason: str, told: int | None) -> float | None:
    """The pause after the server has ended a subscription (RFC 6665 4.1.3); `told` is its `retry-after`."""
    if reason in _FINAL:
        return None
    if reason in _AT_ONCE:
        return 0
    return AGAIN if told is None else _within(told)


def _within(told: int) -> int:
    return min(max(told, 1), LONGEST)


def refresh_after(granted: int, dice: Dice) -> float:
    """When to refresh what was granted for so many seconds: well before its end, and not all phones at once."""
    latest = min(granted * 0.8, granted - 30.0) if granted > 60 else granted * 0.75
    return max(5.0, latest * (1 - dice(1)[0] / 2550))


class Haste:
    """How often something was begun anew at once; who has no calm between is made to wait longer and longer."""

    CALM = 60.0
    """Seconds without a new beginning after which all is forgiven."""

    def __init__(self) -> None:
        self._count, self._calm_at = 0, 0.0

    def pause(self, now: float) -> float:
        """Seconds to wait before this beginning: 0 for the first, then 1, 2, 4 and so on to `AGAIN`."""
        if now >= self._calm_at:
            self._count = 0
        pause = min(2.0 ** (self._count - 1), AGAIN) if self._count else 0.0
        self._count = min(self._count + 1, 20)
        self._calm_at = now + pause + self.CALM
        return pause
