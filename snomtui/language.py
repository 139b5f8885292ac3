"""The languages of the display: one file each, `languages/Deutsch.toml`, by the name that the setting `language` has.

English is what the program says itself, so a file holds English on the left and its own words on the right. What it
does not hold stays English. Users put files of their own into `snomtui/languages` of their configuration folder.

    [pages]                                   tables only order the file
    "Menu" = "Menü"
    "There is no key {key}" = "Taste {key} gibt es nicht"

May import `errors` only. Must not know the phone, or what a word is for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from os.path import isdir
from pathlib import Path
from string import Formatter

from snomtui.errors import LanguageError

ENGLISH = "English"
CODES = {
    **{ENGLISH: "en", "Deutsch": "de", "Nederlands": "nl", "Français": "fr", "Italiano": "it", "Español": "es"},
    **{"Português": "pt", "Dansk": "da", "Svenska": "sv", "Norsk": "no", "Suomi": "fi", "Polski": "pl"},
    **{"Čeština": "cs", "Türkçe": "tr", "Русский": "ru", "Magyar": "hu"},
}
"""How web pages name a language (BCP 47)."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the display."""

    name: str
    """In the language itself, as snom writes it: `English`, `Deutsch`."""
    words: Mapping[str, str] = field(default_factory=dict)
    """By the English text."""

    def say(self, text: str, /, **values: object) -> str:
        """The text in this language, with the values in the places of `{names}`; English where the file has none."""
        found = self.words.get(text, text)
        return found.format(**values) if values else found


def code(name: str) -> str:
    """How web pages name a language; empty if that is not known."""
    return CODES.get(name or ENGLISH, "")


def find_languages() -> dict[str, Path | None]:
    """All languages by name, with their files; a user's file of the same name wins. English has none."""
    found: dict[str, Path | None] = {ENGLISH: None}
    for folder in (_shipped(), user_folder()):
        for path in sorted(folder.glob("*.toml")) if isdir(folder) else ():
            found[path.stem] = path
    return found


def user_folder() -> Path:
    """Where a user's own languages are looked for."""
    from platformdirs import user_config_path

    return user_config_path("snomtui") / "languages"


@lru_cache(maxsize=16)
def load(name: str) -> Language:
    """The language of this name; raises `LanguageError` that names file and text, or the languages there are."""
    if name in ("", ENGLISH):
        return Language(ENGLISH)
    found = find_languages()
    path = found.get(name)
    if path is None:
        raise LanguageError(f"there is no language {name!r}; there are: {', '.join(found)}")
    words, wrong = read(path)
    if wrong:
        raise LanguageError("\n".join(wrong))
    return Language(name, words)


@lru_cache(maxsize=16)
def known(name: str) -> Language:
    """The language of this name for those who draw; English if its file is gone or wrong. Looked for only once."""
    try:
        return load(name)
    except LanguageError:
        return Language(ENGLISH)


def read(path: Path) -> tuple[dict[str, str], list[str]]:
    """The words of a language file, and all that is wrong with it, one line each."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        return {}, [f"{path}: {error}"]
    words, wrong = dict[str, str](), list[str]()
    for english, value in _pairs(raw):
        if not isinstance(value, str):
            wrong.append(f"{path}: {english!r}: a text is expected, not {value!r}")
        elif (want := _places(english)) != (has := _places(value)):
            wrong.append(f"{path}: {english!r}: must have the places {_list(want)}, not {_list(has)}")
        else:
            words[english] = value
    return words, wrong


def _pairs(table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _pairs(value)
        else:
            yield key, value


def _places(text: str) -> frozenset[str] | None:
    """The names in braces; None if the braces do not close."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def _list(places: frozenset[str] | None) -> str:
    if places is None:
        return "(a brace is open)"
    return " ".join(f"{{{name}}}" for name in sorted(places)) or "(none)"


def _shipped() -> Path:
    return Path(__file__).with_name("languages")
