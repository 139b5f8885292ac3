"""All pages of the phone, each reached as a person would: a real phone in a real office, on a pretend wire."""

from __future__ import annotations

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Shape
from tests.ui import scenes_of_calls, scenes_of_menus, scenes_of_people
from tests.ui.playing import SCENES

__all__ = ["SCENES", "scenes_of_calls", "scenes_of_menus", "scenes_of_people", "snapshot_of"]


def snapshot_of(name: str, shape: Shape, language: str = "English") -> Snapshot:
    """What a phone of this shape shows in a scene."""
    return SCENES[name](shape, language).snapshot
