"""Pictures become half blocks, in two colours where there are few, and characters where there are no blocks."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len

from snomtui.phone.snapshot import GROUND, INK, Picture
from snomtui.skin import load
from snomtui.ui.pixels import SHADES, drawn
from snomtui.ui.softkeys import Line

SKIN, PLAIN = load("snom820"), load("plain")
WHITE, BLACK = 0xFFFFFF, 0x000000


def text(lines: list[Line]) -> list[str]:
    """What is written."""
    return ["".join(one for one, _ in line) for line in lines]


def test_cell_has_the_colours_of_the_pixels_that_lie_on_each_other() -> None:
    lines = drawn(Picture(((0xFF0000, INK), (0x00FF00, GROUND))), SKIN, 10, 10)
    assert lines == [[("▀", (0xFF0000, 0x00FF00)), ("▀", (INK, GROUND))]]


def test_odd_last_row_lies_on_the_ground() -> None:
    assert drawn(Picture(((INK, INK),) * 3), SKIN, 10, 10)[1] == [("▀▀", (INK, GROUND))]


def test_picture_that_is_too_large_is_shrunk_and_keeps_its_proportions() -> None:
    lines = drawn(Picture(((INK,) * 100,) * 50), SKIN, 20, 20)
    assert len(lines) == 5 and all(cell_len(line) == 20 for line in text(lines))


def test_few_colours_leave_ink_and_ground_only() -> None:
    picture = Picture(((WHITE, BLACK, 0x808080, 0x303030) * 2, (WHITE, BLACK, 0x808080, 0xD0D0D0) * 2))
    tints = {tint for line in drawn(picture, SKIN, 20, 20, colors=16) for _, tint in line}
    assert {pixel for tint in tints if isinstance(tint, tuple) for pixel in tint} == {INK, GROUND}
    (first,) = drawn(Picture(((WHITE,), (BLACK,))), SKIN, 5, 5, colors=16)
    assert first == [("▀", (GROUND, INK))]  # the ink of this display is dark


def test_bright_ink_draws_what_is_bright() -> None:
    night = replace(SKIN, palette={**SKIN.palette, "lcd": "#000000", "lcd_ink": "#ffffff"})
    assert drawn(Picture(((WHITE,), (BLACK,))), night, 5, 5, colors=16) == [[("▀", (INK, GROUND))]]


def test_skin_without_half_blocks_draws_with_characters() -> None:
    lines = drawn(Picture(((INK, GROUND, INK), (INK, GROUND, GROUND))), PLAIN, 10, 10)
    assert text(lines) == [f"{SHADES[-1]} {SHADES[len(SHADES) // 2 - 1]}"]
    assert text(lines)[0].isascii()


def test_empty_picture_draws_nothing() -> None:
    assert drawn(Picture(()), SKIN, 10, 10) == drawn(Picture(((),)), SKIN, 10, 10) == []


def test_terminal_without_colours_gets_characters() -> None:
    assert text(drawn(Picture(((INK, GROUND), (INK, GROUND))), SKIN, 10, 10, colors=0)) == [f"{SHADES[-1]} "]
