"""The registry of settings and the values of one phone.

Names and meanings are snom's (reference: fact file chapter 3); what no snom has begins with `sim_`. The rows live in
`settings.toml` beside this file, so web page, provisioning and help follow from one table.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path

from snomtui.errors import SettingsError

IDENTITIES = 12
"""Every model has twelve identities (snom 320 to 870)."""

_INDEXED = re.compile(r"([a-z][a-z0-9_]*?)(0|[1-9][0-9]{0,2})")
_WHOLE = re.compile("-?[0-9]{1,12}")
_SHOWN = 60
"""How much of a wrong value is repeated to the person who gave it, in characters."""


_KEPT = ("utc_offset",)


class Kind(Enum):
    """What a value may be."""

    SWITCH = "switch"
    """`on` or `off`."""
    NUMBER = "number"
    CHOICE = "choice"
    TEXT = "text"
    SECRET = "secret"
    """Text that is never shown, logged or dumped."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the registry."""

    name: str
    """Without index: `user_name`, `fkey`, `http_user`."""
    kind: Kind
    default: str
    help: str
    page: str
    """The web page of the phone on which it stands."""
    title: str = ""
    """What it is called on the display."""
    menu: str = ""
    """Where it stands in the menu, if its page does not tell."""
    first: int | None = None
    """The lowest index, if it has one: identities count from 1, function keys from 0."""
    last: int | None = None
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    """What the choices are called on the display, one each; empty = as they are."""
    low: int = 0
    high: int = 2**31 - 1
    pattern: str = ""
    """What a text must match as a whole, a regular expression; empty = any text will do."""
    form: str = ""
    """The pattern in words, after `must be`."""
    permission: str = "!"
    """`!` user may change, `$` user may change but a file overwrites, `&` read-only."""

    def check(self, value: str) -> str:
        """The value in its stored form; raises `SettingsError` that says what would be right."""
        text = value.strip() if self.kind is not Kind.SECRET else value
        if self.kind is Kind.SWITCH:
            return self._switch(text)
        if self.kind is Kind.NUMBER and not (_WHOLE.fullmatch(text) and self.low <= int(text) <= self.high):
            limits = {"low": self.low, "high": self.high, **_shown(value)}
            raise SettingsError.of("must be a whole number from {low} to {high}, not {value}", **limits)
        if self.kind is Kind.CHOICE and text not in self.choices:
            known = ", ".join(c or "(empty)" for c in self.choices)
            raise SettingsError.of("must be one of {choices}, not {value}", choices=known, **_shown(value))
        if "\n" in text or "\r" in text or "\0" in text:
            raise SettingsError.of("must be one line")
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise SettingsError.of("must be {form}, not {value}", form=self.form, **_shown(value))
        return text

    def label(self, value: str) -> str:
        """What a choice is called, in English."""
        return dict(zip(self.choices, self.labels, strict=False)).get(value, value)

    @staticmethod
    def _switch(text: str) -> str:
        word = text.lower()
        if word in ("on", "true", "yes", "1"):
            return "on"
        if word in ("off", "false", "no", "0", ""):
            return "off"
        raise SettingsError.of("must be on or off, not {value}", **_shown(text))


def _shown(value: str) -> dict[str, object]:
    return {"value": repr(value[:_SHOWN])}


@cache
def registry() -> Mapping[str, Setting]:
    """All settings by name without index, in the order of the file."""
    rows = tomllib.loads(Path(__file__).with_name("settings.toml").read_text("utf-8"))
    return {name: _setting(name, row) for name, row in rows.items()}


def _setting(name: str, row: dict[str, object]) -> Setting:
    span = row.get("index")
    first, last = span if isinstance(span, list) else (None, None)
    choices, labels = row.get("choices", []), row.get("labels", [])
    assert isinstance(choices, list) and isinstance(labels, list)
    limits = row.get("range", [0, 2**31 - 1])
    assert isinstance(limits, list)
    return Setting(
        name=name,
        kind=Kind(row.get("kind", "text")),
        default=str(row.get("default", "")),
        help=str(row["help"]),
        page=str(row.get("page", "")),
        title=str(row.get("title", name)),
        menu=str(row.get("menu", "")),
        first=first,
        last=last,
        choices=tuple(str(c) for c in choices),
        labels=tuple(str(each) for each in labels),
        low=limits[0],
        high=limits[1],
        pattern=str(row.get("pattern", "")),
        form=str(row.get("form", "")),
        permission=str(row.get("permission", "!")),
    )


@lru_cache(maxsize=2048)
def find(name: str) -> tuple[Setting, int | None]:
    """The row of a full name such as `user_name1`, and the index; raises `SettingsError` with the nearest name."""
    rows = registry()
    row = rows.get(name)
    if row is not None and row.first is None:
        return row, None
    match = _INDEXED.fullmatch(name)
    if match and (indexed := rows.get(match[1])) is not None and indexed.first is not None:
        return indexed, _index(indexed, int(match[2]))
    if row is not None:
        raise SettingsError(f"{name} needs an index, {name}{row.first} to {name}{row.last}")
    near = get_close_matches(name, _full_names(), n=1)
    raise SettingsError(f"unknown setting {name}" + (f", did you mean {near[0]}?" if near else ""))


def _index(row: Setting, index: int) -> int:
    assert row.first is not None and row.last is not None
    if not row.first <= index <= row.last:
        raise SettingsError(f"{row.name} goes from {row.name}{row.first} to {row.name}{row.last}")
    return index


@cache
def _full_names() -> tuple[str, ...]:
    return tuple(
        name
        for row in registry().values()
        for name in ([row.name] if row.first is None else [f"{row.name}{n}" for n in (row.first, row.first + 1)])
    )


class Settings:
    """The values of one phone. Names that were never set have the registry's default."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values: dict[str, str] = {}
        for name, value in (values or {}).items():
            self.set(name, value)

    def set(self, name: str, value: str) -> None:
        """Change one setting; raises `SettingsError` that names it and says what would be right."""
        row, _ = find(name)
        try:
            self._values[name] = row.check(value)
        except SettingsError as error:
            raise error.at(name) from None

    def text(self, name: str, index: int | None = None) -> str:
        """The value as text; `index` is appended to the name."""
        full = name if index is None else f"{name}{index}"
        value = self._values.get(full)
        return find(full)[0].default if value is None else value

    def number(self, name: str, index: int | None = None) -> int:
        """The value of a setting of kind number."""
        return int(self.text(name, index))

    def on(self, name: str, index: int | None = None) -> bool:
        """Whether a switch is on."""
        return self.text(name, index) == "on"

    def shown(self, name: str) -> str:
        """The value for people's eyes: secrets are stars."""
        value = self.text(name)
        return "*" * 8 if value and find(name)[0].kind is Kind.SECRET else value

    def reset(self) -> None:
        """Back to the defaults; what no snom has stays, as it describes the world around the phone."""
        self._values = {name: value for name, value in self._values.items() if name in _KEPT or name.startswith("sim_")}

    def items(self) -> Iterator[tuple[str, str]]:
        """The settings that were set, with their values, secrets included."""
        return iter(self._values.items())

    def copy(self) -> Settings:
        """An independent copy."""
        fresh = Settings()
        fresh._values = dict(self._values)
        return fresh
