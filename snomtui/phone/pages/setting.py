"""One setting: a list where it has choices, else a field to type in; and the page that explains it.

Nothing here knows any setting but the language, whose choices are the files that are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from snomtui.errors import SettingsError
from snomtui.language import find_languages
from snomtui.phone.intents import Go, SetSetting
from snomtui.phone.model import Model, Screen
from snomtui.phone.pages.choosing import Listing, back, choose, drawn, erase_key, labelled, mode_key, ok, text_page
from snomtui.phone.pages.page import Back, Kind, Many, Step, clipped, lone, next_mode, soft_keys, typed, wrapped
from snomtui.phone.snapshot import Page, Row
from snomtui.settings.registry import IDENTITIES, Setting, find
from snomtui.settings.registry import Kind as Type
from snomtui.skin import Shape


def known(name: str) -> tuple[Setting, int | None] | None:
    """The row and index of a full name; None if there is no such setting."""
    try:
        return find(name)
    except SettingsError:
        return None


# -- how a setting is said


def titled(model: Model, name: str) -> str:
    """What a setting is called in a list; one of several says which, unless the page does (lines, keys)."""
    setting, index = find(name)
    title = model.say(setting.title)
    told = index is None or setting.page == "fkeys" or setting.last == IDENTITIES
    return title if told else f"{title} {index}"


def heading(model: Model, name: str) -> str:
    """What a setting is called where nothing else says of which line or key it is."""
    setting, index = find(name)
    if setting.page == "fkeys" and index is not None:
        return f"P{index + 1}: {titled(model, name)}"
    if setting.last == IDENTITIES:
        return model.say("{setting}, line {number}", setting=titled(model, name), number=index)
    return titled(model, name)


def help_of(model: Model, name: str) -> str:
    """What a setting is for, in a sentence."""
    return model.say(find(name)[0].help)


def label_of(model: Model, name: str) -> str:
    """The value as a person reads it; secrets are stars."""
    setting, _ = find(name)
    value = model.settings.shown(name)
    return model.say(setting.label(value)) if setting.kind in (Type.SWITCH, Type.CHOICE) else value


def toggled(model: Model, name: str) -> SetSetting | None:
    """The wish to throw a switch; None if it is no switch."""
    if find(name)[0].kind is not Type.SWITCH:
        return None
    return SetSetting(name, "off" if model.settings.on(name) else "on")


def _limits(model: Model, setting: Setting) -> str:
    """What may be typed, in words; empty if the help says it."""
    if setting.kind is Type.NUMBER:
        return model.say("{low} to {high}", low=setting.low, high=setting.high)
    return model.say(setting.form) if setting.form else ""


# -- the page


def opened(model: Model, name: str) -> Screen:
    """The page with the present value: marked in the list, or in the field; a secret is never filled in."""
    found = known(name)
    if found is None:
        return Screen("setting", subject=name)
    value, choices = model.settings.text(name), _choices(model, name)
    if choices:
        values = [each for each, _ in choices]
        return Screen("setting", values.index(value) if value in values else 0, subject=name)
    mode = "123" if found[0].kind is Type.NUMBER else "abc"
    return Screen("setting", subject=name, entry="" if found[0].kind is Type.SECRET else value, mode=mode)


def _choices(model: Model, name: str) -> list[tuple[str, str]]:
    """The values to choose from with what they are called; none if a value is typed."""
    setting, _ = find(name)
    if setting.name == "language":
        return [(each, each) for each in find_languages()]
    if setting.kind is Type.SWITCH:
        return [("on", model.say("on")), ("off", model.say("off"))]
    return [(each, model.say(setting.label(each)) or model.say("none")) for each in setting.choices]


def draw(model: Model, shape: Shape, screen: Screen, now: float) -> Page:
    """The choices, or the field with the limits; below, what the setting is for."""
    found = known(screen.subject)
    if found is None:
        return drawn(model, shape, screen, "setting", Listing(screen.subject, [], empty=model.say("No such setting")))
    choices = _choices(model, screen.subject)
    return _list(model, shape, screen, choices) if choices else _field(model, shape, screen, found[0])


def _rows(model: Model, name: str, choices: Sequence[tuple[str, str]]) -> list[Row]:
    present = model.settings.text(name)
    mark = model.say("chosen")
    return [
        Row(label, right=mark if value == present else "", intent=SetSetting(name, value)) for value, label in choices
    ]


def _list(model: Model, shape: Shape, screen: Screen, choices: Sequence[tuple[str, str]]) -> Page:
    name = screen.subject
    soft = soft_keys(ok(model), labelled(model, "Help", Go(f"explain:{name}")), None, back(model))
    listing = Listing(heading(model, name), _rows(model, name, choices), soft, numbered=True)
    page = drawn(model, shape, screen, "setting", listing)
    free = max(0, shape.rows - len(page.rows))
    return replace(page, rows=(*page.rows, *_helps(model, name, shape, free)))


def _helps(model: Model, name: str, shape: Shape, room: int) -> list[Row]:
    """What the setting is for, in the rows that are free."""
    return [Row(line, style="dim") for line in clipped(wrapped(help_of(model, name), shape), room)]


def _field(model: Model, shape: Shape, screen: Screen, setting: Setting) -> Page:
    name, secret = screen.subject, setting.kind is Type.SECRET
    mode = None if setting.kind is Type.NUMBER else mode_key(model)
    help_key = labelled(model, "Help", Go(f"explain:{name}"))
    erase = erase_key(model)
    page = Page(
        "setting",
        heading(model, name),
        softkeys=soft_keys(labelled(model, "Save", Go("save")), mode or help_key, erase, back(model)),
        entry="*" * len(screen.entry) if secret else screen.entry,
        mode=screen.mode,
    )
    if lone(shape):  # the field takes the only row
        return replace(page, rows=(Row(titled(model, name)),), cursor=0)
    limits = _limits(model, setting)
    kept = model.say("A value is set; Delete takes it away") if secret and model.settings.text(name) else ""
    above = [Row(line) for text in (limits, kept) if text for line in wrapped(text, shape)]
    room = max(0, shape.rows - 1 - len(above))
    return replace(page, rows=(*above, *_helps(model, name, shape, room))[: shape.rows - 1])


def press(model: Model, screen: Screen, key: str, now: float) -> Step:
    """OK saves; what is wrong is refused in words and stays to be corrected."""
    found = known(screen.subject)
    if found is None:
        return Back()
    if key == "HELP":
        return Go(f"explain:{screen.subject}")
    choices = _choices(model, screen.subject)
    if not choices:
        return _type(model, screen, key, now, found[0])
    step = choose(screen, key, _rows(model, screen.subject, choices), now)
    return Many((step,)) if isinstance(step, SetSetting) else step


def _type(model: Model, screen: Screen, key: str, now: float, setting: Setting) -> Step:
    if key in ("CANCEL", "ONHOOK", "back"):
        return Back()
    secret = setting.kind is Type.SECRET
    if key in ("ENTER", "save", "ok"):
        unchanged = secret and not screen.entry  # stars of a secret that nobody typed anew
        return Back() if unchanged else Many((SetSetting(screen.subject, screen.entry),))
    if key == "mode":
        return next_mode(screen) if setting.kind is not Type.NUMBER else screen
    if key == "erase" and secret and not screen.entry:
        return Many((SetSetting(screen.subject, ""),))
    if key.startswith("TEXT:") and setting.kind is Type.NUMBER and not key[5].isdecimal():
        return screen
    return typed(screen, "BACKSPACE" if key in ("LEFT", "erase") else key, now) or screen


def _explained(model: Model, screen: Screen) -> tuple[str, list[str]]:
    found = known(screen.subject)
    if found is None:
        return screen.subject, [model.say("No such setting")]
    setting, name = found[0], screen.subject
    limits, say = _limits(model, setting), model.say
    default = say(setting.label(setting.default)) or say("none")
    return heading(model, name), [
        help_of(model, name),
        *([say("Right is: {form}", form=limits)] if limits else []),
        say("From the factory: {value}", value=default),
        say("Name: {name}", name=name),
    ]


KIND = Kind(draw, press)
EXPLAIN = text_page("explain", _explained)
