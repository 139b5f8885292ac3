"""The command `handler`: links such as `tel:+4930123456`, clicked anywhere on the desktop, dial on a phone."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from snomtui.cli.making import OK, REFUSED, command
from snomtui.cli.reaching import number_options, reach_options, run_on
from snomtui.errors import LocalError, SnomtuiError

if TYPE_CHECKING:
    from snomtui.cli.making import Commands
    from snomtui.remote.driving.driver import Remote
    from snomtui.remote.driving.phonebook import Entry

LONGEST = 300
"""Characters that a link may have."""
_DIALABLE = re.compile(r"\+?[0-9*#A-D]+|(?:sips?:)?[\w.+~!$&'()*=-]+@[\w.\[\]:=;-]+|[^\W\d_][\w.-]*")
"""A number, an address, or the bare name of somebody."""


def handler(commands: Commands) -> None:
    """`snomtui handler`."""
    made = command(commands, "handler", _nothing, "makes tel:, callto: and sip: links of the desktop dial on a phone")
    parts = made.add_subparsers(title="what", metavar="WHAT")
    installed = command(parts, "install", _install, "dial such links from now on (freedesktop: Linux, BSD)")
    help = "who dials: a name in the phone book, or an address (default: as with snomtui dial, at each link)"
    installed.add_argument("--phone", default="", metavar="NAME|URL", help=help)
    installed.add_argument("--scheme", action="append", default=[], choices=["tel", "callto", "sip", "sips"])
    command(parts, "uninstall", _uninstall, "give the links back to whoever opened them before")
    command(parts, "status", _status, "who opens such links now")
    opened = command(parts, "open", _open, "what the desktop does with a link: dial it, and show what became of it")
    reach_options(opened)
    number_options(opened)
    opened.set_defaults(dials_only=True)
    opened.add_argument("uri", metavar="URI")


def _nothing(given: argparse.Namespace) -> int:
    given.command.print_usage(sys.stderr)
    raise LocalError("say what: install, uninstall or status")


def _install(given: argparse.Namespace) -> int:
    from snomtui.remote.driving.desktop import SCHEMES, Desktop, program

    words = [*program(), "handler", "open"]
    if given.phone:
        words.append(f"--phone={_nameable(given.phone)}")
    if sys.platform in ("darwin", "win32"):
        raise LocalError("this desktop is not of freedesktop's kind; the README says how to do it by hand")
    notes = Desktop(os.environ).install(words, given.scheme or SCHEMES)
    for note in notes:
        print(f"snomtui: {note}", file=sys.stderr)
    return OK


def _nameable(phone: str) -> str:
    """A phone as it may stand in a file that others read; raises `LocalError`."""
    if "@" in phone:
        raise LocalError("no login in the address, please: everybody can read it there. Use: snomtui phones add")
    if not re.fullmatch(r"[A-Za-z0-9._:/\[\]-]+", phone):
        raise LocalError(f"{phone!r} cannot stand in a desktop entry; give it a name with: snomtui phones add")
    return phone


def _uninstall(given: argparse.Namespace) -> int:
    from snomtui.remote.driving.desktop import Desktop

    print("\n".join(Desktop(os.environ).uninstall()) or "nothing was installed")
    return OK


def _status(given: argparse.Namespace) -> int:
    from snomtui.remote.driving.desktop import FILE, SCHEMES, Desktop

    desktop = Desktop(os.environ)
    ours = {scheme: desktop.current(scheme) for scheme in SCHEMES}
    for scheme, current in ours.items():
        print(f"{scheme + ':':8} {'snomtui' if current == FILE else current or 'nobody'}")
    if desktop.command():
        print(f"starts   {desktop.command()}")
    return OK if FILE in ours.values() else REFUSED


def _open(given: argparse.Namespace) -> int:
    from snomtui.cli import exit_code

    try:
        given.number = dialable_link(given.uri)
        code, said = run_on(given, _dial), "The phone dials."
    except SnomtuiError as error:
        print(f"snomtui: {error}", file=sys.stderr)
        code, said = exit_code(error), str(error)
    shown = getattr(given, "number", "") or "Link"
    notify(shown, said if code == OK or said != "The phone dials." else "It did not work on all phones.")
    return code


def dialable_link(uri: str) -> str:
    """The number or address of a link that somebody else wrote; raises `LocalError` for what a link must not do."""
    from snomtui.remote.driving.desktop import SCHEMES
    from snomtui.remote.driving.numbers import cleaned, code_in

    scheme = uri.partition(":")[0].lower()
    if scheme not in SCHEMES:
        raise LocalError(f"links are {', '.join(f'{each}:' for each in SCHEMES)}, not {ascii(uri[:40])}")
    number = cleaned(uri)
    if len(uri) > LONGEST or not _DIALABLE.fullmatch(number):
        raise LocalError("this link has no number or address that can be dialled")
    if code_in(number):
        raise LocalError(
            f"{number} is a code for the exchange, and links may not send those; dial it by hand if you mean it"
        )
    return number


def _dial(remote: Remote, entry: Entry, given: argparse.Namespace) -> str:
    return f"dialled {remote.dial(given.number, entry.identity, entry.rules)}"


def notify(title: str, text: str) -> None:
    """Show a note on the desktop, if it can; nothing in it is taken for an option or for markup."""
    program = shutil.which("notify-send")
    if not program or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    try:
        subprocess.run(
            [program, "--app-name=snomtui", "--icon=call-start", "--", title[:80], plain[:300]],
            timeout=5,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return
