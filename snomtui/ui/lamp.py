"""One LED."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from snomtui.phone.snapshot import Led, Pattern
from snomtui.skin import Skin
from snomtui.ui.blink import blinks, lit
from snomtui.ui.keycap import widget_id

COLORS = ("red", "green", "orange", "blue")


class Lamp(Widget):
    """An LED: shape and colour both tell what it does; a wide one is a bar. Its colours are those of a pattern."""

    ALLOW_SELECT = False

    def __init__(self, name: str, skin: Skin, pattern: Lamp | None = None) -> None:
        """Without a `pattern` it has colours of its own, and must be a `LampPattern`."""
        super().__init__(id=widget_id("lamp", name))
        self._pattern = pattern or self
        self.key, self.glyphs = name, skin.glyphs
        self.led, self.tick = Led(), 0

    def show(self, led: Led, tick: int) -> None:
        """Another LED state or another moment; drawn again only if that looks different."""
        same = led == self.led and lit(led.pattern, tick) == lit(self.led.pattern, self.tick)
        self.led, self.tick = led, tick
        if not same and self.is_mounted:
            self.refresh()

    @property
    def glyph(self) -> str:
        """The character it shows now."""
        return self._glyph(self.size.width)

    def _glyph(self, width: int) -> str:
        shining = lit(self.led.pattern, self.tick)
        if blinks(self.led.pattern):
            name = "blink_lit" if shining else "blink_dark"
        else:
            name = "lit" if self.led.pattern is Pattern.ON else "off"
        return self.glyphs[f"bar_{name}" if width > 1 else name]

    def render_line(self, y: int) -> Strip:
        """One line for the compositor."""
        return self.drawn(y, *self.size)

    def drawn(self, y: int, width: int, height: int) -> Strip:
        """The glyph, as wide as the LED is."""
        shining = lit(self.led.pattern, self.tick)
        color = self.led.color if self.led.color in COLORS else "orange"
        style = self._pattern.get_component_rich_style(f"lamp--{color}" if shining else "lamp--off")
        return Strip([Segment(self._glyph(width) * width, style)], width)


class LampPattern(Lamp):
    """An LED with colours of its own: one for all, and each that a skin's style sheet names."""

    COMPONENT_CLASSES = {"lamp--off", *(f"lamp--{color}" for color in COLORS)}
