"""The row of soft key labels at the bottom of the display, each right above its key."""

from __future__ import annotations

from rich.cells import cell_len

from snomtui.phone.snapshot import SoftKey
from snomtui.skin import Skin
from snomtui.ui.text import centred, cut, harmless
from snomtui.ui.text import left as left_in

Span = tuple[str, str]
"""A piece of text and the name of its style."""


def label_row(keys: tuple[SoftKey | None, ...], skin: Skin, width: int) -> list[Span]:
    """One line of exactly `width` cells; soft keys without a meaning stay empty."""
    count = skin.shape.soft_keys
    each = width // count
    spans: list[Span] = []
    for key in [*keys, *[None] * count][:count]:
        if key is None:
            spans.append((" " * each, "text"))
            continue
        left, right = skin.glyphs["soft_left"], skin.glyphs["soft_right"]
        room = each - len(left) - len(right)
        text = harmless(key.label)
        if cell_len(text) <= room:
            spans += [(left, "soft-edge"), (centred(text, room), "soft"), (right, "soft-edge")]
        else:  # a long word takes the place of its edges
            spans += [(left_in(cut(text, each - 1, skin.glyphs["ellipsis"]), each - 1), "soft"), (" ", "text")]
    return [*spans, (" " * (width - each * count), "text")]


def key_at(x: int, skin: Skin, width: int) -> int | None:
    """Which soft key's label is at this column, from 0; None beside them."""
    count = skin.shape.soft_keys
    number = x // (width // count) if count else 0
    return number if number < count else None
