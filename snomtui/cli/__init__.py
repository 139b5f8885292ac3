"""The commands. Heavy imports stand inside the commands that need them, and a command is built when it is named."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

from snomtui import __version__
from snomtui.cli import phones
from snomtui.cli.making import INTERRUPTED, OK, REFUSED, UNREACHABLE, USAGE
from snomtui.errors import LocalError, SnomtuiError, Unreachable

_ROOMS: Mapping[str, str] = {
    "phones": "phone demo office browse",
    "tools": "keys skins record decode",
    "remote": "dial press hangup answer status watch",
    "control": "hold resume swap transfer conference dtmf presence message redirect register logoff reboot reset set",
    "phonebook": "phones",
    "account": "account",
    "handler": "handler",
    "certificates": "certificate",
    "qa": "qa",
}
"""In which module a command is made, by the function of its name; in the order of the help."""
_COMMANDS = {name: room for room, names in _ROOMS.items() for name in names.split()}


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. No traceback reaches a user unless `--debug`."""
    try:
        given, rest = parser(arguments).parse_known_args(arguments)
        if rest:
            given.command.error(f"unrecognized arguments: {' '.join(rest)}")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    try:
        return int(given.run(given))
    except KeyboardInterrupt:
        return INTERRUPTED
    except SnomtuiError as error:
        print(f"snomtui: {error}", file=sys.stderr)
        return exit_code(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        if getattr(given, "debug", False):
            raise
        print(f"snomtui: a defect of this program: {error!r} (--debug shows where)", file=sys.stderr)
        return REFUSED
    finally:
        gc.enable()


def exit_code(error: SnomtuiError) -> int:
    """The exit code of a command that ended with this error."""
    if isinstance(error, Unreachable):
        return UNREACHABLE
    return USAGE if isinstance(error, LocalError) else REFUSED


def parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The command line: all of it, or only the commands that are named in `arguments`, which is quicker."""
    top = argparse.ArgumentParser(prog="snomtui", description="A snom desk phone in a terminal.")
    top.add_argument("--version", action="version", version=f"snomtui {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND")
    for name in [name for name in _COMMANDS if name in arguments] or _COMMANDS:
        room = import_module(f"snomtui.cli.{_COMMANDS[name]}")
        getattr(room, name.replace("-", "_"))(commands)
    phones.as_default(top)
    return top
