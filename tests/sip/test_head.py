"""The head as bytes: where it ends, how long the body is, and what is too much."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedMessage
from snomtui.sip.head import (
    LONGEST_HEAD,
    LONGEST_LINE,
    LONGEST_URI,
    MOST_LINES,
    blank_line,
    check_size,
    content_length,
    head_lines,
)

START = b"OPTIONS sip:b@c SIP/2.0"


@given(st.lists(st.sampled_from([b"\r", b"\n", b"a"]), max_size=12).map(b"".join), st.integers(0, 12))
def test_an_empty_line_ends_the_head_in_whatever_way_lines_end(data: bytes, start: int) -> None:
    expected = re.search(rb"\r?\n\r?\n", data)
    assert blank_line(data) == (expected.span() if expected else None)
    later = blank_line(data, min(start, len(data)))
    assert (later is None) == (re.search(rb"\n\r?\n", data[start:]) is None)


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        (b"To: x", None),
        (b"Content-Length: 5", 5),
        (b"To: x\r\nCONTENT-length: 0005\r\nFrom: y", 5),
        (b"l:7", 7),
        (b"L \t:  7  ", 7),
        (b"Content-Length:\r\n 12", 12),
        (b"To: x\nContent-Length: 3\nFrom: y", 3),
        (b"Content-Length: 3\r\nl: 3", 3),
        (b"Subject: a\r\n Content-Length: 9\r\nContent-Length: 4", 4),
        (b"X-Content-Length: 9\r\nContent-Length-X: 8", None),
    ],
)
def test_the_length_is_found_however_it_is_written(lines: bytes, length: int | None) -> None:
    assert content_length(START + b"\r\n" + lines) == length


@pytest.mark.parametrize(
    "value", [b"", b"-1", b"+1", b"1.0", b"four", b"99999999999", b"1, 1", b"\xd9\xa3", b"1\r\n 2", b"5\r\nl: 6"]
)
def test_a_bad_or_doubtful_length_is_refused(value: bytes) -> None:
    with pytest.raises(MalformedMessage) as caught:
        content_length(START + b"\r\nContent-Length: " + value)
    assert caught.value.status == 400


def test_folded_lines_become_one_and_bare_line_breaks_become_blanks() -> None:
    start, lines = head_lines(START + b"\r\nTo: a\r\n\t b\r\n c\nVia: x\ry\0z\r\nX: \xff")
    assert start == START.decode()
    assert lines == ["To: a b c", "Via: x y z", "X: \udcff"]


def test_what_fits_the_limits_passes() -> None:
    check_size(b"OPTIONS sip:" + b"b" * (LONGEST_URI - 21) + b" SIP/2.0\r\nTo: x")
    check_size(START + b"\r\nX: " + b"y" * (LONGEST_LINE - 5) + b"\r\nTo: x")
    check_size(START + b"\r\nX: y" * MOST_LINES)
    check_size((START + (b"\r\nX: " + b"y" * 5000) * 13)[:LONGEST_HEAD])


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"OPTIONS sip:" + b"b" * LONGEST_URI + b" SIP/2.0\r\nTo: x", 414),
        (b"OPTIONS sip:" + b"b" * 60_000 + b" SIP/2.0\r\nTo: x", 414),
        (b"SIP/2.0 200 " + b"b" * LONGEST_URI + b"\r\nTo: x", 513),
        (START + b"\r\nX: y" * (MOST_LINES + 1), 513),
        (START + b"\r\nX: " + b"y" * LONGEST_LINE + b"\r\nTo: x", 513),
        (START + (b"\r\nX: " + b"y" * 5000) * 14, 513),
    ],
)
def test_what_no_honest_sender_writes_is_refused(head: bytes, status: int) -> None:
    with pytest.raises(MalformedMessage) as caught:
        check_size(head)
    assert caught.value.status == status
