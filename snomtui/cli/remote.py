"""The commands that control a phone over HTTP, real or simulated."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from snomtui.cli.making import OK, command
from snomtui.errors import SettingsError

if TYPE_CHECKING:
    from snomtui.cli.making import Commands
    from snomtui.remote.client import Remote

REMOTE = "http://127.0.0.1:8080"


def dial(commands: Commands) -> None:
    """`snomtui dial`."""
    made = _remote_command(commands, "dial", "have a phone call a number", lambda r, g: r.dial(g.number, g.identity))
    made.add_argument("number")
    made.add_argument("--identity", default="", metavar="USER@HOST", help="the outgoing identity")


def press(commands: Commands) -> None:
    """`snomtui press`."""
    help = "press keys of a phone, such as ENTER or 1;2;3"
    _remote_command(commands, "press", help, lambda r, g: r.press(g.keys)).add_argument("keys")


def hangup(commands: Commands) -> None:
    """`snomtui hangup`."""
    made = _remote_command(commands, "hangup", "end the call of a phone", lambda r, g: r.hangup(g.all))
    made.add_argument("--all", action="store_true", default=False, help="every call")


def answer(commands: Commands) -> None:
    """`snomtui answer`."""
    _remote_command(commands, "answer", "take the ringing call of a phone", lambda r, g: r.answer())


def status(commands: Commands) -> None:
    """`snomtui status`."""
    made = _remote_command(commands, "status", "what a phone is doing", _status)
    made.add_argument("--json", action="store_true", default=False, help="the whole snapshot")


def watch(commands: Commands) -> None:
    """`snomtui watch`."""
    _remote_command(commands, "watch", "what happens on a phone, as JSON lines", _watch)


def _remote_command(
    commands: Commands, name: str, help: str, act: Callable[[Remote, argparse.Namespace], None]
) -> argparse.ArgumentParser:
    made = command(commands, name, _remotely(act), help)
    made.add_argument(
        "--phone", default=os.environ.get("SNOMTUI_PHONE", REMOTE), metavar="URL", help=f"default {REMOTE}"
    )
    made.add_argument(
        "--user", default="", help="login of the phone's web server; the password by SNOMTUI_PASSWORD or prompt"
    )
    made.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS")
    return made


def _remotely(act: Callable[[Remote, argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    def run_remote(given: argparse.Namespace) -> int:
        from snomtui.remote.client import Remote

        with Remote(given.phone, given.user, _password(given.user), given.timeout) as remote:
            act(remote, given)
        return OK

    return run_remote


def _password(user: str) -> str:
    if not user:
        return ""
    known = os.environ.get("SNOMTUI_PASSWORD")
    if known is not None:
        return known
    if not sys.stdin.isatty():
        raise SettingsError("--user needs a password: set SNOMTUI_PASSWORD")
    from getpass import getpass

    return getpass(f"Password of {user}: ")


def _status(remote: Remote, given: argparse.Namespace) -> None:
    from snomtui.remote.intentjson import encode

    whole = remote.phone() if given.json else None
    print(encode(whole).decode() if whole is not None else remote.status())


def _watch(remote: Remote, given: argparse.Namespace) -> None:
    from snomtui.remote.intentjson import encode

    for event in remote.watch():
        print(encode(event).decode(), flush=True)
