"""Pictures of both skins to look at: `python -m tests.ui.gallery FOLDER` writes SVG files."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from tests.ui.people import SNAPSHOTS, Border

SIZES = ((100, 34), (80, 24))


README = Path(__file__).with_name("phone.svg")
"""The picture on the first screen of the README."""


async def readme_picture() -> str:
    """The snom 370 with its contact list open."""
    app = PhoneApp(Border(SNAPSHOTS["contacts"]), load("snom370"), blinking=False)
    async with app.run_test(size=(106, 34)) as pilot:
        await pilot.pause()
        return app.export_screenshot(title="snomtui demo")


async def paint(folder: Path, only: str = "") -> None:
    """Write one picture for each skin, size and snapshot whose name contains `only`."""
    for skin in ("snom370", "plain"):
        for name, snapshot in SNAPSHOTS.items():
            for size in SIZES:
                title = f"{skin}-{name}-{size[0]}x{size[1]}"
                if only in title:
                    app = PhoneApp(Border(snapshot), load(skin), blinking=False)
                    async with app.run_test(size=size) as pilot:
                        await pilot.pause()
                        (folder / f"{title}.svg").write_text(app.export_screenshot(), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--readme"]:
        README.write_text(asyncio.run(readme_picture()), encoding="utf-8")
    else:
        asyncio.run(paint(Path(sys.argv[1]), *sys.argv[2:]))
