"""The table `[display]` of a skin file: labels at the edge of the display, and keys that are on it.

[display]
kind = "touch"                     # or "color", or "mono"
side = 14                          # columns at the right for the labels or keys
icons = [{ key = "REDIAL", label = "Redial", glyph = "↻" }]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from snomtui.skin.values import Display, Icon
from snomtui.skin.words import DISPLAYS, ICON_KEYS, PRINTED_KEYS

if TYPE_CHECKING:
    from snomtui.skin.reader import Paper

SIDES = (8, 60)
"""So many columns at least and at most may be labels."""


def read_display(paper: Paper) -> Display:
    """What the skin says of its display; a plain one if it says nothing."""
    table = paper.table(paper.raw, "display")
    paper.known("display", table, ("kind", "side", "icons"))
    kind = paper.value(table, "display.", "kind", str, "mono")
    if kind not in DISPLAYS:
        paper.say("display.kind", f"{kind!r} is not one of {', '.join(DISPLAYS)}")
    side = paper.number(table, "display.side", "side", *SIDES) if "side" in table else 0
    icons = paper.value(table, "display.", "icons", list, list[Any])
    return Display(kind, side, tuple(_icon(paper, one, f"display.icons[{n}]") for n, one in enumerate(icons)))


def _icon(paper: Paper, table: object, where: str) -> Icon:
    if not isinstance(table, dict):
        paper.say(where, f"a table is expected, not {table!r}")
        return Icon("HELP", "")
    paper.known(where, table, ("key", "label", "glyph"))
    key = paper.value(table, f"{where}.", "key", str, "")
    paper.name(f"{where}.key", key, PRINTED_KEYS | ICON_KEYS)
    glyph = paper.value(table, f"{where}.", "glyph", str, "")
    if len(glyph) > 1:
        paper.say(f"{where}.glyph", f"one character of one cell is expected, not {glyph!r}")
    return Icon(key, paper.value(table, f"{where}.", "label", str, key), glyph[:1])
