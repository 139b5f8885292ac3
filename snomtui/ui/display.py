"""The display as a widget: lines drawn one by one, only where the snapshot changed."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Skin
from snomtui.ui.lcd import Line, draw, row_at
from snomtui.ui.softkeys import key_at

STYLES = ("text", "title", "big", "dim", "alert", "cursor", "entry", "mode", "status", "soft", "soft-edge") + (
    "available",
    "busy",
    "away",
    "offline",
)


class Display(Widget):
    """The phone's display."""

    COMPONENT_CLASSES = {f"display--{name}" for name in STYLES}
    ALLOW_SELECT = False

    class RowClicked(Message):
        """A row of the page was clicked; `chain` is 2 for a double click."""

        def __init__(self, row: int, chain: int) -> None:
            super().__init__()
            self.row, self.chain = row, chain

    class KeyWanted(Message):
        """A soft key label was clicked or the wheel was turned: the same as pressing that key."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, snapshot: Snapshot, skin: Skin) -> None:
        super().__init__(id="display")
        self.snapshot, self.skin = snapshot, skin
        self._lines: list[Line] | None = None

    def show(self, snapshot: Snapshot) -> None:
        """Draw another snapshot; lines that stay the same are not drawn again."""
        old, self.snapshot = self._lines, snapshot
        self._lines = None
        if not self.is_mounted:
            return
        if old is None:
            self.refresh()
            return
        changed = [y for y, line in enumerate(self.lines()) if y >= len(old) or old[y] != line]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def lines(self) -> list[Line]:
        """The lines as they are now."""
        if self._lines is None or len(self._lines) != self.size.height:
            self._lines = draw(self.snapshot, self.skin, max(1, self.size.width), self.size.height)
        return self._lines

    def render_line(self, y: int) -> Strip:
        """One line for the compositor."""
        lines = self.lines()
        if y >= len(lines):
            return Strip.blank(self.size.width)
        spans = [(text, style if style in STYLES else "text") for text, style in lines[y] if text]
        return Strip(
            [Segment(text, self.get_component_rich_style(f"display--{style}")) for text, style in spans],
            self.size.width,
        )

    def on_resize(self) -> None:
        """Another size means other lines."""
        self._lines = None

    def on_click(self, event: events.Click) -> None:
        """A click on a row or on a soft key label."""
        row = row_at(event.y, self.snapshot.page, self.skin, self.size.height)
        if row is not None:
            self.post_message(self.RowClicked(row, event.chain))
        elif self.skin.shape.soft_keys and event.y == self.size.height - 1:
            number = key_at(event.x, self.skin, self.size.width)
            if number is not None:
                self.post_message(self.KeyWanted(f"F{number + 1}"))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor as the arrow key does."""
        self.post_message(self.KeyWanted("DOWN"))

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor as the arrow key does."""
        self.post_message(self.KeyWanted("UP"))
