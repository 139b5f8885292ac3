"""All commands by name, laid over the phone: typing narrows the list, Enter or a click does what is marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from snomtui.ui.deeds import Deed, deeds
from snomtui.ui.overlay import ALWAYS
from snomtui.ui.text import cut, harmless, left

if TYPE_CHECKING:
    from snomtui.ui.front import PhoneScreen


def found(query: str, all_of_them: Sequence[Deed]) -> list[Deed]:
    """Those with every word of the query in their name or keys; first where a word of the name begins with it."""
    words = query.casefold().split()

    def rank(deed: Deed) -> int:
        starts = deed.title.casefold().replace(":", " ").split()
        return sum(not any(start.startswith(word) for start in starts) for word in words)

    fitting = [one for one in all_of_them if all(word in f"{one.title} {one.keys}".casefold() for word in words)]
    return sorted(fitting, key=rank)


class Choices(Widget):
    """The line that is typed into, and below it what fits to it."""

    COMPONENT_CLASSES = {"choices--line", "choices--text", "choices--keys", "choices--cursor"}
    ALLOW_SELECT = False

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, deed: Deed) -> None:
            super().__init__()
            self.deed = deed

    def __init__(self, every: Sequence[Deed], prompt: str, none: str) -> None:
        """`prompt` stands in the empty line, `none` where nothing fits."""
        super().__init__(id="choices")
        self.every, self.prompt, self.none = list(every), prompt, none
        self.query_text, self.cursor, self.top = "", 0, 0
        self.shown = self.every

    @property
    def chosen(self) -> Deed | None:
        """What the cursor is on."""
        return self.shown[self.cursor] if self.shown else None

    def look_for(self, text: str) -> None:
        """Another query."""
        self.query_text, self.cursor, self.top = text, 0, 0
        self.shown = found(text, self.every)
        self.refresh()

    def move(self, by: int) -> None:
        """The cursor goes up or down; it stops at the ends, and comes round if it was there."""
        if not self.shown:
            return
        last, wanted = len(self.shown) - 1, self.cursor + by
        self.cursor = wanted % (last + 1) if abs(by) == 1 else max(0, min(last, wanted))
        room = max(1, self.size.height - 1)
        self.top = max(self.cursor - room + 1, min(self.top, self.cursor))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The query first, then the rows."""
        width = self.size.width
        if y == 0:
            text = f"> {self.query_text}_" if self.query_text else f"> {self.prompt}"
            return self._strip([(text, "line")], width)
        at = self.top + y - 1
        if at >= len(self.shown):
            return self._strip([(self.none if not self.shown and y == 1 else "", "text")], width)
        deed, style = self.shown[at], "cursor" if at == self.cursor else "text"
        keys = cut(deed.keys, max(0, width // 3), "")
        mark = "> " if at == self.cursor else "  "
        title = left(mark + cut(harmless(deed.title), width - len(keys) - 4, "."), width - len(keys) - 1)
        return self._strip([(title, style), (keys + " ", "cursor" if at == self.cursor else "keys")], width)

    def _strip(self, spans: list[tuple[str, str]], width: int) -> Strip:
        styles = [(text, self.get_component_rich_style(f"choices--{name}")) for text, name in spans]
        return Strip([Segment(text, style) for text, style in styles]).adjust_cell_length(width, styles[-1][1])

    def on_click(self, event: events.Click) -> None:
        """A click on a row does it."""
        event.stop()
        inside = event.get_content_offset(self)  # within the border
        at = self.top + inside.y - 1 if inside is not None and inside.y > 0 else len(self.shown)
        if at < len(self.shown):
            self.post_message(self.Chosen(self.shown[at]))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor."""
        self.move(-1)


class Palette(ModalScreen[Deed | None]):
    """The list of all commands; ends with the one that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *ALWAYS,
        Binding("escape,ctrl+p", "dismiss", "Close", show=False, id="palette.close"),
        Binding("enter,ctrl+j", "choose", "Do it", show=False, id="palette.choose"),
        Binding("up", "move('-1')", "Up", show=False, id="palette.up"),
        Binding("down,tab", "move('1')", "Down", show=False, id="palette.down"),
        Binding("pageup", "move('-10')", "Page up", show=False, id="palette.pageup"),
        Binding("pagedown", "move('10')", "Page down", show=False, id="palette.pagedown"),
        Binding("backspace", "erase", "Erase", show=False, id="palette.erase"),
    ]

    def __init__(self, front: PhoneScreen) -> None:
        super().__init__(id="palette")
        say = front.language.say
        prompt, none = say("What shall be done? Type to narrow"), say("Nothing is called so")
        self._choices = Choices(list(deeds(front)), prompt, none)

    def compose(self) -> ComposeResult:
        """The list in the middle."""
        yield self._choices

    async def on_key(self, event: events.Key) -> None:
        """A character narrows the list; bindings run here so that fast typing stays in order."""
        active = self.active_bindings.get(event.key)
        if event.is_printable and event.character:
            self._choices.look_for(self._choices.query_text + event.character)
        elif active is not None and (active.binding.id or "").startswith("palette."):
            await self.run_action(active.binding.action)
        else:
            return
        event.stop()
        event.prevent_default()

    def action_move(self, by: str) -> None:
        """The cursor moves."""
        self._choices.move(int(by))

    def action_erase(self) -> None:
        """One character less."""
        self._choices.look_for(self._choices.query_text[:-1])

    def action_choose(self) -> None:
        """Do what is marked."""
        if self._choices.chosen is not None:
            self.dismiss(self._choices.chosen)

    def on_choices_chosen(self, message: Choices.Chosen) -> None:
        """Do what was clicked."""
        self.dismiss(message.deed)

    def on_click(self) -> None:
        """A click beside the list takes it away."""
        self.dismiss()
