"""The help: this page first, then the phone, then the terminal; searchable; in every language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.language import find_languages, load
from snomtui.skin import find_skins
from snomtui.skin import load as load_skin
from snomtui.ui.app import PhoneApp
from snomtui.ui.help import PAGES, HelpScreen, help_lines, other_lines, page_lines, terminal_lines
from snomtui.ui.keyboard import SHORTCUTS, shown
from snomtui.ui.spoken import spoken
from tests.phone.pages.shapes import phone
from tests.ui.people import CONTACTS, IDLE, TALKING, Border

OTHERS = [name for name in find_languages() if name != "English"]


def text_of(app: PhoneApp) -> str:
    """What the help shows."""
    assert isinstance(app.screen, HelpScreen)
    return app.screen.text().plain


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("skin", find_skins())
def test_every_language_has_the_words_of_the_help(language: str, skin: str) -> None:
    shape = load_skin(skin)
    lines = [*help_lines(shape), *other_lines(shape, {}), *terminal_lines({})]
    said = {title for _, title in lines} | {text for page in PAGES.values() for line in page for text in line}
    known = {one.key for one in SHORTCUTS} | {key.label for key in shape.keys if key.kind in ("line", "digit")}
    assert {word for word in said - known if word not in load(language).words} == set()


@pytest.mark.parametrize("skin", find_skins())
def test_every_key_of_the_keyboard_stands_in_the_help_of_every_model(skin: str) -> None:
    shape = load_skin(skin)
    listed = [keys for keys, _ in (*help_lines(shape), *other_lines(shape, {}))]
    for one in SHORTCUTS:
        if len(one.key) > 1 and not one.key[1:].isdigit():
            assert shown(one.keys) in listed, one.key


async def test_keys_of_the_page_come_first_with_what_its_soft_keys_say() -> None:
    app = PhoneApp(Border(TALKING), load_skin("snom370"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        text = text_of(app)
        assert text.index("F3  d  alt+e  Record") < text.index("Keys of the snom 370") < text.index("The terminal")
        assert "Hang up" in text.partition("Keys of")[0]


@pytest.mark.parametrize("shape", ["snom320", "snom360"])
def test_help_has_the_words_that_a_small_display_has_no_room_for(shape: str) -> None:
    snapshot = phone(shape, "Deutsch").snapshot
    said = [what for _, what in page_lines(snapshot, {}, load("Deutsch").say)]
    assert [key.label for key in snapshot.page.softkeys if key][:2] == ["Buch", "Anr."]
    assert "Kontakte" in said and "Anrufe" in said
    assert "F1: Kontakte" in spoken(snapshot)


async def test_typing_narrows_the_help_and_backspace_widens_it() -> None:
    app = PhoneApp(Border(IDLE), load_skin("snom370"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark", *"voice", "space", "r")
        text = text_of(app)
        assert "Retrieve voice mail" in text and "Redial" not in text
        await pilot.press(*"zzz")
        assert "No key is called so" in text_of(app)
        await pilot.press(*["backspace"] * 10)
        assert "Redial" in text_of(app)


async def test_help_speaks_the_language_of_the_display() -> None:
    app = PhoneApp(Border(replace(CONTACTS, language="Deutsch")), load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        text = text_of(app)
        assert "Auf dieser Seite" in text and "Wahlwiederholung" in text and "Liste eingrenzen" in text
        assert "Redial" not in text


async def test_key_that_this_model_lacks_is_told_apart() -> None:
    skin = load_skin("snom370")
    app = PhoneApp(
        Border(), replace(skin, keys=tuple(key for key in skin.keys if key.name != "REDIAL")), blinking=False
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        text = text_of(app)
        assert text.index("Not on this model") < text.index("r  Redial")


async def test_pages_of_the_help_are_turned_by_keys() -> None:
    app = PhoneApp(Border(), load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark", "pagedown")
        await pilot.pause()
        area = app.screen.query_one("VerticalScroll")
        assert area.scroll_y > 5
        await pilot.press("pageup", "q")
        await pilot.pause()
        assert area.scroll_y == 0 and isinstance(app.screen, HelpScreen)
