"""What all scenes share: the table in which they stand, and how most of them begin."""

from __future__ import annotations

from collections.abc import Callable

from snomtui.phone.intents import Intent
from snomtui.skin import Shape
from tests.ui.stage import Stage

Play = Callable[[Shape, str], Stage]
"""Plays a scene with a phone of this shape, in this language."""
SCENES: dict[str, Play] = {}
"""All scenes by name, in the order of the gallery; `tests.ui.scenes` fills it."""


def scene(play: Play) -> Play:
    """Take a function's name for the scene's."""
    SCENES[play.__name__] = play
    return play


def begun(shape: Shape, language: str, *intents: Intent, **settings: str) -> Stage:
    """A registered phone, of which these were wanted."""
    stage = Stage(shape, language, **settings)
    stage.do(*intents)
    return stage
