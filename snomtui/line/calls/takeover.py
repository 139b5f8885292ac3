"""A new call takes the place of one that is there: who may, and what becomes of both (RFC 3891 3)."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable

from snomtui.line.calls.call import Call
from snomtui.line.calls.calltable import CALLING, GOING, RINGING, State
from snomtui.line.calls.replaces import Key, Replaces
from snomtui.line.desk import Desk, Nobody
from snomtui.line.events import CallChanged


def ruling(replaces: Replaces, calls: Iterable[Call], past: Collection[Key]) -> Call | int:
    """The call that may be replaced, or the status with which the INVITE is refused.

    `past`: dialogs that are over. Who knows all three names of a dialog was told them by one of its two sides.
    """
    found = [call for call in calls if any(replaces.names(dialog) for dialog in call.dialogs())]
    if len(found) != 1:
        return 603 if replaces.key in past else 481
    call = found[0]
    if call.state in GOING:
        return 603
    if call.state in RINGING:
        return 481  # only who began an early dialog may have it replaced
    if replaces.early_only and call.state not in CALLING:
        return 486
    return call


def take_over(desk: Desk, old: Call, new: Call, now: float) -> None:
    """The new call is answered without asking anybody, then the old one ends. It is held if the old one was."""
    held = old.state is State.HOLDING
    new.answer(now)
    old.hang_up(now)
    if held:
        new.watch(_Heir(desk, new).watch)


class _Heir(Nobody):
    """A call that is to be on hold as soon as it is up."""

    def __init__(self, desk: Desk, call: Call) -> None:
        self._desk = desk
        self._call: Call | None = call

    def watch(self, event: CallChanged) -> None:
        """The call took a step."""
        if event.state == "talking" and self._call is not None:
            self._desk.alarm(self, "hold", 0.0)

    def alarm(self, name: Hashable, now: float) -> None:
        """It is up."""
        if self._call is not None and self._call.state is State.TALKING:
            self._call.hold(now)
        self._call = None
