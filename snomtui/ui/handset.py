"""The front of the phone: puts display, caps, LEDs and labels where the skin's face says, and draws the case."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.color import Color
from textual.geometry import Offset, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from snomtui.phone.snapshot import Led, Snapshot
from snomtui.skin import Face, KeyShape, Place, Skin
from snomtui.ui.blink import TICK, blinks
from snomtui.ui.display import Display
from snomtui.ui.keycap import CapPattern, KeyCap, Receiver, widget_id
from snomtui.ui.lamp import Lamp, LampPattern
from snomtui.ui.paper import Paper, slips
from snomtui.ui.ringing import TICKS, calling, who

Cell = tuple[str, str, str, bool]
"""A character, the palette names of its colour and its ground, and whether it is bold."""


class FaceLayout(Layout):
    """Places each child at the rectangle that the face has for it."""

    name = "face"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Called by Textual; a child without a place is left out."""
        assert isinstance(parent, Handset)
        parent.choose(size)
        placements = []
        for order, child in enumerate(children):
            place = parent.place_of(child)
            if place is not None:
                region = Region(place.x, place.y, place.width, place.height).translate(parent.origin)
                region = region.intersection(size.region) if isinstance(child, Display) else region
                placements.append(WidgetPlacement(region, Offset(0, 0), Spacing(), child, order))
        return placements


class Handset(Widget):
    """The phone's front."""

    ALLOW_SELECT = False

    def __init__(self, snapshot: Snapshot, skin: Skin, blinking: bool) -> None:
        super().__init__(id="handset")
        self.snapshot, self.skin = snapshot, skin
        self.face: Face = skin.faces[0]
        self.origin = Offset(0, 0)
        self._blinking, self._tick = blinking, 0
        self._ticker: Timer | None = None
        self._caller = ""
        """Whoever calls just now, so that everything around the phone flashes."""
        self._case: list[list[Cell]] = []
        self._styles: dict[tuple[str, str, bool], Style] = {}
        self._layout = FaceLayout()
        self._lamps: dict[str, Lamp] = {}
        self._waiting: list[KeyCap | Lamp] = []
        """Caps and LEDs that are drawn with the case; just after the first paint they become widgets of their own."""

    @property
    def layout(self) -> Layout:
        """Our own layout."""
        return self._layout

    def compose(self) -> ComposeResult:
        """One widget each for the display, the labels, every key and every LED of any face."""
        for number in range(max(len(slips(face)) for face in self.skin.faces)):
            yield Paper(number, self.snapshot, self.skin)
        self._waiting = []
        parts: list[KeyCap | Lamp] = [*self._caps(), *self._all_lamps()]
        for part in parts:
            # Where nobody looks, nobody waits for the first paint; and a program in a browser clicks at once.
            if isinstance(part, CapPattern | LampPattern) or self.app.is_headless or self.app.is_web:
                yield part
            else:
                self._waiting.append(part)
        yield Display(self.snapshot, self.skin)

    def _caps(self) -> Iterable[KeyCap]:
        """The keys; before them a pattern for each kind, which has no place and so is never seen."""
        kinds = sorted({key.kind for key in self.skin.keys} - {"handset"})
        patterns = {kind: CapPattern(KeyShape(f"pattern-{kind}", "", kind=kind), self.skin) for kind in kinds}
        yield from patterns.values()
        for key in self.skin.keys:
            if key.kind == "handset":
                yield Receiver(key, self.skin)
            elif f"#{widget_id('key', key.name)}" in self.skin.css:
                yield CapPattern(key, self.skin)
            else:
                yield KeyCap(key, self.skin, patterns[key.kind])

    def _all_lamps(self) -> Iterable[Lamp]:
        """The LEDs of any face, after their pattern."""
        pattern = LampPattern("pattern", self.skin)
        yield pattern
        for name in sorted({name for face in self.skin.faces for name in face.lamps}):
            own = f"#{widget_id('lamp', name)}" in self.skin.css
            self._lamps[name] = LampPattern(name, self.skin) if own else Lamp(name, self.skin, pattern)
            yield self._lamps[name]

    @property
    def ticks(self) -> bool:
        """Whether the ticker runs."""
        return self._ticker is not None

    def on_mount(self) -> None:
        """Light what is lit from the start."""
        self.show(self.snapshot)
        if self._waiting:
            self.call_after_refresh(self._come_in)

    async def _come_in(self) -> None:
        """The phone is seen: now its keys become such that can be clicked."""
        waiting, self._waiting = self._waiting, []
        for display in self._displays:
            await self.mount_all(waiting, before=display)

    @property
    def _displays(self) -> tuple[Display, ...]:
        """The display; none while another skin is put on, when this one is not yet or no longer there."""
        return tuple(self.query(Display))

    def on_click(self, event: events.Click) -> None:
        """A key that is not a widget yet can be clicked all the same."""
        for part in self._waiting:
            place = self.place_of(part)
            if isinstance(part, KeyCap) and place is not None:
                region = Region(place.x, place.y, place.width, place.height).translate(self.origin)
                if region.contains(event.x, event.y):
                    self.post_message(KeyCap.Pressed(part.shape.name, 0))

    def show(self, snapshot: Snapshot) -> None:
        """Draw another snapshot; only what differs is drawn again."""
        self.snapshot = snapshot
        for display in self._displays:
            display.show(snapshot)
        for paper in self.query(Paper):
            paper.show(snapshot)
        for receiver in self.query(Receiver):
            receiver.show(snapshot.handset == "handset")
        self._alarm(snapshot)
        self._set_ticker(bool(self._caller) or any(blinks(led.pattern) for led in snapshot.leds.values()))
        self._light()

    def _alarm(self, snapshot: Snapshot) -> None:
        """Whether what is around the phone flashes, because a call comes in."""
        call = calling(snapshot) if self._blinking else None
        caller = who(call) if call else ""
        if caller != self._caller:
            self._caller = caller
            self.refresh()

    def _light(self) -> None:
        for name, lamp in self._lamps.items():
            lamp.show(self.snapshot.leds.get(name, Led()), self._tick)

    def _set_ticker(self, wanted: bool) -> None:
        """The one ticker runs only while something blinks."""
        if wanted and self._ticker is None and self._blinking:
            self._ticker = self.set_interval(TICK, self._next_tick)
        elif not wanted and self._ticker is not None:
            self._ticker.stop()
            self._ticker, self._tick = None, 0

    def _next_tick(self) -> None:
        self.at(self._tick + 1)

    def at(self, tick: int) -> None:
        """All that blinks is shown as it is at this moment; whoever draws without the ticker calls this."""
        self._tick = tick
        self._light()
        for display in self._displays:
            display.blink(tick)
        if self._caller and tick % TICKS == 0:
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Back at a size that it had before: then the toolkit remembers the arrangement and does not ask for it."""
        self.choose(event.size)

    def choose(self, size: Size) -> None:
        """Choose the face for this size and put it into the middle."""
        face = self.skin.face_for(size.width, size.height)
        origin = Offset(max(0, (size.width - face.width) // 2), max(0, (size.height - face.height) // 2))
        if face is not self.face or origin != self.origin or not self._case:
            self.face, self.origin = face, origin
            self._case = _draw_case(face, self.skin.glyphs["round"])
            for paper in self.query(Paper):
                paper.fit(face)
            for display in self._displays:
                display.fit(face)
            if self.is_mounted:
                self.refresh()  # the case stands elsewhere now: what was drawn of it is worth nothing

    def place_of(self, child: Widget) -> Place | None:
        """Where the face has this widget."""
        if isinstance(child, Display):
            return self.face.display
        if isinstance(child, Paper):
            return child.place
        if isinstance(child, KeyCap):
            return self.face.keys.get(child.shape.name)
        return self.face.lamps.get(child.key) if isinstance(child, Lamp) else None

    def render_line(self, y: int) -> Strip:
        """The case and what is printed on it, under everything else."""
        desk: Cell = (" ", "ink", "desk", False)
        row = y - self.origin.y
        cells = self._case[row] if 0 <= row < len(self._case) else []
        before = min(self.origin.x, self.size.width)
        line = [desk] * before + cells[: self.size.width - before]
        line += [desk] * (self.size.width - len(line))
        if self._caller:
            from snomtui.ui.flashing import paint

            face = Region(self.origin.x, self.origin.y, self.face.width, self.face.height)
            line = paint(line, y, self.size, face, self._caller, self._tick)
        return self._with_waiting(Strip(list(self._segments(line)), self.size.width), y)

    def _with_waiting(self, strip: Strip, y: int) -> Strip:
        """A line of the case with what is not a widget yet."""
        width = strip.cell_length
        for part in self._waiting:
            place = self.place_of(part)
            if place is not None and 0 <= (row := y - self.origin.y - place.y) < place.height:
                x = self.origin.x + place.x
                drawn = part.drawn(row, place.width, place.height)
                strip = Strip.join([strip.crop(0, x), drawn, strip.crop(x + place.width, max(width, x + place.width))])
        return strip.crop(0, width)

    def _segments(self, cells: list[Cell]) -> Iterable[Segment]:
        start = 0
        for end in range(1, len(cells) + 1):
            if end == len(cells) or cells[end][1:] != cells[start][1:]:
                yield Segment("".join(cell[0] for cell in cells[start:end]), self._style(*cells[start][1:]))
                start = end

    def _style(self, ink: str, ground: str, bold: bool) -> Style:
        key = (ink, ground, bold)
        if key not in self._styles:
            color, back = (Color.parse(self.skin.palette[name]).rich_color for name in (ink, ground))
            self._styles[key] = Style(color=color, bgcolor=back, bold=bold)
        return self._styles[key]


def _draw_case(face: Face, round_glyphs: str) -> list[list[Cell]]:
    """The panels of a face, later ones over earlier ones."""
    cells: list[list[Cell]] = [[(" ", "ink", "desk", False)] * face.width for _ in range(face.height)]
    for panel in face.panels:
        place = panel.place
        for y in range(place.height):
            row = cells[place.y + y]
            edge = _edge(y, place.height, round_glyphs) if panel.rounded else ""
            for x in range(place.width):
                under = row[place.x + x][2]
                if edge:
                    glyph = edge[0 if x == 0 else 2 if x == place.width - 1 else 1]
                    row[place.x + x] = (glyph, panel.color, under, False)
                else:
                    letter = panel.text[x] if y == 0 and x < len(panel.text) else " "
                    row[place.x + x] = (letter, panel.ink, panel.color, panel.bold)
            if panel.rounded and not edge and round_glyphs:
                for x, glyph in ((0, "▐"), (place.width - 1, "▌")):
                    row[place.x + x] = (glyph, panel.color, cells[place.y][place.x + x][2], False)
    return cells


def _edge(y: int, height: int, glyphs: str) -> str:
    """The three glyphs of the upper or lower edge of a rounded panel, or nothing in between."""
    if y == 0:
        return glyphs[:3]
    return glyphs[3:] if y == height - 1 else ""
