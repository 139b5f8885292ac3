"""The display as a widget: lines drawn one by one, only where the snapshot changed."""

from __future__ import annotations

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from snomtui.phone.snapshot import GROUND, INK, Snapshot
from snomtui.skin import Face, Skin
from snomtui.ui.blink import blinks
from snomtui.ui.lcd import draw, laid_out
from snomtui.ui.pixels import MANY
from snomtui.ui.softkeys import Line

_STYLES = (
    "text title big dim alert cursor entry mode status status-dim soft soft-edge available busy away offline "
    "side side-edge side-free side-free-edge side-quiet side-none call call-shown icon icon-edge icon-glyph "
    "card card-text card-big card-alert card-large ring ring-text ring-big ring-alert ring-large "
    "led-off led-red led-green led-orange led-blue"
)
STYLES = frozenset(_STYLES.split())
"""How a piece of a line may look; the style sheet knows each as `display--NAME`."""


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
        """A key on the display was clicked or the wheel was turned: the same as pressing that key."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class CallClicked(Message):
        """One of the calls in the list at the side was clicked."""

        def __init__(self, call: str) -> None:
            super().__init__()
            self.call = call

    def __init__(self, snapshot: Snapshot, skin: Skin) -> None:
        super().__init__(id="display")
        self.snapshot, self.skin = snapshot, skin
        self.face: Face = skin.faces[0]
        self.tick = 0
        self._lines: list[Line] | None = None
        self._drawn_for = (0, 0)
        self._pixels: dict[tuple[int, int], Style] = {}

    def fit(self, face: Face) -> None:
        """Another face has other keys beside the display."""
        self.face, self._lines = face, None

    def show(self, snapshot: Snapshot) -> None:
        """Draw another snapshot; lines that stay the same are not drawn again."""
        self.snapshot = snapshot
        self._draw_again()

    def blink(self, tick: int) -> None:
        """Another moment: what blinks on the display itself may look different."""
        self.tick = tick
        if self.skin.display.kind != "mono" and any(blinks(led.pattern) for led in self.snapshot.leds.values()):
            self._draw_again()

    def _draw_again(self) -> None:
        old, self._lines = self._lines, None
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
        width, height = max(1, self.size.width), self.size.height
        if self._lines is None or self._drawn_for != (width, height):
            self._drawn_for = (width, height)
            self._lines = draw(self.snapshot, self.skin, width, height, self.face, self.tick, self._colors())
        return self._lines

    def _colors(self) -> int:
        """How many colours the terminal has; what is drawn without a terminal has them all."""
        if self.app.no_color:
            return 0
        few = self.app.console.color_system in (None, "standard", "windows")
        return 16 if few and not self.app.is_headless else MANY

    def render_line(self, y: int) -> Strip:
        """One line for the compositor."""
        lines = self.lines()
        if y >= len(lines):
            return Strip.blank(self.size.width)
        segments = [Segment(text, self._style(tint)) for text, tint in lines[y] if text]
        return Strip(segments, self.size.width)

    def _style(self, tint: str | tuple[int, int]) -> Style:
        """A style by its name, or that of a cell of a picture."""
        if isinstance(tint, str):
            return self.get_component_rich_style(f"display--{tint if tint in STYLES else 'text'}")
        if min(tint) < 0:  # the display's own colours may change with the skin
            return Style(color=self._color(tint[0]), bgcolor=self._color(tint[1]))
        if tint not in self._pixels:
            if len(self._pixels) > 4096:
                self._pixels.clear()
            self._pixels[tint] = Style(color=self._color(tint[0]), bgcolor=self._color(tint[1]))
        return self._pixels[tint]

    def _color(self, pixel: int) -> Color | None:
        own = self.get_component_rich_style("display--text")
        if pixel in (GROUND, INK):
            return own.bgcolor if pixel == GROUND else own.color
        return Color.from_rgb(pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255)

    def on_click(self, event: events.Click) -> None:
        """A click on a row, a call or a key."""
        spot = laid_out(self.snapshot, self.skin, self.size.width, self.size.height, self.face).at(event.x, event.y)
        if spot is None:
            return
        if spot.kind == "row":
            self.post_message(self.RowClicked(int(spot.name), event.chain))
        elif spot.kind == "call":
            self.post_message(self.CallClicked(self.snapshot.calls[int(spot.name)].id))
        else:
            self.post_message(self.KeyWanted(spot.name))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor as the arrow key does."""
        self.post_message(self.KeyWanted("DOWN"))

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the cursor as the arrow key does."""
        self.post_message(self.KeyWanted("UP"))
