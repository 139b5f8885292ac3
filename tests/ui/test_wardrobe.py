"""The file of a skin is saved while the phone runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from snomtui.errors import SkinError
from snomtui.skin import Closet, Shape
from snomtui.ui.app import PhoneApp
from snomtui.ui.handset import Handset
from snomtui.ui.hint import Hint
from snomtui.ui.wardrobe import Wardrobe, brief
from tests.ui.people import Border

GOOD = 'base = "snom370"\ntitle = "mine"\n'


def saved(path: Path, text: str) -> Path:
    """A file with this text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A skin of a user, without mistakes."""
    return saved(tmp_path / "mine" / "skin.toml", GOOD)


async def until(pilot: Pilot[None], true: Callable[[], bool]) -> None:
    """Wait until something holds."""
    for _ in range(50):
        await pilot.pause()
        if true():
            return
    raise AssertionError("that never came true")


async def worn(pilot: Pilot[None], title: str) -> None:
    """Wait until the phone is drawn in the skin of this title."""
    app = pilot.app
    await until(pilot, lambda: [one.skin.title for one in app.query(Handset)] == [title] and len(app.query(Hint)) == 1)


def app_of(wardrobe: Wardrobe) -> PhoneApp:
    """A phone that wears what is in the wardrobe."""
    return PhoneApp(Border(), wardrobe.skin, blinking=False, skins=wardrobe)


async def test_saved_skin_repaints_the_running_phone_and_tells_it_the_new_shape(file: Path) -> None:
    shapes: list[Shape] = []
    wardrobe = Wardrobe(Closet(file), lambda line: None)
    wardrobe.wore = shapes.append
    app = app_of(wardrobe)
    async with app.run_test(size=(100, 34)) as pilot:
        await pilot.pause()
        assert "snom" in app.export_screenshot() and app.query_one(Handset).face.display.height == 12
        text = GOOD.replace("mine", "low") + '[palette]\nlcd = "#abcdef"\n[shape]\nrows = 1\n'
        saved(file, text + "[faces.full]\ndisplay = [12, 2, 40, 2]\n")
        wardrobe.look()
        await worn(pilot, "low")
        assert "#abcdef" in app.export_screenshot()
        assert app.query_one(Handset).face.display.height == 2
    assert [shape.rows for shape in shapes] == [1]


async def test_wardrobe_that_meets_a_defect_tells_it_and_goes_on_looking(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    wardrobe, seen = Wardrobe(Closet(file), told.append), asyncio.Event()

    def broken(shape: Shape) -> None:
        wardrobe.wore = lambda shape: seen.set()
        saved(file, GOOD + "[shape]\nrows = 3\n")
        raise ZeroDivisionError

    wardrobe.wore = broken
    monkeypatch.setattr("snomtui.ui.wardrobe.EVERY", 0)
    wardrobe.start()
    saved(file, GOOD + "[shape]\nrows = 12\n")
    async with asyncio.timeout(20):
        await seen.wait()
    await wardrobe.stop()
    assert told == ["a defect of this program: ZeroDivisionError()"] and wardrobe.skin.shape.rows == 3


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("skin.toml", GOOD + "rows = 3\n", "mine/skin.toml:3: rows: unknown key"),
        ("skin.toml", GOOD + '[palette]\nlcd = "#12345"\n', "mine/skin.toml:4: palette.lcd: '#12345' is no colour"),
        ("skin.toml", GOOD + "[palette\n", "mine/skin.toml:3: not TOML"),
        ("skin.tcss", "\nDisplay { color red; }\n", "mine/skin.tcss:2: "),
    ],
)
async def test_mistake_is_told_on_the_bottom_line_and_the_old_skin_stays(
    file: Path, name: str, text: str, told: str
) -> None:
    log: list[str] = []
    wardrobe = Wardrobe(Closet(file), log.append)
    app = app_of(wardrobe)
    async with app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        before = wardrobe.skin
        saved(file.parent / name, text)
        wardrobe.look()
        await until(pilot, lambda: told in app.query_one(Hint).alert)
        assert wardrobe.skin is before and app.query_one(Handset).skin.title == "mine"
        saved(file.parent / name, GOOD.replace("mine", "again") if name == "skin.toml" else "")
        wardrobe.look()
        await worn(pilot, "again" if name == "skin.toml" else "mine")
        await until(pilot, lambda: [hint.alert for hint in app.query(Hint)] == [""])
    assert len(log) == 1 and str(file.parent) in log[0]


async def test_skin_saved_before_the_first_paint_is_not_missed(file: Path) -> None:
    wardrobe = Wardrobe(Closet(file), lambda line: None)
    app = app_of(wardrobe)
    saved(file, GOOD.replace("mine", "newer"))
    wardrobe.look()
    async with app.run_test(size=(100, 34)) as pilot:
        await worn(pilot, "newer")


async def test_another_skin_is_chosen_and_then_followed(file: Path) -> None:
    wardrobe = Wardrobe(Closet("snom370"), lambda line: None)
    app = app_of(wardrobe)
    async with app.run_test(size=(100, 34)) as pilot:
        await pilot.pause()
        with pytest.raises(SkinError, match="no skin named"):
            wardrobe.choose("nosuch")
        wardrobe.choose(str(file))
        saved(file, GOOD.replace("mine", "later"))
        wardrobe.look()
        await worn(pilot, "later")
        assert wardrobe.skin.title == "later"


async def test_phone_with_a_broken_skin_starts_in_the_nearest_one_and_says_so(file: Path) -> None:
    saved(file, 'base = "snom360"\ntitle = 3\n')
    app = app_of(Wardrobe(Closet(file), lambda line: None))
    async with app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        assert "mine/skin.toml:2: title: " in app.query_one(Hint).alert
        assert app.query_one(Handset).skin.title == "snom 360"


async def test_phone_whose_style_sheet_is_broken_starts_too(file: Path) -> None:
    saved(file.with_suffix(".tcss"), "Display { color: nosuchcolour; }")
    wardrobe = Wardrobe(Closet(file), lambda line: None)
    app = app_of(wardrobe)
    async with app.run_test(size=(120, 34)) as pilot:
        await worn(pilot, "snom 370")
        assert "mine/skin.tcss:1: " in app.query_one(Hint).alert
        saved(file.with_suffix(".tcss"), "")
        wardrobe.look()
        await worn(pilot, "mine")


def test_one_line_tells_the_first_mistake_and_how_many_there_are() -> None:
    assert brief(["/home/me/skins/mine/skin.toml:3: a: b", "x", "y"]) == "mine/skin.toml:3: a: b (+2)"
    assert brief(["mine.toml:3: a: b/c: d"]) == "mine.toml:3: a: b/c: d"


async def test_phone_goes_on_while_its_face_is_neither_the_old_one_nor_the_new_one(file: Path) -> None:
    """A call may come, a key may be refused and a mistake be told between two faces."""
    app = app_of(Wardrobe(Closet(file), lambda line: None))
    async with app.run_test(size=(100, 34)) as pilot:
        await pilot.pause()
        front = app.front
        assert front is not None
        await front.query("*").remove()
        bare = Handset(front.snapshot, app.skin, True)
        for handset in (*app.query(Handset), bare):
            handset.show(front.snapshot)
            handset.at(1)
        front.show(front.snapshot)
        front.tell("There is nothing to copy here")
        await front.recompose()
        await until(pilot, lambda: app.query_one(Hint).alert == "There is nothing to copy here")
        app.put_on(app.skin)
        await until(pilot, lambda: [hint.alert for hint in app.query(Hint)] == [""])


async def test_skin_without_a_style_sheet_keeps_the_styles_of_all_that_is_not_the_phone(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8").partition("```toml\ntitle")[2]
    text = "title" + text.partition("```")[0]
    wardrobe = Wardrobe(Closet(saved(tmp_path / "desk.toml", text)), lambda line: None)
    app = app_of(wardrobe)
    async with app.run_test(size=(100, 34)) as pilot:
        await pilot.pause()
        saved(tmp_path / "desk.toml", text.replace("Desk phone", "again"))
        wardrobe.look()
        await worn(pilot, "again")
        assert [(hint.size.height, hint.region.y) for hint in app.query(Hint)] == [(1, 33)]
