"""Languages: what ships is whole, a user's file joins in, and what is wrong with one is named."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from snomtui import language
from snomtui.errors import LanguageError
from snomtui.phone.directory import TYPES
from snomtui.phone.pages.choosing import SHORT
from snomtui.presence import WORDS
from snomtui.remote.pages.menu import MENU
from snomtui.settings.registry import registry
from tests.test_walls import ROOT

SHIPPED = ROOT / "snomtui" / "languages"


def said(kind: type[ast.expr] = ast.Constant) -> Iterator[tuple[str, str]]:
    """Every text that phone and ui say to a person, with the place in the source; `kind` is how it is written there."""
    for room in ("phone", "ui", "settings", "trace", "remote/pages"):
        for path in sorted((ROOT / "snomtui" / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and node.args and _speaks(node.func):
                    for text in _texts(node.args[0], kind):
                        yield text, f"{path.relative_to(ROOT)}:{node.lineno}"


def said_by_pages() -> Iterator[tuple[str, str]]:
    """Every text that a web page of the phone says by `say("...")`, with the template."""
    for path in sorted((ROOT / "snomtui" / "remote" / "templates").glob("*.html")):
        for call in jinja2.Environment().parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                for text in _literals(call.args[0]):
                    yield text, f"{path.relative_to(ROOT)}:{call.lineno}"


def _literals(node: nodes.Node | None) -> Iterator[str]:
    """As `_texts`, of a template."""
    if isinstance(node, nodes.CondExpr):
        yield from _literals(node.expr1)
        yield from _literals(node.expr2)
    elif isinstance(node, nodes.Const):
        yield str(node.value)


def _speaks(function: ast.expr) -> bool:
    """`say(...)` of anything, `tell(...)` of the ui, `Refusal(...)`, `Refusal.of(...)`, `SettingsError.of(...)`."""
    if isinstance(function, ast.Attribute):
        owner = function.value.id if isinstance(function.value, ast.Name) else ""
        return function.attr in ("say", "tell") or (owner in ("Refusal", "SettingsError") and function.attr == "of")
    return isinstance(function, ast.Name) and function.id in ("say", "Refusal")


def _texts(node: ast.expr, kind: type[ast.expr]) -> Iterator[str]:
    """The literals that a call may say; both branches of a choice."""
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body, kind)
        yield from _texts(node.orelse, kind)
    elif isinstance(node, kind):
        yield str(ast.literal_eval(node)) if kind is ast.Constant else ast.unparse(node)


def data() -> Iterator[tuple[str, str]]:
    """Texts that are data: of settings, of presences, of the types of the directory, of soft keys."""
    yield from ((word, "presence") for word in WORDS.values())
    yield from ((kind, "directory") for kind in TYPES if kind)
    yield from ((section.title, "menu of the web pages") for section in MENU)
    entries = [entry for section in MENU for entry in section.entries]
    yield from ((each.title, "menu of the web pages") for entry in entries for each in (entry, *entry.tabs))
    yield from ((text, "soft keys") for pair in SHORT.items() for text in pair if text)
    for row in registry().values():
        yield from ((text, row.name) for text in (row.title, row.help, row.form, *row.labels) if text)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_language_holds_everything_the_phone_says(path: Path) -> None:
    words, wrong = language.read(path)
    assert not wrong
    missing = {text: place for text, place in said() if text and text not in words and any(map(str.isalpha, text))}
    missing |= {text: place for text, place in (*data(), *said_by_pages()) if text not in words}
    assert not missing


def pairs(table: dict[str, object]) -> Iterator[tuple[str, str]]:
    """All texts of a language file with their words, those in tables of tables too."""
    for text, word in table.items():
        if isinstance(word, dict):
            yield from pairs(word)
        else:
            yield text, str(word)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_language_says_a_text_in_one_way_only(path: Path) -> None:
    """Tables only order a file: of two words for one text the later would win everywhere."""
    words: dict[str, set[str]] = {}
    for text, word in pairs(tomllib.loads(path.read_text("utf-8"))):
        words.setdefault(text, set()).add(word)
    assert {text: said for text, said in words.items() if len(said) > 1} == {}


def test_german_of_going_on_and_of_going_back_differ() -> None:
    """A soft key that takes a call back must not read as the one that leaves a page."""
    german = language.load("Deutsch")
    pairs = [("Resume", "Back"), ("Res", "Bck"), ("Split", "Hang up"), ("Ringing", "Incoming call")]
    assert [pair for pair in pairs if german.say(pair[0]) == german.say(pair[1])] == []
    assert german.say("Split") not in german.say("Call ended")


def test_no_text_is_put_together_before_it_is_said() -> None:
    """Its values have names, so that a language can put them elsewhere."""
    wrong = [place for text, place in said(ast.JoinedStr) if text]
    assert not wrong


def test_text_is_said_in_the_language_with_its_values() -> None:
    german = language.Language("Deutsch", {"There is no key {key}": "Taste {key} gibt es nicht"})
    assert german.say("There is no key {key}", key="P99") == "Taste P99 gibt es nicht"
    assert german.say("Voice mail: {count} new", count=3) == "Voice mail: 3 new"


def test_name_with_braces_is_shown_as_it_is() -> None:
    assert language.Language("English").say("{smile}") == "{smile}"


def test_users_file_is_one_more_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "user_folder", lambda: tmp_path)
    (tmp_path / "Nederlands.toml").write_text('[pages]\n"Menu" = "Menu"\n"Back" = "Terug"\n', encoding="utf-8")
    assert list(language.find_languages()) == ["English", "Deutsch", "Nederlands"]
    language.load.cache_clear()
    assert language.load("Nederlands").say("Back") == "Terug"


def test_mistakes_in_a_file_are_named_with_what_would_be_right(tmp_path: Path) -> None:
    file = tmp_path / "Wrong.toml"
    file.write_text('"There is no key {key}" = "Geen toets"\n"Back" = 5\n', encoding="utf-8")
    words, wrong = language.read(file)
    assert not words
    assert wrong == [
        f"{file}: 'There is no key {{key}}': must have the places {{key}}, not (none)",
        f"{file}: 'Back': a text is expected, not 5",
    ]


def test_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "Broken.toml"
    file.write_text('"Back" = \n', encoding="utf-8")
    assert str(file) in language.read(file)[1][0]


def test_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(LanguageError, match="there is no language 'Klingon'; there are: English, Deutsch"):
        language.load("Klingon")
