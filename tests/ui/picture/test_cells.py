"""A screen as cells."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from snomtui.ui.picture.cells import DARK, LIGHT, Cell, Look, cropped, grid_of, text_of


def test_each_character_is_a_cell_and_a_wide_one_has_an_empty_right_half() -> None:
    ((*row,),) = grid_of([[Segment("a田e\u0301")]], 5)
    assert [cell.text for cell in row] == ["a", "田", "", "e\u0301", " "]


def test_mark_above_a_wide_character_belongs_to_that_one() -> None:
    ((*row,),) = grid_of([[Segment("田\u0301")]], 2)
    assert [cell.text for cell in row] == ["田\u0301", ""]


def test_line_is_brought_to_the_width_of_the_screen() -> None:
    short, long = grid_of([[Segment("ab")], [Segment("abcdef")]], 4)
    assert len(short) == len(long) == 4
    assert text_of((short, long)) == "ab\nabcd"


def test_colours_are_those_that_a_terminal_would_show() -> None:
    styles = {
        Style(color="#112233", bgcolor="#445566"): Look(0x112233, 0x445566),
        Style(color="#112233", bgcolor="#445566", reverse=True): Look(0x445566, 0x112233),
        Style(color="#000000", bgcolor="#808080", dim=True): Look(0x404040, 0x808080),
        Style(color="#112233", bgcolor="#445566", conceal=True): Look(0x445566, 0x445566),
        Style(bold=True, underline=True): Look(LIGHT, DARK, bold=True, underline=True),
    }
    for style, look in styles.items():
        assert grid_of([[Segment("x", style)]], 1) == ((Cell("x", look),),)


def test_control_characters_and_sequences_are_no_cells() -> None:
    ((*row,),) = grid_of([[Segment("\x07x"), Segment("y", None, [(1, 2)])]], 2)  # type: ignore[list-item]
    assert [cell.text for cell in row] == ["x", " "]


def test_part_of_a_screen_is_cut_out() -> None:
    grid = grid_of([[Segment("abcd")], [Segment("efgh")], [Segment("ijkl")]], 4)
    assert text_of(cropped(grid, 1, 1, 2, 2)) == "fg\njk"
