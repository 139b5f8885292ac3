"""Skins: what ships is right, and what is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.errors import SkinError
from snomtui.presence import Availability
from snomtui.skin import find_skins, load, problems

SMALL = """
title = "small"
[shape]
rows = 2
columns = 24
soft_keys = 4
programmable_keys = 2
[keys]
1 = { label = "1", kind = "digit" }
P1 = { led = true, kind = "line" }
[faces.full]
size = [40, 10]
display = [1, 1, 26, 4]
[faces.full.at]
1 = [1, 6, 5, 1]
P1 = [30, 1, 6, 1]
[faces.full.lamps]
P1 = [28, 1, 1, 1]
"""

TOUCH = """
title = "snom 870"
header = true
[shape]
model = "snom870"
rows = 12
columns = 48
soft_keys = 0
programmable_keys = 15
[keys]
ENTER = { label = "ok", kind = "ok" }
CANCEL = { label = "x", kind = "cancel" }
P15 = { label = "P15", kind = "line" }
[faces.full]
size = [90, 30]
display = [10, 1, 50, 15]
[faces.full.at]
ENTER = [20, 20, 6, 1]
CANCEL = [40, 20, 6, 1]
P15 = [61, 3, 6, 1]
"""

TWO_LINES = """
base = "snom370"
title = "snom 320"
header = false
[shape]
rows = 1
columns = 24
[faces.full]
display = [12, 2, 26, 2]
"""


def written(folder: Path, text: str, name: str = "mine.toml") -> Path:
    """A skin file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["snom370", "plain"])
def test_reader_finds_nothing_wrong_with_shipped_skins(name: str) -> None:
    assert problems(name) == []
    skin = load(name)
    assert skin.shape.model == "snom370"
    assert (skin.shape.rows, skin.shape.columns, skin.shape.soft_keys, skin.shape.programmable_keys) == (8, 38, 4, 12)


def test_snom370_has_every_key_of_its_front_at_80x24_too() -> None:
    skin = load("snom370")
    assert set(skin.faces[0].keys) == {key.name for key in skin.keys}
    assert set(skin.faces[1].keys) == set(skin.faces[0].keys)
    assert {f"P{number}" for number in range(1, 13)} | {"MESSAGE", "CALL"} == set(skin.faces[0].lamps)


@pytest.mark.parametrize("name", ["snom370", "plain"])
def test_no_two_keys_of_a_face_lie_on_each_other(name: str) -> None:
    for face in load(name).faces:
        taken: dict[tuple[int, int], str] = {}
        for key, place in [*face.keys.items(), *face.lamps.items()]:
            for cell in [(place.x + x, place.y + y) for x in range(place.width) for y in range(place.height)]:
                assert taken.setdefault(cell, key) == key, (face.name, cell)


def test_right_column_of_programmable_keys_stands_half_a_row_lower() -> None:
    face = load("snom370").faces[0]
    pitch = face.keys["P2"].y - face.keys["P1"].y
    assert face.keys["P7"].y - face.keys["P1"].y == pitch // 2


def test_plain_skin_uses_ascii_only() -> None:
    skin = load("plain")
    texts = [*skin.glyphs.values(), *(key.label + key.letters for key in skin.keys)]
    assert all(text.isascii() for text in texts)
    assert all(color.startswith("ansi_") for color in skin.palette.values())


@pytest.mark.parametrize("name", ["snom370", "plain"])
def test_each_presence_has_a_shape_of_its_own(name: str) -> None:
    glyphs = load(name).glyphs
    assert len({glyphs[one.value] for one in Availability}) == len(Availability)
    assert len({glyphs[one] for one in ("lit", "off", "blink_lit", "blink_dark")}) == 4


def test_face_is_chosen_by_size_and_the_last_one_always_fits() -> None:
    skin = load("snom370")
    assert [skin.face_for(*size).name for size in ((100, 33), (80, 23), (60, 20), (5, 2))] == [
        "full",
        "compact",
        "small",
        "small",
    ]


def test_one_file_is_a_skin_too(tmp_path: Path) -> None:
    skin = load(written(tmp_path, SMALL))
    assert (skin.name, skin.title, skin.css) == ("mine", "small", "")
    assert skin.key("P1") is not None and skin.key("REDIAL") is None


def test_style_sheet_beside_the_file_is_carried_along(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL)
    path.with_suffix(".tcss").write_text("Display { color: red; }", encoding="utf-8")
    assert load(path).css == "Display { color: red; }"


def test_colours_of_the_leds_are_known_to_the_phone_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "bright.toml"
    file.write_text(SMALL.replace("rows = 2", 'rows = 2\nled_colors = ["red", "green", "orange"]'))
    assert load(str(file)).shape.led_colors == ("red", "green", "orange")
    assert load("snom370").shape.led_colors == ("orange",)
    file.write_text(SMALL.replace("rows = 2", 'rows = 2\nled_colors = ["violet"]'))
    assert any("shape.led_colors: 'violet' is not one of red, green, orange" in wrong for wrong in problems(str(file)))


def test_touch_phone_without_soft_keys_can_be_described(tmp_path: Path) -> None:
    skin = load(written(tmp_path, TOUCH))
    assert (skin.shape.soft_keys, skin.shape.programmable_keys) == (0, 15)


def test_skin_with_a_base_gives_only_what_differs(tmp_path: Path) -> None:
    skin = load(written(tmp_path, TWO_LINES))
    assert (skin.shape.rows, skin.shape.columns, skin.shape.soft_keys, skin.header) == (1, 24, 4, False)
    assert skin.key("REDIAL") == load("snom370").key("REDIAL")
    assert "lamp-CALL" in skin.css


def test_bases_in_a_circle_are_refused(tmp_path: Path) -> None:
    written(tmp_path, f'base = "{tmp_path}/two/skin.toml"', "one/skin.toml")
    written(tmp_path, f'base = "{tmp_path}/one/skin.toml"', "two/skin.toml")
    assert "one -> two -> one" in problems(tmp_path / "one")[0]


def test_skin_of_the_user_wins_over_a_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = written(tmp_path, SMALL, "snomtui/skins/plain.toml")
    assert find_skins()["plain"] == path
    assert load("plain").title == "small"
    assert load("snom370").title == "snom 370"


def test_unknown_skin_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SkinError, match="snom370"):
        load("snom37")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SkinError, match="none.toml"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("old", "new", "where", "right"),
    [
        ("rows = 2", "rows = 0", "shape.rows", "from 1 to 60"),
        ("rows = 2", 'rows = "2"', "shape.rows", "whole number"),
        ("rows = 2", "rows = true", "shape.rows", "whole number"),
        ("rows = 2", "rows = 2\nrow = 3", "shape.row", "did you mean 'rows'"),
        ('kind = "line"', 'kind = "lime"', "keys.P1.kind", "did you mean 'line'"),
        ("P1 = { led", "P3 = { led", "keys.P3", "unknown name"),
        ('label = "1"', "label = 1", "keys.1.label", "str is expected"),
        ("1 = [1, 6, 5, 1]", "1 = [1, 6, 5]", "faces.full.at.1", "[x, y, width, height]"),
        ("1 = [1, 6, 5, 1]", "1 = [38, 6, 5, 1]", "faces.full.at.1", "reaches out of the face, which is 40 x 10"),
        ("1 = [1, 6, 5, 1]", "REDIAL = [1, 6, 5, 1]", "faces.full.at.REDIAL", "no [keys.REDIAL]"),
        ("P1 = [28, 1, 1, 1]", "MESAGE = [28, 1, 1, 1]", "faces.full.lamps.MESAGE", "did you mean 'MESSAGE'"),
        ("size = [40, 10]", "size = 40", "faces.full.size", "[width, height]"),
        ("display = [1, 1, 26, 4]", "", "faces.full.display", "not None"),
        ('title = "small"', 'title = "small"\n[palette]\nlcdink = "red"', "palette.lcdink", "did you mean 'lcd_ink'"),
        ('title = "small"', 'title = "small"\n[glyphs]\nlit = 1', "glyphs.lit", "str is expected"),
        ('title = "small"', 'title = "small"\n[glyphs]\ncap_middle = "x"', "glyphs.cap_middle", "3 characters"),
        ('title = "small"', 'title = "small"\n[glyphs]\nAWAY = "ab"', "glyphs.AWAY", "one cell"),
        (
            "display = [",
            'panels = [{ place = [0, 0, 2, 2], color = "boddy" }]\ndisplay = [',
            "faces.full.panels[0].color",
            "'body'",
        ),
        ("display = [", "panels = 3\ndisplay = [", "faces.full.panels", "list is expected"),
        ("display = [", "panels = [3]\ndisplay = [", "faces.full.panels[0]", "table is expected"),
    ],
)
def test_reader_names_the_key_and_what_would_be_right(
    tmp_path: Path, old: str, new: str, where: str, right: str
) -> None:
    assert old in SMALL
    path = written(tmp_path, SMALL.replace(old, new, 1))
    wrong = problems(path)
    assert any(line.startswith(f"{path}: {where}: ") and right in line for line in wrong), wrong
    with pytest.raises(SkinError, match="mine.toml"):
        load(path)


def test_reader_names_the_line_of_broken_toml(tmp_path: Path) -> None:
    (wrong,) = problems(written(tmp_path, SMALL.replace("rows = 2", "rows = = 2")))
    assert "line 4" in wrong


def test_reader_reports_everything_at_once(tmp_path: Path) -> None:
    assert len(problems(written(tmp_path, SMALL.replace("rows = 2", "rows = 0").replace('"line"', '"lime"')))) == 2


def test_skin_without_a_face_is_refused(tmp_path: Path) -> None:
    assert any("faces" in line for line in problems(written(tmp_path, SMALL.partition("[faces.full]")[0])))
