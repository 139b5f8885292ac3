"""Other keyboard keys: `keys.toml` in the configuration folder, or the file given with `--keys`.

    F_HOLD = "h, F8"              # a key of the phone, by snom's name
    REDIAL = ["ctrl+r", "8"]      # several keys: a text with commas, or a list
    palette = "ctrl+space"        # something of the terminal, by its name
    REC = ""                      # no key at all

What takes a key takes it away from the line that has it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from os.path import isfile
from pathlib import Path

from platformdirs import user_config_path
from textual.keys import KEY_TO_UNICODE_NAME, _character_to_key

from snomtui.errors import SettingsError
from snomtui.kit.toml import TomlMistake, read_toml
from snomtui.ui.keyboard import LINES, Command, Shortcut, keys_of, shown

_MORE = """up down left right home end insert delete pageup pagedown enter escape backspace space tab slash backslash at
minus plus underscore comma colon semicolon asterisk apostrophe ampersand tilde"""
_NAMED = (*_MORE.split(), *(f"f{number}" for number in range(1, 25)), *KEY_TO_UNICODE_NAME)
_SWALLOWED = {
    "ctrl+h": "most terminals send it as Backspace",
    "ctrl+i": "terminals send it as Tab",
    "ctrl+m": "terminals send it as Enter",
    "ctrl+c": "it tells how to leave",
    "tab": "it moves between fields",
    "shift+tab": "it moves between fields",
}
_LETTERS = re.compile(r"ctrl\+shift\+[a-z]|ctrl\+[A-Z]")
_HARMLESS = re.compile(r"(ctrl|alt|shift)$")


def read(path: Path) -> dict[str, str]:
    """The keys of a file, by the ids of the bindings; raises `SettingsError` with a line for each mistake."""
    try:
        text = path.read_text("utf-8-sig")
        raw = read_toml(text)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}:1: cannot be read: not UTF-8") from None
    except TomlMistake as error:
        raise SettingsError(f"{path}:{error.line}: not TOML: {error}") from None
    found, wrong = check(raw)
    if wrong:
        raise SettingsError("\n".join(f"{path}:{_line_of(one, text)}: {one}" for one in wrong))
    return found


def own_file() -> Path:
    """Where one's own keys are looked for."""
    return user_config_path("snomtui") / "keys.toml"


def listed(path: Path | None) -> list[tuple[str, str]]:
    """Every key and command by the name that stands in the file, and its keyboard keys; raises `SettingsError`."""
    own = path or own_file()
    changed = read(own) if path or isfile(own) else {}
    return [(name, shown(keys_of(name, changed))) for name in LINES]


def check(raw: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """The keys by the ids of the bindings, and all that is wrong, each with what would be right."""
    wrong, taken, chosen = list[str](), dict[str, str](), dict[str, list[str]]()
    for name, value in raw.items():
        line = _line(name)
        if line is None:
            wrong.append(f"{name}: there is no such key or command{_near(name, LINES)}")
            continue
        texts = _texts(value)
        if texts is None:
            wrong.append(f"{name}: a text such as 'h, F8' or a list of them is expected, not {value!r}")
            continue
        keys = chosen.setdefault(_name(line), [])
        for text in texts:
            key, why = _key(text)
            if not why and taken.setdefault(key, name) != name:
                why = f"{text!r} is already given to {taken[key]}"
            if why:
                wrong.append(f"{name}: {why}")
            else:
                keys.append(key)
    final = {LINES[name].id: ",".join(keys) for name, keys in chosen.items()}
    for name, line in LINES.items():
        if name not in chosen and (lost := set(line.keys.split(",")) & set(taken)):
            left = [key for key in line.keys.split(",") if key not in lost]
            final[line.id] = ",".join(left)
            if not left:
                key = next(iter(lost))
                wrong.append(f"{taken[key]}: {shown(key)!r} is the only key of {name}: give {name} another one, or ''")
    return final, wrong


def _line_of(mistake: str, text: str) -> int:
    """The line on which the name stands with which the mistake begins."""
    name = mistake.partition(":")[0]
    starts = (re.match(r"\s*[\"']?" + re.escape(name) + r"[\"']?\s*=", line) for line in text.splitlines())
    return next((number for number, found in enumerate(starts, 1) if found), 1)


def _name(line: Shortcut | Command) -> str:
    return line.key if isinstance(line, Shortcut) else line.name


def _line(name: str) -> Shortcut | Command | None:
    return LINES.get(name) or LINES.get(name.upper()) or LINES.get(name.lower())


def _texts(value: object) -> list[str] | None:
    if isinstance(value, str):
        # A comma alone, or at the end, is the key itself.
        return [one.strip() for one in re.split(r",(?=.)", value) if one.strip()] if value != "," else [","]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return list(value)
    return None


def _key(text: str) -> tuple[str, str]:
    """Textual's name of a key as people write it, or what is wrong with it."""
    last_plus = text == "+" or text.endswith("++")
    before, _, last = (text[:-2], "", "+") if last_plus else text.rpartition("+")
    if len(last) == 1 and not last.isalnum():
        last = _character_to_key(last)
    elif len(last) > 1:
        last = last.lower().replace(" ", "_")
    key = "+".join([*(one.strip().lower() for one in before.split("+") if one), last])
    parts = key.split("+")
    if not all(_HARMLESS.match(one) for one in parts[:-1]) or not (len(last) == 1 or last in _NAMED):
        return key, f"{text!r} is no keyboard key{_near(last, _NAMED)}; a letter, F8, ctrl+r or question_mark would be"
    if key in _SWALLOWED:
        return key, f"{text!r} cannot be used: {_SWALLOWED[key]}"
    if _LETTERS.match(key):
        return key, f"{text!r} cannot be used: terminals do not tell it from ctrl and the small letter"
    if "shift" in parts[:-1] and len(last) == 1:
        return key, f"{text!r} cannot be used: write the character that comes, such as {last.upper()!r}"
    return key, ""


def _near(word: str, words: Iterable[str]) -> str:
    near = get_close_matches(word, list(words), 1, 0.5)
    return f", did you mean {near[0]!r}?" if near else ""
