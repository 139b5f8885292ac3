"""The soft key labels at the bottom of the display: words above the keys of the case, or buttons on the screen."""

from __future__ import annotations

from rich.cells import cell_len

from snomtui.phone.snapshot import SoftKey
from snomtui.skin import Skin, Spot
from snomtui.ui.text import centred, cut, harmless
from snomtui.ui.text import left as left_in

Tint = str | tuple[int, int]
"""The name of a style, or the colours of two pixels: 0xRRGGBB, `GROUND` or `INK`, the upper one first."""
Span = tuple[str, Tint]
"""A piece of text and how it is coloured."""
Line = list[Span]


def label_row(keys: tuple[SoftKey | None, ...], spots: tuple[Spot, ...], skin: Skin, width: int) -> Line:
    """One line of exactly `width` cells; soft keys without a meaning stay empty."""
    line: Line = []
    at = 0
    pairs = [(harmless(key.label), spot) for key, spot in zip(keys, spots, strict=False) if key is not None]
    edges = len(skin.glyphs["soft_left"] + skin.glyphs["soft_right"])
    bare = any(cell_len(text) + edges > spot.place.width for text, spot in pairs)
    for text, spot in pairs:
        wide = spot.place.width
        if wide > 0:
            label = _bare(text, skin, wide) if bare else _label(text, skin, wide)
            line += [(" " * (spot.place.x - at), "text"), *label]
            at = spot.place.x + wide
    return [*line, (" " * (width - at), "text")]


def button_rows(keys: tuple[SoftKey | None, ...], skin: Skin, width: int, height: int) -> list[Line]:
    """Buttons of two or three lines, for displays on which one sees that they are keys."""
    count = skin.shape.soft_keys
    each = width // count
    lines: list[Line] = [[] for _ in range(height)]
    for key in [*keys, *[None] * count][:count]:
        for line, part in zip(lines, button(harmless(key.label) if key else None, skin, each, height), strict=True):
            line += part
    return [[*line, (" " * (width - each * count), "text")] for line in lines]


def button(label: str | None, skin: Skin, width: int, height: int) -> list[Line]:
    """One button: its upper edge, its label, its lower edge; nothing where no key is."""
    if not label:
        return [[(" " * width, "text")] for _ in range(height)]
    style, edge = "soft", "soft-edge"
    sides = skin.glyphs["cap_middle"]
    face: Line = [(sides[0], edge), (_inside(label, skin, width - 2), style), (sides[2], edge)]
    if height < 2:
        return [face]
    lines = [_edge(skin.glyphs["cap_top"] or "   ", edge, width), face]
    return lines if height < 3 else [*lines, _edge(skin.glyphs["cap_bottom"] or "   ", edge, width)]


def _inside(label: str, skin: Skin, room: int) -> str:
    return centred(cut(label, room, skin.glyphs["ellipsis"]), room)


def _edge(glyphs: str, style: str, width: int) -> Line:
    return [(glyphs[0] + glyphs[1] * (width - 2) + glyphs[2], style)]


def _label(text: str, skin: Skin, each: int) -> Line:
    left, right = skin.glyphs["soft_left"], skin.glyphs["soft_right"]
    room = each - len(left) - len(right)
    return [(left, "soft-edge"), (centred(text, room), "soft"), (right, "soft-edge")]


def _bare(text: str, skin: Skin, each: int) -> Line:
    """A label without edges: where one word is too long for them, none has any."""
    if cell_len(text) < each:
        return [(left_in(text, each - 1), "soft"), (" ", "text")]
    return [(left_in(cut(text, each, skin.glyphs["ellipsis"]), each), "soft")]
