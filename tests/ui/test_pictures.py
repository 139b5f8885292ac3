"""The gallery, kept as SVG: each skin with each page. Look at it with `python -m tests.ui.gallery FOLDER`."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from syrupy.types import SerializableData

from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from tests.ui.gallery import SKINS, drawn, full_size, played
from tests.ui.painter import screen_of, svg
from tests.ui.people import Border
from tests.ui.scenes import SCENES

KEY_PAGES = (
    *("idle", "idle_not_registered", "sign_in", "entry_number", "ringing", "incoming", "talking", "several_calls"),
    *("contacts", "menu_preferences", "browser_image"),
)
"""The pages that are kept in every size and language."""
SMALL = (80, 24)


class Picture(SVGImageSnapshotExtension):
    """An SVG under its own name."""

    def serialize(self, data: SerializableData, **options: object) -> bytes:
        """Called by syrupy."""
        return str(data).encode()


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares with the stored picture."""
    return snapshot.use_extension(Picture)


async def unlike(
    picture: SnapshotAssertion, skin: str, scenes: tuple[str, ...], size: tuple[int, int] | None, language: str
) -> list[str]:
    """The scenes that do not look as they are kept."""
    dressed, found = load(skin), []
    async for scene, image in drawn(dressed, played(dressed, scenes, language), size or full_size(dressed)):
        if picture(name=f"{skin}-{scene}") != image:
            found.append(scene)
    return found


@pytest.mark.parametrize("skin", SKINS)
async def test_whole_phone_looks_as_before_on_each_page(picture: SnapshotAssertion, skin: str) -> None:
    assert await unlike(picture, skin, tuple(SCENES), None, "English") == []


@pytest.mark.parametrize("skin", SKINS)
async def test_phone_looks_as_before_in_a_small_terminal(picture: SnapshotAssertion, skin: str) -> None:
    assert await unlike(picture, skin, KEY_PAGES, SMALL, "English") == []


@pytest.mark.parametrize("skin", ["snom360", "snom820"])
async def test_phone_looks_as_before_in_german(picture: SnapshotAssertion, skin: str) -> None:
    assert await unlike(picture, skin, KEY_PAGES, SMALL, "Deutsch") == []


@pytest.mark.parametrize("skin", ["snom370", "plain"])
async def test_help_looks_as_before(picture: SnapshotAssertion, skin: str) -> None:
    app = PhoneApp(Border(), load(skin), blinking=False)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert picture == svg(screen_of(app))
