"""The desk: one widget that draws only the lines that are seen, ten times a second at most, and only what is new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from snomtui.trace.chronicle import Kept
from snomtui.trace.detail import Fact
from snomtui.trace.ladder import ASCII, Signs, Span
from snomtui.ui.desk.deeds import Deeds
from snomtui.ui.desk.drawing import Line, bar, fitted, foot, wrapped
from snomtui.ui.desk.eventtabs import HttpTab, MediaTab
from snomtui.ui.desk.keys import ACTIONS, KEYS, hints
from snomtui.ui.desk.tabs import LogTab
from snomtui.ui.desk.tracetab import TraceTab
from snomtui.ui.desk.view import View
from snomtui.ui.text import harmless

if TYPE_CHECKING:
    from snomtui.ui.app import PhoneApp
    from snomtui.ui.front import PhoneScreen

EVERY = 0.1
"""Seconds between two looks for news."""
STYLES = (
    *("bar", "tab-on", "tab-here", "heading", "text", "dim", "time", "line", "arrow", "label", "alert", "mark"),
    *("title", "name", "start", "good", "cursor", "here", "rule", "foot", "foot-key", "prompt"),
)


class Desk(Deeds, Widget):
    """Trace, log, remote commands and media beside the phone, below it, or over it."""

    COMPONENT_CLASSES = {f"desk--{style}" for style in STYLES}
    ALLOW_SELECT = False
    can_focus = True
    app: PhoneApp

    def __init__(self, kept: Kept, views: dict[str, View], tab: str, glyphs: dict[str, str]) -> None:
        Widget.__init__(self, id="desk")
        self.kept, self.views, self.glyphs = kept, views, glyphs
        self._wrapped: tuple[tuple[object, ...], list[list[Span]]] | None = None
        self.begin(tab)

    # -- life

    @property
    def phone(self) -> PhoneScreen:
        """The screen around it."""
        from snomtui.ui.front import PhoneScreen

        assert isinstance(self.screen, PhoneScreen)
        return self.screen

    def say(self, text: str, /, **values: object) -> str:
        """In the language of the display."""
        return self.phone.language.say(text, **values)

    def on_mount(self) -> None:
        """Look at what is there, and from now on for news."""
        self.view.poll()
        self.set_interval(EVERY, self._look)

    def _look(self) -> None:
        kept = self.app.desk()
        if kept is not self.kept:  # it was opened before the phone was there
            self.kept, self.views = kept, views_of(self.phone, kept)
            self.begin(self.view.tab.name)
        if self.view.poll():
            self.refresh()

    def draw(self) -> None:
        """Something was done: draw it."""
        self.refresh()

    def on_focus(self) -> None:
        """The keys come here."""
        self.refresh()

    def on_blur(self) -> None:
        """The keys go to the phone."""
        self.prompt = None
        self.refresh()

    # -- keyboard and mouse

    def on_key(self, event: events.Key) -> None:
        """The keys of the desk, as long as they come here: what was typed right behind Tab is the phone's already."""
        if self.screen.focused is self:
            self.take(event)

    def take(self, event: events.Key) -> bool:
        """Obey a key, and stop it; whether it was one for the desk: those with ctrl that are not ours go further."""
        if self.prompt is not None:
            taken = self.typed(event.key, event.character if event.is_printable else None)
        else:
            action = ACTIONS.get(event.key)
            taken = action is not None or not event.key.startswith("ctrl+")
            if taken:
                self.told = ""
            if action is not None:
                self.act(action, event.character or "")
            self.draw()
        if taken:
            event.stop()
            event.prevent_default()
        return taken

    def on_paste(self, event: events.Paste) -> None:
        """Into what is typed; never into the phone."""
        event.stop()
        if self.prompt is not None:
            for one in event.text.strip():
                self.typed("", one if one.isprintable() else None)
            self.draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click in the desk is not one beside it."""
        event.stop()

    def on_click(self, event: events.Click) -> None:
        """Tabs, rows, and the words at the foot."""
        event.stop()
        place = self.places()
        action = ""
        if event.y == 0:
            action = self._bar().action_at(event.x)
        elif event.y == self.size.height - 1 and self.prompt is None:
            action = self._foot().action_at(event.x)
        elif event.y in place.rows:
            at = self.view.show(len(place.rows)).start + event.y - place.rows.start
            again = at == self.view.cursor and event.chain > 1
            if at < len(self.view.tab.rows):
                self.view.go(at)
            action = "read" if again else ""
        if action:
            self.told = ""
            self.act(action)
        if self.is_mounted:
            self.draw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves what is under it."""
        self._wheel(event, 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves what is under it."""
        self._wheel(event, -3)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        if event.y in self.places().pane:
            self.scroll_pane(by)
        else:
            self.view.move(by)
        self.draw()

    # -- drawing

    def facts(self) -> list[Fact]:
        """What the pane says."""
        if self.helping:
            return [Fact(one.shown, one.title(self.say)) for one in KEYS if self.view.tab.name in one.tabs]
        row = self.view.row
        return self.view.tab.facts(row) if row is not None else []

    def pane_lines(self) -> list[list[Span]]:
        """The lines of the pane; put together once for a row, as every line of the desk asks for them."""
        now = (self.view.row, self.view.tab.name, self.size.width, self.helping, self.phone.language.name)
        if self._wrapped is None or self._wrapped[0][0] is not now[0] or self._wrapped[0][1:] != now[1:]:
            self._wrapped = (now, wrapped(self.facts(), self.size.width - 2))
        return self._wrapped[1]

    def copy_text(self, text: str) -> None:
        """Into the clipboard of the terminal."""
        self.app.into_clipboard(text)

    def save_file(self, name: str, data: bytes, replace: bool) -> Path | None:
        """As the app saves files; None if there is one of that name. Raises `LocalError`."""
        return self.app.into_file(name, data, replace)

    def render_line(self, y: int) -> Strip:
        """One line of the desk."""
        place, width = self.places(), self.size.width
        if y == 0:
            return self._strip(list(self._bar().spans), "bar")
        if y == self.size.height - 1:
            return self._strip(self._last(), "foot")
        if y in place.rows:
            return self._row(y - place.rows.start, len(place.rows), width)
        if y in place.pane:
            lines, at = self.pane_lines(), y - place.pane.start + self.view.pane_top
            return self._strip([(" ", "text"), *(lines[at] if at < len(lines) else [])], "text")
        if y == place.rule:
            return self._strip([(self._rule(), "rule")], "rule")
        return self._strip([(" " + self.view.tab.heading(width - 2), "heading")], "heading")

    def _rule(self) -> str:
        dash = "-" if self.glyphs["ellipsis"].isascii() else "─"
        lines, room = len(self.pane_lines()), len(self.places().pane)
        more = f" {self.view.pane_top + 1}-{min(lines, self.view.pane_top + room)}/{lines} " if lines > room else ""
        return dash * max(0, self.size.width - len(more) - 2) + more + dash * 2

    def _row(self, number: int, height: int, width: int) -> Strip:
        shown, tab = self.view.show(height), self.view.tab
        if number >= len(shown):
            text = tab.nothing() if not tab.rows and number == min(1, height - 1) else ""
            return self._strip([("  " + text, "dim")], "text")
        at = shown.start + number
        spans = fitted(tab.draw(tab.rows[at], width - 2), width - 2, self.glyphs["ellipsis"])
        if at != self.view.cursor:
            return self._strip([(" ", "text"), *spans], "text")
        style = "cursor" if self.has_focus else "here"
        return self._strip([(self.glyphs["cursor"], style), *((text, style) for text, _ in spans)], style)

    def _bar(self) -> Line:
        total = len(self.view.tab.rows)
        count = f"{min(self.view.cursor + 1, total)}/{total}"
        titles = [(name, view.tab.title) for name, view in self.views.items()]
        return bar(titles, self.view.tab.name, self.has_focus, count, self.glyphs["cursor"], self.size.width)

    def _foot(self) -> Line:
        tab, say = self.view.tab, self.say
        narrowed = [tab.choice] if tab.choice else []
        narrowed += [say("filter {what}", what=tab.wanted)] if tab.wanted else []
        return foot(hints(tab.name, self.has_focus, say), ", ".join(narrowed), self.size.width)

    def _last(self) -> list[Span]:
        """What is typed, what was said, who rings while the phone is covered, or the keys."""
        width = self.size.width
        if self.prompt is not None:
            return fitted([(f" {self.question()} ", "foot"), (self.prompt.text + "_", "prompt")], width, "")
        rings = next((call for call in self.phone.snapshot.calls if call.state == "offered"), None)
        if rings is not None and self.has_class("-over"):
            text = self.say("{name} calls: Esc shows the phone", name=rings.remote_name or rings.number)
            return [(f" {harmless(text)}", "prompt")]
        return [(f" {harmless(self.told)}", "prompt")] if self.told else list(self._foot().spans)

    def _strip(self, spans: list[Span], ground: str) -> Strip:
        strip = Strip([Segment(text, self._style(style)) for text, style in spans])
        return strip.adjust_cell_length(self.size.width, self._style(ground))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"desk--{name}")


def views_of(screen: PhoneScreen, kept: Kept) -> dict[str, View]:
    """All tabs, as the screen keeps them over another skin."""

    def say(text: str, /, **values: object) -> str:
        return screen.language.say(text, **values)

    log = screen.app.log_lines or tuple
    signs = ASCII if screen.app.skin.glyphs["ellipsis"].isascii() else Signs()
    chronicle = kept.chronicle
    tabs = (TraceTab(say, kept.trace, signs), LogTab(say, log), HttpTab(say, chronicle), MediaTab(say, chronicle))
    screen.desk_views = {one.name: View(one) for one in tabs}
    return screen.desk_views
