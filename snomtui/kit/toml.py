"""TOML of people: what is wrong with a text is said with its line, and with what would be right."""

from __future__ import annotations

import re
import tomllib
from typing import Any

HINTS = {
    "Invalid value": "a text in quotes, a number, true, false, [a list] or { a table } is expected",
    "Invalid statement": 'KEY = VALUE or [TABLE] is expected; a key such as "*" or "#" stands in quotes',
    "Expected '='": "KEY = VALUE is expected; a key with other characters than a-z 0-9 _ - stands in quotes",
    "Expected newline": "one KEY = VALUE on each line is expected",
    "Illegal character '\\n'": "the quote at the end of the text is missing",
    "Unterminated string": "the quote at the end of the text is missing",
    "Cannot overwrite a value": "the key is there twice",
    "Cannot declare": "the table is there twice",
    "Unescaped '\\'": "in double quotes a backslash is written twice, in single quotes once",
    "Invalid initial character": "a key is expected; what stands between { and } is on one line",
    "Unclosed": "the bracket at its end is missing",
    "Exceeds the limit": "a number has too many digits",
    "maximum recursion": "there are too many brackets in each other",
}
"""What would be right, by the beginning of what the reader of TOML says."""
OURS = ("Exceeds the limit", "maximum recursion")
"""What is said about the reader itself and not about the text."""


class TomlMistake(ValueError):
    """The text is not TOML; reads as `Invalid value: 'rows ='; a text in quotes, a number... is expected`."""

    def __init__(self, line: int, what: str) -> None:
        """`line` counts from 1."""
        super().__init__(what)
        self.line = line


def read_toml(text: str) -> dict[str, Any]:
    """The tables of a text; raises `TomlMistake`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # more than TOMLDecodeError: numbers and brackets without end
        raise _mistake(text, str(error)) from None


def _mistake(text: str, said: str) -> TomlMistake:
    lines = text.rstrip("\n").split("\n")
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", said)
    number = min(int(place[1]), len(lines)) if place and place[1] else _longest(lines, said) or len(lines)
    what = said.replace(place[0], "") if place else said
    hint = next((hint for start, hint in HINTS.items() if what.startswith(start)), "")
    if what.startswith(OURS):
        return TomlMistake(number, hint)
    return TomlMistake(number, f"{what} in {lines[number - 1].strip()[:60]!r}" + (f"; {hint}" if hint else ""))


def _longest(lines: list[str], said: str) -> int:
    """The line that is meant where the reader names none: it is the longest one."""
    return 1 + max(range(len(lines)), key=lambda at: len(lines[at])) if said.startswith(OURS) else 0
