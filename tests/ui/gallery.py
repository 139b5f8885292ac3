"""Pictures of both skins to look at: `python -m tests.ui.gallery FOLDER` writes SVG files."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from tests.ui.people import SNAPSHOTS, Border

SIZES = ((100, 34), (80, 24))


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
    asyncio.run(paint(Path(sys.argv[1]), *sys.argv[2:]))
