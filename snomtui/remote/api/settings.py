"""The settings by name, and what the registry says of each. Secrets go in, they never come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from snomtui.errors import SettingsError
from snomtui.remote.api.changes import READ_ONLY, change, checked
from snomtui.remote.api.operation import CONFLICT, MALFORMED, Answer, Asked, Operation, Refused, in_path, in_query
from snomtui.remote.api.shapes import Shape, by_name, maybe, named, one_of, row_of, switch, text, thing, whole
from snomtui.remote.doing import Doing
from snomtui.remote.doors import Doors
from snomtui.remote.intentjson import LONGEST, Object
from snomtui.remote.query import without_login
from snomtui.settings.modes import allowed
from snomtui.settings.registry import Kind, Setting, Settings, find, registry

PATH = "/api/v1/settings"


def operations(doors: Doors, doing: Doing) -> tuple[Operation, ...]:
    """The rows of this room."""
    rows = _Settings(doors, doing)
    value: Shape = {"type": ["string", "integer", "boolean", "null"], "maxLength": LONGEST}
    return (
        Operation(
            "GET",
            PATH,
            "settings",
            "All settings by name; secrets are null.",
            rows.every,
            {200: by_name(maybe(text()))},
            errors=(MALFORMED,),
            asks=(in_query("changed", switch(), "Only those that were set."),),
        ),
        Operation(
            "PATCH",
            PATH,
            "change_settings",
            "Change settings: all, or none. What is null stays as it is.",
            rows.changed,
            {200: thing({"ok": switch(), "settings": by_name(maybe(text()))})},
            by_name(value, propertyNames={"enum": list(names())}),
            (408, CONFLICT, 413, 415, MALFORMED),
            example={"user_realname1": "Heiko Riedel", "vol_ringer": 5},
        ),
        Operation(
            "GET",
            f"{PATH}/{{name}}",
            "setting",
            "One setting: its value, and what is known of it.",
            rows.one,
            {200: named("Setting")},
            errors=(404,),
            asks=(in_path("name", text(minLength=1), "snom's name with its index, such as user_name1."),),
        ),
    )


def shape() -> Shape:
    """One setting."""
    fields = {
        "name": text(),
        "value": maybe(text("Null = it is a secret.")),
        "set": switch("Whether it has a value; of a secret, all that is told."),
        "type": one_of(*(kind.value for kind in Kind)),
        "default": maybe(text()),
        "title": text(),
        "help": text(),
        "page": text("The web page on which it stands."),
        "writable": switch("Whether it can be changed now: a user may not change all of them."),
        "index": whole(0, about="Which of several of this name it is."),
        "choices": row_of(text()),
        "low": whole(),
        "high": whole(),
        "form": text("What a text must look like."),
    }
    return thing(fields, ("index", "choices", "low", "high", "form"))


class _Settings:
    """Answers them."""

    def __init__(self, doors: Doors, doing: Doing) -> None:
        self._doors, self._doing = doors, doing

    async def every(self, asked: Asked) -> Answer:
        settings, only = self._doors.settings, asked.query.get("changed", "false").lower()
        if only not in ("true", "false", "1", "0", "on", "off"):
            raise Refused('"changed" must be true or false', MALFORMED)
        wanted = (name for name, _ in settings.items()) if only in ("true", "1", "on") else names()
        return Answer(200, _values(settings, wanted))

    async def changed(self, asked: Asked) -> Answer:
        settings = self._doors.settings
        given = checked(await asked.object())
        # What is sent back as it was told stays as it is, with the login that was not told.
        changes = {name: value for name, value in given.items() if value != _shown(settings, name)}
        outcome = change(asked.scope, changes, settings, self._doing, {})
        shown = _values(settings, given)
        return Answer(200, {"ok": True, "settings": shown}, outcome=outcome)

    async def one(self, asked: Asked) -> Answer:
        name = asked.place["name"]
        try:
            row, index = find(name)
        except SettingsError as error:
            raise Refused(str(error)[:300], 404) from None
        return Answer(200, _described(name, row, index, self._doors.settings))


def names() -> Iterator[str]:
    """The full names of all settings."""
    for row in registry().values():
        if row.first is None or row.last is None:
            yield row.name
        else:
            yield from (f"{row.name}{number}" for number in range(row.first, row.last + 1))


def _values(settings: Settings, wanted: Iterator[str] | Mapping[str, str]) -> Object:
    return {name: _shown(settings, name) for name in wanted}


def _shown(settings: Settings, name: str) -> str | None:
    """The value as it may be told: URLs in it lose their logins."""
    return None if _secret(name) else without_login(settings.text(name))


def _secret(name: str) -> bool:
    try:
        return find(name)[0].kind is Kind.SECRET
    except SettingsError:
        return False


def _described(name: str, row: Setting, index: int | None, settings: Settings) -> Object:
    secret = row.kind is Kind.SECRET
    said: Object = {
        "name": name,
        "value": _shown(settings, name),
        "set": bool(settings.text(name)),
        "type": row.kind.value,
        "default": None if secret else row.default,
        "title": row.title,
        "help": row.help,
        "page": f"{row.page}.htm" if row.page else "",
        "writable": row.permission != READ_ONLY and allowed(name, settings),
    }
    if index is not None:
        said["index"] = index
    if row.kind is Kind.CHOICE:
        said["choices"] = list(row.choices)
    if row.kind is Kind.NUMBER:
        said |= {"low": row.low, "high": row.high}
    return said | ({"form": row.form} if row.form else {})
