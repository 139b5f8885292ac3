"""The command `account`: who a phone is registered as, and its own login, changed from here without its web pages.

Over HTTPS only: passwords travel, so anything else is refused before a byte is sent. They come by prompt, stdin,
environment or file, never on the command line.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from snomtui.cli.asking import first_line, typed
from snomtui.cli.making import command, path
from snomtui.cli.reaching import phones_of, reach_options, run_on
from snomtui.errors import LocalError

if TYPE_CHECKING:
    from snomtui.cli.making import Commands
    from snomtui.remote.driving.driver import Remote
    from snomtui.remote.driving.phonebook import Entry

FIELDS = ("name", "host", "login", "display-name", "outbound", "server-type")
ACCOUNT = "SNOMTUI_ACCOUNT_PASSWORD"
NEW_LOGIN = "SNOMTUI_NEW_PASSWORD"
_FIELD_HELP = {
    "name": "the account's name, the user part of its address",
    "host": "its domain or registrar",
    "login": "the user name of its login, where that is another one",
    "display-name": "how callers see its name",
    "outbound": "the proxy, such as sip.ucc.test:5061;transport=tls",
    "server-type": "such as ocs or default",
}


def account(commands: Commands) -> None:
    """`snomtui account`."""
    made = command(commands, "account", _nothing, "the accounts of a phone and its own login, over HTTPS")
    parts = made.add_subparsers(title="what", metavar="WHAT")
    shown = _part(parts, "show", _show, "the identities, or one of them; passwords are never told")
    shown.add_argument("identity", nargs="?", type=_identity, default=0, metavar="1..12")
    changed = _part(parts, "set", _set, "change one identity; what is not given stays")
    changed.add_argument("identity", type=_identity, metavar="1..12")
    changed.add_argument("--active", choices=["on", "off"], default=None)
    for name in FIELDS:
        changed.add_argument(f"--{name}", default=None, metavar="TEXT", help=_FIELD_HELP[name])
    word = _part(parts, "password", _password, "give one identity another password")
    word.add_argument("identity", type=_identity, metavar="1..12")
    _new(word, ACCOUNT)
    login = _part(parts, "login", _login, "change the login of the phone's own web server")
    login.add_argument("new_user", metavar="USER", help="the new user name; an empty one with an empty password = open")
    login.add_argument("--scheme", choices=["basic", "digest"], default="basic", help="default basic")
    _new(login, NEW_LOGIN)


def _part(parts: Commands, name: str, act: object, help: str) -> argparse.ArgumentParser:
    made = command(parts, name, lambda given: _over_https(given, act), help)
    reach_options(made)
    return made


def _new(made: argparse.ArgumentParser, variable: str) -> None:
    help = f"its first line is the new password; else {variable}, stdin or a prompt"
    made.add_argument("--new-password-file", type=path, default=None, metavar="FILE", help=help)
    made.set_defaults(variable=variable)


def _nothing(given: argparse.Namespace) -> int:
    given.command.print_usage(sys.stderr)
    raise LocalError("say what: show, set, password or login")


def _over_https(given: argparse.Namespace, act: object) -> int:
    for entry in phones_of(given):
        if not entry.url.strip().lower().startswith("https://"):
            where = entry.name or entry.url.rpartition("@")[2]
            raise LocalError(f"{where}: accounts are shown and changed over HTTPS only; give --phone https://...")
    if hasattr(given, "variable"):
        given.new = _new_password(given)
    return run_on(given, act)  # type: ignore[arg-type]


def _show(remote: Remote, entry: Entry, given: argparse.Namespace) -> object:
    from snomtui.remote.driving import accounts

    found = accounts.shown(remote, given.identity)
    return found if given.json else "\n".join(accounts.in_words(each) for each in found) or "no account is set up"


def _set(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
    from snomtui.remote.driving import accounts

    said = {name.replace("-", "_"): getattr(given, name.replace("-", "_")) for name in FIELDS}
    wanted: dict[str, object] = {name: value for name, value in said.items() if value is not None}
    if given.active:
        wanted["active"] = given.active == "on"
    if not wanted:
        raise LocalError("nothing to change; say for example --display-name NAME")
    accounts.change(remote, given.identity, wanted)


def _password(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
    from snomtui.remote.driving import accounts

    accounts.change(remote, given.identity, {"password": given.new})


def _login(remote: Remote, entry: Entry, given: argparse.Namespace) -> None:
    from snomtui.remote.driving import accounts

    accounts.change_login(remote, given.new_user, given.new, given.scheme)


def _new_password(given: argparse.Namespace) -> str:
    if given.new_password_file:
        return first_line(given.new_password_file)
    known = os.environ.get(given.variable)
    if known is not None:
        return known
    return typed("New password: ", again=True)


def _identity(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 12):
        raise argparse.ArgumentTypeError(f"{text!r} is not an identity from 1 to 12")
    return int(text)
