"""The command `phones`: which phones there are, and how to get at them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from snomtui.cli.asking import sure
from snomtui.cli.making import OK, command, path, seconds
from snomtui.cli.reaching import NUMBERS, book_of, number_options, reach_options, run_on, tls_options
from snomtui.errors import LocalError

if TYPE_CHECKING:
    from snomtui.cli.making import Commands
    from snomtui.remote.driving.driver import Remote
    from snomtui.remote.driving.phonebook import Entry


def phones(commands: Commands) -> None:
    """`snomtui phones`."""
    made = command(commands, "phones", _list, "the phone book of the commands: list, add, remove, check, trust")
    made.set_defaults(book=None, json=False, debug=False)
    parts = made.add_subparsers(title="what", metavar="WHAT")
    shown = command(parts, "list", _list, "all phones and groups, and where the file is")
    shown.add_argument("--json", action="store_true", default=False, help="one JSON object a phone")
    added = command(parts, "add", _add, "write one more phone into the book")
    added.add_argument("name", metavar="NAME")
    added.add_argument("url", metavar="URL", help="such as https://192.0.2.7")
    _adding(added)
    command(parts, "remove", _remove, "take a phone out of the book").add_argument("name", metavar="NAME")
    checked = command(parts, "check", _check, "get at phones, without changing anything; nothing given = all")
    reach_options(checked)
    trusted = command(parts, "trust", _trust, "take the certificate that a phone shows now")
    trusted.add_argument("name", metavar="NAME|URL")
    trusted.add_argument("--yes", action="store_true", default=False, help="do not ask")
    trusted.add_argument("--timeout", type=seconds, default=5.0, metavar="SECONDS")
    for part in (shown, added, trusted, parts.choices["remove"]):
        part.add_argument("--book", type=path, default=None, metavar="FILE", help="another file than phones.toml")


def _adding(made: argparse.ArgumentParser) -> None:
    made.add_argument("--user", default="", help="login of its web server")
    made.add_argument("--password-file", default="", metavar="FILE", help="its first line is the password")
    words = "a program that says it, and its arguments: up to the end of the line"
    made.add_argument("--identity", default="", metavar="USER@HOST", help="the outgoing identity")
    made.add_argument("--certificate", default="", metavar="SHA256", help="the one certificate that is taken")
    made.add_argument("--default", action="store_true", default=False, help="who is meant without --phone")
    tls_options(made)
    number_options(made)
    made.add_argument("--password-command", nargs=argparse.REMAINDER, default=[], metavar="WORD", help=words)


def _list(given: argparse.Namespace) -> int:
    from snomtui.remote.intentjson import encode
    from snomtui.remote.query import without_login

    book = book_of(given)
    for entry in book.phones.values():
        url = without_login(entry.url)
        if given.json:
            shown = {"name": entry.name, "url": url, "user": entry.user, "default": entry.name == book.default}
            print(encode({**shown, "identity": entry.identity}).decode())
        else:
            mark = "*" if entry.name == book.default else " "
            print(f"{mark} {entry.name:16} {url}{f'  as {entry.user}' if entry.user else ''}")
    if not given.json:
        for name, members in book.groups.items():
            print(f"  {name:16} {', '.join(members)}")
        count = "1 phone" if len(book.phones) == 1 else f"{len(book.phones) or 'no'} phones"
        print(f"{count} in {book.path}", file=sys.stderr)
    return OK


def _add(given: argparse.Namespace) -> int:
    from urllib.parse import urlsplit

    from snomtui.remote.driving import phonebook, pins
    from snomtui.remote.driving.numbers import Rules

    try:
        parts = urlsplit(given.url if "://" in given.url else f"http://{given.url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError
    except ValueError:
        raise LocalError("this is not the address of a phone; write https://HOST or http://HOST:PORT") from None
    if parts.username or parts.password:
        raise LocalError("no login in the address, please: --user NAME and --password-file FILE")
    numbers = {name: getattr(given, name) for name in NUMBERS if getattr(given, name) is not None}
    texts = {name: getattr(given, name) for name in ("user", "identity")}
    files = {name: _whole(getattr(given, name)) for name in ("password_file", "ca_file", "cert", "key")}
    entry = phonebook.Entry(
        given.name,
        parts.geturl(),
        **texts,
        **files,
        password_command=tuple(given.password_command),
        certificate=pins.fingerprint_of(given.certificate) if given.certificate else "",
        tls_minimum=given.tls_minimum or "1.2",
        rules=Rules(**numbers),
    )
    phonebook.add(given.book or phonebook.own_file(), entry, given.default)
    return OK


def _whole(file: str) -> str:
    """A file by its whole path: in the book a relative one would be beside the book."""
    return file if file in ("", "system") else str(Path(file).expanduser().absolute())


def _remove(given: argparse.Namespace) -> int:
    from snomtui.remote.driving import phonebook

    phonebook.remove(given.book or phonebook.own_file(), given.name)
    return OK


def _check(given: argparse.Namespace) -> int:
    given.phone = given.phone or list(book_of(given).phones)

    def look(remote: Remote, entry: Entry, given: argparse.Namespace) -> str:
        phone = remote.phone()
        if phone is not None:
            return f"there, a simulated {phone.get('model', 'phone')} {phone.get('version', '')}".rstrip()
        return f"there, {remote.status().partition(chr(10))[0][:60] or 'a snom'}"

    return run_on(given, look)


def _trust(given: argparse.Namespace) -> int:
    from urllib.parse import urlsplit

    from snomtui.remote.driving import pins
    from snomtui.remote.query import without_login

    for entry in book_of(given).find(given.name):
        parts = urlsplit(entry.url if "://" in entry.url else f"https://{entry.url}")
        if parts.scheme != "https" or not parts.hostname:
            raise LocalError(f"{without_login(given.name)}: only a phone at https:// has a certificate")
        where = f"{parts.hostname}:{parts.port or 443}"
        shown = pins.shown_by(parts.hostname, parts.port or 443, given.timeout, entry.tls_minimum)
        if entry.certificate and entry.certificate != shown:
            raise LocalError(f"{given.name}: the phone book says which certificate it must have; change it there")
        known = pins.Pins(pins.own_file())
        if known.known(where) == shown:
            print(f"{where}: known already")
            continue
        sure(f"{where} shows SHA-256 {pins.in_pairs(shown)}. Trust it from now on?", given.yes)
        known.keep(where, shown)
    return OK
