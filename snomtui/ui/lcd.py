"""What stands where on the display: a snapshot becomes lines of styled text. Pure; the widget only colours it.

Where things are is for `snomtui.skin.plan` to say; here is what they look like.
"""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len

from snomtui.language import Language, known
from snomtui.phone.snapshot import Page, Snapshot
from snomtui.phone.touching import content
from snomtui.skin import Face, Plan, Skin, plan
from snomtui.ui.card import CARD_EDGE, card_lines, on_card
from snomtui.ui.pixels import MANY, drawn
from snomtui.ui.rows import entry_line, marked, row_line
from snomtui.ui.side import extra_lines, side_line
from snomtui.ui.softkeys import Line, button_rows, label_row
from snomtui.ui.text import centred, cut, harmless, left, right

ROOMY = 30
"""A page of so many columns has a blank between a row and the scroll mark beside it."""


def laid_out(snapshot: Snapshot, skin: Skin, width: int, height: int, face: Face | None = None) -> Plan:
    """Where everything is on a display of this size; without a face it is that of the first one."""
    labels = tuple(cell_len(harmless(key.label)) if key else 0 for key in snapshot.page.softkeys)
    return plan(skin, face or skin.faces[0], width, height, replace(content(snapshot), labels=labels))


def draw(
    snapshot: Snapshot,
    skin: Skin,
    width: int,
    height: int,
    face: Face | None = None,
    tick: int = 0,
    colors: int = MANY,
) -> list[Line]:
    """The whole display, `height` lines of exactly `width` cells; `colors` = how many the terminal has."""
    language = known(snapshot.language)
    parts = laid_out(snapshot, skin, width, height, face)
    lines: list[Line] = [[(" " * parts.page, "text")] for _ in range(height)]
    for y, line in extra_lines(parts, snapshot, skin, language, tick).items():
        lines[y] = line
    _page(lines, snapshot, skin, language, parts, colors)
    if parts.status is not None:
        lines[parts.status] = _status(snapshot, skin, language, parts.page if parts.status in parts.side else width)
    _soft_keys(lines, snapshot.page, skin, parts)
    for y in parts.side:
        lines[y] = [*lines[y], *side_line(y, parts, snapshot, skin, language, tick)]
    if parts.header is not None:
        lines[parts.header] = _header(snapshot, skin, width)
    return lines


def _page(lines: list[Line], snapshot: Snapshot, skin: Skin, language: Language, parts: Plan, colors: int) -> None:
    """Rows, entry, picture and scroll marks."""
    page, width = snapshot.page, parts.page
    picture = _picture(page, skin, parts, colors)
    beside = page.picture is not None and page.picture.place == "right" and picture
    if beside:
        width -= sum(cell_len(text) for text, _ in picture[0]) + 1
    ground = "ring" if any(call.shown and call.state == "offered" for call in snapshot.calls) else "card"
    for y, card in zip(parts.card, card_lines(page, skin, parts.page, len(parts.card), ground), strict=True):
        lines[y] = card
    marks, roomy = _marks(page, skin, parts), width >= ROOMY
    rows = on_card(page.rows, width - CARD_EDGE - 2) if parts.card else page.rows
    for number, y in enumerate(parts.lines):
        row, under = rows[parts.first + number], parts.first + number == page.cursor
        if y in parts.card:
            room = width - CARD_EDGE
            lines[y] = [lines[y][0], *row_line(row, skin, language, room, under, ground)]
        else:
            lines[y] = row_line(row, skin, language, width - (y in marks and roomy), under)
    if parts.entry is not None:
        lines[parts.entry] = entry_line(page, skin, width, len(parts.rows) == 1)
    for y, glyph in marks.items():
        lines[y] = marked(lines[y], glyph, width)
    if beside:
        _stand_beside(lines, picture, parts, width)
    elif picture:
        _put_in_the_middle(lines, picture, parts)


def _picture(page: Page, skin: Skin, parts: Plan, colors: int) -> list[Line]:
    if page.picture is None or not parts.rows:
        return []
    full = page.picture.place == "full"
    height = len(parts.rows) - (full and parts.entry is not None)
    return drawn(page.picture, skin, parts.page if full else parts.page // 2, height, colors)


def _put_in_the_middle(lines: list[Line], picture: list[Line], parts: Plan) -> None:
    """A picture instead of the rows."""
    width = sum(cell_len(text) for text, _ in picture[0])
    before = (parts.page - width) // 2
    room = len(parts.rows) - (parts.entry is not None)
    top = parts.rows.start + max(0, (room - len(picture)) // 2)
    for y, line in enumerate(picture, top):
        lines[y] = [(" " * before, "text"), *line, (" " * (parts.page - width - before), "text")]


def _stand_beside(lines: list[Line], picture: list[Line], parts: Plan, width: int) -> None:
    """A picture at the right edge of the page, beside the rows."""
    for number, y in enumerate(parts.rows):
        text = lines[y] if sum(cell_len(one) for one, _ in lines[y]) == width else [(" " * width, "text")]
        room = parts.page - width
        line = picture[number] if number < len(picture) else [(" " * (room - 1), "text")]
        lines[y] = [*text, *line, (" ", "text")]


def _header(snapshot: Snapshot, skin: Skin, width: int) -> Line:
    title, clock = harmless(snapshot.page.title), harmless(snapshot.clock)
    if not title and skin.display.kind != "mono" and " " in clock:
        title, _, clock = clock.rpartition(" ")
    if not title:
        return [(centred(clock, width), "title")]
    room = width - 2
    if cell_len(title) + 2 + cell_len(clock) > room:
        return [(left(" " + cut(title, room, skin.glyphs["ellipsis"]), width), "title")]
    return [(left(" " + title, width - cell_len(clock) - 1) + clock + " ", "title")]


def _status(snapshot: Snapshot, skin: Skin, language: Language, width: int) -> Line:
    sound = " ".join(
        filter(None, (_device(snapshot.handset, language), language.say("muted") if snapshot.muted else ""))
    )
    sound = cut(sound, width - 2, skin.glyphs["ellipsis"])
    room = width - 2 - cell_len(sound) - bool(sound)
    text = cut(harmless(snapshot.status), room, skin.glyphs["ellipsis"])
    return [
        (left(" " + text, width - 1 - cell_len(sound)), "status"),
        (right(sound + " ", cell_len(sound) + 1), "status-dim"),
    ]


def _device(device: str, language: Language) -> str:
    """The word for the audio device in use."""
    match device:
        case "handset":
            return language.say("handset")
        case "speaker":
            return language.say("speaker")
        case "headset":
            return language.say("headset")
    return device


def _soft_keys(lines: list[Line], page: Page, skin: Skin, parts: Plan) -> None:
    """The labels in the last lines."""
    if not parts.softkeys or not skin.shape.soft_keys:
        return
    width = parts.page if parts.softkeys.start in parts.side else parts.width
    if skin.display.kind == "mono":
        lines[parts.softkeys.start] = label_row(page.softkeys, parts.of("soft"), skin, width)
        return
    buttons = button_rows(page.softkeys, skin, width, len(parts.softkeys))
    for y, line in zip(parts.softkeys, buttons, strict=True):
        lines[y] = line


def _marks(page: Page, skin: Skin, parts: Plan) -> dict[int, str]:
    """Scroll marks in the right margin of the first and last row, both at once where there is one row only."""
    if not parts.lines or (page.picture is not None and page.picture.place == "full"):
        return {}
    above = bool(page.above or parts.first)
    below = bool(page.below or parts.first + len(parts.lines) < len(page.rows))
    first, last = parts.lines[0], parts.lines[-1]
    listed = [y for n, y in enumerate(parts.lines, parts.first) if page.rows[n].intent]
    at = page.cursor if page.cursor is not None and page.cursor < len(page.rows) else None
    if listed and at is not None and page.rows[at].intent:
        last = listed[-1]  # what stands below a list does not scroll with it
    if above and below and first == last:
        return {first: skin.glyphs["both"]}
    marks = {first: skin.glyphs["above"]} if above else {}
    return {**marks, last: skin.glyphs["below"]} if below else marks
