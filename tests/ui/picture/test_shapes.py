"""Characters that are drawn: all that the skins use, and each within its cell."""

from __future__ import annotations

import pytest

from snomtui.skin import load, shipped
from snomtui.ui.picture.shapes import Area, Box, Disc, Ring, Stroke, shape_of

WRITTEN = set("…↕↻≡−✉⌂↱°·←↑→↓«»")
"""What fonts have and nothing depends on."""
LINES = "─━│┃┄┆┈┊┌┐└┘├┤┬┴┼╌╎═║╔╗╚╝╠╣╦╩╬╭╮╯╰╱╲"
SIGNS = "▀▁▂▃▄▅▆▇█▌▍▎▏▐░▒▓▔▕▖▗▘▙▚▛▜▝▞▟■▣▪□▬▲△▴▶▷▸▼▽▾◀◁◂◆◈◉○◌●◐◑◔✓✔✗✘►"


@pytest.mark.parametrize("name", shipped())
def test_every_sign_of_a_skin_is_drawn_so_that_no_font_is_needed_for_it(name: str) -> None:
    signs = {one for text in load(name).glyphs.values() for one in text if one > "\x7f"}
    assert {one for one in signs - WRITTEN if shape_of(one) is None} == set()


@pytest.mark.parametrize("sign", LINES + SIGNS)
def test_what_is_drawn_stays_in_its_cell(sign: str) -> None:
    shape = shape_of(sign)
    assert shape
    for mark in shape:
        match mark:
            case Box(left, top, right, bottom, strength):
                assert 0 <= left < right <= 1 and 0 <= top < bottom <= 2 and 0 < strength <= 1
            case Disc(x, y, radius):
                assert radius <= x <= 1 - radius and radius <= y <= 2 - radius
            case Ring(x, y, radius, width, start, end):
                whole = end - start == 360
                assert not whole or radius + width / 2 <= x <= 1 - radius - width / 2
                assert 0 <= y <= 2
            case Area(points) | Stroke(points):
                assert all(0 <= x <= 1 and 0 <= y <= 2 for x, y in points)


@pytest.mark.parametrize("letter", ["", " ", "a", "ä", "田", "…"])
def test_letters_are_written_and_not_drawn(letter: str) -> None:
    assert shape_of(letter) is None
