"""The card of a caller: a drawing, and the name as large as it fits."""

from __future__ import annotations

from rich.cells import cell_len

from snomtui.phone.snapshot import Page, Row
from snomtui.skin import load
from snomtui.ui.card import card_lines


def card(name: str, height: int = 7, width: int = 50, skin: str = "snom870") -> list[str]:
    """The card as it is written."""
    page = Page("call", rows=(Row(name, style="big"),))
    return ["".join(text for text, _ in line) for line in card_lines(page, load(skin), width, height, "card")]


def test_every_line_is_as_wide_as_the_card() -> None:
    for name in ("Jan Dierich", "", "田中", "+49 30 1234567"):
        assert {cell_len(line) for line in card(name)} == {50}


def test_name_is_large_where_the_card_is_high() -> None:
    assert [line[9:].strip() for line in card("Jan Dierich")][3:6] == [
        "▄▄  ▄▄  ▄   ▄",
        "█ █▄▄█ █▀▄ █",
        "▀▄▄▀ █  █ █  ▀█",
    ]
    assert not any(line[9:].strip() for line in card("Jan Dierich", height=4))


def test_long_name_is_shortened_to_its_initials() -> None:
    assert card("Bartholomäus Schmidt", width=30)[3:6] == card("BS", width=30)[3:6]


def test_skin_without_blocks_has_a_drawing_of_ascii_and_no_large_letters() -> None:
    lines = card("Jan", skin="plain")
    assert all(line.isascii() and not line[9:].strip() for line in lines) and "|  |" in lines[2]
