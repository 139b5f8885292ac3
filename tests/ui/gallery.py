"""The gallery: each skin with each page, as SVG files to look at.

`python -m tests.ui.gallery FOLDER [TEXT] [LANGUAGE]` writes those whose name contains the text.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from snomtui.phone.snapshot import Snapshot
from snomtui.skin import Skin, load
from snomtui.ui.app import PhoneApp
from tests.ui.painter import screen_of, svg
from tests.ui.people import SNAPSHOTS, Border
from tests.ui.scenes import SCENES, snapshot_of

SKINS = ("snom320", "snom360", "snom370", "snom820", "snom821", "snom870", "plain")
README = Path(__file__).with_name("phone.svg")
"""The picture on the first screen of the README."""


def full_size(skin: Skin) -> tuple[int, int]:
    """The terminal that the whole face fits exactly, with the line below it."""
    return skin.faces[0].width, skin.faces[0].height + 1


async def drawn(skin: Skin, snapshot: Snapshot, size: tuple[int, int], *keys: str) -> str:
    """A picture of the phone in a terminal of this size, after some keys of the terminal."""
    app = PhoneApp(Border(snapshot), skin, blinking=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if keys:
            await pilot.press(*keys)
            await pilot.pause()
        return svg(screen_of(app))


async def readme_picture() -> str:
    """The snom 370 with its contact list open."""
    app = PhoneApp(Border(SNAPSHOTS["contacts"]), load("snom370"), blinking=False)
    async with app.run_test(size=(106, 34)) as pilot:
        await pilot.pause()
        return app.export_screenshot(title="snomtui demo")


async def paint(folder: Path, only: str = "", language: str = "English") -> None:
    """Write one picture for each skin and scene whose name contains `only`."""
    for name in SKINS:
        skin = load(name)
        for scene in SCENES:
            if only in f"{name}-{scene}":
                picture = await drawn(skin, snapshot_of(scene, skin.shape, language), full_size(skin))
                (folder / f"{name}-{scene}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--readme"]:
        README.write_text(asyncio.run(readme_picture()), encoding="utf-8")
    else:
        asyncio.run(paint(Path(sys.argv[1]), *sys.argv[2:]))
