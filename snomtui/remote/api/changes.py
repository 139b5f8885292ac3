"""Several settings changed together: all of them, or none and a word on each that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from snomtui.errors import SettingsError
from snomtui.phone.intents import Intent, SetSetting
from snomtui.remote.api.gate import gate
from snomtui.remote.api.operation import CONFLICT, MALFORMED, Refused
from snomtui.remote.doing import Doing, Outcome
from snomtui.remote.intentjson import LONGEST, counted
from snomtui.remote.reply import Scope
from snomtui.settings.registry import Settings, find

READ_ONLY = "&"


def change(
    scope: Scope, changes: Mapping[str, str], settings: Settings, doing: Doing, names: Mapping[str, str]
) -> Outcome:
    """Set these settings; raises `Refused` after which everything is as it was.

    `names` says what the client calls each setting, where that is another name.
    """
    wanted = [SetSetting(name, value) for name, value in changes.items()]
    gate(scope, wanted, settings)
    locked = [name for name in changes if find(name)[0].permission == READ_ONLY]
    if locked:
        why = ", ".join(f"{names.get(name, name)} is read-only" for name in locked)
        raise Refused(why, CONFLICT, outcome=Outcome(why=why, wanted=tuple(wanted)))
    before = {name: settings.text(name) for name in changes}
    done: list[Intent] = []
    for wish in wanted:
        outcome = doing.do((wish,))
        if outcome.why:
            doing.do([SetSetting(each.name, before[each.name]) for each in done if isinstance(each, SetSetting)])
            why = f"{names.get(wish.name, wish.name)}: {outcome.why}"
            raise Refused(why, CONFLICT, outcome=Outcome(why=why, wanted=tuple(wanted)))
        done.append(wish)
    return Outcome(tuple(done), "", tuple(wanted))


def checked(given: Mapping[str, Any], names: Mapping[str, str] | None = None) -> dict[str, str]:
    """The values as settings have them, without those that are null; raises `Refused` (422) that names every wrong one.

    `given` has the client's names, `names` the settings that they stand for; without it they are the same.
    """
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        full = names.get(name) if names is not None else name
        try:
            if full is None:
                raise SettingsError(f"unknown, known are {', '.join(names or ())}")
            row, _ = find(full)
            if value is not None:
                found[full] = row.check(text_of(value))
        except SettingsError as error:
            wrong[name[:80]] = str(error)
    if wrong:
        why = "; ".join(f"{name}: {said}" for name, said in wrong.items())
        raise Refused(why[:2000], MALFORMED, {"wrong": wrong})
    return found


def text_of(value: object) -> str:
    """A JSON value as the text of a setting; raises `SettingsError`."""
    value = counted(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        value = str(value)
    if not isinstance(value, str):
        raise SettingsError("must be a text, a whole number, true or false")
    if len(value) > LONGEST:
        raise SettingsError(f"must not be longer than {LONGEST} characters")
    return value
