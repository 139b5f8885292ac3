"""The rows of a page: presence as shape, colour and word; text at the left, text at the right. Pure."""

from __future__ import annotations

from rich.cells import cell_len

from snomtui.language import Language
from snomtui.phone.snapshot import Page, Row
from snomtui.presence import WORDS, Availability
from snomtui.skin import Skin
from snomtui.ui.softkeys import Line
from snomtui.ui.text import cut, cut_start, harmless, left

TONES = {
    Availability.AVAILABLE: "available",
    Availability.INACTIVE: "away",
    Availability.BE_RIGHT_BACK: "away",
    Availability.AWAY: "away",
    Availability.OFFLINE: "offline",
    Availability.UNKNOWN: "offline",
}
"""The colour of a presence; what is not here is `busy`."""
_ON_CARD = {"big": "big", "title": "big", "alert": "alert"}
"""The styles that rows on a card have."""
SHORTEST = 7
"""So many cells of a long text stay readable beside another one, if the row has room for both."""


def row_line(row: Row, skin: Skin, language: Language, width: int, under_cursor: bool, ground: str = "") -> Line:
    """Cursor mark, presence, text at the left, word at the right; one cell of margin on both sides.

    `ground` is the style of what the row lies on, such as a card; a style of the row's own goes first.
    """
    style = "cursor" if under_cursor else (row.style or "text")
    if ground and not under_cursor:
        style = f"{ground}-{_ON_CARD.get(row.style, 'text')}"
    mark = skin.glyphs["cursor"] if under_cursor else skin.glyphs["alert"] if row.style == "alert" else " "
    glyph = _shapes(row, skin)
    text, word = harmless(row.text), harmless(_word(row, language))
    room = width - 2 - cell_len(glyph)
    text, word = shared(text, word, room, skin.glyphs["ellipsis"])
    gap = room - cell_len(word)
    tone = TONES.get(row.presence, "busy") if row.presence else "text"
    quiet = "dim" if (row.presence or row.right) and style == "text" else style
    return [
        (mark, style),
        (glyph, style if under_cursor or ground else tone),
        (left(text, gap), style),
        (word, quiet),
        (" ", style),
    ]


def _shapes(row: Row, skin: Skin) -> str:
    """What is drawn before the text: the mark of an identity, the shape of a presence."""
    names = (row.mark, row.presence.value if row.presence else "")
    return "".join(f"{skin.glyphs[name]} " for name in names if name in skin.glyphs)


def shared(text: str, word: str, room: int, ellipsis: str) -> tuple[str, str]:
    """Both texts, cut so that they fit beside each other; neither one swallows the other."""
    if not word:
        return cut(text, room, ellipsis), ""
    free = room - 1
    if cell_len(text) + cell_len(word) > free:
        keep = min(cell_len(text), max(free // 2, min(SHORTEST, free)))
        shorten = cut_start if _is_number(word) else cut  # the last digits of a number tell more than the first
        word = shorten(word, max(free - cell_len(text), free - keep), ellipsis)
    return cut(text, max(0, free - cell_len(word)), ellipsis), word


def _is_number(word: str) -> bool:
    return word.removeprefix("+").isdecimal()


def _word(row: Row, language: Language) -> str:
    """What stands at the right; a presence is always told in a word too."""
    if row.right or row.presence is None:
        return row.right
    word = language.say(WORDS[row.presence])
    return "" if word == row.text or WORDS[row.presence] == row.text else word


def entry_line(page: Page, skin: Skin, width: int, alone: bool) -> Line:
    """What has been typed, with the caret; `alone` = there is no other line to say what it is."""
    mode = f" {page.mode} " if page.mode else ""
    room = width - 3 - cell_len(mode)
    ellipsis = skin.glyphs["ellipsis"]
    free = room - cell_len(harmless(page.entry or "")) - 3  # the name gives way to what is typed, down to one half
    name = cut(_field(page), max(room // 2, free), ellipsis) if alone else ""
    name = f"{name}: " if name else ""
    typed = cut_start(harmless(page.entry or ""), room - cell_len(name) - 1, ellipsis)
    field = left(" " + name + typed + skin.glyphs["caret"], room + 1)
    return [(" ", "text"), (field, "entry"), (mode, "mode"), (" " * (width - 2 - room - cell_len(mode)), "text")]


def _field(page: Page) -> str:
    """The name of the field that is being typed in, where the page has several."""
    at = page.cursor
    return harmless(page.rows[at].text) if at is not None and at < len(page.rows) else ""


def marked(line: Line, glyph: str, width: int) -> Line:
    """The line with a mark in its last cell, behind its margin if it was drawn narrower by one cell."""
    text, style = line[-1]
    if sum(cell_len(each) for each, _ in line) < width:
        return [*line, (glyph, style)]
    return [*line[:-1], (text[:-1], style), (glyph, style)]
