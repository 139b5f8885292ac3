"""Parts of a face that lie on each other: one of them could not be seen or clicked."""

from __future__ import annotations

from collections.abc import Iterator

from snomtui.skin.values import Face, Place

WIDE = 10_000
"""More columns than any face has: a cell is one number, which is compared faster than two."""


def overlaps(face: Face) -> Iterator[tuple[str, str]]:
    """The later one of each pair as the file has it (`at.P2`), and what it lies on.

    Panels lie under everything, an LED may be part of a key, and labels may stand on the display.
    """
    taken: set[int] = set()
    before: list[tuple[str, set[int]]] = []
    for name, place in _parts(face):
        cells = {
            y * WIDE + x for y in range(place.y, place.y + place.height) for x in range(place.x, place.x + place.width)
        }
        if not taken.isdisjoint(cells):
            for below, others in before:
                if not others.isdisjoint(cells) and not _may(name, below):
                    yield name, below
        taken |= cells
        before.append((name, cells))


def _parts(face: Face) -> Iterator[tuple[str, Place]]:
    yield "display", face.display
    for table, places in (("at", face.keys), ("lamps", face.lamps), ("labels", face.labels)):
        for name, place in places.items():
            yield f"{table}.{name}", place


def _may(name: str, below: str) -> bool:
    return (name.startswith("lamps.") and below.startswith("at.")) or (
        name.startswith("labels.") and below == "display"
    )
