"""The names in a skin's style sheet: one that nothing on the phone has would be passed over without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from snomtui.skin import Sheet
from snomtui.skin.words import KINDS, LIGHTS, PRINTED_KEYS
from snomtui.ui.keycap import widget_id

OURS = Path(__file__).with_name("phone.tcss")
"""The ui's own style sheet: it has all types and parts."""
MOST = 54
"""The highest number of a programmable key."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR = re.compile(r"[^{};]*(?=\{)")
_NAME = re.compile(r"::?[\w-]+|([#.]?[A-Za-z_-][\w-]*)")


def misnamed(sheet: Sheet) -> list[str]:
    """Names that are near to one of the phone's but none, each with file, line and the right one."""
    known = _known()
    wrong = ((line, name, get_close_matches(name, known, 1)) for line, name in _names(sheet.text) if name not in known)
    return [
        f"{sheet.path}:{line}: {name}: nothing on the phone is named so, did you mean {near[0]!r}?"
        for line, name, near in wrong
        if near
    ]


@cache
def _known() -> frozenset[str]:
    names = {name for _, name in _names(OURS.read_text("utf-8"))}
    programmable = [f"P{number}" for number in range(1, MOST + 1)]
    keys = (f"#{widget_id('key', key)}" for key in (*PRINTED_KEYS, *programmable))
    lamps = (f"#{widget_id('lamp', key)}" for key in (*LIGHTS, *programmable))
    papers = (f"#paper-{number}" for number in range(2 * MOST))
    return frozenset((*names, *keys, *lamps, *papers, *(f".-{kind}" for kind in KINDS), ".-pressed", "Screen"))


def _names(text: str) -> Iterator[tuple[int, str]]:
    """Types, `.classes` and `#ids` with their lines."""
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for selector in _SELECTOR.finditer(text):
        for found in _NAME.finditer(selector[0]):
            if found[1]:
                yield text.count("\n", 0, selector.start() + found.start()) + 1, found[1]
