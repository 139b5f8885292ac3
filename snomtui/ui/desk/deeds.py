"""What the keys of the desk do: moving, filtering, searching, copying, saving, and handing the keys back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from snomtui.errors import LocalError
from snomtui.ui.desk.prompt import FILTER, REPLACE, SAVE, SEARCH, Prompt
from snomtui.ui.desk.view import View

if TYPE_CHECKING:
    from textual.geometry import Size

    from snomtui.trace.ladder import Span
    from snomtui.ui.front import PhoneScreen

LOW = 15
"""With fewer lines than that the pane is only there while somebody reads in it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Which lines of the desk are what."""

    heading: bool
    rows: range
    rule: int
    """The line between rows and pane; 0 = there is no pane."""
    pane: range


class Deeds:
    """The part of the desk that does not draw."""

    if TYPE_CHECKING:
        size: Size
        has_focus: bool

        @property
        def phone(self) -> PhoneScreen: ...
        def say(self, text: str, /, **values: object) -> str: ...
        def draw(self) -> None: ...
        def pane_lines(self) -> list[list[Span]]: ...
        def copy_text(self, text: str) -> None: ...
        def save_file(self, name: str, data: bytes, replace: bool) -> Path | None: ...
        def has_class(self, *names: str) -> bool: ...

    views: dict[str, View]

    def begin(self, tab: str) -> None:
        """Start with this tab."""
        self.view = self.views[tab]
        self.view.settle()
        self.prompt: Prompt | None = None
        self.told = ""
        """What was done or could not be done, until the next key."""
        self.reading = self.helping = False
        self.searched = ""
        self._placed: tuple[tuple[object, ...], Places] | None = None
        self._waiting: tuple[str, bytes] = ("", b"")
        """A file that is there already, and what is to be in it."""

    def places(self) -> Places:
        """Share out the lines; every line that is drawn asks for it, so it is remembered."""
        row, tab = self.view.row, self.view.tab
        now = (tab.name, len(tab.rows), id(row), self.size, self.reading, self.helping)
        if self._placed is None or self._placed[0] != now:
            self._placed = (now, self._share_out())
        return self._placed[1]

    def _share_out(self) -> Places:
        height = max(3, self.size.height)
        heading = bool(self.view.tab.heading(self.size.width))
        start, end = 1 + heading, height - 1
        room = end - start
        if not (self.reading or self.helping or (height >= LOW and self.pane_lines())):
            return Places(heading, range(start, end), 0, range(0))
        pane = room - 2 if self.reading or self.helping else self.view.tab.pane(room)
        rule = end - max(1, pane) - 1
        return Places(heading, range(start, max(start, rule)), max(start, rule), range(max(start, rule) + 1, end))

    # -- one deed after the other

    def act(self, action: str, character: str = "") -> None:
        """Do what a key or a click stands for."""
        name, _, value = action.partition(":")
        if name == "tab":
            self._go_to_tab(value)
        elif name == "choose":
            self._choose_by(value or character)
        elif name in _MOVES:
            self._move_by(name)
        else:
            getattr(self, f"_do_{name}")()

    def _go_to_tab(self, to: str) -> None:
        names = list(self.views)
        if to in ("+1", "-1"):
            to = names[(names.index(self.view.tab.name) + int(to)) % len(names)]
        self.show_tab(to)

    def show_tab(self, name: str) -> None:
        """Look at another tab."""
        self.view = self.views[name]
        self.phone.desk_tab = name
        self.reading = self.helping = False
        self.view.poll()
        self.draw()

    def _choose_by(self, key: str) -> None:
        if self.view.tab.choose(key, self.view.row):
            self.view.settle()

    def _move_by(self, name: str) -> None:
        if self.reading or self.helping:
            page = max(1, len(self.places().pane) - 1)
            self.scroll_pane({"up": -1, "down": 1, "pageup": -page, "pagedown": page}.get(name, _FAR[name]))
            return
        page = max(1, len(self.places().rows) - 1)
        self.view.move({"up": -1, "down": 1, "pageup": -page, "pagedown": page}.get(name, _FAR[name]))

    def scroll_pane(self, by: int) -> None:
        """Scroll the pane by so many lines."""
        last = max(0, len(self.pane_lines()) - len(self.places().pane))
        self.view.pane_top = max(0, min(last, self.view.pane_top + by))

    def _do_read(self) -> None:
        self.helping = False
        self.reading = not self.reading and bool(self.pane_lines())

    def _do_help(self) -> None:
        self.helping, self.reading, self.view.pane_top = not self.helping, False, 0

    def _do_copy(self) -> None:
        row = self.view.row
        if row is None:
            self.told = self.say("There is nothing to copy here")
            return
        text = self.view.tab.copied(row)
        self.copy_text(text)
        lines = text.count("\n")
        self.told = (
            self.say("Copied: {count} lines", count=lines + 1) if lines else self.say("Copied: {what}", what=text)
        )

    def _do_next(self) -> None:
        self._look_on(1)

    def _do_previous(self) -> None:
        self._look_on(-1)

    def _look_on(self, step: int) -> None:
        wanted = self.searched or self.view.tab.wanted
        if not wanted:
            self._do_search()
        elif not self.view.find(wanted, step):
            self.told = self.say("Nowhere: {what}", what=wanted)

    # -- what is typed

    def _do_filter(self) -> None:
        self.prompt = Prompt(FILTER, self.view.tab.wanted)

    def _do_search(self) -> None:
        self.prompt = Prompt(SEARCH)

    def _do_save(self) -> None:
        if not self.view.tab.rows:
            self.told = self.say("There is nothing to save")
            return
        self.prompt = Prompt(SAVE, f"snomtui-{self.view.tab.name}{self.view.tab.endings[0]}")

    def question(self) -> str:
        """What stands before the text that is typed."""
        assert self.prompt is not None
        match self.prompt.kind:
            case "filter":
                return self.say("Filter:")
            case "search":
                return self.say("Search:")
            case "save":
                return self.say("Save as ({endings}):", endings=", ".join(self.view.tab.endings))
        return self.say("Replace {file}? y/n", file=Path(self._waiting[0]).name)

    def typed(self, key: str, character: str | None) -> bool:
        """A key while something is asked; whether it was one for that."""
        prompt = self.prompt
        assert prompt is not None
        if prompt.kind == REPLACE:
            self._answered(character or "")
        elif key == "escape":
            self._forget_prompt(prompt)
        elif key in ("enter", "ctrl+j"):
            self._take_prompt(prompt)
        elif key in ("backspace", "delete", "ctrl+h"):
            prompt.erase()
            self._narrow_by(prompt)
        elif key == "ctrl+u":
            prompt.text = ""
            self._narrow_by(prompt)
        elif character:
            prompt.typed(character)
            self._narrow_by(prompt)
        else:
            return not key.startswith("ctrl+")
        self.draw()
        return True

    def _narrow_by(self, prompt: Prompt) -> None:
        """A filter works while it is typed."""
        if prompt.kind == FILTER:
            self.view.tab.look_for(prompt.text)
            self.view.settle()

    def _forget_prompt(self, prompt: Prompt) -> None:
        prompt.text = ""
        self._narrow_by(prompt)
        self.prompt = None

    def _take_prompt(self, prompt: Prompt) -> None:
        self.prompt = None
        if prompt.kind == SEARCH and prompt.text:
            self.searched = prompt.text
            self._look_on(-1 if self.view.follow else 1)
        elif prompt.kind == SAVE and prompt.text.strip():
            name = prompt.text.strip()
            ending = Path(name).suffix.lower()
            self._into_file(name, self.view.tab.saved(".pcap" if ending in _CAPTURES else ".txt"))

    def _into_file(self, name: str, data: bytes, replace: bool = False) -> None:
        try:
            path = self.save_file(name, data, replace)
        except LocalError as error:
            self.told = self.say("Not saved: {why}", why=error)
            return
        if path is None:
            self._waiting = (name, data)
            self.prompt = Prompt(REPLACE)
        else:
            self.told = self.say("Saved: {file}", file=path)

    def _answered(self, answer: str) -> None:
        self.prompt = None
        yes = answer.lower() in ("y", "j")
        if yes:
            self._into_file(*self._waiting, replace=True)
        else:
            self.told = self.say("Not saved.")
        self._waiting = ("", b"")

    # -- back to the phone

    def _do_back(self) -> None:
        if self.reading or self.helping:
            self.reading = self.helping = False
        elif self.view.tab.wanted:
            self.view.tab.look_for("")
            self.view.settle()
        else:
            self._do_phone()

    def _do_phone(self) -> None:
        if self.has_class("-over"):
            self._do_close()
        else:
            self.phone.set_focus(None)

    def _do_focus(self) -> None:
        self.phone.set_focus(self.phone.query_one("#desk"))

    def _do_close(self) -> None:
        self.phone.action_desk()


_FAR = {"home": -1_000_000, "end": 1_000_000, "up": 0, "down": 0, "pageup": 0, "pagedown": 0}
_MOVES = frozenset(_FAR)
_CAPTURES = (".pcap", ".cap", ".pcapng", ".dmp")
"""What people call captures; Wireshark looks at what is inside."""
