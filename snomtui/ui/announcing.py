"""What the terminal itself tells of a call: its title (OSC 2), and its bell if that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from snomtui.phone.snapshot import Snapshot
from snomtui.ui.ringing import calling, who
from snomtui.ui.terminal import Terminal
from snomtui.ui.text import harmless
from snomtui.ui.tongue import tongue

KEEP, GIVE_BACK = "\x1b[22;2t", "\x1b[23;2t"
"""The terminal remembers its title, and takes it back. What does not know this ignores it."""
BELL_EVERY = 4.0
"""Seconds between two strokes of the bell."""


class Stoppable(Protocol):
    """A timer."""

    def stop(self) -> None:
        """It does not run any more."""


class Announcer:
    """Hears each snapshot that is drawn; writes only when something else is to be said."""

    def __init__(self, write: Callable[[str], None], every: Callable[[float, Callable[[], None]], Stoppable]) -> None:
        """`write` is the way to the terminal, `every` starts a timer."""
        self._write, self._every = write, every
        self._title = ""
        self._bell: Stoppable | None = None

    def show(self, snapshot: Snapshot, terminal: Terminal) -> None:
        """A call comes in, is taken, or has ended."""
        call = calling(snapshot)
        if terminal.title:
            title = tongue(snapshot).say("{name} is calling", name=harmless(who(call))) if call else ""
            self._entitle(title)
        self._ring((call is not None or snapshot.ringer > 0) and terminal.bell)

    def end(self) -> None:
        """Nothing is said any more."""
        self._entitle("")
        self._ring(False)

    def _entitle(self, title: str) -> None:
        if title == self._title:
            return
        before = KEEP if not self._title else ""
        after = GIVE_BACK if not title else ""
        self._title = title
        self._write(f"{before}\x1b]2;{title or 'snomtui'}\a{after}")

    def _ring(self, wanted: bool) -> None:
        if wanted and self._bell is None:
            self._stroke()
            self._bell = self._every(BELL_EVERY, self._stroke)
        elif not wanted and self._bell is not None:
            self._bell.stop()
            self._bell = None

    def _stroke(self) -> None:
        self._write("\a")
