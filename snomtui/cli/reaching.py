"""What all commands to phones share: which phones are meant, how to get at them, and what is told of each.

Heavy imports stand in the functions: a dial should be on its way at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, cast

from snomtui.cli.asking import password_of
from snomtui.cli.making import OK, command, path, seconds
from snomtui.errors import LocalError, SnomtuiError

if TYPE_CHECKING:
    import ssl

    from snomtui.cli.making import Commands
    from snomtui.remote.driving.driver import Remote
    from snomtui.remote.driving.phonebook import Book, Entry

REMOTE = "http://127.0.0.1:8080"
NUMBERS = ("country", "area", "trunk", "international", "prefix", "form")
_NUMBER_HELP = {
    "country": "country code of the phone, such as 49: then numbers are sent with +",
    "area": "area code without the trunk prefix, such as 30",
    "trunk": "what stands before an area code (default 0)",
    "international": "what stands before a country code (default 00)",
    "prefix": "what is dialled for an outside line",
    "form": "how the phone wants it: +, 00 or national",
}

Act = Callable[["Remote", "Entry", argparse.Namespace], object]
"""Does something with one phone and returns what is to be told, or None."""


def remote_command(
    commands: Commands,
    name: str,
    help: str,
    act: Act,
    first: Callable[[argparse.Namespace], None] | None = None,
    raw: bool = False,
) -> argparse.ArgumentParser:
    """A command that is done by one phone, or by several at once; `first` is done once, before all of them."""

    def run(given: argparse.Namespace) -> int:
        if first:
            first(given)
        return run_on(given, act, raw)

    made = command(commands, name, run, help)
    reach_options(made)
    return made


def reach_options(made: argparse.ArgumentParser) -> None:
    """How to get at phones."""
    made.set_defaults(dials_only=False)
    where = f"name in the phone book, or address; may be repeated (default SNOMTUI_PHONE, or {REMOTE})"
    made.add_argument("--phone", action="append", default=[], metavar="NAME|URL", help=where)
    made.add_argument("--user", default="", help="login of the phone's web server")
    file = "its first line is the password; else SNOMTUI_PASSWORD, or a prompt"
    made.add_argument("--password-file", type=path, default=None, metavar="FILE", help=file)
    made.add_argument("--timeout", type=seconds, default=5.0, metavar="SECONDS", help="for each answer (default 5)")
    made.add_argument("--json", action="store_true", default=False, help="what became of it, one JSON object a phone")
    made.add_argument("--book", type=path, default=None, metavar="FILE", help="another phone book than phones.toml")
    tls_options(made)
    new = "take this certificate from now on (SHA-256)"
    made.add_argument("--accept-certificate", default="", metavar="FINGERPRINT", help=new)


def tls_options(made: argparse.ArgumentParser) -> None:
    """How to talk to a phone over HTTPS."""
    made.add_argument("--ca-file", default="", metavar="FILE", help="who vouches for its certificate; or system")
    made.add_argument("--cert", default="", metavar="FILE", help="our own certificate as login (PEM)")
    made.add_argument("--key", default="", metavar="FILE", help="its key, if that is not in the same file")
    made.add_argument("--tls-minimum", choices=["1.0", "1.2"], default="", help="1.0 for phones of 2009 (default 1.2)")


def number_options(made: argparse.ArgumentParser) -> None:
    """What numbers mean where the phone stands; else as the phone book says."""
    for name in NUMBERS:
        made.add_argument(f"--{name}", default=None, metavar="DIGITS", help=_NUMBER_HELP[name])


def book_of(given: argparse.Namespace) -> Book:
    """The phone book that is meant."""
    from snomtui.remote.driving import phonebook

    return phonebook.read(given.book or phonebook.own_file())


def phones_of(given: argparse.Namespace) -> list[Entry]:
    """The phones that are meant, each once, with what the command line says beside the phone book."""
    book = book_of(given)
    names = given.phone or [os.environ.get("SNOMTUI_PHONE") or book.default or REMOTE]
    found: dict[tuple[str, str], Entry] = {}
    for entry in (entry for name in names for entry in book.find(name)):
        found.setdefault((entry.name, entry.url), _changed(entry, given))
    return list(found.values())


def _changed(entry: Entry, given: argparse.Namespace) -> Entry:
    said = {name: getattr(given, name) for name in ("ca_file", "cert", "key", "tls_minimum") if getattr(given, name)}
    numbers = {name: getattr(given, name, None) for name in NUMBERS}
    rules = replace(entry.rules, **{name: value for name, value in numbers.items() if value is not None})
    if given.user and given.user != entry.user:
        said |= {"user": given.user, "password_file": "", "password_command": ()}
    if given.password_file:
        said |= {"password_file": str(given.password_file), "password_command": ()}
    return replace(entry, rules=rules, **said)


def run_on(given: argparse.Namespace, act: Act, raw: bool = False) -> int:
    """Do it with each phone, several at once; returns the worst exit code.

    `raw`: of a single phone `--json` tells what `act` returns, and nothing around it.
    """
    entries = phones_of(given)
    given.several = len(entries) > 1
    if given.several and given.accept_certificate:
        raise LocalError("--accept-certificate is for one phone at a time")
    reached = [(entry, password_of(entry)) for entry in entries]  # a prompt comes before all threads
    if not given.several and (raw or not given.json):
        with opened(*reached[0], given) as remote:
            tell(act(remote, entries[0], given))
        return OK
    results: SimpleQueue[int] = SimpleQueue()

    def work(entry: Entry, password: str) -> None:
        code = OK
        try:
            code = _one(entry, password, given, act)
        except BrokenPipeError:  # nobody reads on
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            results.put(code)

    for each in reached:
        threading.Thread(target=work, args=each, daemon=True).start()
    return max(results.get() for _ in reached)


def _one(entry: Entry, password: str, given: argparse.Namespace, act: Act) -> int:
    """Do it with one phone and tell one line; returns its exit code."""
    from snomtui.cli import exit_code
    from snomtui.cli.making import REFUSED

    name, said, why, code = entry.name or entry.url.rpartition("@")[2], None, "", OK
    try:
        with opened(entry, password, given) as remote:
            said = act(remote, entry, given)
    except SnomtuiError as error:
        why, code = str(error), exit_code(error)
    except BrokenPipeError:
        raise
    except Exception as error:
        why, code = f"a defect of this program: {error!r}", REFUSED
    if given.json:
        from snomtui.remote.intentjson import encode

        fields = {"phone": name, "ok": code == OK, **({"why": why} if why else {"said": said} if said else {})}
        _print(encode(fields).decode())
    elif code == OK:
        text = str(said or "done")
        _print(f"{name}: {text}" if "\n" not in text else f"{name}:\n{text}")
    else:
        _print(f"{name}: {why}", sys.stderr)
    return code


def opened(entry: Entry, password: str, given: argparse.Namespace) -> Remote:
    """The phone, ready to be asked."""
    accept = str(getattr(given, "accept_certificate", ""))
    return _kind_of(given)(
        entry.url, entry.user, password, given.timeout, lambda where: _context(where, entry, accept), note=told_aside
    )


def _kind_of(given: argparse.Namespace) -> type[Remote]:
    """All that can be done with a phone; or, so that a dial is sooner on its way, dialling alone."""
    if given.dials_only:
        from snomtui.remote.driving import dialling

        return cast("type[Remote]", dialling.Dialler)
    from snomtui.remote.driving import driver

    return driver.Remote


def _context(where: str, entry: Entry, accept: str) -> ssl.SSLContext:
    from snomtui.remote.driving import pins

    known = pins.Pins(pins.own_file())
    expected = entry.certificate and pins.fingerprint_of(entry.certificate)
    if accept:
        expected = pins.fingerprint_of(accept)
        known.keep(where, expected)
    seen = pins.checking(where, known, expected, told_aside)
    return pins.context(seen, entry.ca_file, entry.cert, entry.key, entry.tls_minimum)


_PRINTING = threading.Lock()


def _print(text: str, file: object = None) -> None:
    with _PRINTING:
        print(text, file=file, flush=True)  # type: ignore[call-overload]


def tell(said: object) -> None:
    """Print what a command has to say, if anything."""
    if said is not None:
        _print(str(said))


def told_aside(note: str) -> None:
    """Print what a person should know although nothing failed."""
    _print(f"snomtui: {note}", sys.stderr)
