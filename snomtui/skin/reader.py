"""Turns the tables of a skin into values, and says everything that is wrong with them."""

from __future__ import annotations

import re
from dataclasses import replace

from snomtui.skin.overlaps import overlaps
from snomtui.skin.screen import read_display
from snomtui.skin.table import Checked, Table, hint, is_wide
from snomtui.skin.values import EXPANSION, Expansion, Face, KeyShape, Panel, Place, Shape, Sheet, Skin
from snomtui.skin.words import GLYPHS, KINDS, LED_COLORS, LIGHTS, NEAR, OPTIONAL, PALETTE, PRINTED_KEYS, TRIPLES

TOP = ("name", "title", "dark", "header", "shape", "display", "keys", "glyphs", "palette", "faces", "expansion")
NARROWEST = {"at": 3, "lamps": 1, "labels": 3, "display": 10}
"""Cells that a thing needs at least, from left to right."""
OTHER_NAMES = "; snom key names such as REDIAL, F1 or P1 are expected"
NAME_OF_A_MODEL = re.compile(r"[A-Za-z0-9._-]+")
"""What can stand in `User-Agent` as the name of a product."""
PARTS = ("size", "display", "at", "lamps", "labels", "panels")


def _color(given: Table, name: str) -> str:
    """The colour of that name, or of the nearest one that the skin has, or the terminal's own."""
    near = name
    while near in NEAR and not isinstance(given.get(near), str):
        near = NEAR[near]
    found = given.get(near)
    return found if isinstance(found, str) else PALETTE[name]


def _wrong_glyph(name: str, text: str) -> str:
    """What a glyph should be; empty if it is."""
    if is_wide(text):
        return "characters of one cell are"
    if name in TRIPLES:
        return "" if len(text) == 3 or not (text or GLYPHS[name]) else "3 characters (left, middle, right) are"
    if name == "round":
        return "" if len(text) in (0, 6) else "6 characters (upper edge, lower edge) are"
    free = name.startswith("soft_") or (name in OPTIONAL and not text)
    return "" if free or len(text) == 1 else "one character of one cell is"


class Paper(Checked):
    """One skin being read; collects everything that is wrong instead of stopping at the first."""

    allowed = PRINTED_KEYS
    """The names of keys that this skin may place."""
    numbered: tuple[str, ...] = ()
    """Those of them that are programmable keys."""

    def skin(self, sheets: tuple[Sheet, ...]) -> Skin | None:
        """The whole skin, or None if too much is missing."""
        self.known("", self.raw, TOP)
        path = self.files[-1].path
        name = self.value(self.raw, "", "name", str, path.parent.name if path.name == "skin.toml" else path.stem)
        shape, more = self.shape(name), self._more_keys()
        self.numbered = (*shape.key_names, *more)
        self.allowed = PRINTED_KEYS | set(self.numbered)
        keys = tuple(self.key(key, table) for key, table in self.tables("keys"))
        printed = {one.name for one in keys}
        faces = tuple(self.face(f"faces.{key}", key, table, printed) for key, table in self.tables("faces"))
        if not faces:
            self.say("faces", "at least one arrangement such as [faces.full] is needed")
            return None
        palette, light, dark = self.palettes()
        return Skin(
            name=name,
            title=self.value(self.raw, "", "title", str, name),
            path=path,
            shape=replace(shape, call_led=any("CALL" in face.lamps for face in faces)),
            keys=keys,
            faces=tuple(sorted(faces, key=lambda one: -one.width * one.height)),
            glyphs=self.glyphs(),
            palette=palette,
            dark=self.value(self.raw, "", "dark", bool, True),
            header=self.value(self.raw, "", "header", bool, True),
            sheets=sheets,
            display=read_display(self),
            files=self.files,
            in_light=light,
            in_dark=dark,
            expansion=self.expansion(more, printed),
        )

    def shape(self, name: str) -> Shape:
        """The numbers that the phone is given."""
        table = self.table(self.raw, "shape")
        limits = {"rows": (1, 60), "columns": (10, 200), "soft_keys": (0, 4), "programmable_keys": (0, 54)}
        self.known("shape", table, ("model", "led_colors", "message_led", *limits))
        numbers = {key: self.number(table, f"shape.{key}", key, *limit) for key, limit in limits.items()}
        model = self.value(table, "shape.", "model", str, re.sub(r"[^A-Za-z0-9._-]+", "-", name))
        if "model" in table and not NAME_OF_A_MODEL.fullmatch(model):
            self.say("shape.model", f"letters, digits and . - _ are expected, as in 'snom370', not {model!r}")
        message = self.value(table, "shape.", "message_led", str, "red")
        if message not in LED_COLORS:
            self.say("shape.message_led", f"{message!r} is not one of {', '.join(LED_COLORS)}")
        rows, columns, soft_keys, keys = numbers.values()
        return Shape(model, rows, columns, soft_keys, keys, led_colors=self.led_colors(table), message_led=message)

    def led_colors(self, table: Table) -> tuple[str, ...]:
        """The colours of the LEDs; an LED has one at least."""
        given = self.value(table, "shape.", "led_colors", list, lambda: ["orange"])
        for color in given:
            if color not in LED_COLORS:
                self.say("shape.led_colors", f"{color!r} is not one of {', '.join(LED_COLORS)}")
        return tuple(color for color in given if color in LED_COLORS) or ("orange",)

    def key(self, name: str, table: Table) -> KeyShape:
        """What is printed on one key."""
        where = f"keys.{name}"
        self.name(where, name)
        self.known(where, table, ("label", "letters", "short", "title", "kind", "led"))
        kind = self.value(table, f"{where}.", "kind", str, "function")
        if kind not in KINDS:
            self.say(f"{where}.kind", f"{kind!r} is not one of {', '.join(KINDS)}{hint(kind, KINDS)}")
        texts = {key: self.narrow(table, f"{where}.", key, "") for key in ("letters", "short")}
        texts["title"] = self.value(table, f"{where}.", "title", str, "")
        label = self.narrow(table, f"{where}.", "label", name)
        return KeyShape(name, label, kind=kind, led=self.value(table, f"{where}.", "led", bool, False), **texts)

    def face(self, where: str, name: str, table: Table, keys: set[str], own: frozenset[str] | None = None) -> Face:
        """One arrangement; every place must lie inside it, and no two things on each other.

        A module has no display, and its `own` keys alone: the phone's would be at two places.
        """
        self.known(where, table, PARTS if own is None else (*(one for one in PARTS if one != "display"), "keys"))
        size = self.size(table.get("size"), f"{where}.size")
        lamps = frozenset((*LIGHTS, *self.numbered)) if own is None else own
        for key in self.table(table, "at", where):
            if key in self.allowed and key not in keys:
                self.say(f"{where}.at.{key}", f"the key has a place but no [keys] entry: {key} = {{ label = ... }}")
        face = Face(
            name,
            size.width,
            size.height,
            self.place(table.get("display"), f"{where}.display", size, least=NARROWEST["display"])
            if own is None
            else Place(0, 0, 0, 0),
            self.places(table, where, "at", size, self.allowed if own is None else own),
            self.places(table, where, "lamps", size, lamps),
            self.places(table, where, "labels", size, lamps),
            self.panels(table, where, size),
        )
        for pair in overlaps(face):
            # The one that was written last is to blame. What is wrong in itself has been told already.
            above, below = sorted(pair, key=lambda part: self.rank(f"{where}.{part}"), reverse=True)
            if not {f"{where}.{above}", f"{where}.{below}", f"{where}.size"} & self.faulty:
                self.say(f"{where}.{above}", f"lies on {below.removeprefix('at.')}; one of the two could not be used")
        return face

    def panels(self, table: Table, where: str, size: Place) -> tuple[Panel, ...]:
        """The areas and words on the case: a list, or a table by names that a skin above can change one by one."""
        where, given = f"{where}.panels", table.get("panels", [])
        if isinstance(given, dict):
            return tuple(self.panel(one, f"{where}.{name}", size) for name, one in given.items())
        panels = self.value(table, where.removesuffix("panels"), "panels", list, list[object])
        return tuple(self.panel(one, f"{where}[{number}]", size) for number, one in enumerate(panels))

    def panel(self, table: object, where: str, size: Place) -> Panel:
        """One area or word on the case."""
        if not isinstance(table, dict):
            self.say(where, f"a table is expected, not {table!r}")
            return Panel(Place(0, 0, 1, 1), "body")
        self.known(where, table, ("place", "color", "ink", "text", "bold", "rounded"))
        color, ink = (self.value(table, f"{where}.", key, str, key) for key in ("color", "ink"))
        for key, name in (("color", color), ("ink", ink)):
            if key in table and name not in PALETTE:
                self.say(f"{where}.{key}", f"{name!r} is not a name of the palette{hint(name, PALETTE)}")
        bold, rounded = (self.value(table, f"{where}.", key, bool, False) for key in ("bold", "rounded"))
        place = self.place(table.get("place"), f"{where}.place", size)
        text = self.narrow(table, f"{where}.", "text", "")
        return Panel(place, color if "color" in table else "body", ink, text, bold, rounded)

    def places(self, table: Table, where: str, part: str, size: Place, names: frozenset[str]) -> dict[str, Place]:
        """A table of places by name."""
        found = self.table(table, part, where)
        for name in found:
            self.name(f"{where}.{part}.{name}", name, names)
        ways = {name: f"{where}.{part}.{name}" for name in found}
        return {name: self.place(found[name], way, size, least=NARROWEST[part]) for name, way in ways.items()}

    def expansion(self, more: tuple[str, ...], printed: set[str]) -> Expansion | None:
        """The expansion module, if the skin has one; its keys need no entry in `[keys]`."""
        table = self.table(self.raw, "expansion")
        if not table:
            return None
        face = self.face("expansion", "expansion", table, printed | set(more), frozenset(more))
        keys = (KeyShape(name, f"{number}", kind="line", led=True) for number, name in enumerate(more, 1))
        return Expansion(len(more), tuple(key for key in keys if key.name not in printed), face)

    def _more_keys(self) -> tuple[str, ...]:
        """The names of the keys of an expansion module."""
        table = self.table(self.raw, "expansion")
        count = self.number(table, "expansion.keys", "keys", 1, 42) if table else 0
        return tuple(f"P{EXPANSION + number}" for number in range(count))

    def palettes(self) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
        """All colours, and those that differ in a light and in a dark surrounding."""
        table = dict(self.table(self.raw, "palette"))
        light, dark = (self._differing(key, table.pop(key, None)) for key in ("light", "dark"))
        self.words("palette", table, PALETTE)
        return {name: _color(table, name) for name in PALETTE}, light, dark

    def _differing(self, part: str, given: object) -> dict[str, str]:
        table = self.table({part: given}, part, "palette")
        self.known(f"palette.{part}", table, PALETTE)
        known = [key for key in table if key in PALETTE]
        return {key: self.value(table, f"palette.{part}.", key, str, PALETTE[key]) for key in known}

    def glyphs(self) -> dict[str, str]:
        """The glyphs; most of them must be one cell wide or the picture falls apart."""
        found = self.words("glyphs", self.table(self.raw, "glyphs"), GLYPHS)
        for name, text in found.items():
            if right := _wrong_glyph(name, text):
                self.say(f"glyphs.{name}", f"{right} expected, not {text!r}")
        return found

    def name(self, where: str, name: str, names: frozenset[str] | set[str] | None = None) -> None:
        """Check the name of a key or LED."""
        names = self.allowed if names is None else names
        if name not in names:
            expected = self._of_programmable_keys(name, names) or hint(name, names) or OTHER_NAMES
            self.say(where, f"unknown name{expected}")

    def _of_programmable_keys(self, name: str, names: frozenset[str] | set[str]) -> str:
        """How many there are, for whoever names one more."""
        if re.fullmatch(r"P\d+", name) is None:
            return ""
        there = [one for one in self.numbered if one in names]
        told = f"the programmable keys here are {there[0]} to {there[-1]}" if there else "there are none"
        return f"; {told}, as shape.programmable_keys and expansion.keys say"
