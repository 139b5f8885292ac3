"""Pieces of which the commands are made."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

OK, REFUSED, USAGE, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 130
"""The exit codes."""

Run = Callable[[argparse.Namespace], int]


def command(commands: Commands, name: str, run: Run, help: str) -> argparse.ArgumentParser:
    """One command; `run` does it and returns the exit code."""
    # Without defaults of its own a command leaves alone what was given in front of it: `snomtui --http off phone`.
    made = commands.add_parser(
        name, help=help, description=help[0].upper() + help[1:] + ".", argument_default=argparse.SUPPRESS
    )
    made.set_defaults(command=made, run=run)
    made.add_argument("--debug", action="store_true", help="show tracebacks")
    return made


def seconds(text: str) -> float:
    """How long somebody waits at most."""
    try:
        found = float(text.removesuffix("s"))
    except ValueError:
        found = 0.0
    if not 0 < found <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} must be seconds, more than 0 and at most 3600")
    return found


def path(text: str) -> Path:
    """A file or folder; the empty text of a variable that nobody has set is neither."""
    if not text:
        raise argparse.ArgumentTypeError("a name is wanted")
    return Path(text)
