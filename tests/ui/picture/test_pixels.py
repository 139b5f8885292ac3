"""Pictures as pixels, with and without fonts."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from snomtui.ui.picture import pixels
from snomtui.ui.picture.cells import Cell, Look
from tests.ui.picture.test_svg import grid

RED = Look(0xFF0000, 0x101010)


@pytest.fixture
def fontless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without any font."""

    def forget() -> None:
        for kept in (pixels._mask, pixels._font, pixels._other_fonts):
            kept.cache_clear()

    monkeypatch.setattr(pixels, "FONTS", (("none.ttf", "none.ttf"),))
    monkeypatch.setattr(pixels, "OTHERS", ())
    forget()
    yield
    forget()


def test_png_has_the_size_of_its_cells() -> None:
    made = Image.open(io.BytesIO(pixels.png(grid("abc", "def"))))
    assert (made.format, made.size, made.mode) == ("PNG", (30, 40), "RGB")


def test_led_is_lit_in_the_middle_of_its_cell_and_a_dark_one_is_not() -> None:
    made = pixels.painted(grid("●○", look=RED))
    assert made.getpixel((5, 10)) == (255, 0, 0)
    assert made.getpixel((15, 10)) == made.getpixel((0, 0)) == (16, 16, 16)


def test_neighbouring_blocks_join_without_a_gap() -> None:
    made = pixels.painted(grid("██", "▀▐", look=RED))
    red = (255, 0, 0)
    assert {made.getpixel((x, y)) for x in range(20) for y in range(20)} == {red}
    assert [made.getpixel((x, y)) == red for x, y in ((0, 29), (0, 30), (14, 39), (15, 39))] == [
        True,
        False,
        False,
        True,
    ]


def test_half_a_block_is_half_a_cell_in_small_cells_too() -> None:
    made = pixels.painted(grid("▄", look=RED), (6, 10))
    assert [made.getpixel((3, y)) == (255, 0, 0) for y in (0, 4, 5, 9)] == [False, False, True, True]


def ink(text: str) -> float:
    """How much of a picture is not ground."""
    made = pixels.painted(grid(text, look=Look(0xFFFFFF, 0x000000))).convert("L")
    return sum(made.tobytes()) / (255 * made.width * made.height)


def test_letters_leave_ink_and_blanks_do_not() -> None:
    assert ink("   ") == 0
    assert 0.05 < ink("Jan") < 0.5


def test_without_any_font_letters_are_still_there(fontless: None) -> None:
    assert 0.03 < ink("Jan") < 0.5


def test_wide_character_takes_two_cells() -> None:
    row = (Cell("田", RED), Cell("", RED), Cell(" ", RED))
    made = pixels.painted((row,))
    assert made.size == (30, 20)
    assert {made.getpixel((x, y)) for x in range(20, 30) for y in range(20)} == {(16, 16, 16)}


def test_underlined_and_struck_out_cells_have_a_line_from_side_to_side() -> None:
    made = pixels.painted(grid("  ", look=Look(0xFF0000, 0, underline=True, strike=True)))
    lines = [y for y in range(20) if all(made.getpixel((x, y)) == (255, 0, 0) for x in range(20))]
    assert len(lines) == 2


def test_bmp_has_the_pixels_that_are_wanted_whatever_the_cells_are() -> None:
    made = Image.open(io.BytesIO(pixels.bmp(grid("a" * 40, "b" * 40), (240, 128))))
    assert (made.format, made.size) == ("BMP", (240, 128))
    assert Image.open(io.BytesIO(pixels.bmp(grid("ab")))).size == (20, 20)
