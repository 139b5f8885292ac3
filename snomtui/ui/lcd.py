"""What stands where on the display: a snapshot becomes lines of styled text. Pure; the widget only colours it.

From the top: title and clock, the page's rows with the entry line below them, the status line, the soft key labels.
On a display that is too small they go in the order title, status, rows away from the cursor.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from snomtui.phone.snapshot import Page, Row, Snapshot
from snomtui.presence import WORDS, Availability
from snomtui.skin import Skin
from snomtui.ui.softkeys import Span, label_row
from snomtui.ui.text import centred, cut, cut_start, harmless, left, right

Line = list[Span]

TONES = {
    Availability.AVAILABLE: "available",
    Availability.INACTIVE: "away",
    Availability.BE_RIGHT_BACK: "away",
    Availability.AWAY: "away",
    Availability.OFFLINE: "offline",
    Availability.UNKNOWN: "offline",
}
"""The colour of a presence; what is not here is `busy`."""


@dataclass(frozen=True, slots=True)
class Division:
    """Which line of the display is what."""

    header: int | None
    rows: range
    """The lines of the content area."""
    first: int
    """The page row on the first of them."""
    status: int | None
    softkeys: int | None


def divide(page: Page, skin: Skin, height: int) -> Division:
    """Share out the lines of a display of this height."""
    softkeys = height - 1 if skin.shape.soft_keys and height > 1 else None
    free = height - (softkeys is not None)
    header = 0 if skin.header and free > 2 else None
    status = free - 1 if free - (header is not None) > min(2, skin.shape.rows) else None
    rows = range(int(header is not None), free - (status is not None))
    room = max(1, len(rows) - (page.entry is not None))
    first = min(max(0, (page.cursor or 0) - room + 1), max(0, len(page.rows) - room))
    return Division(header, rows, first, status, softkeys)


def draw(snapshot: Snapshot, skin: Skin, width: int, height: int) -> list[Line]:
    """The whole display, `height` lines of exactly `width` cells."""
    page, parts = snapshot.page, divide(snapshot.page, skin, height)
    lines: list[Line] = [[(" " * width, "text")] for _ in range(height)]
    if parts.header is not None:
        lines[parts.header] = _header(snapshot, skin, width)
    shown = page.rows[parts.first : parts.first + len(parts.rows)]
    for number, row in enumerate(shown):
        lines[parts.rows[number]] = _row(row, skin, width, parts.first + number == page.cursor)
    if page.entry is not None and parts.rows:
        at = len(shown) + (1 if len(shown) + 1 < len(parts.rows) else 0)
        lines[parts.rows[min(at, len(parts.rows) - 1)]] = _entry(page, skin, width)
    _marks(lines, page, skin, parts)
    if parts.status is not None:
        lines[parts.status] = _status(snapshot, skin, width)
    if parts.softkeys is not None:
        lines[parts.softkeys] = label_row(page.softkeys, skin, width)
    return lines


def row_at(y: int, page: Page, skin: Skin, height: int) -> int | None:
    """The page row on this line of the display, or None."""
    parts = divide(page, skin, height)
    number = y - parts.rows.start + parts.first
    return number if y in parts.rows and number < len(page.rows) else None


def _header(snapshot: Snapshot, skin: Skin, width: int) -> Line:
    title, clock = harmless(snapshot.page.title), harmless(snapshot.clock)
    if not title:
        return [(centred(clock, width), "title")]
    room = width - 2
    if cell_len(title) + 2 + cell_len(clock) > room:
        return [(left(" " + cut(title, room, skin.glyphs["ellipsis"]), width), "title")]
    return [(left(" " + title, width - cell_len(clock) - 1) + clock + " ", "title")]


def _row(row: Row, skin: Skin, width: int, under_cursor: bool) -> Line:
    """Cursor mark, presence, text at the left, word at the right; one cell of margin on both sides."""
    style = "cursor" if under_cursor else (row.style or "text")
    mark = skin.glyphs["cursor"] if under_cursor else " "
    room = width - 2
    word = row.right or (WORDS[row.presence] if row.presence and WORDS[row.presence] != row.text else "")
    glyph = skin.glyphs[row.presence.value] + " " if row.presence else ""
    ellipsis = skin.glyphs["ellipsis"]
    text = harmless(row.text)
    word = cut(harmless(word), max(room * 3 // 5, room - cell_len(glyph) - cell_len(text) - 1), ellipsis)
    text = cut(text, room - cell_len(glyph) - cell_len(word) - bool(word), ellipsis)
    gap = room - cell_len(glyph) - cell_len(word)
    tone = TONES.get(row.presence, "busy") if row.presence else "text"
    quiet = style if under_cursor or row.style else ("dim" if row.presence or row.right else style)
    return [
        (mark, style),
        (glyph, style if under_cursor else tone),
        (left(text, gap), style),
        (word, quiet),
        (" ", style),
    ]


def _entry(page: Page, skin: Skin, width: int) -> Line:
    mode = f" {page.mode} " if page.mode else ""
    room = width - 3 - cell_len(mode)
    typed = cut_start(harmless(page.entry or ""), room - 1, skin.glyphs["ellipsis"])
    field = left(" " + typed + skin.glyphs["caret"], room + 1)
    return [(" ", "text"), (field, "entry"), (mode, "mode"), (" " * (width - 2 - room - cell_len(mode)), "text")]


def _status(snapshot: Snapshot, skin: Skin, width: int) -> Line:
    sound = " ".join(filter(None, (snapshot.handset, "muted" if snapshot.muted else "")))
    room = width - 2 - cell_len(sound) - bool(sound)
    text = cut(harmless(snapshot.status), room, skin.glyphs["ellipsis"])
    return [(left(" " + text, width - 1 - cell_len(sound)), "status"), (right(sound + " ", cell_len(sound) + 1), "dim")]


def _marks(lines: list[Line], page: Page, skin: Skin, parts: Division) -> None:
    """Scroll marks in the right margin of the first and last content line."""
    shown = min(len(page.rows) - parts.first, len(parts.rows))
    if (page.above or parts.first) and parts.rows:
        _mark(lines, parts.rows[0], skin.glyphs["above"])
    if (page.below or parts.first + shown < len(page.rows)) and parts.rows:
        _mark(lines, parts.rows[max(0, shown - 1)], skin.glyphs["below"])


def _mark(lines: list[Line], y: int, glyph: str) -> None:
    text, style = lines[y][-1]
    lines[y][-1:] = [(text[:-1], style), (glyph, style)]
