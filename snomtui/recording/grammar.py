"""How lines of scripts are written: words, texts in quotation marks, seconds. One grammar for all that play scripts."""

from __future__ import annotations

import re
import shlex

LONGEST = 3600.0
"""Seconds that one step may take."""

_PLAIN = re.compile(r'[^\s"\\#$-][^\s"\\]*')


def given(rest: str, what: str) -> str:
    """What stands behind a word; raises ValueError if there is nothing."""
    if not rest:
        raise ValueError(f"needs {what}")
    return rest


def seconds(text: str) -> float:
    """A number of seconds, with `s` behind it or without; raises ValueError."""
    try:
        found = float(text.removesuffix("s"))
    except ValueError:
        found = -1.0
    if not 0 <= found <= LONGEST:
        raise ValueError(f"{text!r} must be seconds, from 0 to {LONGEST:.0f}")
    return found


def is_quoted(text: str) -> bool:
    """Whether all of it is one text in quotation marks."""
    return len(text) > 1 and text[0] == text[-1] == '"'


def words(text: str) -> list[str]:
    """The words of a line; a text in quotation marks is one. Raises ValueError."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.quotes, lexer.commenters, lexer.whitespace_split = '"', "", True
    try:
        return list(lexer)
    except ValueError:
        raise ValueError("a quotation mark is missing") from None


def word(text: str) -> str:
    """A text as one word of a line: in quotation marks where it needs them."""
    if _PLAIN.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
