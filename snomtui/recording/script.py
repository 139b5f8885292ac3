"""Scripts for recordings: one step a line, read and checked before anything is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from snomtui import language as languages
from snomtui import skin as skins
from snomtui.errors import LocalError
from snomtui.recording.grammar import given, is_quoted, seconds, words
from snomtui.settings.registry import Settings
from snomtui.skin import Skin

PATIENCE = 30.0
"""Seconds that `wait` waits unless told otherwise, on the clock of the recording."""
SMALLEST, LARGEST = (40, 12), (300, 100)
"""Columns and rows of the screen."""
PICTURES = (".svg", ".png")


class ScriptError(LocalError):
    """A script is wrong, or what it waits for does not come; the text names file and line."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do."""

    line: int
    do: str
    """`wait press type key dial pause picture`."""
    text: str = ""
    """What is waited for, typed or dialled; the file of a picture."""
    names: tuple[str, ...] = ()
    """Keys."""
    seconds: float = 0.0
    fields: Mapping[str, str] = field(default_factory=dict)
    """What else belongs to it."""


@dataclass(slots=True)
class Script:
    """How the scene is set, and what happens in it."""

    path: Path
    steps: list[Step] = field(default_factory=list)
    size: tuple[int, int] = (106, 34)
    start: float = datetime(2009, 10, 27, 18, 42, 30, tzinfo=UTC).timestamp()
    """The clock of the recording when it begins; its local time is UTC."""
    skin: Skin = field(default_factory=lambda: skins.load("snom370"))
    seed: int = 1
    title: str = "snomtui demo"
    people: Path | None = None
    """None = the people of the demo."""
    settings: dict[str, str] = field(default_factory=dict)

    def wrong(self, line: int, why: str) -> ScriptError:
        """A mistake in one line."""
        return ScriptError(f"{self.path}:{line}: {why}")

    def beside(self, name: str) -> Path:
        """A file that the script names: without a full path it is beside the script."""
        return self.path.parent / Path(name).expanduser()


S = TypeVar("S", bound=Script)
Scene = Mapping[str, Callable[[S, str], None]]
Steps = Mapping[str, Callable[[int, str], Step]]


def read(path: Path) -> Script:
    """Read a script of a recording; raises `ScriptError` that names file and line."""
    return read_into(Script(path), SCENE, STEPS)


def read_into(script: S, scene: Scene[S], steps: Steps) -> S:
    """Read a script with these words; one that is in both tables is a step as soon as there is one."""
    path = script.path
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None
    for number, line in enumerate(text.splitlines(), 1):
        word, _, rest = line.strip().partition(" ")
        if not word or word.startswith("#"):
            continue
        try:
            _take(script, scene, steps, number, word, rest.strip())
        except (ValueError, LocalError) as error:
            raise script.wrong(number, f"{word}: {error}") from None
    return script


def _take(script: S, scene: Scene[S], steps: Steps, number: int, word: str, rest: str) -> None:
    if word in scene and not (script.steps and word in steps):
        if script.steps:
            raise ValueError(f"must stand before the first step, which is in line {script.steps[0].line}")
        scene[word](script, rest)
    elif word in steps:
        script.steps.append(steps[word](number, rest))
    else:
        raise ValueError(f"is not known, but {', '.join(dict.fromkeys((*scene, *steps)))}")


# -- the scene


def _size(script: Script, rest: str) -> None:
    parts = rest.split()
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError("must be columns and rows, such as 106 34")
    columns, rows = int(parts[0]), int(parts[1])
    if not (SMALLEST[0] <= columns <= LARGEST[0] and SMALLEST[1] <= rows <= LARGEST[1]):
        raise ValueError("must lie between {} {} and {} {}".format(*SMALLEST, *LARGEST))
    script.size = columns, rows


def _clock(script: Script, rest: str) -> None:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"):
        try:
            script.start = datetime.strptime(rest, form).replace(tzinfo=UTC).timestamp()
            return
        except ValueError:
            continue
    raise ValueError("must be a day and a time, such as 2009-10-27 18:43")


def _set(script: Script, rest: str) -> None:
    name, equals, value = rest.partition("=")
    if not equals or not name.strip():
        raise ValueError("must be NAME=VALUE")
    Settings({name.strip(): value.strip()})  # refuses what is wrong
    script.settings[name.strip()] = value.strip()


def _seed(script: Script, rest: str) -> None:
    if not (rest.isascii() and rest.isdigit()):
        raise ValueError("must be a whole number")
    script.seed = int(rest)


def _language(script: Script, rest: str) -> None:
    languages.load(given(rest, "a language, such as Deutsch"))
    script.settings["language"] = rest


def _skin(script: Script, rest: str) -> None:
    skin = given(rest, "a skin, such as snom370")
    beside = script.beside(skin)
    script.skin = skins.load(beside if beside.exists() else skin)


def _title(script: Script, rest: str) -> None:
    script.title = given(rest, "a title")


def _people(script: Script, rest: str) -> None:
    script.people = script.beside(given(rest, "a file"))


SCENE: Scene[Script] = {
    **{"size": _size, "clock": _clock, "skin": _skin, "language": _language, "set": _set},
    **{"people": _people, "seed": _seed, "title": _title},
}

# -- the steps


def _wait(number: int, rest: str) -> Step:
    found = words(rest)
    if not 1 <= len(found) <= 2 or not found[0]:
        raise ValueError('needs a text in quotation marks, and seconds if not 30: "Available" 10')
    return Step(number, "wait", found[0], seconds=seconds(found[1]) if len(found) > 1 else PATIENCE)


def _pause(number: int, rest: str) -> Step:
    return Step(number, "pause", seconds=seconds(given(rest, "seconds, such as 1.5")))


def _keys(do: str, what: str) -> Callable[[int, str], Step]:
    return lambda number, rest: Step(number, do, names=tuple(given(rest, what).split()))


def _text(do: str, what: str) -> Callable[[int, str], Step]:
    return lambda number, rest: Step(number, do, given((words(rest) or [""])[0] if is_quoted(rest) else rest, what))


def _picture(number: int, rest: str) -> Step:
    if Path(given(rest, "a file, such as phone.svg")).suffix.lower() not in PICTURES:
        raise ValueError(f"{rest} must end in {' or '.join(PICTURES)}")
    return Step(number, "picture", rest)


STEPS: Steps = {
    "wait": _wait,
    "press": _keys("press", "keys of the keyboard, such as b or down enter"),
    "type": _text("type", "a text"),
    "key": _keys("key", "keys of the phone, such as P1 or F_HOLD"),
    "dial": _text("dial", "a number, or the name of a contact"),
    "pause": _pause,
    "picture": _picture,
}
