"""Tickets for WebSockets: browsers do not reliably send a login with them, so who is logged in gets a ticket first."""

from __future__ import annotations

import secrets
from collections.abc import Callable

LIFE = 30.0
"""Seconds within which a ticket must be used."""
MOST = 100
"""So many unused tickets are remembered; the oldest are forgotten first."""


class Tickets:
    """Tickets that are good once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def issue(self) -> str:
        """A new one."""
        ticket = secrets.token_urlsafe(24)
        self._until[ticket] = self._clock() + LIFE
        if len(self._until) > MOST:
            del self._until[next(iter(self._until))]
        return ticket

    def good(self, ticket: str) -> bool:
        """Whether it may be used now."""
        return self._until.get(ticket, 0.0) > self._clock()

    def use(self, ticket: str) -> bool:
        """Use it up; false if it was not good."""
        good = self.good(ticket)
        self._until.pop(ticket, None)
        return good
