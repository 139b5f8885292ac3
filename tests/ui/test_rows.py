"""Rows: neither text swallows the other, and every style can be told without its colour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from snomtui.language import load as language
from snomtui.phone.snapshot import Page, Row
from snomtui.presence import WORDS, Availability
from snomtui.skin import load
from snomtui.ui.rows import entry_line, row_line, shared
from snomtui.ui.text import cut_label

SKIN = load("snom820")
ENGLISH, GERMAN = language("English"), language("Deutsch")
texts = st.text("abc de田中ü", min_size=1, max_size=50).map(str.strip).filter(bool)


def line(row: Row, width: int = 36, cursor: bool = False) -> str:
    """The row as it is written."""
    return "".join(text for text, _ in row_line(row, SKIN, ENGLISH, width, cursor))


@given(texts, texts, st.integers(14, 60))
def test_neither_text_swallows_the_other(text: str, word: str, room: int) -> None:
    left, right = shared(text, word, room, "…")
    assert cell_len(left) + 1 + cell_len(right) <= room
    assert left[:3].strip() == text[: len(left[:3].strip())] or left.endswith("…")
    assert cell_len(left) >= min(cell_len(text), (room - 1) // 2 - 2)
    assert cell_len(right) >= min(cell_len(word), (room - 1) // 2 - 2)


def test_both_texts_are_whole_where_they_fit() -> None:
    assert shared("Jan", "Available", 13, "…") == ("Jan", "Available")
    assert shared("Jan", "", 13, "…") == ("Jan", "")


def test_long_name_keeps_half_of_a_narrow_row() -> None:
    row = Row("Bartholomäus Schmidt-Rottluff", presence=Availability.URGENT_INTERRUPTIONS_ONLY)
    assert line(row, 21) == " ▲ Bartholo… Urgent… "


@pytest.mark.parametrize("one", Availability)
def test_presence_has_a_shape_and_a_word(one: Availability) -> None:
    written = line(Row("Anna", presence=one))
    assert SKIN.glyphs[one.value] in written and WORDS[one] in written


def test_presence_word_is_said_in_german() -> None:
    spans = row_line(Row("Anna", presence=Availability.IN_A_MEETING), SKIN, GERMAN, 36, False)
    assert "In Besprechung" in "".join(text for text, _ in spans)


def test_presence_is_not_said_twice() -> None:
    assert line(Row("Busy", presence=Availability.BUSY)).count("Busy") == 1


def test_wide_characters_take_two_cells() -> None:
    assert cell_len(line(Row("田中 健二 " * 5, presence=Availability.AWAY), 30)) == 30


def test_alert_and_cursor_have_a_mark_beside_their_colour() -> None:
    assert line(Row("Refused", style="alert"))[0] == SKIN.glyphs["alert"]
    assert line(Row("Refused", style="alert"), cursor=True)[0] == SKIN.glyphs["cursor"]
    assert line(Row("Refused"))[0] == " "


def test_lone_entry_line_names_its_field_and_shows_the_end_of_what_is_typed() -> None:
    page = Page("sign_in", rows=(Row("Login"),), cursor=0, entry="UCC\\heiko.riedel", mode="abc")
    written = "".join(text for text, _ in entry_line(page, SKIN, 26, alone=True))
    assert written.startswith("  Login: …") and "riedel▏" in written and written.rstrip().endswith("abc")
    assert "Login" not in "".join(text for text, _ in entry_line(page, SKIN, 26, alone=False))


def test_name_of_a_lone_field_is_whole_until_what_is_typed_needs_the_room() -> None:
    empty = Page("sign_in", rows=(Row("Anmeldename"),), cursor=0, entry="", mode="abc")
    full = replace(empty, entry="heiko.riedel")
    assert "Anmeldename: ▏" in "".join(text for text, _ in entry_line(empty, SKIN, 26, alone=True))
    assert "iedel▏" in (written := "".join(text for text, _ in entry_line(full, SKIN, 26, alone=True)))
    assert cell_len(written) == 26


@pytest.mark.parametrize(
    ("label", "shown"),
    [("Leitung 5", "Leitu… 5"), ("Leitung 12", "Leit… 12"), ("Line 5", "Line 5"), ("Heiko Riedel", "Heiko R…")],
)
def test_label_of_a_line_key_keeps_its_number(label: str, shown: str) -> None:
    assert cut_label(label, 8, "…") == shown


@pytest.mark.parametrize("mark", ["outgoing", "registered", "unregistered"])
def test_identity_has_a_mark_of_its_own_before_its_presence(mark: str) -> None:
    shown = line(Row("Heiko", mark=mark, presence=Availability.AWAY))
    assert shown.startswith(f" {SKIN.glyphs[mark]} {SKIN.glyphs['AWAY']} Heiko")
    assert len({SKIN.glyphs[each] for each in ("outgoing", "registered", "unregistered")}) == 3
