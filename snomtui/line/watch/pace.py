"""Not too much at once: an OCS slows down who asks it more than some 25 times a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable

from snomtui.line.desk import Desk, Nobody

AT_ONCE = 10
"""Requests in one second; a sign-in makes about as many besides."""

Action = Callable[[float], object]
"""Does something, given `now`."""


class Pace(Nobody):
    """Does things in order, some now and the others later."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: deque[Action] = deque()
        self._left, self._until = 0, 0.0

    def soon(self, action: Action, now: float) -> None:
        """Do it now, or in a later second if enough was done in this one."""
        if now >= self._until:
            self._left, self._until = AT_ONCE, now + 1
        if self._left and not self._waiting:
            self._left -= 1
            action(now)
            return
        if not self._waiting:
            self._desk.alarm(self, "next", self._until)
        self._waiting.append(action)

    def alarm(self, name: Hashable, now: float) -> None:
        """A new second."""
        self._left, self._until = AT_ONCE, now + 1
        while self._waiting and self._left:
            self._left -= 1
            self._waiting.popleft()(now)
        if self._waiting:
            self._desk.alarm(self, "next", self._until)

    def forget(self) -> None:
        """What waits is not wanted any more."""
        self._waiting.clear()
        self._desk.alarm(self, "next", None)
