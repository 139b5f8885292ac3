"""The gallery: each skin with each page, as SVG files to look at.

`python -m tests.ui.gallery FOLDER [TEXT] [LANGUAGE]` writes those whose name contains the text.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Skin, load
from snomtui.ui.app import PhoneApp
from tests.ui.painter import screen_of, svg
from tests.ui.people import Border
from tests.ui.scenes import SCENES, snapshot_of

SKINS = ("snom320", "snom360", "snom370", "snom820", "snom821", "snom870", "plain")


def full_size(skin: Skin) -> tuple[int, int]:
    """The terminal that the whole face fits exactly, with the line below it."""
    return skin.faces[0].width, skin.faces[0].height + 1


def played(skin: Skin, scenes: Iterable[str], language: str = "English") -> dict[str, Snapshot]:
    """What a phone of this skin shows in these scenes."""
    return {scene: snapshot_of(scene, skin.shape, language) for scene in scenes}


async def drawn(skin: Skin, shown: dict[str, Snapshot], size: tuple[int, int]) -> AsyncIterator[tuple[str, str]]:
    """Pictures of one phone that shows these one after the other, in a terminal of this size."""
    app = PhoneApp(Border(next(iter(shown.values()))), skin, blinking=False)
    async with app.run_test(size=size) as pilot:
        for name, snapshot in shown.items():
            assert app.front is not None
            app.front.show(snapshot)
            await pilot.pause()
            yield name, svg(screen_of(app))


async def paint(folder: Path, only: str = "", language: str = "English") -> None:
    """Write one picture for each skin and scene whose name contains `only`."""
    for name in SKINS:
        skin = load(name)
        wanted = [scene for scene in SCENES if only in f"{name}-{scene}"]
        if wanted:
            async for scene, picture in drawn(skin, played(skin, wanted, language), full_size(skin)):
                (folder / f"{name}-{scene}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(paint(Path(sys.argv[1]), *sys.argv[2:]))
