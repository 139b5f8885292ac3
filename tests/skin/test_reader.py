"""Skins that ship are right, and what is wrong with one is named with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.errors import SkinError
from snomtui.presence import Availability
from snomtui.skin import PALETTE, find_skins, load, problems, shipped

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


SHIPPED = {
    "snom320": (1, 24, 4, 12),
    "snom360": (4, 21, 4, 12),
    "snom370": (8, 38, 4, 12),
    "plain": (8, 38, 4, 12),
}
"""Rows, columns, soft keys and programmable keys of the first family and of the plain one."""


@pytest.mark.parametrize("name", sorted(shipped()))
def test_reader_finds_nothing_wrong_with_shipped_skins(name: str) -> None:
    assert problems(name) == []
    skin = load(name)
    assert skin.shape.model == ("snom370" if name == "plain" else name)
    assert skin.title


@pytest.mark.parametrize("name", SHIPPED)
def test_phone_is_told_the_shape_of_each_model(name: str) -> None:
    shape = load(name).shape
    assert (shape.rows, shape.columns, shape.soft_keys, shape.programmable_keys) == SHIPPED[name]


@pytest.mark.parametrize("name", ["snom320", "snom360", "snom370"])
def test_display_of_a_model_has_its_real_lines_and_columns(name: str) -> None:
    skin = load(name)
    for face in skin.faces:
        assert face.display.width - 2 in (skin.shape.columns, skin.shape.columns + 1), face.name
        assert face.display.height == {"snom320": 2, "snom360": 8, "snom370": 12}[name]


@pytest.mark.parametrize("name", ["snom320", "snom360", "snom370"])
def test_soft_keys_stand_below_their_labels(name: str) -> None:
    for face in load(name).faces:
        each = face.display.width // 4
        keys = [face.keys[f"F{number}"] for number in (1, 2, 3, 4)]
        assert [key.x for key in keys] == [face.display.x + each * number for number in range(4)]
        assert all(key.y >= face.display.y + face.display.height for key in keys)


@pytest.mark.parametrize(("name", "light"), [("snom320", False), ("snom360", False), ("snom370", True)])
def test_call_led_is_in_the_upper_edge_of_the_display_of_the_snom370_only(name: str, light: bool) -> None:
    skin = load(name)
    assert skin.shape.call_led is light
    assert skin.shape.message_led == ("red" if light else "orange")
    if light:
        lamp, display = skin.faces[0].lamps["CALL"], skin.faces[0].display
        assert lamp.y == display.y - 1 and display.x < lamp.x < display.x + display.width


@pytest.mark.parametrize("name", ["snom320", "snom360", "snom370"])
def test_model_has_every_key_of_its_front_at_80x24_too(name: str) -> None:
    skin = load(name)
    assert set(skin.faces[0].keys) == {key.name for key in skin.keys}
    assert skin.face_for(80, 23).keys.keys() == skin.face_for(100, 33).keys.keys() == skin.faces[0].keys.keys()
    assert {f"P{number}" for number in range(1, 13)} | {"MESSAGE"} == set(skin.faces[0].lamps) - {"CALL"}


@pytest.mark.parametrize("name", ["snom320", "snom360", "snom370"])
def test_cross_is_left_and_tick_right_of_the_disc(name: str) -> None:
    face = load(name).faces[0]
    assert face.keys["CANCEL"].x < face.keys["LEFT"].x < face.keys["RIGHT"].x < face.keys["ENTER"].x


@pytest.mark.parametrize("name", ["snom320", "snom360", "snom370", "plain"])
def test_no_two_keys_of_a_face_lie_on_each_other(name: str) -> None:
    for face in load(name).faces:
        taken: dict[tuple[int, int], str] = {}
        for key, place in [*face.keys.items(), *face.lamps.items()]:
            for cell in [(place.x + x, place.y + y) for x in range(place.width) for y in range(place.height)]:
                assert taken.setdefault(cell, key) == key, (face.name, cell)


@pytest.mark.parametrize("name", ["snom320", "snom360", "snom370", "plain"])
def test_right_column_of_programmable_keys_begins_half_a_row_higher(name: str) -> None:
    face = load(name).faces[0]
    pitch = face.keys["P2"].y - face.keys["P1"].y
    for number in range(1, 7):
        left, right = face.keys[f"P{number}"], face.keys[f"P{number + 6}"]
        assert left.y - right.y == pitch // 2 and left.x < right.x


def test_plain_skin_uses_ascii_only() -> None:
    skin = load("plain")
    texts = [*skin.glyphs.values(), *(key.label + key.letters for key in skin.keys)]
    assert all(text.isascii() for text in texts)
    assert all(color.startswith("ansi_") for color in skin.palette.values())


@pytest.mark.parametrize("name", sorted(shipped()))
def test_each_presence_has_a_shape_of_its_own(name: str) -> None:
    glyphs = load(name).glyphs
    assert len({glyphs[one.value] for one in Availability}) == len(Availability)
    assert len({glyphs[one] for one in ("lit", "off", "blink_lit", "blink_dark")}) == 4


def test_face_is_chosen_by_size_and_the_last_one_always_fits() -> None:
    skin = load("snom370")
    assert [skin.face_for(*size).name for size in ((100, 33), (80, 23), (60, 19), (50, 15), (5, 2))] == [
        "full",
        "compact",
        "small",
        "tiny",
        "tiny",
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


def test_skin_takes_away_what_its_base_has(tmp_path: Path) -> None:
    text = """
base = "snom370"
[keys]
REC = false
[faces]
small = false
[faces.full.at]
REC = false
[faces.compact.at]
REC = false
[faces.full.panels]
strip = false
"""
    skin, base = load(written(tmp_path, text)), load("snom370")
    assert skin.key("REC") is None and "REC" not in skin.faces[0].keys
    assert [face.name for face in skin.faces] == ["full", "compact", "tiny"]
    assert len(skin.faces[0].panels) == len(base.faces[0].panels) - 1


def test_panel_of_a_base_is_changed_by_its_name(tmp_path: Path) -> None:
    text = 'base = "snom370"\n[faces.full.panels]\nmodel = { text = "371" }'
    texts = [panel.text for panel in load(written(tmp_path, text)).faces[0].panels]
    assert "371" in texts and "370" not in texts


def test_path_of_a_base_counts_from_the_skin_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, SMALL, "parts/below.toml")
    path = written(tmp_path, 'base = "../parts/below.toml"\ntitle = "above"', "mine/skin.toml")
    monkeypatch.chdir(tmp_path.parent)
    assert (load(path).title, load(path).shape.rows) == ("above", 2)


def test_largest_face_is_tried_first_wherever_it_stands(tmp_path: Path) -> None:
    more = "[faces.large]\nsize = [60, 20]\ndisplay = [1, 1, 26, 4]\n"
    assert [face.name for face in load(written(tmp_path, SMALL + more)).faces] == ["large", "full"]


def test_colours_that_are_left_out_are_taken_from_their_neighbours(tmp_path: Path) -> None:
    few = load(written(tmp_path, SMALL + '[palette]\ncap = "silver"\nlcd = "white"\nlcd_ink = "black"\n')).palette
    assert (few["soft"], few["function"]) == ("silver", "silver")
    assert (few["cursor"], few["cursor_ink"], few["lcd_title"]) == ("black", "white", "white")
    assert (few["body"], few["bezel"], few["desk"]) == ("ansi_default",) * 3
    assert load(written(tmp_path, SMALL)).palette == PALETTE


def test_colours_may_differ_in_a_light_surrounding(tmp_path: Path) -> None:
    skin = load(written(tmp_path, SMALL + '[palette]\ndesk = "black"\n[palette.light]\ndesk = "white"\n'))
    assert (skin.palette_for(True)["desk"], skin.palette_for(False)["desk"]) == ("black", "white")
    assert skin.palette_for(False)["lcd"] == skin.palette["lcd"]
    light = load("snom370").palette_for(False)
    assert (
        light["desk"] != load("snom370").palette_for(True)["desk"] and light["body"] == load("snom370").palette["body"]
    )


def test_bases_in_a_circle_are_refused(tmp_path: Path) -> None:
    written(tmp_path, f'base = "{tmp_path}/two/skin.toml"', "one/skin.toml")
    written(tmp_path, f'base = "{tmp_path}/one/skin.toml"', "two/skin.toml")
    assert "one -> two -> one" in problems(tmp_path / "one")[0]


def test_skin_of_the_user_wins_over_a_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = written(tmp_path, SMALL, "snomtui/skins/plain.toml")
    assert find_skins()["plain"] == path
    assert load("plain").title == "small"
    assert shipped()["plain"] != path
    assert load("snom370").title == "snom 370"


def test_skin_of_the_user_may_stand_on_the_shipped_one_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    written(tmp_path, 'base = "snom370"\ntitle = "ours"', "snomtui/skins/snom370/skin.toml")
    assert (load("snom370").title, load("snom370").shape.rows) == ("ours", 8)


def test_folder_that_may_not_be_looked_into_has_no_skins_and_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/" + "x" * 300)  # no system has such names: each look at it fails
    assert find_skins() == shipped() and load("snom370").shape.rows == 8


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
        ('label = "1"', "label = 1", "keys.1.label", "a text in quotes is expected"),
        ('label = "1"', 'label = "\\u001b[2J"', "keys.1.label", "can be printed"),
        ('label = "1"', 'label = "電"', "keys.1.label", "one cell"),
        ('title = "small"', 'title = "small"\n[glyphs]\nlit = "📞"', "glyphs.lit", "one cell"),
        ("size = [40, 10]", "size = [100000, 100000]", "faces.full.size", "500 x 200"),
        ("1 = [1, 6, 5, 1]", "1 = [0, 0, 1000000000, 1000000000]", "faces.full.at.1", "reaches out"),
        ("1 = [1, 6, 5, 1]", "1 = [1, 6, 2, 1]", "faces.full.at.1", "3 cells at least is expected, not 2"),
        ("1 = [1, 6, 5, 1]", "1 = [1, 6, 5]", "faces.full.at.1", "[x, y, width, height]"),
        ("1 = [1, 6, 5, 1]", "1 = [38, 6, 5, 1]", "faces.full.at.1", "reaches out of the face, which is 40 x 10"),
        ("1 = [1, 6, 5, 1]", "REDIAL = [1, 6, 5, 1]", "faces.full.at.REDIAL", "no [keys] entry: REDIAL"),
        ("P1 = [28, 1, 1, 1]", "MESAGE = [28, 1, 1, 1]", "faces.full.lamps.MESAGE", "did you mean 'MESSAGE'"),
        ("size = [40, 10]", "size = 40", "faces.full.size", "[width, height]"),
        ("size = [40, 10]", "size = [40, 10, 1]", "faces.full.size", "is expected, not [40, 10, 1]"),
        ("rows = 2", "rows = 2\nmodel = 'my phone/2'", "shape.model", "letters, digits and . - _ are expected"),
        ("1 = [1, 6, 5, 1]", "f1 = [1, 6, 5, 1]", "faces.full.at.f1", "did you mean 'F1'"),
        ("1 = [1, 6, 5, 1]", "P3 = [1, 6, 5, 1]", "faces.full.at.P3", "the programmable keys here are P1 to P"),
        (
            'title = "small"',
            'title = "small"\n[expansion]\nkeys = 1\nsize = [9, 1]\nat = { P1 = [0, 0, 4, 1] }',
            "expansion.at.P1",
            "here are P13 to P13",
        ),
        ("display = [1, 1, 26, 4]", "", "faces.full.display", "[x, y, width, height] in character cells is expected"),
        ('title = "small"', 'title = "small"\n[palette]\nlcdink = "red"', "palette.lcdink", "did you mean 'lcd_ink'"),
        ('title = "small"', 'title = "small"\n[glyphs]\nlit = 1', "glyphs.lit", "a text in quotes is expected"),
        ('title = "small"', 'title = "small"\n[glyphs]\ncap_middle = "x"', "glyphs.cap_middle", "3 characters"),
        ('title = "small"', 'title = "small"\n[glyphs]\nAWAY = "ab"', "glyphs.AWAY", "one cell"),
        (
            "display = [",
            'panels = [{ place = [0, 0, 2, 2], color = "boddy" }]\ndisplay = [',
            "faces.full.panels[0].color",
            "'body'",
        ),
        ("1 = [1, 6, 5, 1]", "1 = [31, 0, 5, 2]", "faces.full.at.P1", "lies on 1; one of the two could not be used"),
        ("1 = [1, 6, 5, 1]", "1 = [1, 4, 5, 1]", "faces.full.at.1", "lies on display"),
        ("rows = 2", "rows = 2\nmessage_led = 'pink'", "shape.message_led", "red, green, orange"),
        ('title = "small"', 'title = "small"\n[expansion]\nkeys = 43', "expansion.keys", "from 1 to 42"),
        (
            'title = "small"',
            'title = "small"\n[expansion]\nkeys = 1\ndisplay = [0,0,1,1]',
            "expansion.display",
            "unknown",
        ),
        ("display = [", "panels = 3\ndisplay = [", "faces.full.panels", "a list in brackets is expected"),
        ("display = [", "panels = [3]\ndisplay = [", "faces.full.panels[0]", "a table is expected"),
    ],
)
def test_reader_names_the_key_and_what_would_be_right(
    tmp_path: Path, old: str, new: str, where: str, right: str
) -> None:
    assert old in SMALL
    path = written(tmp_path, SMALL.replace(old, new, 1))
    wrong = problems(path)
    told = [line for line in wrong if f": {where}: " in line and right in line]
    assert told, wrong
    number = int(told[0].removeprefix(f"{path}:").partition(":")[0])
    assert where.rpartition(".")[2].partition("[")[0] in path.read_text("utf-8").splitlines()[number - 1] or not new
    with pytest.raises(SkinError, match="mine.toml"):
        load(path)


def test_wrong_size_is_told_once_and_not_for_all_that_is_in_the_face(tmp_path: Path) -> None:
    (wrong,) = problems(written(tmp_path, SMALL.replace("size = [40, 10]", 'size = "40x10"')))
    assert wrong.endswith("faces.full.size: [width, height] in character cells is expected, not '40x10'")


def test_model_named_by_its_file_is_a_word_for_servers(tmp_path: Path) -> None:
    path = tmp_path / "Büro (neu).toml"
    path.write_text(SMALL, encoding="utf-8")
    assert load(path).shape.model == "B-ro-neu-" and load(path).name == "Büro (neu)"


def test_reader_names_the_line_of_broken_toml(tmp_path: Path) -> None:
    (wrong,) = problems(written(tmp_path, SMALL.replace("rows = 2", "rows = = 2")))
    assert wrong.startswith(f"{tmp_path / 'mine.toml'}:4: not TOML: ")


def test_mistake_in_a_base_is_found_in_the_file_of_the_base(tmp_path: Path) -> None:
    below = written(tmp_path, SMALL.replace('"line"', '"lime"'), "below.toml")
    above = written(tmp_path, 'base = "./below.toml"\n\n[palette]\nlcdd = "red"')
    assert [wrong.partition(": ")[0] for wrong in problems(above)] == [f"{above}:4", f"{below}:10"]


def test_base_that_is_not_there_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, '# mine\nbase = "snom37"')
    assert problems(path) == [f"{path}:2: base: no skin named 'snom37', did you mean 'snom370'?; " + known()]


def known() -> str:
    """How the names of all skins are told."""
    return f"there are: {', '.join(find_skins())}"


def test_reader_reports_everything_at_once(tmp_path: Path) -> None:
    assert len(problems(written(tmp_path, SMALL.replace("rows = 2", "rows = 0").replace('"line"', '"lime"')))) == 2


def test_skin_without_a_face_is_refused(tmp_path: Path) -> None:
    assert any("faces" in line for line in problems(written(tmp_path, SMALL.partition("[faces.full]")[0])))
