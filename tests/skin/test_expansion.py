"""A phone with its expansion module."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.skin import EXPANSION, expanded, load, problems
from snomtui.skin.overlaps import overlaps

MODELS = ("snom320", "snom360", "snom370")


@pytest.mark.parametrize("name", MODELS)
def test_module_stands_at_the_right_where_the_terminal_is_wide_enough(name: str) -> None:
    plain, skin = load(name), expanded(load(name))
    for size in ((100, 33), (80, 23), (60, 19)):
        assert skin.face_for(*size) == plain.face_for(*size)
    for size, base in (((135, 33), plain.face_for(100, 33)), ((115, 23), plain.face_for(80, 23))):
        face = skin.face_for(*size)
        assert base.keys.items() <= face.keys.items() and face.display == base.display
        more = [place for key, place in face.keys.items() if key not in base.keys]
        assert len(more) == 42 and min(place.x for place in more) > base.width
        assert list(overlaps(face)) == []


@pytest.mark.parametrize("name", MODELS)
def test_keys_of_the_module_have_leds_and_labels_and_the_phone_knows_them(name: str) -> None:
    skin = expanded(load(name))
    names = {f"P{number}" for number in range(EXPANSION, EXPANSION + 42)}
    face = skin.faces[0]
    assert names <= face.keys.keys() & face.lamps.keys() & face.labels.keys()
    assert set(skin.shape.key_names) == names | {f"P{number}" for number in range(1, 13)}
    assert names <= {key.name for key in skin.keys}
    assert load(name).shape.key_names == tuple(f"P{number}" for number in range(1, 13))


def test_skin_without_a_module_stays_as_it_is() -> None:
    assert expanded(load("plain")) == load("plain")


def test_module_of_ones_own_has_nothing_of_the_base_in_it(tmp_path: Path) -> None:
    text = """
base = "snom370"
[expansion]
keys = 1
size = [22, 3]
at = { P13 = [1, 1, 5, 1] }
"""
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert problems(path) == []
    face = expanded(load(path)).faces[0]
    assert "P13" in face.keys and face.keys.keys() & {f"P{number}" for number in range(14, 55)} == set()
    path.write_text(text.replace("size = [22, 3]\n", ""), encoding="utf-8")
    assert [line.partition(": ")[0] for line in problems(path)] == [f"{path}:3"]
