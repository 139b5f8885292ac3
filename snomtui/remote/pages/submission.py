"""What somebody has sent to a page of settings: a person's form, or the query of a program. Pure.

A person's form tells for each field what stood in it (`was:NAME`). So only what was really changed is saved: two tabs
do not undo each other, nor does a page undo what was changed on the phone meanwhile. If one value is wrong nothing is
saved, everything that was typed stays, and each mistake is told at its field. A program names just what it wants to
set; as with `dummy.htm` what is right is saved and the rest is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from snomtui.errors import SettingsError
from snomtui.phone.intents import SetSetting
from snomtui.remote import query
from snomtui.remote.pages.field import Field, Group, meant_value
from snomtui.remote.saves import saved
from snomtui.settings import modes
from snomtui.settings.registry import Settings, find

WAS = "was:"
"""Begins the names of the hidden fields that tell what stood in a field."""
Say = Callable[..., str]
"""Says an English text in the language of the page, with values for its places."""


def by_person(asked: query.Pairs) -> bool:
    """Whether it is a form of ours that a person has filled in."""
    return any(name.startswith(WAS) for name, _ in asked)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that a person has filled in."""

    groups: tuple[Group, ...]
    """The page with what was typed, and what is wrong with it."""
    changes: tuple[SetSetting, ...] = ()
    """What to save; nothing if anything is wrong."""

    @property
    def wrong(self) -> tuple[Field, ...]:
        """The fields that are wrong."""
        return tuple(field for group in self.groups for field in group.fields if field.wrong)


def typed(groups: Iterable[Group], asked: query.Pairs, settings: Settings, say: Say) -> Typed:
    """Read a person's form; fields that may not be changed are passed over."""
    sent = dict(asked)
    changes: list[SetSetting] = []
    seen = []
    for group in groups:
        fields = [_typed(field, sent, settings, say, changes) for field in group.fields]
        seen.append(replace(group, fields=tuple(fields)))
    if _differ({wish.name: wish.value for wish in changes}, settings):
        seen = [_confirming(group, say("The two administrator passwords differ")) for group in seen]
    whole = Typed(tuple(seen), tuple(sorted(changes, key=_comes_last)))
    return replace(whole, changes=()) if whole.wrong else whole


def _comes_last(wish: SetSetting) -> bool:
    """User mode comes last: the other changes of the same form would be refused in it."""
    return wish.name == "admin_mode"


def _differ(changed: Mapping[str, str], settings: Settings) -> bool:
    """Whether a new administrator password was not written twice alike."""
    one, two = (changed.get(name, settings.text(name)) for name in (modes.PASSWORD, modes.CONFIRM))
    return one != two and bool(changed.keys() & {modes.PASSWORD, modes.CONFIRM})


def _confirming(group: Group, wrong: str) -> Group:
    """The group with this mistake at the second administrator password."""
    return replace(group, fields=tuple(replace(f, wrong=wrong) if f.name == modes.CONFIRM else f for f in group.fields))


def _typed(field: Field, sent: Mapping[str, str], settings: Settings, say: Say, changes: list[SetSetting]) -> Field:
    value = sent.get(field.name)
    was = sent.get(WAS + field.name, field.was)
    if value is None or field.locked:
        return field
    stays = replace(field, value=value, was=was)
    if value == was:
        return stays
    try:
        meant = _checked(field, meant_value(value, settings.text(field.name)))
    except SettingsError as error:
        return replace(stays, wrong=in_words(error, say))
    if meant != settings.text(field.name):
        changes.append(SetSetting(field.name, meant))
    return stays


def _checked(field: Field, value: str) -> str:
    if field.options and value not in (known := [each for each, _ in field.options]):
        raise SettingsError.of(
            "must be one of {choices}, not {value}", choices=", ".join(known), value=repr(value[:60])
        )
    if field.kind == "password" and query.STARS in value:
        raise SettingsError.of("the stars must be deleted first")
    return find(field.name)[0].check(value)


def in_words(error: SettingsError, say: Say) -> str:
    """What is wrong with a value, in the language of the page."""
    if not error.template:
        return str(error)
    values = {name: say(str(value)) if name == "form" else value for name, value in error.values.items()}
    return say(error.template, **values)


def named(asked: query.Pairs, settings: Settings) -> tuple[SetSetting, ...]:
    """The settings that a program names and that are not so already; stars leave a secret as it is."""
    wishes = (wish for wish in saved(asked) if wish.value != query.STARS)
    return tuple(wish for wish in wishes if not _same(wish, settings))


def _same(wish: SetSetting, settings: Settings) -> bool:
    try:
        return find(wish.name)[0].check(wish.value) == settings.text(wish.name)
    except SettingsError:
        return False  # the phone will say what is wrong
