"""Scripts of QA: the words of recordings, and those that ask a phone from outside and say what must come of it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from snomtui.errors import LocalError
from snomtui.office.faults import Faults
from snomtui.opening import policy_of
from snomtui.qa.words import QA_STEPS
from snomtui.recording.grammar import given
from snomtui.recording.script import SCENE, STEPS, Scene, Script, ScriptError, Step, Steps, read_into

VARIABLE = "SNOMTUI_QA_"
"""How the variables of the environment begin that give values to those of scripts."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(slots=True)
class QaScript(Script):
    """A script of QA."""

    variables: dict[str, str | None] = field(default_factory=dict)
    """What `$name` stands for; None = it must be given."""
    faults: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    """Of the front end, from the start."""

    @property
    def sections(self) -> list[Section]:
        """The tests in it: what stands before the first `test` is done at the start of each."""
        begin: list[Step] = []
        found: list[Section] = []
        for step in self.steps:
            if step.do == "test":
                found.append(Section(step.text, step.line, list(begin)))
            else:
                (found[-1].steps if found else begin).append(step)
        return found or [Section(self.path.stem, 1, begin)]


@dataclass(frozen=True, slots=True)
class Section:
    """One test."""

    name: str
    line: int
    steps: list[Step]


def _let(script: QaScript, rest: str) -> None:
    name, equals, value = (part.strip() for part in rest.partition("="))
    if not _NAME.fullmatch(name):
        raise ValueError("must be NAME=VALUE, or NAME alone for a value that is given with --var or the environment")
    script.variables[name] = value if equals else None


def _fault(script: QaScript, rest: str) -> None:
    Faults.parse(given(rest, "the name of a fault of the front end"))
    script.faults.append(rest)


def _policy(script: QaScript, rest: str) -> None:
    policy_of([given(rest, "NAME=VALUE, such as lan_manager_level=5")])
    script.policies.append(rest)


def _set(script: QaScript, rest: str) -> None:
    value = rest.partition("=")[2].strip()
    if value[:1] == "$" and value[1:] in script.variables:  # it is checked once its value is known
        script.settings[rest.partition("=")[0].strip()] = value
    else:
        SCENE["set"](script, rest)


def _film(number: int, rest: str) -> Step:
    return Step(number, "film")


_SCENE: Scene[QaScript] = {**SCENE, "let": _let, "fault": _fault, "policy": _policy, "set": _set}
_STEPS: Steps = {**STEPS, "pause": _film, "picture": _film, **QA_STEPS}
"""A film needs pauses and pictures; a test does without."""


def read(path: Path, values: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> QaScript:
    """Read a script and fill its variables in; raises `ScriptError` that names file and line."""
    script = read_into(QaScript(path), _SCENE, _STEPS)
    known = {name: _value(script, name, values, environment) for name in script.variables}
    unknown = next((name for name in values if name not in known), None)
    if unknown:
        raise ScriptError(f"{path}: there is no variable {unknown}; " + (f"there are {', '.join(known)}" * bool(known)))
    script.steps = [_filled(step, known) for step in script.steps]
    for name, value in script.settings.items():
        script.settings[name] = fill(value, known)
    if not script.steps:
        raise ScriptError(f"{path}: there is no step in it, such as: http GET /command.htm?number=110 -> 302")
    return script


def _value(script: QaScript, name: str, values: Mapping[str, str], environment: Mapping[str, str]) -> str:
    found = values.get(name, environment.get(VARIABLE + name.upper(), script.variables[name]))
    if found is None:
        raise ScriptError(f"{script.path}: let {name}: give it with --var {name}=VALUE or {VARIABLE}{name.upper()}")
    return found


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with the values of `$name` and `${name}`; other `$` stay, as action URLs have them."""
    return re.sub(
        r"\$(?:\{(\w+)\}|(\w+))", lambda match: known.get(match[1] or match[2], match[0]) if known else match[0], text
    )


def _filled(step: Step, known: Mapping[str, str]) -> Step:
    names = tuple(" ".join(fill(name, known) for name in step.names).split())
    fields = {name: fill(value, known) for name, value in step.fields.items()}
    return replace(step, text=fill(step.text, known), names=names, fields=fields)


def check(script: QaScript) -> None:
    """What can be checked before anything runs, with the values filled in; raises `ScriptError`."""
    from snomtui.settings.registry import Settings

    for name, value in script.settings.items():
        try:
            Settings({name: value})
        except LocalError as error:
            raise ScriptError(f"{script.path}: set: {error}") from None
