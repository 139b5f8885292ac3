"""Pictures of both skins, kept as SVG; look at them with `python -m tests.ui.gallery FOLDER`."""

from __future__ import annotations

import re

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from syrupy.types import SerializableData

from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from tests.ui.gallery import README, readme_picture
from tests.ui.people import SNAPSHOTS, Border


class Picture(SVGImageSnapshotExtension):
    """An SVG without the number that is new in each run."""

    def serialize(self, data: SerializableData, **options: object) -> bytes:
        """Called by syrupy."""
        return re.sub(r"terminal-\d+-", "terminal-", str(data)).encode()


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares with the stored picture."""
    return snapshot.use_extension(Picture)


@pytest.mark.parametrize(
    ("name", "size"),
    [*((name, size) for name in SNAPSHOTS for size in ((100, 34), (80, 24))), ("ringing", (60, 20))],
)
@pytest.mark.parametrize("skin", ["snom370", "plain"])
async def test_phone_looks_as_before(picture: SnapshotAssertion, skin: str, name: str, size: tuple[int, int]) -> None:
    app = PhoneApp(Border(SNAPSHOTS[name]), load(skin), blinking=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert picture == app.export_screenshot()


@pytest.mark.parametrize("skin", ["snom370", "plain"])
async def test_help_looks_as_before(picture: SnapshotAssertion, skin: str) -> None:
    app = PhoneApp(Border(), load(skin), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert picture == app.export_screenshot()


async def test_readme_shows_the_phone_as_it_is() -> None:
    drawn = re.sub(r"terminal-\d+-", "terminal-", await readme_picture())
    assert drawn == re.sub(r"terminal-\d+-", "terminal-", README.read_text("utf-8"))
