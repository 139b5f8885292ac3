"""Turns the tables of a skin file into values, and says everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from snomtui.skin.values import Face, KeyShape, Panel, Place, Shape, Sheet, Skin
from snomtui.skin.words import GLYPHS, KINDS, LED_COLORS, LIGHTS, PALETTE, PRINTED_KEYS, TRIPLES

Table = dict[str, Any]
T = TypeVar("T")


def hint(word: str, words: Iterable[str]) -> str:
    near = get_close_matches(word, list(words), 1)
    return f", did you mean {near[0]!r}?" if near else ""


def _after_zero(size: object) -> object:
    return [0, 0, *size] if isinstance(size, list) else size


class Paper:
    """One skin file being read; collects everything that is wrong instead of stopping at the first."""

    def __init__(self, path: Path, raw: Table) -> None:
        self.path, self.raw, self.wrong = path, raw, list[str]()
        self.allowed = PRINTED_KEYS

    def say(self, where: str, what: str) -> None:
        """Note one problem."""
        self.wrong.append(f"{self.path}: {where}: {what}")

    def skin(self, sheets: tuple[Sheet, ...]) -> Skin | None:
        """The whole skin, or None if too much is missing."""
        top = ("name", "title", "dark", "header", "shape", "keys", "glyphs", "palette", "faces")
        self.known("", self.raw, top)
        folder = self.path.parent.name if self.path.name == "skin.toml" else self.path.stem
        name = self.value(self.raw, "", "name", str, folder)
        shape = self.shape(name)
        self.allowed = PRINTED_KEYS | {f"P{number + 1}" for number in range(shape.programmable_keys)}
        keys = tuple(self.key(key, table) for key, table in self.tables("keys"))
        faces = tuple(self.face(key, table, {one.name for one in keys}) for key, table in self.tables("faces"))
        if not faces:
            self.say("faces", "at least one arrangement such as [faces.full] is needed")
            return None
        return Skin(
            name,
            self.value(self.raw, "", "title", str, name),
            self.path,
            shape,
            keys,
            faces,
            self.glyphs(),
            self.words("palette", PALETTE),
            self.value(self.raw, "", "dark", bool, True),
            self.value(self.raw, "", "header", bool, True),
            sheets,
        )

    def shape(self, name: str) -> Shape:
        """The numbers that the phone is given."""
        table = self.table(self.raw, "shape")
        limits = {"rows": (1, 60), "columns": (10, 200), "soft_keys": (0, 4), "programmable_keys": (0, 16)}
        self.known("shape", table, ("model", "led_colors", *limits))
        numbers = {key: self.number(table, f"shape.{key}", key, *limit) for key, limit in limits.items()}
        model = self.value(table, "shape.", "model", str, name)
        return Shape(model, **numbers, led_colors=self.led_colors(table))

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
        texts = {key: self.value(table, f"{where}.", key, str, "") for key in ("letters", "short", "title")}
        label = self.value(table, f"{where}.", "label", str, name)
        return KeyShape(name, label, kind=kind, led=self.value(table, f"{where}.", "led", bool, False), **texts)

    def face(self, name: str, table: Table, keys: set[str]) -> Face:
        """One arrangement; every place must lie inside it."""
        where = f"faces.{name}"
        self.known(where, table, ("size", "display", "at", "lamps", "labels", "panels"))
        size = self.place(_after_zero(table.get("size")), f"{where}.size", None, "[width, height]")
        lamps = frozenset(LIGHTS) | {key for key in self.allowed if key.startswith("P")}
        for key in self.table(table, "at", where):
            if key in self.allowed and key not in keys:
                self.say(f"{where}.at.{key}", f"the key has a place but no [keys.{key}]")
        panels = self.value(table, f"{where}.", "panels", list, list[Any])
        return Face(
            name,
            size.width,
            size.height,
            self.place(table.get("display"), f"{where}.display", size),
            self.places(table, where, "at", size, self.allowed),
            self.places(table, where, "lamps", size, lamps),
            self.places(table, where, "labels", size, lamps),
            tuple(self.panel(one, f"{where}.panels[{number}]", size) for number, one in enumerate(panels)),
        )

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
        text = self.value(table, f"{where}.", "text", str, "")
        return Panel(place, color if "color" in table else "body", ink, text, bold, rounded)

    def places(self, table: Table, where: str, part: str, size: Place, names: frozenset[str]) -> dict[str, Place]:
        """A table of places by name."""
        found = self.table(table, part, where)
        for name in found:
            self.name(f"{where}.{part}.{name}", name, names)
        return {name: self.place(value, f"{where}.{part}.{name}", size) for name, value in found.items()}

    def place(self, value: object, where: str, inside: Place | None, form: str = "[x, y, width, height]") -> Place:
        """Four whole numbers that lie inside the face."""
        if not isinstance(value, list) or len(value) != 4 or not all(type(one) is int for one in value):
            self.say(where, f"{form} in character cells is expected, not {value!r}")
            return Place(0, 0, 1, 1)
        place = Place(*value)
        if min(place.x, place.y) < 0 or min(place.width, place.height) < 1:
            self.say(where, "x and y start at 0, width and height at 1")
        elif inside and (place.x + place.width > inside.width or place.y + place.height > inside.height):
            self.say(where, f"{value} reaches out of the face, which is {inside.width} x {inside.height}")
        return place

    def glyphs(self) -> dict[str, str]:
        """The glyphs; most of them must be one cell wide or the picture falls apart."""
        found = self.words("glyphs", GLYPHS)
        for name, text in found.items():
            if name in TRIPLES and len(text) not in (0 if not GLYPHS[name] else 3, 3):
                self.say(f"glyphs.{name}", f"3 characters are expected (left, middle, right), not {text!r}")
            elif name == "round" and len(text) not in (0, 6):
                self.say("glyphs.round", f"6 characters are expected (upper edge, lower edge), not {text!r}")
            elif name not in (*TRIPLES, "round") and len(text) != 1 and not name.startswith("soft_"):
                self.say(f"glyphs.{name}", f"one character of one cell is expected, not {text!r}")
        return found

    def words(self, part: str, default: Mapping[str, str]) -> dict[str, str]:
        """A table of texts, completed from the defaults."""
        table = self.table(self.raw, part)
        self.known(part, table, default)
        return {key: self.value(table, f"{part}.", key, str, value) for key, value in default.items()}

    def name(self, where: str, name: str, names: frozenset[str] | None = None) -> None:
        """Check the name of a key or LED."""
        names = self.allowed if names is None else names
        if name not in names:
            self.say(
                where, f"unknown name{hint(name, names) or '; snom key names such as REDIAL, F1 or P1 are expected'}"
            )

    def known(self, where: str, table: Table, names: Iterable[str]) -> None:
        """Complain about keys that nobody reads."""
        names = tuple(names)
        for key in table:
            if key not in names:
                self.say(
                    f"{where}.{key}".lstrip("."), f"unknown key{hint(key, names) or '; known: ' + ', '.join(names)}"
                )

    def tables(self, part: str) -> list[tuple[str, Table]]:
        """The tables inside one table."""
        outer = self.table(self.raw, part)
        return [(key, self.table(outer, key, part)) for key in outer]

    def table(self, outer: Table, key: str, where: str = "") -> Table:
        """One table; an empty one if it is something else."""
        return self.value(outer, f"{where}." if where else "", key, dict, dict[str, Any])

    def value(self, table: Table, where: str, key: str, kind: type[T], default: T | Callable[[], T]) -> T:
        """One value of the right type, else the default."""
        value = table.get(key)
        if isinstance(value, kind):
            return value
        if value is not None:
            self.say(f"{where}{key}", f"{kind.__name__} is expected, not {value!r}")
        return default() if callable(default) else default

    def number(self, table: Table, where: str, key: str, low: int, high: int) -> int:
        """A whole number between two limits."""
        value = table.get(key)
        if type(value) is int and low <= value <= high:
            return value
        self.say(where, f"a whole number from {low} to {high} is expected, not {value!r}")
        return low
