"""Recordings: what a terminal would show at each moment, and no more than what has changed."""

from __future__ import annotations

import json

import pyte

from snomtui.ui.picture.cast import Cast
from snomtui.ui.picture.cells import Cell, Grid, Look
from tests.ui.picture.test_svg import grid


def played(cast: Cast, until: float = 1e9) -> pyte.Screen:
    """A terminal that was shown it."""
    head, *events = map(json.loads, cast.text().splitlines())
    screen = pyte.Screen(head["width"], head["height"])
    stream = pyte.Stream(screen)
    for at, kind, data in events:
        assert kind == "o"
        if at <= until:
            stream.feed(data)
    return screen


def cast_of(*grids: Grid) -> Cast:
    """One picture a second."""
    made = Cast(len(grids[0][0]), len(grids[0]), "A phone", 1256668920)
    for at, one in enumerate(grids):
        made.frame(float(at), one)
    return made


def test_first_line_tells_version_size_title_and_time() -> None:
    head = json.loads(cast_of(grid("ab", "cd")).text().splitlines()[0])
    assert (head["version"], head["width"], head["height"], head["timestamp"]) == (2, 2, 2, 1256668920)
    assert head["title"] == "A phone"


def test_each_moment_shows_what_was_there() -> None:
    cast = cast_of(grid("abc", "def"), grid("aXc", "def"), grid("aXc", "deY"))
    assert played(cast, 0).display == ["abc", "def"]
    assert played(cast, 1).display == ["aXc", "def"]
    assert played(cast).display == ["aXc", "deY"]


def test_what_stays_the_same_is_not_sent_again() -> None:
    cast = cast_of(grid("abc", "def"), grid("abc", "def"), grid("abc", "dXf"))
    lines = cast.text().splitlines()
    assert len(lines) == 3
    assert "X" in lines[2] and "abc" not in lines[2] and "d" not in lines[2].partition("o")[2].replace("\\u001b", "")


def test_colours_and_looks_arrive() -> None:
    screen = played(cast_of(grid("a", look=Look(0x112233, 0x445566, bold=True, underline=True))))
    cell = screen.buffer[0][0]
    assert (cell.data, cell.fg, cell.bg, cell.bold, cell.underscore) == ("a", "112233", "445566", True, True)


def test_change_beside_a_wide_character_leaves_it_whole() -> None:
    look = Look()
    before = (tuple(Cell(one, look) for one in ("田", "", "a")),)
    after = (tuple(Cell(one, look) for one in ("中", "", "b")),)
    assert played(cast_of(before, after)).display == ["中b"]


def test_end_is_held_until_the_last_moment() -> None:
    cast = cast_of(grid("ab"))
    cast.hold(7.5)
    assert cast.length == 7.5 and json.loads(cast.text().splitlines()[-1])[0] == 7.5
