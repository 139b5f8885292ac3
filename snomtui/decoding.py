"""What the command `decode` does: reads a file or stdin, prints it in words."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from snomtui.errors import TraceError

LARGEST = 512 * 1024 * 1024
"""Bytes that a file may have."""


def decode(given: argparse.Namespace) -> int:
    """`snomtui decode [FILE]`; raises `TraceError`."""
    from snomtui.trace import decode as words

    name = given.file
    try:
        print(words.decode(_bytes_of(name), shutil.get_terminal_size((100, 24)).columns), end="")
    except TraceError as error:
        raise TraceError(f"{'stdin' if name == '-' else name}: {error}") from None
    return 0


def _bytes_of(name: str) -> bytes:
    try:
        if name == "-":
            if sys.stdin is None:  # that is how Python shows a closed one
                raise TraceError("is closed")
            return sys.stdin.buffer.read(LARGEST)
        path = Path(name)
        if path.is_file() and path.stat().st_size > LARGEST:
            raise TraceError(f"is larger than {LARGEST // 1024 // 1024} MiB")
        return path.read_bytes()
    except OSError as error:
        raise TraceError(error.strerror or str(error)) from None
