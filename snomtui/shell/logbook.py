"""The phone's own log in snom's form, `[level]day/month/year time: text`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

Sink = Callable[[str], None]


def line(level: int, text: str, at: float) -> str:
    """One log line; control characters in the text cannot make a second one."""
    when = datetime.fromtimestamp(at).strftime("%d/%m/%Y %H:%M:%S")
    return f"[{level}]{when}: {text if text.isprintable() else text.translate(_CONTROLS)}"


_CONTROLS = {n: f"\\x{n:02x}" for n in (*range(32), *range(127, 160))} | {n: f"\\u{n:04x}" for n in (0x2028, 0x2029)}


class Logbook:
    """Keeps the last lines and hands each to the sinks (stderr, a file, the screen)."""

    def __init__(self, level: int, *sinks: Sink, length: int = 1000) -> None:
        self.level = level
        self.sinks = list(sinks)
        self.lines: deque[str] = deque(maxlen=length)

    def write(self, level: int, text: str, at: float) -> None:
        """Add a line if its level is not above the book's."""
        if level > self.level:
            return
        entry = line(level, text, at)
        self.lines.append(entry)
        for sink in self.sinks:
            sink(entry)
