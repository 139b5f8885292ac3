"""Overlays: the keys of this phone, and its log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from snomtui.skin import Skin
from snomtui.ui.keyboard import COMMANDS, SHORTCUTS

PAGES = {
    "contacts": (
        ("letters, digits", "Narrow the list; Esc shows it whole"),
        ("Enter", "Calls; closes or opens a group; asks the address book where nobody fits"),
        ("left, right", "Close and open a group; right on a contact shows the card"),
    ),
    "contact": (("up, down, Enter", "Choose a number and call it"),),
    "search": (
        ("letters, Enter", "Search the address book of the server"),
        ("down, Enter", "Choose one of the found and call"),
    ),
    "add": (("down, Enter", "Choose a group"), ("letters, Enter", "Make a new group")),
    "presence": (("up, down, Enter", "Choose how others see you"), ("F2  s", "Write a note")),
    "sign_in": (("Tab or Enter", "Next field"), ("F3  alt+e", "On a login without a domain: a field for it")),
}
"""What keys do on one page, beside what they always do."""


def help_lines(skin: Skin) -> list[tuple[str, str]]:
    """Keyboard key and meaning, for the keys that this model has; the keypad in one line."""
    lines = [("1-9 0 * #", "Keypad")]
    for one in SHORTCUTS:
        key = skin.key("HANDSET" if one.key in ("OFFHOOK", "ONHOOK") else one.key)
        if key is None or key.kind == "digit":
            continue
        title = {"OFFHOOK": "Lift the handset", "ONHOOK": "Replace the handset, end the call"}.get(one.key)
        lines.append((one.shown, title or key.title or key.label))
    lines += [(one.shown, one.title) for one in COMMANDS]
    return [*lines, ("ctrl+c", "Says how to leave; never ends a call")]


class Overlay(ModalScreen[None]):
    """Something laid over the phone; any of a few keys takes it away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter,ctrl+k,f5,f6,L", "dismiss", "Close", show=False, id="overlay.close"),
        Binding("up,k", "scroll('-1')", "Up", show=False, id="overlay.up"),
        Binding("down,j", "scroll('1')", "Down", show=False, id="overlay.down"),
    ]

    def action_scroll(self, lines: str) -> None:
        """Scroll without animation."""
        self.query_one(VerticalScroll).scroll_relative(y=int(lines), animate=False)

    def on_click(self) -> None:
        """A click takes it away too."""
        self.dismiss()


class HelpScreen(Overlay):
    """All keys of this phone, those of the page first."""

    def __init__(self, skin: Skin, page: str = "", places: Iterable[tuple[str, str]] = ()) -> None:
        """`page` is the name of the page on the display; `places` are web pages: what each is, and its address."""
        super().__init__(id="help")
        self.skin, self.page, self.places = skin, page, tuple(places)

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        here, lines = PAGES.get(self.page, ()), help_lines(self.skin)
        width = max(len(shown) for shown, _ in (*here, *lines))
        text = Text(no_wrap=True)
        for shown, title in here:
            text.append(shown.rjust(width), "bold")
            text.append(f"  {title}\n")
        text.append("\n" if here else "")
        for what, url in self.places:
            text.append(f"{what}: {url}\n")
        text.append("\n" if self.places else "")
        text.append(f"Keys of the {self.skin.title}\n\n", "bold")
        for shown, title in lines:
            text.append(shown.rjust(width), "bold")
            text.append(f"  {title}\n")
        text.append("\nEverything can be clicked as well. Esc closes this.")
        with VerticalScroll(classes="overlay"):
            yield Static(text)


class LogScreen(Overlay):
    """The last lines of the phone's log."""

    def __init__(self, lines: Callable[[], Iterable[str]]) -> None:
        super().__init__(id="log")
        self.lines = lines

    def compose(self) -> ComposeResult:
        """One text, looked at again twice a second."""
        with VerticalScroll(classes="overlay wide"):
            yield Static(id="log-text")

    def on_mount(self) -> None:
        """Fill it and begin to follow."""
        self._follow()
        self.set_interval(0.5, self._follow)

    def _follow(self) -> None:
        text = "\n".join(list(self.lines())[-500:]) or "Nothing is in the log yet."
        area = self.query_one(VerticalScroll)
        at_end = area.scroll_y >= area.max_scroll_y
        self.query_one("#log-text", Static).update(Text(text))
        if at_end:
            area.scroll_end(animate=False)
