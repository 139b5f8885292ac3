"""The commands that call and watch with a phone over HTTP, real or simulated."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from snomtui.cli.asking import password as password
from snomtui.cli.reaching import Act, number_options, remote_command, tell
from snomtui.errors import LocalError

if TYPE_CHECKING:
    from snomtui.cli.making import Commands
    from snomtui.phone.intents import Intent
    from snomtui.remote.driving.driver import Remote
    from snomtui.remote.driving.phonebook import Entry


def dial(commands: Commands) -> None:
    """`snomtui dial`."""
    made = remote_command(commands, "dial", "have a phone call a number", _dial, _find_number)
    made.set_defaults(dials_only=True)
    made.add_argument(
        "number", nargs="?", default=None, help="as it is written, a link (tel:...), or - = text on stdin"
    )
    made.add_argument("--identity", default="", metavar="USER@HOST", help="the outgoing identity")
    made.add_argument("--selection", action="store_true", default=False, help="the number in the text that is selected")
    number_options(made)


def press(commands: Commands) -> None:
    """`snomtui press`."""
    help = "press keys of a phone, such as ENTER or 1;2;3"
    remote_command(commands, "press", help, lambda r, e, g: r.press(g.keys)).add_argument("keys")


def hangup(commands: Commands) -> None:
    """`snomtui hangup`."""
    made = remote_command(commands, "hangup", "end the call of a phone", _hangup)
    made.add_argument("--all", action="store_true", default=False, help="every call")


def answer(commands: Commands) -> None:
    """`snomtui answer`."""
    remote_command(commands, "answer", "take the ringing call of a phone", wishing(lambda g, e: {"do": "answer"}))


def status(commands: Commands) -> None:
    """`snomtui status`."""
    remote_command(commands, "status", "what a phone is doing; with --json the whole snapshot", _status, raw=True)


def watch(commands: Commands) -> None:
    """`snomtui watch`."""
    remote_command(commands, "watch", "what happens on a phone, as JSON lines", _watch, raw=True)


def wishing(wish: object) -> Act:
    """Does what an object of the JSON API says; `wish(given, entry)` makes it."""

    def act(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
        remote.do(*intents(wish(given, entry)))  # type: ignore[operator]

    return act


def intents(wish: dict[str, object]) -> tuple[Intent, ...]:
    """What an object of the JSON API asks for; raises `BadIntent`."""
    from snomtui.remote.intentjson import intents_of

    return intents_of(wish)


def _dial(remote: Remote, entry: Entry, given: argparse.Namespace) -> object:
    dialled = remote.dial(given.number, given.identity or entry.identity, entry.rules)
    return f"dialled {dialled}" if given.json or given.several or given.number != dialled else None


def _find_number(given: argparse.Namespace) -> None:
    """The number that is meant; found once, however many phones dial it."""
    if given.selection or given.number == "-":
        from snomtui.remote.driving import selection

        given.number = selection.chosen(sys.stdin.read() if given.number == "-" else selection.selected())
    if not given.number:
        if given.number is None:
            given.command.print_usage(sys.stderr)
        raise LocalError("no number given; write one, or --selection, or - for text on stdin")


def _hangup(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
    from snomtui.phone.intents import HangUp

    remote.do(HangUp(every=given.all))


def _status(remote: Remote, entry: Entry, given: argparse.Namespace) -> object:
    from snomtui.remote.intentjson import encode

    whole = remote.phone() if given.json else None
    if whole is None:
        return remote.status()
    return whole if given.several else encode(whole).decode()


def _watch(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
    from snomtui.remote.intentjson import encode

    several = {"phone": entry.name or remote.where} if given.several else {}
    for event in remote.watch():
        tell(encode({**several, **event}).decode())
