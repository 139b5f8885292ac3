"""A skin as values: everything the ui needs to draw a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

EXPANSION = 13
"""P13 is the first key of an expansion module, whatever the model has on its own case."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the phone itself is told about its model."""

    model: str
    rows: int
    """Content rows of a page, without title, entry line, status line and soft key labels."""
    columns: int
    """Characters in a row."""
    soft_keys: int
    """0 to 4."""
    programmable_keys: int
    """How many of P1... there are, on the case or on the screen."""
    led_colors: tuple[str, ...] = ("orange",)
    """What the LEDs of these keys can show, of `red green orange`; the first is the one they have when alone."""
    call_led: bool = True
    """Whether it has an LED for incoming calls; without one, the message LED blinks."""
    message_led: str = "red"
    """The colour of the message LED."""
    expansion_keys: int = 0
    """How many keys an expansion module adds; they are P13, P14... (`EK0`, `EK1`... for remote control)."""

    @property
    def key_names(self) -> tuple[str, ...]:
        """The names of all programmable keys, in order."""
        own = [f"P{number}" for number in range(1, self.programmable_keys + 1)]
        more = [f"P{number}" for number in range(EXPANSION, EXPANSION + self.expansion_keys)]
        return tuple(dict.fromkeys([*own, *more]))


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle of character cells, counted from the top left corner of the face."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class KeyShape:
    """What is printed on one key."""

    name: str
    """snom's name of the key (`P1`, `F_HOLD`, `5`)."""
    label: str
    letters: str = ""
    """The second label, such as `ABC`."""
    short: str = ""
    """Used where `label` does not fit."""
    title: str = ""
    """Its name in the help; empty = the label."""
    kind: str = "function"
    """One of `KINDS`: chooses the colours."""
    led: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A coloured area or a printed word on the case."""

    place: Place
    color: str
    """A name of the palette."""
    ink: str = "ink"
    text: str = ""
    bold: bool = False
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """One arrangement of display, keys, LEDs and labels."""

    name: str
    width: int
    height: int
    display: Place
    keys: Mapping[str, Place]
    lamps: Mapping[str, Place]
    labels: Mapping[str, Place]
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True)
class Expansion:
    """The module that can be put beside the phone."""

    count: int
    """How many keys it has."""
    keys: tuple[KeyShape, ...]
    """Those of them that the skin does not describe itself."""
    face: Face
    """Its arrangement; it has no display."""


@dataclass(frozen=True, slots=True)
class Icon:
    """A key that is on the display of the idle phone and not on the case."""

    key: str
    """snom's name of the key."""
    label: str
    glyph: str = ""
    """One character above the label; empty = none."""


@dataclass(frozen=True, slots=True)
class Display:
    """What is special about the display of a model; as it stands here, that of a plain one."""

    kind: str = "mono"
    """One of `DISPLAYS`: `color` has labels beside the keys at its right edge, `touch` has keys on it."""
    side: int = 0
    """How many columns at the right the labels or keys take; 0 = there are none."""
    icons: tuple[Icon, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text of one style sheet, for the ui alone."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Skin:
    """A model's face: everything the ui needs to draw it."""

    name: str
    title: str
    path: Path
    """The TOML file it was read from."""
    shape: Shape
    keys: tuple[KeyShape, ...]
    faces: tuple[Face, ...]
    """Largest first; the last one is drawn where nothing fits."""
    glyphs: Mapping[str, str]
    palette: Mapping[str, str]
    dark: bool
    """Whether the colours are meant for a dark surrounding."""
    header: bool
    """Whether the display has a line for title and clock."""
    sheets: tuple[Sheet, ...] = ()
    """Its style sheets, unread; later ones win."""
    display: Display = Display()
    files: tuple[Sheet, ...] = ()
    """The TOML files it was read from, its bases first: so that a mistake can be found in them."""
    in_light: Mapping[str, str] = field(default_factory=dict)
    """Colours that differ in a light surrounding."""
    in_dark: Mapping[str, str] = field(default_factory=dict)
    """Colours that differ in a dark one."""
    expansion: Expansion | None = None

    @property
    def css(self) -> str:
        """All style sheets in one text."""
        return "\n".join(sheet.text for sheet in self.sheets)

    def palette_for(self, dark: bool) -> Mapping[str, str]:
        """All colours for a dark or a light surrounding; the phone itself may look the same in both."""
        return {**self.palette, **(self.in_dark if dark else self.in_light)}

    def face_for(self, width: int, height: int) -> Face:
        """The first face that fits into so many cells, else the last."""
        fits = (face for face in self.faces if face.width <= width and face.height <= height)
        return next(fits, self.faces[-1])

    def key(self, name: str) -> KeyShape | None:
        """The key of that name, or None if the model does not have it."""
        return next((key for key in self.keys if key.name == name), None)
