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
    """The values as settings have them, without those that are null.

    `given` has the client's names, `names` the settings that they stand for; without it they are the same. Raises
    `Refused` that names every wrong one: 422 for what no setting could be, 409 for what only these refuse.
    """
    found: dict[str, str] = {}
    wrong: dict[str, str] = {}
    status = CONFLICT
    for name, value in given.items():
        try:
            full = _known(name, names)
            text = text_of(value) if value is not None else None
        except SettingsError as error:
            wrong[name[:80]], status = str(error), MALFORMED
            continue
        try:
            if text is not None:
                found[full] = find(full)[0].check(text)
        except SettingsError as error:
            wrong[name[:80]] = str(error)
    if wrong:
        why = "; ".join(f"{name}: {said}" for name, said in wrong.items())
        raise Refused(why[:2000], status, {"wrong": wrong})
    return found


def _known(name: str, names: Mapping[str, str] | None) -> str:
    """The full name of the setting; raises `SettingsError`."""
    full = name if names is None else names.get(name)
    if full is None:
        raise SettingsError(f"unknown, known are {', '.join(names or ())}")
    find(full)
    return full


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
