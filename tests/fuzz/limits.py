"""What every fuzz target keeps an eye on: which exceptions may come, and how long one input may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from snomtui.errors import RemoteError

Value = TypeVar("Value")
LONGEST = 1.0
"""Seconds of processor time that one input may cost; more means that the cost grows too fast with the length."""


def attempt(read: Callable[[], Value]) -> Value | None:
    """Do something with bytes from a stranger; None if it says, as it should, that they are bad."""
    try:
        return read()
    except RemoteError:
        return None


def timed(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """The same target, which fails for an input that takes too long."""

    def watched(data: bytes) -> None:
        begin = time.process_time()
        target(data)
        took = time.process_time() - begin
        assert took < LONGEST, f"{len(data)} bytes took {took:.1f} s"

    return watched


def stretched(text: bytes, at: int, length: int, size: int) -> bytes:
    """The text with one piece of it repeated until it has `size` bytes: finds costs that grow too fast."""
    at, length = at % (len(text) + 1), 1 + length % 64
    piece = text[at : at + length]
    return text[:at] + piece * (max(0, size - len(text)) // max(1, len(piece))) + text[at:]
