"""What the operating system tells the app in the terminal: leave, the window is gone, go on after a stop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any


class Signals:
    """Minds the signals until `unmind`."""

    def __init__(self, leave: Callable[[], object], draw: Callable[[], object]) -> None:
        """`leave` signs off and ends the app, `draw` draws everything again; both come back at once."""
        self._leave, self._draw = leave, draw
        self._former: dict[int, Any] = {}

    def mind(self) -> None:
        """Without this a SIGTERM would leave the terminal in the alternate screen, and a lost terminal the process.

        Where there are no such signals, or this is not the main thread, nothing is done.
        """
        try:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._leave)
            # Not by the loop: with SIGHUP comes SIGCONT, at which Textual draws at once and for ever waits for the end.
            self._former[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._hung_up)
            self._former[signal.SIGCONT] = signal.signal(signal.SIGCONT, self._continued)
        except (AttributeError, NotImplementedError, RuntimeError, ValueError):
            return

    def unmind(self) -> None:
        """The app has ended: everything as it was."""
        for number, former in self._former.items():
            signal.signal(number, former)
        self._former.clear()

    def _hung_up(self, *_: object) -> None:
        """The terminal is gone: what still draws or reads would fail or wait for ever, so it gets nothing instead."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        os.close(nothing)
        self._leave()

    def _continued(self, *given: Any) -> None:
        """Back from the shell: Textual opens the screen again, but draws only what it thinks has changed."""
        former = self._former.get(signal.SIGCONT)
        if callable(former):
            former(*given)
        self._draw()
