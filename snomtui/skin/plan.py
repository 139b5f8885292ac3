"""Where things are on the display: pure geometry in character cells, for drawing, clicks and touches.

From the top: title and clock, the page's rows with the entry line below them, the status line, the soft key labels.
On a display that is too small they go in the order title, status, rows away from the cursor. Colour displays have the
labels of their keys at the right edge; touch displays have the keys themselves there, below the list of calls.
"""

from __future__ import annotations

from dataclasses import dataclass

from snomtui.skin.values import Face, Icon, Place, Skin

SOFT_LINES = {"mono": (), "color": ((14, 2),), "touch": ((15, 3), (12, 2))}
"""From so many lines of display on, a soft key on the screen is so high; else it is one line."""
NARROWEST = 30
"""So many columns at least are left for the page, or there are no labels beside it."""
CARD = 4
"""Lines of the card of a caller."""
LARGE = 3
"""Lines that it has more for the name in large letters, where they are free."""
CHIPS = 3
"""Keys on one line below the rows."""
ICON_WIDTH = 11


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be on the display, in numbers."""

    rows: int = 0
    cursor: int | None = None
    entry: bool = False
    calls: int = 0
    """How many calls are listed at the side of a touch display; 0 = no list."""
    used: tuple[str, ...] = ()
    """The programmable keys that mean something."""
    idle: bool = False
    """Whether the keys of the idle display are wanted."""
    card: bool = False
    """Whether the first rows are about a caller."""
    labels: tuple[int, ...] = ()
    """How wide the labels of the soft keys are; 0 = that key has none."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something on the display that can be clicked or touched."""

    kind: str
    """`row`, `call` (both by number, from 0), `soft`, `key` or `icon` (by snom's name of the key)."""
    name: str
    place: Place

    def has(self, x: int, y: int) -> bool:
        """Whether this cell belongs to it."""
        place = self.place
        return place.x <= x < place.x + place.width and place.y <= y < place.y + place.height


@dataclass(frozen=True, slots=True)
class Plan:
    """Which line and column of the display is what."""

    width: int
    height: int
    page: int
    """How many columns the page has."""
    header: int | None
    rows: range
    """The lines of the content area."""
    first: int
    """The page row that is shown first."""
    lines: tuple[int, ...]
    """The line of each shown row."""
    entry: int | None
    status: int | None
    softkeys: range
    card: range
    """The lines of the card of a caller; empty without one."""
    side: range
    """The lines that the page shares with what is right of it."""
    spots: tuple[Spot, ...]

    def at(self, x: int, y: int) -> Spot | None:
        """What is in this cell."""
        return next((spot for spot in self.spots if spot.has(x, y)), None)

    def of(self, kind: str) -> tuple[Spot, ...]:
        """All spots of one kind, in order."""
        return tuple(spot for spot in self.spots if spot.kind == kind)

    def touched(self, x: int, y: int, pixels: tuple[int, int]) -> Spot | None:
        """What is at this pixel of a display of so many pixels across and down; None beside it all."""
        if not (0 <= x < pixels[0] and 0 <= y < pixels[1]):
            return None
        return self.at(x * self.width // pixels[0], y * self.height // pixels[1])


def plan(skin: Skin, face: Face, width: int, height: int, content: Content) -> Plan:
    """Share out a display of this size."""
    kind = skin.display.kind
    high = next((lines for least, lines in SOFT_LINES.get(kind, ()) if height >= least), 1)
    soft = range(max(1, height - high), height) if skin.shape.soft_keys and height > 1 else range(height, height)
    free = soft.start
    header = 0 if skin.header and free > 2 else None
    status = free - 1 if free - (header is not None) > min(2, skin.shape.rows) else None
    rows = range(int(header is not None), free - (status is not None))
    lines = range(rows.start, height if kind == "touch" else rows.stop)
    side = _side(skin, face, lines, width, content) if kind != "mono" and skin.display.side else []
    page = width - skin.display.side if side else width
    card = _card(rows, content) if kind != "mono" and page >= NARROWEST else range(0)
    first, shown = _shown(rows, card, content)
    entry = _entry_line(rows, shown, content)
    below = max([rows.start - 1, *shown, *([entry] if entry is not None else [])]) + 1
    spots = [
        *(Spot("row", str(first + number), Place(0, line, page, 1)) for number, line in enumerate(shown)),
        *_soft_spots(skin.shape.soft_keys, soft, page if kind == "touch" else width, content.labels * (kind == "mono")),
        *side,
        *_extras(skin, range(below, rows.stop), page, content, {spot.name for spot in side}),
    ]
    return Plan(
        width,
        height,
        page,
        header,
        rows,
        first,
        shown,
        entry,
        status,
        soft,
        card,
        lines if side else range(0),
        tuple(spots),
    )


def _card(rows: range, content: Content) -> range:
    """The caller's card, if there is a line for each row beside and below it."""
    free = len(rows) - max(0, content.rows - 2) - content.entry if content.card else 0
    high = next((lines for lines in (CARD + LARGE, CARD) if lines <= free), 0)
    return range(rows.start, rows.start + high)


def _shown(rows: range, card: range, content: Content) -> tuple[int, tuple[int, ...]]:
    """The first row that is shown, and the line of each one; two rows stand on a card."""
    if card:
        lines = (*range(card.start + 1, card.start + 3), *range(card.stop, rows.stop))
        return 0, lines[: content.rows]
    room = max(1, len(rows) - content.entry)
    first = min(max(0, (content.cursor or 0) - room + 1), max(0, content.rows - room))
    return first, tuple(rows[: min(content.rows - first, room)])


def _entry_line(rows: range, shown: tuple[int, ...], content: Content) -> int | None:
    """Below the rows, with a free line between if there is one."""
    if not content.entry or not rows:
        return None
    after = max([rows.start - 1, *shown]) + 1
    return min(after + (1 if after + 1 < rows.stop else 0), rows.stop - 1)


def _soft_spots(count: int, lines: range, width: int, labels: tuple[int, ...]) -> list[Spot]:
    """Each key has its share of the line, but where words are longer than that they are put one after the other."""
    if not lines or not count:
        return []
    each = width // count
    places = [(n * each, each) for n in range(count)]
    if max(labels, default=0) >= each > 0:
        places = _in_turn([*labels, *[0] * count][:count], each, width)
    return [Spot("soft", f"F{n + 1}", Place(x, lines.start, wide, len(lines))) for n, (x, wide) in enumerate(places)]


def _in_turn(labels: list[int], each: int, width: int) -> list[tuple[int, int]]:
    """Words as near to their keys as they can be with a blank between, the longest ones cut if they must be."""
    used = [number for number, wide in enumerate(labels) if wide]
    while sum(labels) > width - len(used) + 1 and max(labels) > 1:
        labels[labels.index(max(labels))] -= 1
    starts, at = [number * each for number in range(len(labels))], 0
    for number in used:
        starts[number] = max(at, number * each + (each - labels[number]) // 2)
        at = starts[number] + labels[number] + 1
    end = width
    for number in reversed(used):
        starts[number] = max(0, min(starts[number], end - labels[number]))
        end = starts[number] - 1
    return list(zip(starts, labels, strict=True))


def _side(skin: Skin, face: Face, lines: range, width: int, content: Content) -> list[Spot]:
    """What is at the right edge: labels beside the keys of the case, or calls and keys one below the other."""
    x = width - skin.display.side
    if x < NARROWEST:
        return []
    if skin.display.kind == "touch":
        return _column(skin, face, x, lines, content)
    beside = ((name, place.y - face.display.y) for name, place in face.keys.items() if _is_programmable(name))
    return [Spot("key", name, Place(x, y, skin.display.side, 1)) for name, y in beside if y in lines]


def _column(skin: Skin, face: Face, x: int, lines: range, content: Content) -> list[Spot]:
    calls = min(content.calls, len(lines) // 2)
    spots = [Spot("call", str(n), Place(x, lines.start + 2 * n, skin.display.side, 2)) for n in range(calls)]
    names = [f"P{n + 1}" for n in range(skin.shape.programmable_keys) if f"P{n + 1}" not in face.keys]
    for y, name in zip(lines[2 * calls :], names, strict=False):
        spots.append(Spot("key", name, Place(x, y, skin.display.side, 1)))
    return spots


def _extras(skin: Skin, free: range, width: int, content: Content, there: set[str]) -> list[Spot]:
    """Keys that are neither on the case nor at the side, and the icons of the idle display, where lines are free."""
    chips: list[Spot] = []
    if skin.display.kind != "mono" and (content.idle or content.card):
        names = [name for name in content.used if name not in there]
        high, each = -(-len(names) // CHIPS), width // CHIPS
        if high <= len(free) and width >= NARROWEST:
            free = range(free.start, free.stop - high)
            chips = [
                Spot("key", name, Place(n % CHIPS * each, free.stop + n // CHIPS, each, 1))
                for n, name in enumerate(names)
            ]
            if names and len(free) > 2:  # a free line between keys of two kinds
                free = range(free.start, free.stop - 1)
    return chips + (_icons(skin.display.icons, free, width) if content.idle else [])


def _icons(icons: tuple[Icon, ...], free: range, width: int) -> list[Spot]:
    """Two lines each, at the bottom of what is free, as many rows as fit; with gaps between if there is room."""
    if not icons:
        return []
    across = max(1, min(len(icons), width // ICON_WIDTH))
    rows = min(-(-len(icons) // across), len(free) // 2)
    high = 3 if 3 * rows - 1 <= len(free) else 2
    each, top = width // across, free.stop - high * rows + (high - 2)
    return [
        Spot("icon", icon.key, Place(n % across * each, top + high * (n // across), each, 2))
        for n, icon in enumerate(icons[: rows * across])
    ]


def _is_programmable(name: str) -> bool:
    return name[0] == "P" and name[1:].isdigit()
