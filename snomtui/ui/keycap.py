"""One key of the phone: a cap that can be clicked."""

from __future__ import annotations

from time import monotonic

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from snomtui.skin import KeyShape, Skin
from snomtui.ui.text import centred, cut

LONG_PRESS = 0.8
"""Seconds from which a held mouse button is a long press."""

_NAMES = {"*": "star", "#": "hash"}


def widget_id(prefix: str, key: str) -> str:
    """The id of a widget for a phone key; `*` and `#` cannot stand in an id."""
    return f"{prefix}-{_NAMES.get(key, key)}"


_PRESSED = Style(reverse=True)


class KeyCap(Widget):
    """A key cap: label, perhaps letters, edges from the skin's glyphs.

    Its colours are those of a pattern for all keys of its kind: to have them worked out for each cap anew would double
    the time until the phone is drawn.
    """

    ALLOW_SELECT = False

    class Pressed(Message):
        """The cap was clicked; `held` is for how long in ms, 0 for a short press."""

        def __init__(self, key: str, held: int) -> None:
            super().__init__()
            self.key, self.held = key, held

    def __init__(self, shape: KeyShape, skin: Skin, pattern: KeyCap | None = None) -> None:
        """Without a `pattern` it has colours of its own, and must be a `CapPattern`."""
        super().__init__(id=widget_id("key", shape.name), classes=f"-{shape.kind}")
        self.shape, self.glyphs = shape, skin.glyphs
        self._pattern = pattern or self
        self._down = 0.0

    def _part(self, name: str) -> Style:
        """The colours of a part of it."""
        return self._pattern.get_component_rich_style(name)

    def render_line(self, y: int) -> Strip:
        """One line for the compositor."""
        return self.drawn(y, *self.size)

    def drawn(self, y: int, width: int, height: int) -> Strip:
        """Top edge, label, front edge, as many of them as the height allows."""
        front = self.glyphs["cap_bottom"]
        top = self.glyphs["cap_top"] if height > 2 else ""
        if top and y == 0:
            return self._edge(top, "keycap--side", width)
        if front and height > 1 and y == height - 1:
            return self._edge(front, "keycap--front", width)
        return self._face(width, y == (height - bool(front and height > 1)) // 2)

    def _edge(self, glyphs: str, style: str, width: int) -> Strip:
        text = glyphs[0] + glyphs[1] * (width - 2) + glyphs[2]
        return Strip([Segment(text, self._part(style))], width)

    def _face(self, width: int, with_label: bool) -> Strip:
        glyphs = self.glyphs["cap_middle"]
        left, right = glyphs[0], glyphs[2]
        side, face = self._part("keycap--side"), self._part("keycap--face")
        if self.has_class("-pressed"):
            face += _PRESSED
        room = width - 2
        label, letters = self._label(room) if with_label else ("", "")
        if not letters:
            middle = [Segment(centred(label, room), face)]
        else:
            pad = (room - len(label) - 1 - len(letters)) // 2
            rest = room - pad - len(label)
            small = self._part("keycap--letters")
            middle = [Segment(" " * pad + label, face), Segment((" " + letters).ljust(rest), small)]
        return Strip([Segment(left, side), *middle, Segment(right, side)], width)

    def _label(self, room: int) -> tuple[str, str]:
        shape = self.shape
        if shape.letters and len(shape.label) + 1 + len(shape.letters) <= room:
            return shape.label, shape.letters
        label = shape.label if len(shape.label) <= room else shape.short or shape.label
        return cut(label, room, ""), ""

    def on_mouse_down(self) -> None:
        """The button goes down: the cap too."""
        self._down = monotonic()
        self.add_class("-pressed")

    def on_mouse_up(self) -> None:
        """The button comes up."""
        self.remove_class("-pressed")

    def on_leave(self) -> None:
        """The mouse was dragged away: nothing is pressed."""
        self.remove_class("-pressed")

    def on_click(self, event: events.Click) -> None:
        """Tell the screen."""
        event.stop()
        held = monotonic() - self._down if self._down else 0.0
        self._down = 0.0
        self.post_message(self.Pressed(self.shape.name, int(held * 1000) if held >= LONG_PRESS else 0))


class CapPattern(KeyCap):
    """A cap with colours of its own: one for each kind of key, and each key that a skin's style sheet names."""

    COMPONENT_CLASSES = {"keycap--face", "keycap--letters", "keycap--side", "keycap--front"}


class Receiver(CapPattern):
    """The handset in its cradle; a click lifts it, another one replaces it."""

    COMPONENT_CLASSES = {"receiver--grip", "receiver--cradle"}

    lifted = False

    def show(self, lifted: bool) -> None:
        """Draw it lying or lifted."""
        if lifted != self.lifted:
            self.lifted = lifted
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """An ear piece, a narrow grip, a mouth piece; only their outline while lifted."""
        width, height = self.size
        if height < 9:
            return super().render_line(y)
        style = self.get_component_rich_style("receiver--cradle" if self.lifted else "receiver--grip")
        piece = 6
        inner = y - (height - piece) if y >= height - piece else y
        if inner < piece:
            text = self._piece(inner, piece, width)
        else:
            text = "" if self.lifted else " " + self._glyph("handset_side", width - 2)
        if self.lifted and y == height // 2:
            text = centred("lifted", width)
        return Strip([Segment(centred(text, width), style)], width)

    def _piece(self, y: int, height: int, width: int) -> str:
        if y == 0:
            return self._glyph("handset_top", width)
        if y == height - 1:
            return self._glyph("handset_bottom", width)
        glyphs = self.glyphs["handset_side"]
        return glyphs[0] + (" " if self.lifted else glyphs[1]) * (width - 2) + glyphs[2]

    def _glyph(self, name: str, width: int) -> str:
        glyphs = self.glyphs[name]
        return glyphs[0] + glyphs[1] * (width - 2) + glyphs[2]

    def _label(self, room: int) -> tuple[str, str]:
        return cut("Replace handset" if self.lifted else "Lift handset", room, ""), ""
