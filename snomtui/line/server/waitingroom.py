"""Requests that cannot go out now: they wait until the server knows us (again), but not for long."""

from __future__ import annotations

from snomtui.kit.timers import Timers
from snomtui.line.desk import Conversation
from snomtui.line.server.registration import Registration
from snomtui.line.server.regtable import State
from snomtui.sip.means import ClientKey, client_key
from snomtui.sip.message import Request

TIMER = "waiting room"
"""The name of the timer; whoever is woken by it asks for `overdue`."""
INSIDE, OUTSIDE = 32.0, 10.0
"""Seconds that a request waits: inside a dialog as long as a transaction lasts; outside, a person waits for it."""

Waiting = tuple[Request, Conversation]


class WaitingRoom:
    """Requests with their owners, and until when each waits."""

    def __init__(self, registration: Registration, timers: Timers) -> None:
        self._registration, self._timers = registration, timers
        self._waiting: list[tuple[Request, Conversation, float]] = []

    def put(self, request: Request, owner: Conversation, now: float) -> None:
        """Let a request wait."""
        self._waiting.append((request, owner, now + (INSIDE if request.to.tag else OUTSIDE)))
        self._set_timer()

    def take_back(self, key: ClientKey) -> Waiting | None:
        """A request is not wanted any more; None if it does not wait here."""
        for each in self._waiting:
            if client_key(each[0]) == key:
                self._waiting.remove(each)
                return each[0], each[1]
        return None

    def all_out(self) -> list[Waiting]:
        """Everything that waits, in order; empties itself."""
        waiting, self._waiting = self._waiting, []
        return [(request, owner) for request, owner, _ in waiting]

    def overdue(self, now: float) -> list[Waiting]:
        """What has waited long enough, or waits for a registration that nobody wants or that was refused."""
        hopeless = not self._registration.wanted or self._registration.state is State.REFUSED
        late = [each for each in self._waiting if hopeless or each[2] <= now]
        if late:
            self._waiting = [each for each in self._waiting if each not in late]
            self._set_timer()
        return [(request, owner) for request, owner, _ in late]

    def _set_timer(self) -> None:
        ends = [until for _, _, until in self._waiting]
        if ends:
            self._timers.start(TIMER, min(ends))
        else:
            self._timers.stop(TIMER)
