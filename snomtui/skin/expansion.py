"""A phone with its expansion module: the same faces with the module at their right, where there is room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from snomtui.skin.values import Expansion, Face, Place, Skin

GAP = 1
"""Columns between phone and module."""


def expanded(skin: Skin) -> Skin:
    """The skin with its module attached; as it is, if it has none."""
    if skin.expansion is None:
        return skin
    module, shown = skin.expansion, [face for face in skin.faces if face.height >= skin.expansion.face.height]
    return replace(
        skin,
        shape=replace(skin.shape, expansion_keys=module.count),
        keys=(*skin.keys, *module.keys),
        faces=(*(_beside(face, module) for face in shown), *skin.faces),
    )


def _beside(face: Face, module: Expansion) -> Face:
    x, y = face.width + GAP, (face.height - module.face.height) // 2

    def moved(places: Mapping[str, Place]) -> dict[str, Place]:
        return {name: _moved(place, x, y) for name, place in places.items()}

    return replace(
        face,
        name=f"{face.name}+expansion",
        width=x + module.face.width,
        keys={**face.keys, **moved(module.face.keys)},
        lamps={**face.lamps, **moved(module.face.lamps)},
        labels={**face.labels, **moved(module.face.labels)},
        panels=(*face.panels, *(replace(one, place=_moved(one.place, x, y)) for one in module.face.panels)),
    )


def _moved(place: Place, x: int, y: int) -> Place:
    return replace(place, x=place.x + x, y=place.y + y)
