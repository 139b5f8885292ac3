"""Settings files. TOML is the first form: snom's names, flat, and `[[contact]]` for the phone's own directory."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field

from snomtui.errors import SettingsError
from snomtui.presence import Contact
from snomtui.settings.registry import Settings

_CONTACT_KEYS: dict[str, tuple[type, str]] = {
    "name": (str, "a text in quotes"),
    "uri": (str, "a text in quotes"),
    "numbers": (list, "a list of texts"),
    "presence": (bool, "true or false, without quotes"),
}
"""The keys of a contact, each with its type and the type in words."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one settings file says."""

    settings: dict[str, str]
    contacts: tuple[Contact, ...]
    lines: dict[str, int] = field(default_factory=dict)
    """The line of each setting, for complaints that come later."""


def from_toml(text: str, file: str) -> Loaded:
    """Read the TOML form; raises `SettingsError` that names the file and every wrong key."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # more than TOMLDecodeError: numbers and brackets without end
        place = _place(text, str(error))
        raise SettingsError(f"{file}:{place}: not TOML: {error}{_quotes(text, place)}") from None
    wrong: list[str] = []
    rows = table.pop("contact", [])
    values: dict[str, str] = {}
    probe = Settings()
    for name, value in table.items():
        try:
            values[name] = _plain(value)
            probe.set(name, values[name])
        except SettingsError as error:
            said = str(error)
            wrong.append(f"{file}:{_line(text, name)}: {said if name in said else f'{name}: {said}'}")
    contacts = _contacts(rows, text, file, wrong)
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Loaded(values, contacts, {name: _line(text, name) for name in values})


def from_assignments(pairs: Iterable[str]) -> dict[str, str]:
    """Read `--set NAME=VALUE`; raises `SettingsError`."""
    probe, values = Settings(), {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise SettingsError(f"--set {pair}: must be NAME=VALUE")
        try:
            probe.set(name, value)
        except SettingsError as error:
            said = str(error)
            raise SettingsError(f"--set {said}" if said.startswith(f"{name}: ") else f"--set: {said}") from None
        values[name] = value
    return values


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str | int):
        return str(value)
    raise SettingsError(f"must be text, a whole number or true/false, not {type(value).__name__}")


def _contacts(rows: object, text: str, file: str, wrong: list[str]) -> tuple[Contact, ...]:
    if not isinstance(rows, list):
        wrong.append(f"{file}:{_line(text, 'contact')}: contact: write [[contact]], with two brackets")
        return ()
    found = []
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, dict):
                raise SettingsError("write [[contact]], with two brackets")
            found.append(_contact(row))
        except SettingsError as error:
            wrong.append(f"{file}:{_contact_line(text, number)}: contact {number}: {error}")
    return tuple(found)


def _contact(row: dict[str, object]) -> Contact:
    for key, value in row.items():
        if key not in _CONTACT_KEYS:
            raise SettingsError(f"unknown key {key}, known are {', '.join(_CONTACT_KEYS)}")
        kind, words = _CONTACT_KEYS[key]
        if not isinstance(value, kind):
            raise SettingsError(f"{key} must be {words}")
    uri, numbers = str(row.get("uri", "")), row.get("numbers", [])
    assert isinstance(numbers, list)
    if not uri.startswith(("sip:", "sips:", "tel:")) and not numbers:
        raise SettingsError("needs a uri (sip:...) or numbers")
    if not all(isinstance(n, str) for n in numbers):
        raise SettingsError("numbers must be a list of texts")
    return Contact(
        uri=uri or f"tel:{numbers[0]}",
        name=str(row.get("name", "")),
        numbers=tuple(numbers),
        watched=bool(row.get("presence", False)),
    )


def _line(text: str, name: str) -> int:
    """The line of a key, bare or quoted, or of the table of that name; 1 if it is hidden well."""
    key = rf"""^[ \t]*\[?[ \t]*["']?({re.escape(name)})["']?[ \t]*[=.\]]"""
    return _number(text, re.search(key, text, re.MULTILINE))


def _contact_line(text: str, number: int) -> int:
    heads = list(re.finditer(r"""^[ \t]*\[\[[ \t]*["']?(contact)["']?[ \t]*\]\]""", text, re.MULTILINE))
    return _number(text, heads[number - 1]) if number <= len(heads) else _line(text, "contact")


def _number(text: str, found: re.Match[str] | None) -> int:
    return text.count("\n", 0, found.start(1)) + 1 if found else 1


def _place(text: str, error: str) -> int:
    """The line that the TOML reader names; the last one if it missed something at the end."""
    named = re.search(r"at line (\d+)", error)
    return int(named[1]) if named else text.rstrip("\n").count("\n") + 1


def _quotes(text: str, place: int) -> str:
    """A hint, if the value in that line is a text without quotes."""
    lines = text.split("\n")
    bare = re.match(r"""[^=#]*=[ \t]*(?![+-]?[0-9_]+\s*(?:#|$))[^\s"'\[{#]""", lines[place - 1] if lines else "")
    return "; texts need quotes" if bare else ""
