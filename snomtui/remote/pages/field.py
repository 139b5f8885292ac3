"""One setting as it stands in a form: made from its row in the registry, so that every page looks and checks alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from snomtui.language import find_languages
from snomtui.remote import query
from snomtui.settings import modes
from snomtui.settings.registry import IDENTITIES, Kind, Setting, Settings, find, registry

_LANGUAGES = ("language", "web_language")
"""Settings whose choices are the languages that are found."""
_ON_OFF = (("on", "on"), ("off", "off"))
_LOGIN = re.compile(r"(?<=://)[^\s/@?#]+(?=@)")
"""User and password in a URL."""

Options = tuple[tuple[str, str], ...]
"""What can be chosen: values, with what each is called in English."""


@dataclass(frozen=True, slots=True)
class Field:
    """One setting, ready to be drawn."""

    name: str
    """The full name, such as `user_name1`; it is the name of the form's field too."""
    title: str
    """In English."""
    help: str
    kind: str
    """How it is drawn: `select`, `password` or `text`."""
    value: str
    """What stands in the field. Of a secret these are stars, which mean: as it is."""
    was: str
    """What stood there when the page was made: a field that still holds it was not changed by this page."""
    options: Options = ()
    low: int | None = None
    """The limits of a number; None = it is none."""
    high: int | None = None
    number: int | None = None
    """Which one, of several on a page."""
    locked: bool = False
    """Whether it may not be changed now."""
    wrong: str = ""
    """What is wrong with what was typed, in the language of the page."""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    fields: tuple[Field, ...]
    title: str = ""
    """The legend, in English; empty = none."""


def made(name: str, settings: Settings) -> Field:
    """The field of a setting by its full name."""
    row, index = find(name)
    shown = shown_value(row, settings.text(name))
    number = row.kind is Kind.NUMBER
    return Field(
        name=name,
        title=row.title,
        help=row.help,
        kind=_kind(row),
        value=shown,
        was=shown,
        options=_options(row, shown),
        low=row.low if number else None,
        high=row.high if number else None,
        number=None if row.last == IDENTITIES and row.page.startswith("line_") else index,
        locked=row.permission == "&" or not modes.allowed(name, settings),
    )


def shown_value(row: Setting, value: str) -> str:
    """A value as a page may show it: of a secret only stars, and stars for the login in a URL."""
    if row.kind is Kind.SECRET:
        return query.STARS if value else ""
    return _LOGIN.sub(query.STARS, value)


def meant_value(typed: str, value: str) -> str:
    """What was typed, with the login of the value that is set in the place of the stars that stood for it."""
    hidden = _LOGIN.search(value)
    return typed.replace(f"://{query.STARS}@", f"://{hidden[0]}@") if hidden else typed


def names_on(page: str, identity: int | None = None) -> Iterator[str]:
    """The full names of the settings of a page, in the order of the registry.

    With `identity` the page is about that one; without it, all of a setting with an index are there.
    """
    for row in registry().values():
        if row.page != page:
            continue
        if row.first is None:
            yield row.name
        elif identity is not None and row.last == IDENTITIES:
            yield f"{row.name}{identity}"
        else:
            yield from (f"{row.name}{n}" for n in range(row.first, (row.last or 0) + 1))


def _kind(row: Setting) -> str:
    if row.kind is Kind.SECRET:
        return "password"
    return "select" if row.kind in (Kind.SWITCH, Kind.CHOICE) or row.name in _LANGUAGES else "text"


def _options(row: Setting, value: str) -> Options:
    if row.kind is Kind.SWITCH:
        return _ON_OFF
    if row.name in _LANGUAGES:
        found = list(find_languages())
        return tuple((each, each) for each in (found if value in found else [*found, value]))
    return tuple((each, row.label(each) or "none") for each in row.choices)
