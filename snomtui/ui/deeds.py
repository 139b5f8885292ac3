"""Everything that can be done, by name, for the palette: keys of the phone, its pages, its settings, the terminal.

The names are said in the language of the display; `tests/ui/test_palette.py` sees that every language has them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from snomtui.errors import SkinError
from snomtui.language import find_languages
from snomtui.phone.intents import Go, Intent, LogOff, Register, SetPresence, SetSetting
from snomtui.presence import CHOICES, WORDS
from snomtui.skin import find_skins
from snomtui.ui.keyboard import COMMANDS, SHORTCUTS, keys_of, shown
from snomtui.ui.terminal import THEMES

if TYPE_CHECKING:
    from snomtui.ui.front import PhoneScreen

PAGES: Mapping[str, str] = {
    "contacts": "Contacts",
    "search": "Search the address book",
    "call_lists": "Call lists",
    "calls:missed": "Missed calls",
    "calls:received": "Received calls",
    "calls:dialed": "Dialled calls",
    "presence": "Presence",
    "messages": "Messages",
    "menu": "Menu",
    "identities": "Identities",
    "sign_in": "Sign in",
    "info": "About this phone",
}
"""Pages that can be opened from everywhere, by their names."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done."""

    title: str
    run: Callable[[], Awaitable[object] | object]
    keys: str = ""
    """The keyboard keys that do the same, as a person reads them."""


def deeds(front: PhoneScreen) -> Iterator[Deed]:
    """All of them, the most wanted first."""
    yield from _soft_keys(front)
    yield from _pages(front)
    yield from _presence(front)
    yield from _keys(front)
    yield from _identities(front)
    yield from _terminal(front)
    yield from _looks(front)


def _soft_keys(front: PhoneScreen) -> Iterator[Deed]:
    """What the soft keys are on this page; they are gone with it, so they come first."""
    for number, key in enumerate(front.snapshot.page.softkeys, 1):
        if key is not None:
            yield _key(front, f"F{number}", key.name)


def _pages(front: PhoneScreen) -> Iterator[Deed]:
    for page, title in PAGES.items():
        yield Deed(front.language.say(title), partial(front.do, Go(page)))


def _presence(front: PhoneScreen) -> Iterator[Deed]:
    say = front.language.say
    for one in CHOICES:
        word = say("Appear offline") if one.value == "OFFLINE" else say(WORDS[one])
        yield Deed(say("Presence: {state}", state=word), partial(front.do, SetPresence(one)))


def _keys(front: PhoneScreen) -> Iterator[Deed]:
    """Every key, also those that this model lacks; and programmable keys beyond the twelfth."""
    say, skin = front.language.say, front.app.skin
    soft = {f"F{number}" for number, key in enumerate(front.snapshot.page.softkeys, 1) if key is not None}
    known = [one.key for one in SHORTCUTS if one.key not in soft]
    for name in [*known, *(name for name in skin.shape.key_names if name not in known)]:
        shape, label = skin.key(name), front.snapshot.labels.get(name, "")
        one = next((one for one in SHORTCUTS if one.key == name), None)
        title = say((shape.title if shape else "") or (one.title if one else name))
        if len(name) == 1:
            title = say("Key {key}", key=name)
        yield _key(front, name, f"{title}: {label}" if label else title)


def _key(front: PhoneScreen, name: str, title: str) -> Deed:
    keys = shown(keys_of(name, front.app.terminal.keys)) if any(one.key == name for one in SHORTCUTS) else ""
    return Deed(title, partial(front.press, name), keys or f"p p {name[1:].zfill(2)}")


def _identities(front: PhoneScreen) -> Iterator[Deed]:
    say = front.language.say
    for one in front.snapshot.identities:
        if one.aor:
            wishes: tuple[tuple[str, Intent], ...] = (
                (say("Call as {identity}", identity=one.aor), SetSetting("active_line", str(one.number))),
                (say("Sign in again: {identity}", identity=one.aor), Register(one.number)),
                (say("Sign off: {identity}", identity=one.aor), LogOff(one.number)),
            )
            for title, wish in wishes:
                yield Deed(title, partial(front.do, wish))


def _terminal(front: PhoneScreen) -> Iterator[Deed]:
    say, app = front.language.say, front.app
    for one in COMMANDS:
        if one.name not in ("palette", "prefix"):
            run = partial(front.run_action, one.action)
            yield Deed(say(one.title), run, shown(keys_of(one.name, app.terminal.keys)))
    yield Deed(say("Save a picture of the screen"), partial(_picture, front))
    bell = app.terminal.bell
    yield Deed(say("Ring without the bell") if bell else say("Ring with the bell"), partial(_bell, front, not bell))


def _looks(front: PhoneScreen) -> Iterator[Deed]:
    say, app = front.language.say, front.app
    words = {"auto": say("as the terminal"), "dark": say("dark"), "light": say("light")}
    for theme in THEMES:
        yield Deed(say("Colours: {theme}", theme=words[theme]), partial(_theme, front, theme))
    for name in find_languages():
        yield Deed(say("Language: {language}", language=name), partial(front.do, SetSetting("language", name)))
    for name in find_skins() if app.skins else ():
        yield Deed(say("Skin: {skin}", skin=name), partial(_dress, front, name))


def _theme(front: PhoneScreen, theme: str) -> None:
    front.app.set_theme(theme)
    _remember(front, "sim_theme", theme)


def _bell(front: PhoneScreen, wanted: bool) -> None:
    front.app.set_bell(wanted)
    _remember(front, "sim_bell", "on" if wanted else "off")


def _remember(front: PhoneScreen, name: str, value: str) -> None:
    """For the next start; what a tab of a browser likes is no matter of the terminal."""
    if front.app.ENDS_CALLS:
        front.do(SetSetting(name, value))


def _dress(front: PhoneScreen, name: str) -> None:
    assert front.app.skins
    try:
        front.app.skins.choose(name)
    except SkinError as error:
        front.app.say(str(error).partition("\n")[0])


def _picture(front: PhoneScreen) -> None:
    try:
        front.app.say("The picture is in {file}", file=front.app.save_picture())
    except OSError as error:
        front.app.say("The picture cannot be written: {why}", why=error.strerror or error)
