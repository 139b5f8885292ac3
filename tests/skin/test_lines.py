"""Where in a TOML text each key stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from snomtui.skin import Sheet, origin, shipped
from snomtui.skin.lines import Steps, lines, steps

TEXT = '''# a comment with [brackets] and = signs
base = "x"   # [not.a.table]

[faces.full]
size = [
    100,   # wide
    32,
]
"quoted key" = 1
'single' = { a = 1, "b c" = [ { d = 2 }, { d = 3 } ] }
text = """
[keys]
fake = 1
"""
plain = \'\'\'
also = "fake"\'\'\'
dotted.key.here = 1979-05-27 07:32:00

[[faces.full.panels]]
text = "one"
[[faces.full.panels]]
text = "two"
[faces.full.panels.more]
deep = true
'''


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (("base",), 2),
        (("faces", "full"), 4),
        (("faces", "full", "size"), 5),
        (("faces", "full", "size", 1), 7),
        (("faces", "full", "quoted key"), 9),
        (("faces", "full", "single", "b c", 1, "d"), 10),
        (("faces", "full", "dotted", "key", "here"), 17),
        (("faces", "full", "panels", 1), 21),
        (("faces", "full", "panels", 1, "text"), 22),
        (("faces", "full", "panels", 1, "more", "deep"), 24),
    ],
)
def test_line_of_a_key_is_found_however_it_is_written(way: Steps, line: int) -> None:
    assert lines(TEXT)[way] == line


def test_what_only_looks_like_a_key_is_none() -> None:
    assert not {("keys",), ("faces", "full", "fake"), ("also",), ("not",)} & set(lines(TEXT))


def ways(value: object, before: Steps = ()) -> Iterator[Steps]:
    """The ways to all values of a parsed text."""
    parts: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    for name, part in parts:
        yield (*before, name)
        yield from ways(part, (*before, name))


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_key_of_a_shipped_skin_has_its_line(name: str) -> None:
    text = shipped()[name].read_text("utf-8")
    assert set(ways(tomllib.loads(text))) <= set(lines(text))


def test_text_written_above_and_below_belongs_to_the_upper_file() -> None:
    below, above = Sheet(Path("below"), "[a]\nb = 1\nc = 2"), Sheet(Path("above"), "\n[a]\nb = 3")
    assert origin((below, above), "a.b") == (Path("above"), 3)
    assert origin((below, above), "a.c") == (Path("below"), 3)
    assert origin((below, above), "a.missing") == (Path("above"), 2)
    assert origin((below, above), "nothing") == (Path("above"), 1)


def test_way_is_read_from_what_a_complaint_says() -> None:
    assert steps("faces.full.panels[0].color") == ("faces", "full", "panels", 0, "color")
    assert steps("faces.full.at.1") == ("faces", "full", "at", "1")
