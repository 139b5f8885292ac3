"""What the ui needs of the phone: three doors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from snomtui.phone.snapshot import Snapshot

if TYPE_CHECKING:
    from snomtui.phone.intents import Intent, Refusal


class Doors(Protocol):
    """The phone as the ui sees it."""

    def snapshot(self) -> Snapshot:
        """The phone at this moment; the same object as last time if nothing changed."""

    def do(self, intent: Intent) -> Refusal | None:
        """Carry out what a person wants, or say why not."""

    def listen(self, callback: Callable[[Snapshot], None]) -> Callable[[], None]:
        """Call back in the ui's own loop at each new snapshot; what is returned ends that."""
