"""One tab of the desk: rows that can be filtered, searched, copied and saved. Pure; the desk draws."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from snomtui.trace.detail import Fact
from snomtui.trace.ladder import Span

Say = Callable[..., str]


WIDE = 90
"""From this width on a log line has its date."""
_DATED = re.compile(r"\d\d/\d\d/\d{4} ")


class Tab:
    """What every tab can do; this one is empty."""

    name = ""
    """In English, for programs: `trace`, `log`, `http`, `media`."""
    endings: tuple[str, ...] = (".txt",)
    """What files of it may be called; the first is proposed."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.wanted = ""
        """Only rows with this text are shown."""
        self.rows: Sequence[Any] = ()
        self.choice = ""
        """What else narrows the rows, in words."""

    @property
    def title(self) -> str:
        """What stands on the tab."""
        return ""

    def poll(self) -> bool:
        """Look for news; whether there are any."""
        return False

    def look_for(self, text: str) -> None:
        """Show only rows with this text; empty = all."""
        self.wanted = text

    def choose(self, key: str, row: Any) -> bool:
        """Narrow the rows in this tab's own way by a key; whether it knows that key."""
        return False

    def heading(self, width: int) -> str:
        """The line above the rows; empty if there is none."""
        return ""

    def draw(self, row: Any, width: int) -> list[Span]:
        """One row, `width` cells."""
        return [(self.text(row), "text")]

    def text(self, row: Any) -> str:
        """A row as text, for a search and for the clipboard."""
        return str(row)

    def copied(self, row: Any) -> str:
        """What goes into the clipboard."""
        return self.text(row)

    def facts(self, row: Any) -> list[Fact]:
        """What the pane says about a row; nothing = there is no pane."""
        return []

    def saved(self, ending: str) -> bytes:
        """The rows as a file of this kind."""
        return "".join(f"{self.text(row)}\n" for row in self.rows).encode("utf-8", "replace")

    def pane(self, room: int) -> int:
        """How many of so many lines the pane gets."""
        return max(5, room * 9 // 20)

    def nothing(self) -> str:
        """What stands there while there are no rows."""
        return self.say("Nothing fits.") if self.wanted or self.choice else self.empty()

    def empty(self) -> str:
        """What stands there while there is nothing at all."""
        return ""


class LogTab(Tab):
    """The phone's log; a digit narrows it to that level and the more important ones."""

    name = "log"
    endings = (".log", ".txt")

    def __init__(self, say: Say, lines: Callable[[], Iterable[str]]) -> None:
        super().__init__(say)
        self._lines = lines
        self._level = 9
        self._seen: tuple[int, object] = (-1, None)

    @property
    def title(self) -> str:
        """What stands on the tab."""
        return self.say("Logbook")

    def poll(self) -> bool:
        """Look for new lines."""
        lines = list(self._lines())
        seen = (len(lines), lines[-1] if lines else None)
        if seen[0] == self._seen[0] and seen[1] is self._seen[1]:
            return False
        self._seen = seen
        low = self.wanted.casefold()
        self.rows = [one for one in lines if low in one.casefold() and level_of(one) <= self._level]
        return True

    def look_for(self, text: str) -> None:
        """Show only lines with this text."""
        super().look_for(text)
        self._again()

    def choose(self, key: str, row: Any) -> bool:
        """A digit is the highest level that is shown."""
        if not (len(key) == 1 and key in "0123456789"):
            return False
        self._level = int(key)
        self.choice = "" if key == "9" else self.say("level 0 to {level}", level=key)
        self._again()
        return True

    def _again(self) -> None:
        self._seen = (-1, None)
        self.poll()

    def draw(self, row: Any, width: int) -> list[Span]:
        """The level and what is important stand out."""
        level, rest = row[:3], row[3:]
        if width < WIDE and (found := _DATED.match(rest)):
            rest = " " + rest[found.end() :]
        return [(level, "alert" if level_of(row) <= 3 else "title"), (rest, "text")]

    def facts(self, row: Any) -> list[Fact]:
        """The whole line."""
        return [Fact("", row)]

    def pane(self, room: int) -> int:
        """A line is rarely longer."""
        return min(3, room // 3)

    def empty(self) -> str:
        """What stands there at first."""
        return self.say("Nothing is in the log yet.")


def level_of(line: str) -> int:
    """The level of a log line, `[5]...`; 0 for what has none."""
    return int(line[1]) if line[:1] == "[" and line[1:2] in "0123456789" and line[2:3] == "]" else 0
