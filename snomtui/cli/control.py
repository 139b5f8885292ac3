"""The commands that do more with a phone than calling: hold, transfer, tones, presence, settings.

A simulated phone is asked for just this; a real snom gets the keys and settings that it has for it.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from snomtui.cli.asking import sure, typed
from snomtui.cli.reaching import number_options, remote_command
from snomtui.cli.remote import intents, wishing
from snomtui.errors import LocalError

if TYPE_CHECKING:
    from snomtui.cli.making import Commands
    from snomtui.remote.driving.driver import Remote
    from snomtui.remote.driving.phonebook import Entry

CALL = "the id of a call as `snomtui status` shows it (default: the one on the display)"


def hold(commands: Commands) -> None:
    """`snomtui hold`."""
    _call(commands, "hold", "put the call of a phone on hold")


def resume(commands: Commands) -> None:
    """`snomtui resume`."""
    _call(commands, "resume", "take the held call of a phone back")


def swap(commands: Commands) -> None:
    """`snomtui swap`."""
    remote_command(commands, "swap", "take the held call back and hold the other one", lambda r, e, g: r.swap())


def transfer(commands: Commands) -> None:
    """`snomtui transfer`."""
    made = remote_command(commands, "transfer", "send the other side of a call elsewhere", _transfer)
    made.add_argument("to", help="a number, an address, or the id of another call")
    made.add_argument("--call", default="", metavar="ID", help=CALL)
    number_options(made)


def conference(commands: Commands) -> None:
    """`snomtui conference`."""
    help = "join all calls of a phone, or part them again"
    made = remote_command(commands, "conference", help, wishing(lambda g, e: {"do": "conference", "on": g.on == "on"}))
    made.add_argument("on", nargs="?", choices=["on", "off"], default="on")


def dtmf(commands: Commands) -> None:
    """`snomtui dtmf`."""
    help = "send tones in the call of a phone"
    made = remote_command(commands, "dtmf", help, wishing(lambda g, e: {"do": "dtmf", "digits": g.digits}))
    made.add_argument("digits", help="0 to 9, *, # and A to D")


def presence(commands: Commands) -> None:
    """`snomtui presence`."""

    def wish(given: argparse.Namespace, entry: Entry) -> dict[str, object]:
        return {"do": "presence", "availability": given.availability, "note": given.note}

    made = remote_command(commands, "presence", "how others see the user of a phone", wishing(wish))
    made.add_argument("availability", help="such as AVAILABLE, BUSY, AWAY; a wrong one lists all")
    made.add_argument("--note", default=None, metavar="TEXT", help="a note beside it; empty takes it away")


def message(commands: Commands) -> None:
    """`snomtui message`."""

    def wish(given: argparse.Namespace, entry: Entry) -> dict[str, object]:
        return {"do": "message", "to": _number(given.to, entry), "text": given.text, "identity": given.identity}

    made = remote_command(commands, "message", "have a phone send an instant message", wishing(wish), _read_text)
    made.add_argument("to", help="a number or an address")
    made.add_argument("text", nargs="?", default="-", help="what it says; - or nothing = stdin")
    made.add_argument("--identity", type=int, default=None, metavar="1..12", help="the outgoing identity")


def redirect(commands: Commands) -> None:
    """`snomtui redirect`."""

    def wish(given: argparse.Namespace, entry: Entry) -> dict[str, object]:
        to = _number(given.to, entry) if given.to else None
        return {"do": "redirect", "when": given.when, "on": given.on == "on", "to": to}

    made = remote_command(commands, "redirect", "send the callers of a phone elsewhere, or no longer", wishing(wish))
    made.add_argument("when", choices=["all", "busy", "time"], help="time = nobody answers in time")
    made.add_argument("on", choices=["on", "off"])
    made.add_argument("to", nargs="?", default="", help="a number or an address; nothing = as it is set")
    number_options(made)


def register(commands: Commands) -> None:
    """`snomtui register`."""
    help = "register an identity of a phone now"
    made = remote_command(commands, "register", help, wishing(lambda g, e: {"do": "register", "identity": g.identity}))
    made.add_argument("identity", nargs="?", type=int, default=1, metavar="1..12", help="default 1")


def logoff(commands: Commands) -> None:
    """`snomtui logoff`."""
    help = "unregister an identity of a phone, or all"
    made = remote_command(commands, "logoff", help, wishing(lambda g, e: {"do": "logoff", "identity": g.identity}))
    made.add_argument("identity", nargs="?", type=int, default=None, metavar="1..12", help="default: all")


def reboot(commands: Commands) -> None:
    """`snomtui reboot`."""
    remote_command(commands, "reboot", "start a phone again", wishing(lambda g, e: {"do": "reboot"}))


def reset(commands: Commands) -> None:
    """`snomtui reset`."""
    question = "Reset to the factory state? Settings, lists and directory of the phone will be gone."
    help = "put a phone back into its factory state"
    made = remote_command(
        commands, "reset", help, wishing(lambda g, e: {"do": "reset"}), lambda g: sure(question, g.yes)
    )
    made.add_argument("--yes", action="store_true", default=False, help="do not ask")


def set(commands: Commands) -> None:
    """`snomtui set`."""
    made = remote_command(commands, "set", "change settings of a phone, by snom's names", _set, _read_values)
    made.add_argument("values", nargs="+", metavar="NAME=VALUE", help="a NAME alone asks for its value (passwords)")


def _call(commands: Commands, name: str, help: str) -> None:
    made = remote_command(commands, name, help, wishing(lambda g, e: {"do": name, "call": g.call or None}))
    made.add_argument("--call", default="", metavar="ID", help=CALL)


def _number(written: str, entry: Entry) -> str:
    from snomtui.remote.driving.numbers import cleaned

    return entry.rules.dialled(cleaned(written))


def _transfer(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
    phone = remote.phone() or {}
    is_call = any(call.get("id") == given.to for call in phone.get("calls", []))
    to = given.to if is_call else _number(given.to, entry)
    remote.do(*intents({"do": "transfer", "to": to, "call": given.call or None}))


def _read_text(given: argparse.Namespace) -> None:
    if given.text == "-":
        given.text = sys.stdin.read().strip()


def _read_values(given: argparse.Namespace) -> None:
    given.wanted = {}
    for pair in given.values:
        name, equals, value = pair.partition("=")
        if not name.strip():
            raise LocalError(f"{pair!r}: write NAME=VALUE")
        given.wanted[name.strip()] = value if equals else typed(f"{name}: ")


def _set(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
    remote.change(given.wanted)
