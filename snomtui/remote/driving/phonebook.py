"""The phone book of the commands: which phones there are, and how to get at each (`phones.toml`).

    default = "desk"                      # who is meant when nobody says --phone

    [numbers]                             # for all phones; see `Rules`
    country = "49"

    [phones.desk]
    url = "https://192.0.2.7"
    user = "admin"
    password_file = "desk.secret"         # or password_command = ["pass", "show", "snom"]
    identity = "49301@voip.test"

    [groups]
    house = ["desk", "hall"]

The file is read whole and changed by small steps, so that what people wrote beside it stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from snomtui.errors import LocalError
from snomtui.remote.driving import files
from snomtui.remote.driving.numbers import Rules

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}")
"""What a phone or a group may be called: nothing that needs quoting anywhere."""
_RULES = {each.name: each.type for each in fields(Rules)}


@dataclass(frozen=True, slots=True)
class Entry:
    """How to get at one phone."""

    name: str = ""
    """Empty: a phone that was given by its address."""
    url: str = ""
    user: str = ""
    password_file: str = ""
    """Its first line is the password; relative to the folder of the phone book."""
    password_command: tuple[str, ...] = ()
    """A program that says the password, and its arguments; no shell is asked."""
    identity: str = ""
    """The outgoing identity, `user@host`."""
    certificate: str = ""
    """SHA-256 of the one certificate that is taken; empty = what was seen at first use."""
    ca_file: str = ""
    """Certificates that vouch for the phone's; `system` = those of this machine."""
    cert: str = ""
    """Our own certificate, as login (PEM)."""
    key: str = ""
    tls_minimum: str = "1.2"
    """`1.0` for phones of 2009."""
    rules: Rules = field(default_factory=Rules)


_TEXTS = {each.name for each in fields(Entry)} - {"name", "password_command", "rules"}
_FILES = ("password_file", "ca_file", "cert", "key")


class BadBook(LocalError):
    """A phone book that cannot be read, or has no such name; names file and key."""


class Book:
    """A phone book as it was read."""

    def __init__(self, path: Path, given: Mapping[str, Any]) -> None:
        self.path = path
        self._given = given
        self._known(given, {"default", "numbers", "phones", "groups"}, "")
        rules = self._rules(self._table(given, "numbers"), "numbers", Rules())
        phones = self._table(given, "phones")
        self.phones = {name: self._entry(name, self._table(phones, name, "phones."), rules) for name in phones}
        groups = self._table(given, "groups")
        self.groups = {name: self._members(name, given) for name, given in groups.items()}
        self.rules = rules
        self.default = self._text(given, "default", "") if "default" in given else ""

    def find(self, name: str) -> list[Entry]:
        """The phones that a name or an address means: one, or those of a group; raises `BadBook`."""
        if name in self.phones:
            return [self.phones[name]]
        if name in self.groups:
            return [self.phones[each] for each in self.groups[name]]
        if _is_address(name):
            return [Entry(url=name, rules=self.rules)]
        known = [*self.phones, *self.groups]
        near = get_close_matches(name, known, 1, 0.5)
        hint = f", did you mean {near[0]}?" if near else f"; {self.path} has {', '.join(known) or 'none yet'}"
        raise BadBook(f"no phone is called {name!r}{hint}")

    def _entry(self, name: str, given: Mapping[str, Any], rules: Rules) -> Entry:
        place = f"phones.{name}"
        if not NAME.fullmatch(name):
            raise self._bad(place, "a name has letters, digits, - and _ only")
        self._known(given, _TEXTS | {"password_command", "numbers"}, f"{place}.")
        texts = {key: self._text(given, key, f"{place}.") for key in _TEXTS if key in given}
        for key in _FILES:
            if texts.get(key) and (key, texts[key]) != ("ca_file", "system"):
                texts[key] = str(self.path.parent / Path(texts[key]).expanduser())
        if not texts.get("url"):
            raise self._bad(place, 'needs a url, such as "https://192.0.2.7"')
        command = given.get("password_command", ())
        if not isinstance(command, (list, tuple)) or not all(isinstance(each, str) and each for each in command):
            raise self._bad(f"{place}.password_command", 'must be a list of words, such as ["pass", "show", "snom"]')
        own = self._rules(self._table(given, "numbers", f"{place}."), f"{place}.numbers", rules)
        return Entry(name=name, password_command=tuple(command), rules=own, **texts)

    def _rules(self, given: Mapping[str, Any], place: str, base: Rules) -> Rules:
        self._known(given, _RULES.keys(), f"{place}.")
        for key, value in given.items():
            if _RULES[key] == "str" and not isinstance(value, str):
                raise self._bad(f"{place}.{key}", f'must stand in quotes, such as {key} = "{value}"')
            if _RULES[key] == "int" and not isinstance(value, int):
                raise self._bad(f"{place}.{key}", "must be a number without quotes")
        try:
            return replace(base, **given)
        except LocalError as error:
            raise self._bad(place, str(error)) from None

    def _members(self, name: str, given: Any) -> tuple[str, ...]:
        place = f"groups.{name}"
        if not NAME.fullmatch(name) or name in self.phones:
            raise self._bad(place, "a name of its own is wanted, with letters, digits, - and _ only")
        if not isinstance(given, list) or not given:
            raise self._bad(place, 'must be a list of phones, such as ["desk", "hall"]')
        for each in given:
            if each not in self.phones:
                raise self._bad(place, f"there is no phone {each!r}")
        return tuple(given)

    def _table(self, given: Mapping[str, Any], key: str, place: str = "") -> Mapping[str, Any]:
        found = given.get(key, {})
        if not isinstance(found, dict):
            raise self._bad(place + key, f"must be a table [{place}{key}]")
        return found

    def _text(self, given: Mapping[str, Any], key: str, place: str) -> str:
        value = given[key]
        if not isinstance(value, str) or not value.isprintable():
            raise self._bad(place + key, "must be one line of text in quotes")
        return value

    def _known(self, given: Mapping[str, Any], names: Iterable[str], place: str) -> None:
        for key in given:
            if key not in names:
                near = get_close_matches(key, list(names), 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(names))}"
                raise self._bad(place + key, f"unknown; {hint}")

    def _bad(self, place: str, why: str) -> BadBook:
        return BadBook(f"{self.path}: {place}: {why}")


def own_file() -> Path:
    """Where one's phone book is looked for."""
    from platformdirs import user_config_path

    return user_config_path("snomtui") / "phones.toml"


def read(path: Path) -> Book:
    """The phone book; one that is not there is empty. Raises `BadBook`."""
    try:
        return Book(path, tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Book(path, {})
    except tomllib.TOMLDecodeError as error:
        raise BadBook(f"{path}: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadBook(f"{path}: {error}") from None


def add(path: Path, entry: Entry, default: bool = False) -> Book:
    """Write one more phone into the file, and return the whole; raises `BadBook` if its name is taken or bad."""
    book = read(path)
    if entry.name in book.phones or entry.name in book.groups:
        raise BadBook(f"{path}: there is {entry.name} already; remove it first: snomtui phones remove {entry.name}")
    if not NAME.fullmatch(entry.name):
        raise BadBook(f"{entry.name!r}: a name has letters, digits, - and _ only")
    lines = [f"[phones.{entry.name}]", *_lines(entry, Entry(), sorted(_TEXTS))]
    if entry.password_command:
        lines.append(f"password_command = [{', '.join(map(_quoted, entry.password_command))}]")
    own = _lines(entry.rules, Rules(), _RULES)
    lines += [f"\n[phones.{entry.name}.numbers]", *own] if own else []
    old = path.read_text("utf-8") if path.exists() else ""
    if default:
        old = f"default = {_quoted(entry.name)}\n" + re.sub(r"(?m)^default *=.*\n?", "", old)
    return _write(path, (old.rstrip() + "\n\n" if old.strip() else "") + "\n".join(lines) + "\n")


def remove(path: Path, name: str) -> Book:
    """Take one phone out of the file, and out of its groups; raises `BadBook` if it is not there."""
    book = read(path)
    if name not in book.phones:
        book.find(name)
        raise BadBook(f"{path}: {name} is no phone of its own")
    inside = [group for group, members in book.groups.items() if name in members]
    if inside:
        raise BadBook(f"{path}: {name} is in the group {inside[0]}; take it out there first")
    kept, mine = [], False
    for line in path.read_text("utf-8").splitlines(keepends=True):
        header = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
        if header:
            words = [word.strip(" \"'") for word in header[1].split(".")]
            mine = words[:2] == ["phones", name]
        if not mine and not re.match(rf"\s*default\s*=\s*[\"']{re.escape(name)}[\"']", line):
            kept.append(line)
    return _write(path, "".join(kept))


def _write(path: Path, text: str) -> Book:
    """The file is checked before it takes the old one's place."""
    try:
        book = Book(path, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadBook(f"{path}: cannot be changed by a program, please do it by hand ({error})") from None
    try:
        files.write(path, text, private=True)
    except OSError as error:
        raise BadBook(f"{path}: cannot be written: {error.strerror}") from None
    return book


def _lines(value: object, usual: object, keys: Iterable[str]) -> list[str]:
    """What differs from the usual, one `key = value` a line."""
    said = {key: getattr(value, key) for key in keys if getattr(value, key) != getattr(usual, key)}
    return [f"{key} = {_quoted(each) if isinstance(each, str) else each}" for key, each in said.items()]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_address(name: str) -> bool:
    """Whether this is no name of the phone book: a URL, or a host with a dot, a colon or an IP literal."""
    if "://" in name or name == "localhost":
        return True
    try:
        host = urlsplit(f"//{name}").hostname or ""
    except ValueError:
        return False
    return bool(re.search(r"[.:]", host)) or bool(re.fullmatch(r"[^/]+:[0-9]+", name))
