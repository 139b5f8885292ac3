"""Where one is in the rows of a tab: cursor, what is scrolled away, and whether the newest is followed. Pure."""

from __future__ import annotations

from typing import Any

from snomtui.ui.desk.tabs import Tab


class View:
    """One tab as it is looked at."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.cursor, self.top = 0, 0
        self.follow = True
        """Whether the cursor stays on the newest row."""
        self.pane_top = 0
        """How many lines of the pane are scrolled away."""
        self._row: Any = None

    @property
    def row(self) -> Any:
        """The row under the cursor; None if there is none."""
        return self.tab.rows[self.cursor] if self.cursor < len(self.tab.rows) else None

    def poll(self) -> bool:
        """Look for news, and stay on the row where one is."""
        if not self.tab.poll():
            return False
        self.settle()
        return True

    def settle(self) -> None:
        """The rows have changed: find the row again, or the newest."""
        rows = self.tab.rows
        if self.follow or not rows:
            self.cursor = max(0, len(rows) - 1)
        else:
            near = range(min(self.cursor, len(rows) - 1), -1, -1)
            same = next((at for at in near if rows[at] is self._row), None)
            if same is None:
                same = next((at for at, row in enumerate(rows) if row is self._row), None)
            self.cursor = min(self.cursor, len(rows) - 1) if same is None else same
        self._moved()

    def move(self, by: int) -> None:
        """So many rows down, or up."""
        self.go(self.cursor + by)

    def go(self, to: int) -> None:
        """To a row; at the newest the view follows."""
        last = len(self.tab.rows) - 1
        self.cursor = max(0, min(to, last))
        self.follow = self.cursor >= last
        self._moved()

    def _moved(self) -> None:
        if self.row is not self._row:
            self._row, self.pane_top = self.row, 0

    def show(self, height: int) -> range:
        """The rows on so many lines, the cursor among them."""
        self.top = max(self.cursor - height + 1, min(self.top, self.cursor), 0)
        if self.follow:
            self.top = max(0, len(self.tab.rows) - height)
        return range(self.top, min(self.top + height, len(self.tab.rows)))

    def find(self, text: str, step: int) -> bool:
        """To the next row with this text in the direction of `step` (1 or -1), round the end; whether there is one."""
        rows, low = self.tab.rows, text.casefold()
        for away in range(1, len(rows) + 1):
            at = (self.cursor + away * step) % len(rows)
            if low in self.tab.text(rows[at]).casefold():
                self.go(at)
                return True
        return False
