"""What a person is asked for: passwords and whether something is really meant."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from snomtui.errors import LocalError, SettingsError

if TYPE_CHECKING:
    from snomtui.remote.driving.phonebook import Entry


def password_of(entry: Entry) -> str:
    """The password for one phone: from its file or program, SNOMTUI_PASSWORD or a prompt; may raise SettingsError."""
    if entry.password_file:
        return first_line(Path(entry.password_file))
    if entry.password_command:
        return _said_by(entry.password_command)
    return password(entry.user, entry.name)


def first_line(file: Path) -> str:
    """The password that stands in a file."""
    try:
        with open(file, encoding="utf-8") as lines:
            return lines.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: {getattr(error, 'strerror', None) or error}") from None


def password(user: str, name: str = "") -> str:
    """The password of a user, by `SNOMTUI_PASSWORD` or a prompt; empty without a user."""
    if not user:
        return ""
    known = os.environ.get("SNOMTUI_PASSWORD")
    if known is not None:
        return known
    if not sys.stdin.isatty():
        raise SettingsError("--user needs a password: set SNOMTUI_PASSWORD, or give --password-file")
    return typed(f"Password of {user}{f' at {name}' if name else ''}: ")


def typed(prompt: str, again: bool = False) -> str:
    """A secret that a person types unseen, or the next line of stdin if nobody is there; `again`: typed twice."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    from getpass import getpass

    secret = getpass(prompt)
    if again and getpass("Once more: ") != secret:
        raise LocalError("the two passwords are not the same; nothing was changed")
    return secret


def _said_by(words: Iterable[str]) -> str:
    arguments = list(words)
    try:
        ran = subprocess.run(arguments, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as error:
        raise SettingsError(f"password_command: {arguments[0]}: {error}") from None
    if ran.returncode:
        raise SettingsError(f"password_command: {arguments[0]} ended with {ran.returncode}")
    return ran.stdout.partition("\n")[0].rstrip("\r")


def sure(question: str, yes: bool) -> None:
    """Ask before something that cannot be undone; raises `LocalError` unless the answer is yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise LocalError(f"{question} Say --yes if you mean it")
    if input(f"{question} [y/N] ").strip().lower() not in ("y", "yes", "j", "ja"):
        raise LocalError("nothing was done")
