"""The commands beside the phone: keyboard keys, skins, recordings, traces in words."""

from __future__ import annotations

import argparse
import shutil
import sys
from typing import TYPE_CHECKING

from snomtui.cli.making import OK, USAGE, command, path

if TYPE_CHECKING:
    from snomtui.cli.making import Commands


def keys(commands: Commands) -> None:
    """`snomtui keys`."""
    made = command(commands, "keys", _keys, "the keyboard keys: a list of them, or what is wrong with a file of yours")
    made.add_argument("what", choices=["list", "check"])
    own = "default: keys.toml in the configuration folder"
    made.add_argument("file", nargs="?", type=path, default=None, metavar="FILE", help=own)


def skins(commands: Commands) -> None:
    """`snomtui skins`."""
    made = command(commands, "skins", _skins, "the faces of the phone: list, show, check")
    parts = made.add_subparsers(title="what", metavar="WHAT")
    for name, help in (
        ("list", "all skins, and where yours belong"),
        ("show", "one of them: model, faces, files, and a picture in text"),
        ("check", "what is wrong with a skin: file, line, key, and what would be right"),
    ):
        part = command(parts, name, _skins, help)
        part.set_defaults(what=name)
        if name == "show":
            part.add_argument("skin", metavar="NAME|FILE|FOLDER")
        elif name == "check":
            part.add_argument("skin", metavar="NAME|FILE|FOLDER", nargs="*", default=[], help="default: all there are")
    made.set_defaults(what="list", debug=False)


def record(commands: Commands) -> None:
    """`snomtui record`."""
    made = command(commands, "record", _record, "plays a script with a demo: a recording for asciinema, and pictures")
    made.add_argument("script", type=path, metavar="SCRIPT", help="what happens, one step a line")
    made.add_argument("--cast", type=path, default=None, metavar="FILE", help="write the recording here (asciicast 2)")
    made.add_argument("--svg", type=path, default=None, metavar="FILE", help="write the last picture here")
    made.add_argument("--png", type=path, default=None, metavar="FILE", help="the same as pixels")


def decode(commands: Commands) -> None:
    """`snomtui decode`."""
    made = command(commands, "decode", _decode, "a SIP trace, a capture or an NTLM token in words; SIP as a ladder")
    made.add_argument("file", nargs="?", default="-", metavar="FILE", help="pcap, pcapng, text or token; - = stdin")


def _record(given: argparse.Namespace) -> int:
    from snomtui import roof

    return roof.record(given)


def _keys(given: argparse.Namespace) -> int:
    from snomtui.ui import keymap

    if given.what == "check":
        keymap.read(given.file or keymap.own_file())
        return OK
    for name, keys in keymap.listed(given.file):
        print(f"{name:14}{keys}")
    return OK


def _skins(given: argparse.Namespace) -> int:
    from snomtui import fitting

    if given.what == "check":
        wrong = fitting.checked(given.skin)
        print("\n".join(wrong) or f"{', '.join(given.skin) or 'All skins'}: nothing is wrong")
        return USAGE if wrong else OK
    size = shutil.get_terminal_size((100, 34))
    text = "\n".join(fitting.listing() if given.what == "list" else fitting.shown(given.skin, size))
    if "utf" not in (sys.stdout.encoding or "").lower():
        from snomtui.ui.simpler import ascii_of

        text = ascii_of(text)
    print(text)
    return OK


def _decode(given: argparse.Namespace) -> int:
    from snomtui import decoding

    return decoding.decode(given)
