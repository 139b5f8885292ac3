"""Which subscription a NOTIFY is for: found by its Call-ID, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from snomtui.sip.message import Request

if TYPE_CHECKING:
    from snomtui.line.watch.subscription import Subscription


class Letterbox:
    """The subscriptions of one line that a server may write to."""

    def __init__(self) -> None:
        self._by_call_id: dict[str, Subscription] = {}

    def __iter__(self) -> Iterator[Subscription]:
        return iter(list(self._by_call_id.values()))

    def __len__(self) -> int:
        return len(self._by_call_id)

    def put(self, call_id: str, subscription: Subscription) -> None:
        """A subscription has begun under this Call-ID."""
        self._by_call_id[call_id] = subscription

    def drop(self, call_id: str) -> None:
        """Nothing is expected under this Call-ID any more."""
        self._by_call_id.pop(call_id, None)

    def find(self, request: Request) -> Subscription | None:
        """The subscription that a NOTIFY or BENOTIFY is about, forks of it included; None = a stranger."""
        found = self._by_call_id.get(request.call_id)
        return found if found is not None and found.belongs(request) else None
