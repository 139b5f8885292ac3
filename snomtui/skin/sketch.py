"""A face drawn in plain text: what is where, without colours and without a phone in it."""

from __future__ import annotations

from snomtui.skin.values import Face, KeyShape, Panel, Place, Skin

Grid = list[list[str]]


def sketch(skin: Skin, face: Face) -> list[str]:
    """The lines of a picture of this face."""
    grid: Grid = [[" "] * face.width for _ in range(face.height)]
    for panel in face.panels:
        _panel(grid, panel, skin.glyphs["round"] if panel.rounded else "")
    for name, place in face.keys.items():
        key = skin.key(name)
        if key is not None:
            _key(grid, key, place, skin.glyphs["cap_middle"], skin.glyphs["cap_bottom"])
    for name, place in face.labels.items():
        _write(grid, place.x, place.y, name.center(place.width, "_"))
    for place in face.lamps.values():
        _write(grid, place.x, place.y, skin.glyphs["off" if place.width == 1 else "bar_off"] * place.width)
    if face.display.width:
        _display(grid, face.display, skin.glyphs["cap_middle"])
    return ["".join(row).rstrip() for row in grid]


def _write(grid: Grid, x: int, y: int, text: str) -> None:
    for number, letter in enumerate(text):
        if y < len(grid) and x + number < len(grid[y]):
            grid[y][x + number] = letter


def _panel(grid: Grid, panel: Panel, edge: str) -> None:
    """What is printed; of an area its edge, and that it covers what is below."""
    place = panel.place
    for y in range(place.height):
        last = y == place.height - 1
        sides = (edge[:3] if y == 0 else edge[3:] if last else "▐ ▌") if edge else "   "
        _write(grid, place.x, place.y + y, sides[0] + sides[1] * (place.width - 2) + sides[2] * (place.width > 1))
    if panel.text:
        _write(grid, place.x, place.y, panel.text[: place.width])


def _key(grid: Grid, key: KeyShape, place: Place, glyphs: str, front: str) -> None:
    room = place.width - 2
    label = f"{key.label} {key.letters}".strip()
    if len(label) > room:
        label = key.label if len(key.label) <= room else key.short or key.label
    for y in range(place.height):
        text = label[:room] if y == (place.height - 1) // 2 else ""
        line = glyphs[0] + text.center(room) + glyphs[2]
        if front and y and y == place.height - 1:
            line = front[0] + front[1] * room + front[2]
        _write(grid, place.x, place.y + y, line)


def _display(grid: Grid, place: Place, glyphs: str) -> None:
    for y in range(place.height):
        text = f"{place.width} x {place.height}" if y == (place.height - 1) // 2 else ""
        _write(grid, place.x, place.y + y, glyphs[0] + text.center(place.width - 2, ":") + glyphs[2])
