"""A program in a real terminal: a pty, and a screen that understands what comes out of it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import pexpect
import pyte

from tests.bench.programs import ROOT, environment

LINES, COLUMNS = 24, 80
PATIENCE = 30.0
"""Seconds after which a screen that does not come is an error."""


class Terminal:
    """One program; a context manager that ends it."""

    def __init__(self, command: Sequence[str]) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self.begun = time.perf_counter()
        self._child = pexpect.spawn(
            command[0], list(command[1:]), env=environment(), cwd=str(ROOT), dimensions=(LINES, COLUMNS)
        )
        self._child.delaybeforesend = None  # else each key press would wait 50 ms before it is sent

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._child.closed:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        else:
            self._child.close(force=True)

    @property
    def pid(self) -> int:
        """The program's process."""
        return int(self._child.pid)

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self._screen.display)

    def cells(self) -> list[Any]:
        """Every character that was drawn, with its colours (`data fg bg reverse`)."""
        return [cell for line in self._screen.buffer.values() for cell in line.values()]

    def is_on(self, mode: int) -> bool:
        """Whether the program has switched a private mode on, such as 1000 for the mouse."""
        return mode << 5 in self._screen.mode  # pyte keeps private modes apart so

    def until(self, shown: Callable[[str], bool]) -> float:
        """The moment at which the bytes came that made the screen so; reading the screen itself does not count."""
        end = time.perf_counter() + PATIENCE
        moment = time.perf_counter()
        while not shown(self.text):
            assert time.perf_counter() < end, f"the screen did not come:\n{self.text}"
            data = self._read(0.5)
            moment = time.perf_counter()
            self._stream.feed(data)
        return moment

    def rest(self, seconds: float) -> None:
        """Let the program run, and read what it says."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._stream.feed(self._read(left))

    def press(self, keys: str) -> float:
        """Type; returns the moment."""
        moment = time.perf_counter()
        self._child.send(keys)
        return moment

    def vanish(self) -> None:
        """Close the window."""
        os.close(self._child.child_fd)
        self._child.child_fd = -1
        self._child.closed = True

    def ends(self, within: float) -> bool:
        """Whether the program ends by itself within so many seconds."""
        end = time.perf_counter() + within
        while time.perf_counter() < end:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return True
            time.sleep(0.05)
        return False

    def quit(self) -> None:
        """Leave with ctrl+q, and wait for the end."""
        self.press("\x11")
        end = time.perf_counter() + PATIENCE
        try:
            while time.perf_counter() < end:
                self._child.read_nonblocking(65536, 1)
        except (pexpect.EOF, pexpect.TIMEOUT):
            self._child.wait()

    def _read(self, seconds: float) -> bytes:
        try:
            return bytes(self._child.read_nonblocking(65536, seconds))
        except pexpect.TIMEOUT:
            return b""
