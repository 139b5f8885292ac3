"""The app: paint first, newest wins, blink only while something blinks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from textual.widget import Widget

from snomtui.errors import SkinError
from snomtui.phone.snapshot import Led, Pattern
from snomtui.skin import find_skins, load, shipped
from snomtui.ui.app import PhoneApp
from snomtui.ui.blink import blinks, lit
from snomtui.ui.display import Display
from snomtui.ui.dress import style_problems, wear
from snomtui.ui.handset import Handset
from snomtui.ui.lamp import Lamp
from tests.test_walls import loaded_after
from tests.ui.people import IDLE, RINGING, TALKING, Border


async def test_network_starts_after_the_first_paint() -> None:
    seen: list[str] = []

    async def start() -> None:
        seen.append("Heiko Riedel" if "Heiko" in app.export_screenshot() else "nothing")

    app = PhoneApp(Border(), load("snom370"), on_ready=start, blinking=False)
    async with app.run_test() as pilot:
        await pilot.pause()
    assert seen == ["Heiko Riedel"]


async def test_app_stops_listening_when_it_ends() -> None:
    border = Border()
    app = PhoneApp(border, load("plain"), blinking=False)
    async with app.run_test():
        assert len(border.listeners) == 1
    assert border.listeners == []


async def test_newest_of_many_snapshots_is_drawn() -> None:
    border = Border()
    app = PhoneApp(border, load("plain"), blinking=False)
    async with app.run_test() as pilot:
        for number in range(1000):
            border.show(replace(IDLE, status=f"Missed: {number}"))
        await pilot.pause(0.2)
        assert "Missed: 999" in "".join(text for line in app.screen.query_one(Display).lines() for text, _ in line)


async def test_few_widgets_make_the_phone() -> None:
    app = PhoneApp(Border(), load("snom370"), blinking=False)
    async with app.run_test():
        assert len(app.screen.query(Widget)) < 90


async def test_lamps_show_what_the_snapshot_says() -> None:
    border = Border()
    app = PhoneApp(border, load("snom370"), blinking=False)
    async with app.run_test(size=(100, 34)) as pilot:
        border.show(RINGING)
        await pilot.pause(0.1)
        glyphs = {lamp.key: lamp.glyph for lamp in app.screen.query(Lamp)}
    assert (glyphs["P1"], glyphs["P2"], glyphs["P5"], glyphs["CALL"]) == ("◉", "●", "○", "▓")


async def test_ticker_runs_only_while_something_blinks() -> None:
    border = Border(TALKING)
    border.now = replace(TALKING, leds={"P1": Led("orange", Pattern.ON)})
    app = PhoneApp(border, load("plain"))
    async with app.run_test() as pilot:
        handset = app.screen.query_one(Handset)
        assert not handset.ticks
        border.show(RINGING)
        await pilot.pause(0.1)
        assert handset.ticks
        border.show(replace(RINGING, leds={}, calls=()))
        await pilot.pause(0.1)
        assert not handset.ticks


def test_faster_patterns_change_more_often() -> None:
    changes = [
        sum(a != b for a, b in pairwise(lit(pattern, tick) for tick in range(33)))
        for pattern in (Pattern.OFF, Pattern.ON, Pattern.SLOW, Pattern.MEDIUM, Pattern.FAST)
    ]
    assert changes == [0, 0, 8, 16, 32]
    assert [blinks(one) for one in (Pattern.OFF, Pattern.ON, Pattern.SLOW)] == [False, False, True]


@pytest.mark.parametrize("size", [(60, 20), (42, 15), (30, 8), (12, 4), (1, 1), (200, 60)])
@pytest.mark.parametrize("skin", ["snom370", "plain"])
async def test_phone_survives_any_size_of_the_terminal(skin: str, size: tuple[int, int]) -> None:
    border = Border(RINGING)
    app = PhoneApp(border, load(skin), blinking=False)
    async with app.run_test(size=size) as pilot:
        if size[0] >= 30:
            assert "Answer" in app.export_screenshot()
        await pilot.press("enter")
        await pilot.resize_terminal(100, 34)
        await pilot.resize_terminal(*size)
        await pilot.pause()
    assert border.pressed == ["ENTER"]


@pytest.mark.parametrize("name", sorted(shipped()))
def test_toolkit_takes_the_styles_of_shipped_skins(name: str) -> None:
    assert style_problems(load(name)) == []


@pytest.mark.parametrize(
    ("css", "line"),
    [
        ("\nDisplay { colour: red; }", 2),
        ("Display { color: $skin-lcd-inkk; }", 1),
        ("\n\nDisplay { color: red", 4),
    ],
)
async def test_broken_style_sheet_names_its_line_every_time_and_leaves_the_old_skin_on(
    tmp_path: Path, css: str, line: int
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('base = "snom370"\ntitle = "bad"', encoding="utf-8")
    path.with_suffix(".tcss").write_text(css, encoding="utf-8")
    bad = load(path)
    app = PhoneApp(Border(), load("snom370"), blinking=False)
    async with app.run_test() as pilot:
        before = app.export_screenshot()
        for _ in range(2):
            with pytest.raises(SkinError, match=rf"bad\.tcss:{line}: "):
                wear(app, bad)
        await pilot.pause()
        assert app.export_screenshot() == before
        assert app.theme == "skin-snom370"
    (problem,) = style_problems(bad)
    assert problem.startswith(f"{path.with_suffix('.tcss')}:{line}: ")


def test_wrong_colour_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('base = "snom370"\n[palette]\nlcd = "#12345"\nlight = { desk = "whit" }', encoding="utf-8")
    assert [wrong.partition("; ")[0] for wrong in style_problems(load(path))] == [
        f"{path}:3: palette.lcd: '#12345' is no colour",
        f"{path}:4: palette.light.desk: 'whit' is no colour",
    ]


async def test_another_skin_can_be_put_on_while_the_phone_runs(tmp_path: Path) -> None:
    path = tmp_path / "night.toml"
    path.write_text('base = "snom370"\n[palette]\nlcd = "#010203"', encoding="utf-8")
    app = PhoneApp(Border(), load("snom370"), blinking=False)
    async with app.run_test(size=(100, 34)) as pilot:
        wear(app, load(path))
        app.refresh_css(animate=False)
        await pilot.pause()
        assert "#010203" in app.export_screenshot()


def test_every_skin_that_is_found_can_be_drawn() -> None:
    assert {"snom370", "plain"} <= set(find_skins())


async def test_skin_that_cannot_be_drawn_ends_the_app_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('base = "snom370"\ntitle = "bad"', encoding="utf-8")
    path.with_suffix(".tcss").write_text("Screen { foo: bar }", encoding="utf-8")
    app = PhoneApp(Border(), load(path), blinking=False)
    async with app.run_test():
        pass
    assert app.wrong is not None and "bad.tcss" in str(app.wrong)


def test_what_is_opened_later_is_not_loaded_before_the_first_paint() -> None:
    loaded = loaded_after("import snomtui.ui.app, snomtui.ui.waking")
    later = ("help", "palette", "deeds", "overlay", "desk", "copying", "flashing", "simpler", "keymap", "tab")
    assert not {name for name in loaded if name.startswith(tuple(f"snomtui.ui.{room}" for room in later))}
    assert not {name for name in loaded if name.startswith(("snomtui.line", "snomtui.shell", "snomtui.remote"))}
