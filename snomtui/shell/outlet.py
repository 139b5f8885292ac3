"""A pipe that somebody reads, or not: what is written to it never makes the phone wait."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable

LENGTH = 10_000
"""So many lines wait for a slow reader; then the oldest are lost."""
PATIENCE = 1.0
"""Seconds that the last lines are given at the end."""


class Outlet:
    """Lines for one file descriptor, written at once by a thread of its own."""

    def __init__(
        self, fd: int, lost: Callable[[int], bytes], broken: Callable[[], None] = lambda: None, length: int = LENGTH
    ) -> None:
        """`lost(n)` makes the line that tells of n lost ones; `broken` is called, in the thread, when nobody reads."""
        self._fd, self._tell_lost, self._broken, self._length = fd, lost, broken, length
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self._ready = threading.Condition()
        self._open = True
        self._thread: threading.Thread | None = None

    def write(self, line: bytes) -> None:
        """Hand over one line, with its line end."""
        with self._ready:
            if not self._open:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"snomtui-fd{self._fd}", daemon=True)
                self._thread.start()
            if len(self._waiting) >= self._length:
                self._waiting.popleft()
                self._lost += 1
            self._waiting.append(line)
            self._ready.notify()

    def close(self, patience: float = PATIENCE) -> None:
        """Write what waits, for so many seconds at most, and take no more."""
        with self._ready:
            self._open = False
            self._ready.notify()
        if self._thread is not None:
            self._thread.join(patience)

    def _run(self) -> None:
        try:
            while (data := self._next()) is not None:
                while data:
                    data = data[os.write(self._fd, data) :]
        except OSError:
            with self._ready:
                self._open = False
                self._waiting.clear()
            self._broken()

    def _next(self) -> bytes | None:
        with self._ready:
            while not self._waiting:
                if not self._open:
                    return None
                self._ready.wait()
            lost, self._lost = self._lost, 0
            data = b"".join(self._waiting)
            self._waiting.clear()
        return self._tell_lost(lost) + data if lost else data
