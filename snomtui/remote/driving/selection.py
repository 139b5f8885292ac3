"""The text that is selected on the desktop or in a terminal, and the one number in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from snomtui.errors import LocalError
from snomtui.remote.driving.numbers import found_in

LONGEST = 100_000
"""Characters of a text that are looked at."""
_SOURCES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("WAYLAND_DISPLAY", ("wl-paste", "--primary", "--no-newline")),
    ("DISPLAY", ("xclip", "-o", "-selection", "primary")),
    ("DISPLAY", ("xsel", "-o", "--primary")),
    ("TMUX", ("tmux", "save-buffer", "-")),
    ("", ("pbpaste",)),
    ("", ("powershell.exe", "-NoProfile", "-Command", "Get-Clipboard")),
)
"""Which program tells the selection, and the variable that says that it is of use here."""


def selected(environment: Mapping[str, str] = os.environ) -> str:
    """The selected text, by the first program that has one; raises `LocalError` if there is none."""
    tried = []
    for variable, words in _SOURCES:
        if (variable and not environment.get(variable)) or not shutil.which(words[0], path=environment.get("PATH")):
            continue
        tried.append(words[0])
        try:
            ran = subprocess.run(words, capture_output=True, timeout=3, stdin=subprocess.DEVNULL, env=environment)
        except (OSError, subprocess.TimeoutExpired):
            continue
        text = ran.stdout.decode("utf-8", "replace")
        if ran.returncode == 0 and text.strip():
            return text
    if tried:
        raise LocalError(f"nothing is selected ({', '.join(tried)} had no text)")
    raise LocalError("no program here tells the selection: install wl-clipboard, xclip or xsel, or use stdin")


def chosen(text: str) -> str:
    """The one number in a text; a person is asked if there are several. Raises `LocalError` if it is not clear."""
    found = found_in(text[:LONGEST])
    if not found:
        raise LocalError("there is no phone number in the text")
    if len(found) == 1:
        return found[0]
    listed = "\n".join(f"  {at}  {number}" for at, number in enumerate(found, 1))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise LocalError(f"there are several numbers in the text; dial one of them:\n{listed}")
    sys.stderr.write(f"{listed}\nWhich one? ")
    sys.stderr.flush()
    said = sys.stdin.readline().strip()
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= len(found)):
        raise LocalError("nothing was dialled")
    return found[int(said) - 1]
