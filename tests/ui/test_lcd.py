"""The display as text: everything from the snapshot, never wider than the display."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from snomtui.phone.snapshot import GROUND, INK, Led, Page, Pattern, Picture, Row, Snapshot, SoftKey
from snomtui.presence import WORDS, Availability
from snomtui.skin import Skin, load
from snomtui.ui.lcd import draw, laid_out
from snomtui.ui.softkeys import Line
from tests.ui.people import CONTACTS, ENTERING, IDLE, RINGING, SIGN_IN, SNAPSHOTS, TALKING, keys

SKIN = load("snom370")
PLAIN = load("plain")
TOUCH = load("snom870")
COLOR = load("snom820")
SKINS = (SKIN, PLAIN, COLOR, TOUCH)

texts = st.text(max_size=60)
rows = st.builds(Row, texts, texts, st.none() | st.sampled_from(Availability), st.none(), st.sampled_from(["", "big"]))
pages = st.builds(
    Page,
    st.just("any"),
    texts,
    st.lists(rows, max_size=14).map(tuple),
    st.lists(st.none() | st.builds(SoftKey, texts, st.none()), max_size=5).map(tuple),
    st.none() | st.integers(0, 20),
    st.integers(0, 3),
    st.integers(0, 3),
    st.none() | texts,
    st.sampled_from(["", "123", "abc"]),
    st.none()
    | st.builds(
        lambda width, height, place: Picture(((INK, GROUND, 0xFF8800, 0x000040, 0xFFFFFF) * width,) * height, place),
        st.integers(0, 20),
        st.integers(0, 40),
        st.sampled_from(["full", "right"]),
    ),
)


def written(lines: list[Line]) -> list[str]:
    """The lines without their styles."""
    return ["".join(text for text, _ in line) for line in lines]


def shown(snapshot: Snapshot, height: int = 12) -> list[str]:
    """The snom 370's display."""
    return written(draw(snapshot, SKIN, 40, height))


@given(
    st.sampled_from(SKINS),
    st.sampled_from(["idle", "call", "any"]),
    pages,
    texts,
    st.integers(10, 70),
    st.integers(1, 18),
)
def test_every_line_is_exactly_as_wide_as_the_display(
    skin: Skin, name: str, page: Page, text: str, width: int, height: int
) -> None:
    leds = {"P7": Led("red", Pattern.FAST), "P2": Led("green", Pattern.ON)}
    snapshot = replace(TALKING, page=replace(page, name=name), status=text, clock=text, leds=leds, labels={"P7": text})
    for calls in ((), (TALKING.calls[0], RINGING.calls[0])):
        lines = draw(replace(snapshot, calls=calls), skin, width, height)
        assert [cell_len(line) for line in written(lines)] == [width] * height


@pytest.mark.parametrize("snapshot", SNAPSHOTS.values(), ids=SNAPSHOTS.keys())
def test_plain_display_adds_only_ascii(snapshot: Snapshot) -> None:
    page = replace(snapshot.page, rows=tuple(replace(row, text="x") for row in snapshot.page.rows))
    assert all(line.isascii() for line in written(draw(replace(snapshot, page=page), PLAIN, 40, 12)))


def test_title_stands_left_and_clock_right() -> None:
    assert shown(RINGING)[0] == " Ringing                          18:44 "


def test_clock_stands_in_the_middle_where_the_page_has_no_title() -> None:
    assert shown(IDLE)[0].strip() == IDLE.clock


def test_contact_row_has_shape_name_and_word() -> None:
    line = shown(CONTACTS)[1]
    assert line.startswith(" ● Anna Lang") and line.rstrip("▴ ").endswith("Available")


def test_cursor_row_is_marked_and_styled() -> None:
    line = draw(CONTACTS, SKIN, 40, 12)[6]
    assert line[0] == ("▸", "cursor") and {style for _, style in line} == {"cursor"}


def test_scroll_marks_stand_at_the_first_and_last_row() -> None:
    lines = shown(CONTACTS)
    assert lines[1].endswith("▴") and lines[8].endswith("▾")
    assert not any(line.endswith(("▴", "▾")) for line in shown(IDLE))


def test_entry_line_shows_what_was_typed_and_the_mode() -> None:
    (line,) = [line for line in shown(ENTERING) if "+4930123" in line]
    assert line.rstrip().endswith("123")
    (line,) = [line for line in shown(SIGN_IN) if "UCC\\heiko.rie▏" in line]
    assert line.rstrip().endswith("abc")


def test_long_entry_shows_its_end() -> None:
    page = replace(ENTERING.page, entry="0" * 50 + "999")
    assert any("…" in line and "999▏" in line for line in shown(replace(ENTERING, page=page)))


def test_soft_key_labels_stand_above_their_keys() -> None:
    labels = shown(TALKING)[-1]
    face = SKIN.faces[0]
    for number, name in enumerate(("Hold", "Conf.", "Record", "End")):
        key = face.keys[f"F{number + 1}"]
        left = face.display.x + labels.index(name)
        assert key.x <= left and left + len(name) <= key.x + key.width


def test_nine_letters_fit_above_a_soft_key() -> None:
    assert "Directory" in shown(replace(IDLE, page=replace(IDLE.page, softkeys=keys("Directory", "", "", ""))))[-1]


def test_audio_device_and_mute_are_told_in_words() -> None:
    assert shown(TALKING)[-2].endswith("speaker muted ")


def test_control_characters_from_the_net_never_reach_the_terminal() -> None:
    page = Page("any", "\x1b[2J", (Row("a\x07b\u202ec", right="\x00"),), softkeys=keys("\x9bX", "", "", ""))
    text = "".join(written(draw(replace(IDLE, page=page, status="\x1b]0;x\x07"), SKIN, 40, 12)))
    assert all(one.isprintable() for one in text)
    assert "abc" in text


@pytest.mark.parametrize("height", range(2, 12))
def test_small_display_keeps_the_cursor_row_and_the_soft_keys(height: int) -> None:
    lines = shown(CONTACTS, height)
    assert any("Jan Dierich" in line for line in lines)
    assert "Call" in lines[-1]


def test_click_finds_the_row_that_is_drawn_there() -> None:
    for height in range(2, 13):
        for y, line in enumerate(shown(CONTACTS, height)):
            spot = laid_out(CONTACTS, SKIN, 40, height).at(5, y)
            if spot is not None and spot.kind == "row":
                assert CONTACTS.page.rows[int(spot.name)].text[:8] in line


def test_display_of_the_smallest_model_has_one_row_and_soft_keys() -> None:
    skin = replace(SKIN, header=False, shape=replace(SKIN.shape, rows=1, columns=24))
    lines = written(draw(IDLE, skin, 26, 2))
    assert "Heiko Riedel" in lines[0] and "Calls" in lines[1]


def test_display_without_soft_keys_gives_the_line_to_the_page() -> None:
    skin = replace(SKIN, shape=replace(SKIN.shape, soft_keys=0))
    assert not laid_out(CONTACTS, skin, 40, 12).softkeys
    assert not any("Details" in line for line in written(draw(CONTACTS, skin, 40, 12)))


def test_every_presence_is_told_by_a_word() -> None:
    for one in Availability:
        page = Page("any", rows=(Row("Anna", presence=one),))
        assert WORDS[one] in shown(replace(IDLE, page=page))[1]


def test_rows_and_device_are_told_in_the_language_of_the_display() -> None:
    german = replace(TALKING, language="Deutsch")
    assert shown(german)[-2].endswith("Lautsprecher stumm ")
    page = Page("any", rows=(Row("Anna", presence=Availability.AWAY),))
    assert "Abwesend" in shown(replace(german, page=page))[1]


def test_one_row_of_a_small_display_says_which_field_is_typed_in() -> None:
    skin = replace(SKIN, header=False, shape=replace(SKIN.shape, rows=1, columns=24))
    lines = written(draw(SIGN_IN, skin, 26, 2))
    assert lines[0].startswith("  Login: ") and "\u258f" in lines[0] and "Sign" in lines[1]


def test_one_row_shows_at_once_that_there_is_more_above_and_below() -> None:
    skin = replace(SKIN, header=False, shape=replace(SKIN.shape, rows=1, columns=24))
    page = replace(CONTACTS.page, rows=CONTACTS.page.rows[5:6], cursor=0)
    assert written(draw(replace(CONTACTS, page=page), skin, 26, 2))[0].endswith(SKIN.glyphs["both"])


def test_colour_display_has_date_left_and_time_right() -> None:
    bar = written(draw(IDLE, COLOR, 48, 14))[0]
    assert bar.startswith(" 27.10.2009") and bar.endswith("18:43 ")


def test_caller_has_a_card_that_looks_different_while_it_rings() -> None:
    ringing, talking = draw(RINGING, COLOR, 48, 14), draw(TALKING, COLOR, 48, 14)
    assert "Jan Dierich" in written(ringing)[2] and "Jan Dierich" in written(talking)[2]
    assert {style for _, style in ringing[1][:1]} == {"ring"} and {style for _, style in talking[1][:1]} == {"card"}
    assert not any(style in ("card", "ring") for line in draw(TALKING, SKIN, 40, 12) for _, style in line)


def test_picture_stands_beside_the_rows_or_instead_of_them() -> None:
    dots = Picture(((INK, GROUND) * 3,) * 6, "right")
    lines = written(draw(replace(IDLE, page=replace(IDLE.page, picture=dots)), SKIN, 40, 12))
    assert lines[1].startswith(" Heiko Riedel") and lines[1].endswith("\u2580" * 6 + " ")
    lines = written(draw(replace(IDLE, page=replace(IDLE.page, picture=replace(dots, place="full"))), SKIN, 40, 12))
    assert not any("Heiko" in line for line in lines) and sum("\u2580" in line for line in lines) == 3
