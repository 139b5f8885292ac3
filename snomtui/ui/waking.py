"""The phone's front while the phone behind it is still being put together: drawn at once, awake a moment later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from snomtui.phone.snapshot import Page, Snapshot
from snomtui.ui.doors import Doors

if TYPE_CHECKING:
    from snomtui.phone.intents import Intent, Refusal

TYPED_AHEAD = 100
"""So many keys may be pressed before the phone is there."""


class Waking:
    """The doors of a phone that comes later; until then the display is empty, and what is typed waits."""

    def __init__(self, model: str) -> None:
        self._dark = Snapshot(model, Page("starting"))
        self._phone: Doors | None = None
        self._typed: list[Intent] = []
        self._waiting: list[Callable[[Snapshot], None]] = []
        self._ends: dict[Callable[[Snapshot], None], Callable[[], None]] = {}

    def snapshot(self) -> Snapshot:
        """The phone at this moment."""
        return self._phone.snapshot() if self._phone else self._dark

    def do(self, intent: Intent) -> Refusal | None:
        """Carry out what a person wants, or say why not."""
        if self._phone:
            return self._phone.do(intent)
        if len(self._typed) == TYPED_AHEAD:
            from snomtui.phone.intents import Refusal

            return Refusal("The phone is still starting")
        self._typed.append(intent)
        return None

    def listen(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call back at each new snapshot, and when the phone wakes up; what is returned ends that."""
        if self._phone:
            return self._phone.listen(callback)
        self._waiting.append(callback)
        return lambda: self._deafen(callback)

    def wake(self, phone: Doors) -> None:
        """The phone is there: show it, and lead everything to it from now on."""
        self._phone = phone
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            self._ends[callback] = phone.listen(callback)
            callback(phone.snapshot())
        for intent in self._typed:
            phone.do(intent)

    def _deafen(self, callback: Callable[[Snapshot], None]) -> None:
        if callback in self._waiting:
            self._waiting.remove(callback)
        elif callback in self._ends:
            self._ends.pop(callback)()
