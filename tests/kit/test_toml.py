"""What is wrong with a text that is not TOML."""

from __future__ import annotations

import pytest

from snomtui.kit.toml import TomlMistake, read_toml


def test_tables_are_read() -> None:
    assert read_toml("a = 1\n[b]\nc = 'x'") == {"a": 1, "b": {"c": "x"}}


@pytest.mark.parametrize(
    ("text", "line", "right"),
    [
        ("a = 1\nrows = \n", 2, "'rows ='; a text in quotes, a number, true, false"),
        ('a = "x\nb = 1', 1, "the quote at the end of the text is missing"),
        ("a = 1\n* = 3", 2, "stands in quotes"),
        ("a = 1\na = 2", 2, "the key is there twice"),
        ("[x]\n\n[x]", 3, "the table is there twice"),
        ("a = [1\nb = 2", 2, "the bracket at its end is missing"),
        ("a = 1 b = 2", 1, "one KEY = VALUE on each line"),
        ('a = "c:\\dir"', 1, "a backslash is written twice"),
        ("b = 1\na = " + "9" * 5000 + "\nc = 2", 2, "a number has too many digits"),
        ("b = 1\na = " + "[" * 5000 + "\nc = 2", 2, "too many brackets in each other"),
        ("a = 1\n[b", 2, "'[b'"),
    ],
)
def test_mistake_has_its_line_and_what_would_be_right(text: str, line: int, right: str) -> None:
    with pytest.raises(TomlMistake) as told:
        read_toml(text)
    assert told.value.line == line and right in str(told.value)
