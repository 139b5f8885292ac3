"""The log in snom's form."""

from __future__ import annotations

import re
from datetime import datetime

from snomtui.shell.logbook import Logbook, line


def test_line_has_level_day_month_year_and_time() -> None:
    at = datetime(2009, 10, 27, 18, 26, 44).timestamp()
    assert line(3, "Challenge: Unknown scheme Kerberos", at) == (
        "[3]27/10/2009 18:26:44: Challenge: Unknown scheme Kerberos"
    )


def test_text_from_the_wire_cannot_forge_a_second_line_or_move_the_cursor() -> None:
    made = line(8, "Reason: a\r\n[2]Registered\x1b[2J\x85", 0.0)
    assert len(made.splitlines()) == 1 and made.endswith(r"a\x0d\x0a[2]Registered\x1b[2J\x85")


def test_book_keeps_what_its_level_lets_through() -> None:
    told: list[str] = []
    book = Logbook(5, told.append)
    for level in (0, 5, 6, 9):
        book.write(level, f"level {level}", 0.0)
    assert [text[-7:] for text in told] == ["level 0", "level 5"]
    assert list(book.lines) == told
    assert all(re.match(r"\[\d\]\d\d/\d\d/\d{4} \d\d:\d\d:\d\d: ", text) for text in told)


def test_book_forgets_the_oldest_lines() -> None:
    book = Logbook(9, length=3)
    for number in range(10):
        book.write(1, str(number), 0.0)
    assert [text[-1] for text in book.lines] == ["7", "8", "9"]
