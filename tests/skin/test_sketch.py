"""Faces drawn in plain text."""

from __future__ import annotations

import pytest

from snomtui.skin import load, shipped
from snomtui.skin.sketch import sketch


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_face_is_drawn_in_its_size_with_all_its_keys(name: str) -> None:
    skin = load(name)
    for face in skin.faces:
        lines = sketch(skin, face)
        assert len(lines) == face.height and max(map(len, lines)) <= face.width
        text = "\n".join(lines)
        assert f"{face.display.width} x {face.display.height}" in text
        assert all(f" {digit}" in text for digit in "123456789" if digit in face.keys)


def test_plain_face_is_drawn_in_ascii() -> None:
    skin = load("plain")
    assert "\n".join(sketch(skin, skin.faces[0])).isascii()
    assert "[ Redial ]" in sketch(skin, skin.faces[0])[14]
