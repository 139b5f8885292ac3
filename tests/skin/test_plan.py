"""Where things are on the display: nothing lies on anything else, and every touch finds what is drawn there."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.skin import Content, Plan, load, plan

PIXELS = (480, 272)
MODELS = ("snom370", "snom820", "snom821", "snom870")
SKINS = {name: load(name) for name in MODELS}
LISTED = Content(rows=9, cursor=3, used=("P1", "P2", "P7"))
IDLE = Content(rows=2, idle=True, used=("P2", "P7", "P9"))

contents = st.builds(
    Content,
    st.integers(0, 14),
    st.none() | st.integers(0, 13),
    st.booleans(),
    st.integers(0, 4),
    st.just(()) | st.just(("P1", "P5", "P6", "P12")),
    st.booleans(),
    st.booleans(),
)


def laid(model: str, content: Content, face: int = 0) -> Plan:
    """The display of this model, as it is on one of its faces."""
    skin = SKINS[model]
    one = skin.faces[face]
    return plan(skin, one, one.display.width, one.display.height, content)


@given(st.sampled_from(MODELS), st.integers(10, 70), st.integers(1, 18), contents)
def test_nothing_lies_on_anything_else(model: str, width: int, height: int, content: Content) -> None:
    found = plan(SKINS[model], SKINS[model].faces[0], width, height, content)
    for one, other in combinations(found.spots, 2):
        a, b = one.place, other.place
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (one, other)
    for spot in found.spots:
        place = spot.place
        assert place.x >= 0 and place.y >= 0 and place.x + place.width <= width and place.y + place.height <= height


@given(st.sampled_from(MODELS), st.integers(1, 18), contents)
def test_row_under_the_cursor_is_always_shown(model: str, height: int, content: Content) -> None:
    found = plan(SKINS[model], SKINS[model].faces[0], 64, height, content)
    if content.cursor is not None and content.cursor < content.rows and not found.card:
        assert str(content.cursor) in [spot.name for spot in found.of("row")]


@pytest.mark.parametrize("model", ["snom820", "snom821"])
@pytest.mark.parametrize("face", [0, 1, 2])
def test_labels_stand_on_the_line_of_their_keys(model: str, face: int) -> None:
    place = SKINS[model].faces[face]
    labels = [spot for spot in laid(model, LISTED, face).of("key") if spot.place.x > 20]
    assert [spot.name for spot in labels] == ["P1", "P2", "P3", "P4"]
    assert [spot.place.y + place.display.y for spot in labels] == [place.keys[spot.name].y for spot in labels]


def test_keys_that_no_case_has_are_on_the_display_of_the_820_where_lines_are_free() -> None:
    assert [spot.name for spot in laid("snom820", IDLE).of("key")] == ["P1", "P2", "P3", "P4", "P7", "P9"]
    crowded = Content(rows=10, used=("P2", "P7", "P9"))
    assert [spot.name for spot in laid("snom820", crowded).of("key")] == ["P1", "P2", "P3", "P4"]


def test_touch_display_has_all_fifteen_keys_and_the_calls_above_them() -> None:
    names = [f"P{number}" for number in range(1, 16)]
    assert [spot.name for spot in laid("snom870", LISTED).of("key")] == names
    busy = laid("snom870", Content(rows=3, calls=2))
    assert [spot.place.y for spot in busy.of("call")] == [1, 3]
    assert busy.of("key")[0].place.y == 5


@pytest.mark.parametrize("model", ["snom820", "snom821", "snom870"])
def test_redial_is_an_icon_of_the_idle_display(model: str) -> None:
    assert SKINS[model].key("REDIAL") is None
    assert "REDIAL" in [spot.name for spot in laid(model, IDLE).of("icon")]
    assert not laid(model, LISTED).of("icon")


def test_finger_on_a_pixel_finds_what_is_drawn_there() -> None:
    found = laid("snom870", IDLE)
    for spot in found.spots:
        x, y = spot.place.x + spot.place.width // 2, spot.place.y + spot.place.height / 2
        assert found.touched(round(x * 480 / found.width), round(y * 272 / found.height), PIXELS) is spot


def test_corners_of_a_touch_display_and_what_is_beside_it() -> None:
    found = laid("snom870", LISTED)
    corner = found.touched(0, 271, PIXELS)
    assert corner is not None and corner.name == "F1"
    for x, y in ((-1, 0), (480, 0), (0, 272), (0, -1), (0, 0)):
        assert found.touched(x, y, PIXELS) is None


def test_card_takes_two_rows_and_gives_way_where_lines_are_few() -> None:
    call = Content(rows=4, card=True)
    assert laid("snom820", call).lines == (2, 3, 8, 9)
    assert laid("snom820", Content(rows=6, card=True)).lines == (2, 3, 5, 6, 7, 8)
    low = plan(SKINS["snom820"], SKINS["snom820"].faces[0], 48, 7, call)
    assert not low.card and len(low.lines) == 4
    assert not laid("snom370", call).card


def test_soft_keys_of_the_870_are_three_lines_high_and_left_of_its_keys() -> None:
    found = laid("snom870", LISTED)
    assert [(spot.place.x, spot.place.width, spot.place.height) for spot in found.of("soft")] == [
        (0, 12, 3),
        (12, 12, 3),
        (24, 12, 3),
        (36, 12, 3),
    ]
    assert found.page == 50


@pytest.mark.parametrize(
    ("labels", "places"),
    [
        ((6, 4, 0, 6), [(0, 6), (7, 4), (12, 0), (18, 6)]),
        ((3, 7, 3, 7), [(1, 3), (5, 7), (13, 3), (17, 7)]),
        ((20, 20, 0, 6), [(0, 8), (9, 8), (12, 0), (18, 6)]),
        ((3, 3, 3, 3), [(0, 6), (6, 6), (12, 6), (18, 6)]),
    ],
)
def test_long_words_of_soft_keys_take_the_room_of_short_ones(
    labels: tuple[int, ...], places: list[tuple[int, int]]
) -> None:
    skin = SKINS["snom370"]
    found = plan(skin, skin.faces[0], 24, 2, Content(rows=1, labels=labels))
    shown = [(spot.place.x, spot.place.width) for spot in found.of("soft")]
    assert [place for place in shown if place[1]] == [place for place in places if place[1]]
