"""The keys of this page and of this phone, laid over it. What is typed narrows the list.

The titles are said in the language of the display; `tests/ui/test_help.py` sees that every language has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from textwrap import wrap
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Skin
from snomtui.ui.hint import takes_text, wanted_on
from snomtui.ui.keyboard import COMMANDS, LINES, SHORTCUTS, keys_of, shown
from snomtui.ui.overlay import Overlay
from snomtui.ui.tongue import tongue

Say = Callable[..., str]
Lines = list[tuple[str, str]]
"""Keyboard keys, and what they do."""

PAGES: Mapping[str, Lines] = {
    "contacts": [
        ("letters, digits", "Narrow the list; Esc shows it whole"),
        ("Enter", "Calls; closes or opens a group; asks the address book where nobody fits"),
        ("left, right", "Close and open a group; right on a contact shows the card"),
    ],
    "contact": [("up, down, Enter", "Choose a number and call it")],
    "search": [
        ("letters, Enter", "Search the address book of the server"),
        ("down, Enter", "Choose one of the found and call"),
    ],
    "add": [("down, Enter", "Choose a group"), ("letters, Enter", "Make a new group")],
    "presence": [("up, down, Enter", "Choose how others see you")],
    "sign_in": [
        ("Tab, Enter", "Next field"),
        ("F3", "On a login without a domain: a field for it"),
    ],
}
"""What keys do on one page, beside its soft keys and what the bottom line says."""


def help_lines(skin: Skin, changed: Mapping[str, str] | None = None) -> Lines:
    """Keyboard key and meaning, for the keys that this model has; the keypad in one line."""
    lines = [("1-9 0 * #", "Keypad")]
    for one in SHORTCUTS:
        key = skin.key("HANDSET" if one.key in ("OFFHOOK", "ONHOOK") else one.key)
        if key is not None and key.kind != "digit":
            own = "" if one.key in ("OFFHOOK", "ONHOOK") else key.title or key.label
            lines.append((shown(keys_of(one.key, changed or {})), own or one.title))
        elif one.key in skin.shape.key_names:  # a programmable key that is on the display only
            lines.append((shown(keys_of(one.key, changed or {})), one.title))
    return lines


def other_lines(skin: Skin, changed: Mapping[str, str]) -> Lines:
    """The keys of other models, which work here as well."""
    known = {key.name for key in skin.keys} | ({"OFFHOOK", "ONHOOK"} if skin.key("HANDSET") else set())
    missing = [one for one in SHORTCUTS if one.key not in known and not one.key[1:].isdigit() and len(one.key) > 1]
    return [(shown(keys_of(one.key, changed)), one.title) for one in missing]


def terminal_lines(changed: Mapping[str, str]) -> Lines:
    """What belongs to the terminal."""
    lines = [(shown(keys_of(one.name, changed)), one.title) for one in COMMANDS]
    return [*lines, ("ctrl+c", "Says how to leave; never ends a call")]


def page_lines(snapshot: Snapshot, changed: Mapping[str, str], say: Say) -> Lines:
    """What keys do on the page on the display: what the bottom line says, its soft keys, and what is special."""
    page = snapshot.page
    lines = [
        (shown(keys_of(name, changed)) if name in LINES else say(name), _large(say(word)))
        for name, word in wanted_on(snapshot)
        if word and name and LINES.get(name) not in COMMANDS
    ]
    for number, key in enumerate(page.softkeys, 1):
        if key is not None:
            keys = keys_of(f"F{number}", changed).split(",")
            usable = [one for one in keys if len(one) > 1 or not takes_text(page)]
            lines.append((shown(",".join(usable)), key.name))
    return lines + [(say(keys), say(title)) for keys, title in PAGES.get(page.name, ())]


WIDTH = 64
"""Columns of the text within its frame, beside the scroll bar."""


class HelpScreen(Overlay):
    """All keys of this phone, those of the page first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "dismiss", "Close", show=False, id="help.close"),
        Binding("backspace", "erase", "Search less", show=False, id="help.erase"),
    ]

    def __init__(
        self,
        skin: Skin,
        snapshot: Snapshot,
        changed: Mapping[str, str] | None = None,
        places: Iterable[tuple[str, str]] = (),
    ) -> None:
        """`changed` are other keyboard keys by id; `places` are web pages: what each is, and its address."""
        super().__init__(id="help")
        self.page = snapshot.page.name
        self.search = ""
        say = tongue(snapshot).say
        self._say, keys = say, changed or {}
        self._chapters = (
            (say("On this page"), page_lines(snapshot, keys, say)),
            (say("Keys of the {model}", model=skin.title), self._said(help_lines(skin, keys))),
            (say("Not on this model, but on the keyboard"), self._said(other_lines(skin, keys))),
            (say("The terminal"), self._said(terminal_lines(keys))),
        )
        self._places = [(say(what), url) for what, url in places]

    def _said(self, lines: Lines) -> Lines:
        return [(keys, self._say(title)) for keys, title in lines]

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(classes="overlay"):
            yield Static(self.text(), id="help-text")

    def text(self) -> Text:
        """All lines in which every word of the search stands."""
        say, found = self._say, Text(no_wrap=True, overflow="fold")
        words = self.search.casefold().split()
        head = say("Search: {words}", words=self.search) if words else say("Type to search. Esc closes.")
        found.append(f"{head}\n", "italic")
        chapters = [(title, [line for line in lines if _fits(words, *line)]) for title, lines in self._chapters]
        width = max((len(keys) for _, lines in chapters for keys, _ in lines), default=0)
        for number, (title, lines) in enumerate(chapters):
            if number == 1:
                self._write_places(found, words)
            if lines:
                found.append(f"\n{title}\n", "bold underline")
            for keys, what in lines:
                found.append(keys.rjust(width), "bold")
                found.append("  " + f"\n{' ' * (width + 2)}".join(wrap(what, WIDTH - width - 2)) + "\n")
        if not any(lines for _, lines in chapters):
            found.append("\n" + say("No key is called so"))
        found.append("\n" + say("Everything can be clicked as well."))
        return found

    def _write_places(self, found: Text, words: list[str]) -> None:
        """The web pages, so that they stand on the first screen."""
        lines = [f"{what}: {url}\n" for what, url in self._places if _fits(words, what, url)]
        found.append("\n" if lines else "")
        for line in lines:
            found.append(line)

    def on_key(self, event: events.Key) -> None:
        """A character narrows the list."""
        if event.is_printable and event.character and event.character != "?" and (event.key != "space" or self.search):
            event.stop()
            event.prevent_default()
            self._look_for(self.search + event.character)

    def action_erase(self) -> None:
        """One character less."""
        self._look_for(self.search[:-1])

    def _look_for(self, text: str) -> None:
        self.search = text
        self.query_one("#help-text", Static).update(self.text())
        self.query_one(VerticalScroll).scroll_home(animate=False)


def _large(word: str) -> str:
    """With a large letter at its beginning."""
    return word[:1].upper() + word[1:]


def _fits(words: Iterable[str], *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)
