"""The head of a message as bytes: where it ends, how long its body is, what is plain in it and what is too much."""

from __future__ import annotations

import re

from snomtui.errors import MalformedMessage
from snomtui.sip.grammar import TOKEN, TOKEN_CHARS

LONGEST_HEAD = 64 * 1024
"""Bytes of start line and headers together."""
LONGEST_LINE = 16 * 1024
LONGEST_URI = 4 * 1024
"""Bytes of a request line."""
MOST_LINES = 256

_OTHER = rf"\r\n(?!(?i:content-length|l)[ \t]*+:)[{TOKEN_CHARS}]++[ \t]*+:[^\r]*+"
_LINES = rf"((?:{_OTHER}){{0,127}}+\r\nContent-Length: ([0-9]{{1,10}})(?:{_OTHER}){{0,127}}+)\r\n\r\n"
PLAIN_REQUEST = re.compile(rf"({TOKEN}) ([^\x00-\x20\x7f]+) SIP/2\.0{_LINES}".encode())
"""A head that goes out again byte by byte as it came in: method, request URI, header lines, Content-Length."""
PLAIN_RESPONSE = re.compile(rf"SIP/2\.0 ([1-6][0-9]{{2}}) ([^\r\n\0]*){_LINES}".encode())
"""The same for an answer: status, reason, header lines, Content-Length.

Both let NUL and a bare LF pass in a value, see `has_odd_signs`: to exclude one sign is three times as fast as three.
"""
SURELY_SMALL = LONGEST_URI
"""A plain head that is no longer has nothing too long in it."""

_FOLDED = re.compile(r"\r?\n[ \t]+")
_LENGTH = re.compile(r"(?:content-length|l)[ \t]*:(.*)", re.IGNORECASE | re.DOTALL)


def has_odd_signs(lines: bytes) -> bool:
    """Whether a NUL or a bare LF is in lines that hold no bare CR."""
    return lines.count(b"\n") != lines.count(b"\r") or b"\0" in lines


def blank_line(data: bytes | bytearray, start: int = 0) -> tuple[int, int] | None:
    """Where the head ends and the body begins; None if there is no empty line from `start` on.

    A line may end with a bare LF. Nothing in front of `start` is read again, so that slow bytes stay cheap.
    """
    at, after = data.find(b"\n\r\n", start), 3
    bare = data.find(b"\n\n", start, at + 1 if at >= 0 else len(data))
    if bare >= 0:
        at, after = bare, 2
    if at < 0:
        return None
    return (at - 1 if at and data[at - 1] == 0x0D else at), at + after


def head_lines(head: bytes) -> tuple[str, list[str]]:
    """The start line and the header lines as texts, folded lines made one.

    Bytes that are not UTF-8 are kept as surrogates, so that they go out as they came in.
    """
    text = head.decode("utf-8", "surrogateescape")
    start, _, rest = text.partition("\n")
    if "\n " in rest or "\n\t" in rest:
        rest = _FOLDED.sub(" ", rest)
    lines = [line[:-1] if line.endswith("\r") else line for line in rest.split("\n")] if rest else []
    if "\r" in rest or "\0" in rest:  # a bare CR or NUL inside a line must not reach our own output
        lines = [line.replace("\r", " ").replace("\0", " ") for line in lines]
    return start.rstrip("\r"), lines


def check_size(head: bytes) -> None:
    """Refuse what no honest sender writes; raises `MalformedMessage` with 414 or 513."""
    size = len(head)
    if size > LONGEST_URI:
        first = head.find(b"\n")
        if (size if first < 0 else first) > LONGEST_URI:
            answer = head[:4].upper() == b"SIP/"
            raise MalformedMessage("the start line is too long", 513 if answer else 414)
    if size > LONGEST_HEAD:
        raise MalformedMessage("the headers are too long", 513)
    if head.count(b"\n") > MOST_LINES:
        raise MalformedMessage("too many header lines", 513)
    if size > LONGEST_LINE and max(map(len, head.split(b"\n"))) > LONGEST_LINE:
        raise MalformedMessage("a header line is too long", 513)


def content_length(head: bytes) -> int | None:
    """The Content-Length, None if it has none; raises `MalformedMessage` if it is bad or said in two ways."""
    lower = head.lower()
    at = lower.find(b"\ncontent-length: ") + 17
    if at > 17 and lower.count(b"\ncontent-length") == 1 and b"\nl" not in lower:  # nothing odd can be meant
        end = lower.find(b"\r\n", at)
        text = lower[at:end] if end >= 0 else lower[at:]
        if text.isdigit() and len(text) < 11 and (end < 0 or lower[end + 2 : end + 3] not in (b" ", b"\t")):
            return int(text)
    return _odd_length(head)


def _odd_length(head: bytes) -> int | None:
    found = (_LENGTH.fullmatch(line) for line in head_lines(head)[1])
    lengths = {length[1].strip() for length in found if length}
    if not lengths:
        return None
    text = lengths.pop()
    if lengths or not (text.isascii() and text.isdigit() and len(text) < 11):
        raise MalformedMessage(f"bad Content-Length {text[:20]!r}")
    return int(text)
