"""The bottom line of the terminal: how to find the keys, how to leave, and what the phone refused."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from snomtui.phone.snapshot import Page, Snapshot
from snomtui.ui.text import cut, harmless, left

SOFT = "a s d f = F1-F4"
ALWAYS = "? keys   q quit"
USUAL = {
    "idle": f"0-9 dial   b contacts   m menu   {SOFT}   {ALWAYS}",
    "entry": f"Enter dial   Esc back   arrows move   {SOFT}   {ALWAYS}",
}
"""What is most wanted on a page; every other page is a list."""
CALL = {
    "offered": "Enter answer   Esc refuse",
    "dialling": "Esc cancel",
    "ringing": "Esc cancel",
    "talking": "Esc hang up   h hold   t transfer",
    "holding": "h take back   Esc hang up   t transfer",
    "held": "Esc hang up",
    "ended": "Esc close",
}
"""What is most wanted in a call, by its state."""
LIST = f"arrows move   Enter OK   Esc back   {SOFT}   {ALWAYS}"
SEARCH = "type a name, Esc back, alt+q w e r = F1-F4   ctrl+k keys   ctrl+q quit"
TEXT = "type, Enter OK, Esc back, alt+q w e r = F1-F4   ctrl+k keys   ctrl+q quit"


def takes_text(page: Page) -> bool:
    """Whether letters of the keyboard are text now, not names of keys."""
    return page.mode in ("abc", "ABC")


def _for_call(snapshot: Snapshot) -> str:
    shown = next((call for call in snapshot.calls if call.shown), None)
    return CALL[shown.state] if shown else "Esc back"


class Hint(Widget):
    """One line, not part of the phone."""

    COMPONENT_CLASSES = {"hint--text", "hint--alert"}
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="hint")
        self.usual, self.alert = "", ""

    def guide(self, snapshot: Snapshot) -> None:
        """The usual text for the page on the display."""
        page = snapshot.page
        usual = TEXT if takes_text(page) else USUAL.get(page.name, LIST)
        if page.name == "contacts" and takes_text(page):
            usual = SEARCH
        if page.name == "call":
            usual = f"{_for_call(snapshot)}   {SOFT}   {ALWAYS}"
        if usual != self.usual:
            self.usual = usual
            self.refresh()

    def say(self, text: str) -> None:
        """A refusal or a word to the person, until the next key; empty = back to the usual text."""
        if text != self.alert:
            self.alert = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of exactly the terminal's width."""
        width = self.size.width
        style = self.get_component_rich_style("hint--alert" if self.alert else "hint--text")
        text = left(" " + cut(harmless(self.alert or self.usual), width - 2, "."), width)
        return Strip([Segment(text, style)], width)
