"""The bottom line of the terminal: how to find the keys, how to leave, and what the phone refused.

Each part is a keyboard key and what it does on this page; a click on it does the same. What does not fit is left out,
but never how to find the keys and how to leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from snomtui.phone.snapshot import Page, Snapshot
from snomtui.ui.keyboard import LINES, keys_of, shown
from snomtui.ui.text import cut, harmless, left
from snomtui.ui.tongue import tongue

Wanted = tuple[tuple[str, str], ...]
"""Names of keys or commands (`keyboard.LINES`) and what they do here; other names are shown as they are.

The words are said in the language of the display; `tests/ui/test_hint.py` sees that every language has them.
"""

SOFT: Wanted = (("F1-F4", ""),)
ALWAYS: Wanted = (("palette", "commands"), ("help", "keys"), ("leave", "quit"))
KEPT = 2
"""So many parts at the end are never left out."""
USUAL: Mapping[str, Wanted] = {
    "idle": (("0-9", "dial"), ("DIRECTORY", "contacts"), ("MENU", "menu"), *SOFT),
    "entry": (("ENTER", "dial"), ("CANCEL", "back"), ("arrows", "move"), *SOFT),
}
"""What is most wanted on a page; every other page is a list."""
CALL: Mapping[str, Wanted] = {
    "offered": (("ENTER", "answer"), ("CANCEL", "refuse")),
    "dialling": (("CANCEL", "cancel"),),
    "ringing": (("CANCEL", "cancel"),),
    "talking": (("CANCEL", "hang up"), ("F_HOLD", "hold"), ("TRANSFER", "transfer")),
    "holding": (("F_HOLD", "take back"), ("CANCEL", "hang up"), ("TRANSFER", "transfer")),
    "held": (("CANCEL", "hang up"),),
    "ended": (("CANCEL", "close"),),
}
"""What is most wanted in a call, by its state."""
LIST: Wanted = (("arrows", "move"), ("ENTER", "OK"), ("CANCEL", "back"), *SOFT)
SEARCH: Wanted = (("", "type a name"), ("CANCEL", "back"), *SOFT)
TEXT: Wanted = (("", "type"), ("ENTER", "OK"), ("CANCEL", "back"), *SOFT)


def takes_text(page: Page) -> bool:
    """Whether letters of the keyboard are text now, not names of keys."""
    return page.mode in ("abc", "ABC")


def wanted_on(snapshot: Snapshot) -> Wanted:
    """What helps most on the page on the display."""
    page = snapshot.page
    if takes_text(page):
        return (SEARCH if page.name == "contacts" else TEXT) + ALWAYS
    if page.name == "call":
        call = next((call for call in snapshot.calls if call.shown), None)
        return (CALL[call.state] if call else (("CANCEL", "back"),)) + SOFT + ALWAYS
    return USUAL.get(page.name, LIST) + ALWAYS


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the line."""

    keys: str
    word: str
    action: str = ""
    """What a click does; empty = nothing."""

    @property
    def text(self) -> str:
        """As it stands there."""
        return f"{self.keys} {self.word}".strip()


class Hint(Widget):
    """One line, not part of the phone."""

    COMPONENT_CLASSES = {"hint--text", "hint--key", "hint--alert"}
    ALLOW_SELECT = False

    class Clicked(Message):
        """A part was clicked; `action` is what it stands for."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, keys: Mapping[str, str]) -> None:
        """`keys` are other keyboard keys than the usual ones, by id."""
        super().__init__(id="hint")
        self._keys = keys
        self._parts: tuple[Part, ...] = ()
        self._snapshot: Snapshot | None = None
        self._crowded: tuple[int, int] | None = None
        self.alert = ""

    @property
    def usual(self) -> str:
        """The whole line for this page, however narrow the terminal is."""
        return "   ".join(part.text for part in self._parts)

    @property
    def crowded(self) -> tuple[int, int] | None:
        """The size that the terminal would have to have; None if it is large enough."""
        return self._crowded

    @crowded.setter
    def crowded(self, size: tuple[int, int] | None) -> None:
        self._crowded = size
        self.refresh()

    def guide(self, snapshot: Snapshot) -> None:
        """The usual text for the page on the display."""
        self._snapshot = snapshot
        parts = tuple(self._part(name, word, takes_text(snapshot.page)) for name, word in wanted_on(snapshot))
        if parts != self._parts:
            self._parts = parts
            self.refresh()

    def say(self, text: str, /, **values: object) -> None:
        """A refusal or a word to the person, until the next key; empty = back to the usual text."""
        said = tongue(self._snapshot).say(text, **values) if text and self._snapshot else text
        if said != self.alert:
            self.alert = said
            self.refresh()

    def _part(self, name: str, word: str, typing: bool) -> Part:
        assert self._snapshot
        say = tongue(self._snapshot).say
        word = say(word) if word else ""
        if name == "F1-F4":
            keys = [self._first(f"F{number}", typing) for number in (1, 2, 3, 4)]
            same = [key.removeprefix("alt+") for key in keys]
            if typing and keys == [f"alt+{key}" for key in same]:
                keys = [f"alt+{same[0]}", *same[1:]]
            return Part(f"{' '.join(keys)} = F1-F4", "")
        if name not in LINES:
            return Part(say("arrows") if name == "arrows" else name, word)
        return Part(self._first(name, typing), word, LINES[name].action)

    def _first(self, name: str, typing: bool) -> str:
        """The key to be shown: the first that is no function key, and that is no text where text is typed."""
        keys = keys_of(name, self._keys).split(",")
        good = [key for key in keys if not (key[0] == "f" and key[1:].isdigit())]
        if typing:
            good = [key for key in good if "+" in key or key in ("enter", "escape")]
        return shown((good or keys)[0])

    def _fitting(self, width: int) -> tuple[list[Part], str]:
        """The parts that fit, and what stands between them."""
        parts = list(self._parts)
        while True:
            for gap in ("   ", "  "):
                if sum(cell_len(part.text) for part in parts) + len(gap) * (len(parts) - 1) <= width:
                    return parts, gap
            if len(parts) <= KEPT:
                return parts, "  "
            del parts[-KEPT - 1]

    def _warning(self) -> str:
        if self.alert or self._crowded is None or self._snapshot is None:
            return self.alert
        width, height = self._crowded
        say = tongue(self._snapshot).say
        return say("This terminal is too small: {width} x {height} would do", width=width, height=height)

    def render_line(self, y: int) -> Strip:
        """One line of exactly the terminal's width."""
        width = self.size.width
        warning = self._warning()
        if warning:
            style = self.get_component_rich_style("hint--alert")
            return Strip([Segment(left(" " + cut(harmless(warning), width - 2, "."), width), style)], width)
        plain, bold = self.get_component_rich_style("hint--text"), self.get_component_rich_style("hint--key")
        segments = [Segment(" ", plain)]
        parts, gap = self._fitting(width - 2)
        for part in parts:
            segments += [Segment(part.keys, bold), Segment(f"{' ' if part.keys else ''}{part.word}{gap}", plain)]
        return Strip(segments).adjust_cell_length(width, plain)

    def on_click(self, event: events.Click) -> None:
        """A click on a part does what its key does; a click on a message takes it away."""
        if self._warning():
            self.say("")
            return
        parts, gap = self._fitting(self.size.width - 2)
        start = 1
        for part in parts:
            end = start + cell_len(part.text)
            if start <= event.x < end and part.action:
                self.post_message(self.Clicked(part.action))
            start = end + len(gap)
