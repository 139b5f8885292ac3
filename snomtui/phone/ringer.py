"""A ringer is played for a try, as from the identity page of the web server (`PLAY_RINGER`).

The phone has no bell but the terminal's; what it has besides is the light for calls, and the display says which one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snomtui.phone import intents
from snomtui.phone.intents import Refusal

if TYPE_CHECKING:
    from snomtui.phone.phone import Phone

LASTS = 4.0
"""Seconds that it plays."""
RINGERS = 10


class Ringer:
    """The part of the hands that rings."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone

    def play(self, wish: intents.PlayRinger, now: float) -> Refusal | None:
        """Ring for a moment."""
        model = self._phone.model
        if not 1 <= wish.number <= RINGERS:
            return Refusal.of("The ringers go from 1 to {count}", count=RINGERS)
        model.ringer = wish.number
        self._phone.notice(model.say("Ringer {number}", number=wish.number), now)
        self._phone.later("ringer", now + LASTS)
        return None

    def over(self) -> None:
        """It has played long enough."""
        self._phone.model.ringer = 0
