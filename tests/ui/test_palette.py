"""All commands by name: everything is in it, typing narrows it, Enter and clicks do it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.language import find_languages, load
from snomtui.phone.intents import Go, Intent, Press, SetPresence, SetSetting
from snomtui.phone.snapshot import IdentityState
from snomtui.presence import Availability
from snomtui.skin import load as load_skin
from snomtui.ui import deeds as deeds_room
from snomtui.ui.app import PhoneApp
from snomtui.ui.deeds import Deed, deeds
from snomtui.ui.front import PhoneScreen
from snomtui.ui.keyboard import COMMANDS, SHORTCUTS
from snomtui.ui.palette import Choices, Palette, found
from tests.ui.people import IDLE, RINGING, Border

OWN = IdentityState(2, "heiko@home.test", "Heiko", "registered")
OTHERS = [name for name in find_languages() if name != "English"]


def titles(app: PhoneApp) -> list[str]:
    """What the palette would offer now."""
    assert app.front
    return [deed.title for deed in deeds(app.front)]


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("missed", Go("calls:missed")),
        ("presence busy", SetPresence(Availability.BUSY)),
        ("redial", Press("REDIAL")),
        ("language deutsch", SetSetting("language", "Deutsch")),
        ("call as", SetSetting("active_line", "2")),
        ("soft key 2", Press("F2")),
        ("key *", Press("*")),
    ],
)
async def test_what_is_typed_is_found_and_enter_does_it(typed: str, wish: Intent) -> None:
    snapshot = replace(IDLE, identities=(OWN,), page=replace(IDLE.page, softkeys=(None, None, None, None)))
    border = Border(snapshot)
    app = PhoneApp(border, load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon")
        assert isinstance(app.screen, Palette)
        for one in typed:
            await pilot.press({" ": "space", "*": "asterisk"}.get(one, one))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, PhoneScreen)
    assert border.wishes == [wish]


async def test_every_key_and_every_command_is_in_it_on_a_model_that_lacks_the_key_too() -> None:
    skin = load_skin("plain")
    few = replace(skin, keys=skin.keys[:12])
    app = PhoneApp(Border(), few, blinking=False)
    async with app.run_test(size=(80, 24)):
        assert app.front
        shown = {deed.title: deed.keys for deed in deeds(app.front)}
        for one in SHORTCUTS:
            if len(one.key) > 1 and one.key not in ("F1", "F2", "F3", "F4"):
                assert any(title == one.title or title.startswith(f"{one.title}: ") for title in shown), one.key
        assert {one.title for one in COMMANDS if one.name not in ("palette", "prefix")} <= set(shown)


async def test_soft_keys_of_the_page_come_first_by_what_they_say() -> None:
    app = PhoneApp(Border(RINGING), load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)):
        assert titles(app)[:3] == ["Answer", "Deny", "Silent"]


async def test_palette_speaks_the_language_of_the_display() -> None:
    app = PhoneApp(Border(replace(IDLE, language="Deutsch")), load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)):
        assert {"Anrufe in Abwesenheit", "Präsenz: Beschäftigt", "Wahlwiederholung", "Farben: hell"} <= set(titles(app))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_names_of_the_pages(language: str) -> None:
    assert set(deeds_room.PAGES.values()) <= set(load(language).words)


async def test_click_on_a_row_does_it_and_beside_the_list_closes_it() -> None:
    border = Border()
    app = PhoneApp(border, load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *"dialled")
        await pilot.click(Choices, offset=(6, 2))
        await pilot.press("ctrl+p")
        await pilot.click(offset=(0, 20))
        await pilot.pause()
        assert isinstance(app.screen, PhoneScreen)
    assert border.wishes == [Go("calls:dialed")]


async def test_escape_does_nothing_to_the_phone() -> None:
    border = Border()
    app = PhoneApp(border, load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", "down", "up", "up", "pageup", "pagedown", "x", "backspace", "escape")
        assert isinstance(app.screen, PhoneScreen)
    assert border.wishes == []


async def test_theme_and_bell_are_changed_by_name() -> None:
    app = PhoneApp(Border(), load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        for words in (("ring", "with"), ("colours", "light")):
            await pilot.press("colon", *words[0], "space", *words[1], "enter")
            await pilot.pause()
        assert app.terminal.bell and app.terminal.theme == "light"
        assert not app.skin.dark


def test_words_may_come_in_any_order_and_beginnings_count_more() -> None:
    every = [Deed("Sign in again", int), Deed("Presence: Busy", int), Deed("Busy presence list", int, "x")]
    assert [one.title for one in found("bu pre", every)] == ["Presence: Busy", "Busy presence list"]
    assert [one.title for one in found("gain", every)] == ["Sign in again"]
    assert found("nobody", every) == []
