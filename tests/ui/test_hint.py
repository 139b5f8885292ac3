"""The bottom line: what helps on this page, cut well, in every language, and clickable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from snomtui.language import find_languages, load
from snomtui.skin import load as load_skin
from snomtui.ui import hint
from snomtui.ui.app import PhoneApp
from snomtui.ui.help import HelpScreen
from snomtui.ui.hint import Hint
from tests.ui.people import CONTACTS, IDLE, SNAPSHOTS, TALKING, Border

OTHERS = [name for name in find_languages() if name != "English"]


def words() -> Iterator[str]:
    """Every word that the bottom line says."""
    tables = [*hint.USUAL.values(), *hint.CALL.values(), hint.LIST, hint.SEARCH, hint.TEXT, hint.ALWAYS]
    yield "arrows"
    for table in tables:
        yield from (word for _, word in table if word)


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_words_of_the_bottom_line(language: str) -> None:
    assert {word for word in words() if word not in load(language).words} == set()


@pytest.mark.parametrize("language", ["English", "Deutsch"])
@pytest.mark.parametrize("name", SNAPSHOTS)
async def test_line_is_never_cut_in_a_word_and_always_tells_how_to_find_keys_and_how_to_leave(
    name: str, language: str
) -> None:
    app = PhoneApp(Border(replace(SNAPSHOTS[name], language=language)), load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        line = app.screen.query_one(Hint)
        for width in (80, 60, 44):
            await pilot.resize_terminal(width, 24)
            await pilot.pause()
            text = line.render_line(0).text
            assert len(text) == width
            parts = [part.strip() for part in text.split("  ") if part.strip()]
            assert set(parts) <= set(line.usual.split("   "))
            assert parts[-2:] == line.usual.split("   ")[-2:]


async def test_refusal_is_said_in_the_language_of_the_display() -> None:
    app = PhoneApp(Border(replace(IDLE, language="Deutsch")), load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+c")
        assert app.screen.query_one(Hint).alert == "q / ctrl+q beendet das Programm; Esc beendet ein Gespräch."


async def test_click_on_a_part_does_what_its_key_does() -> None:
    border = Border(TALKING)
    app = PhoneApp(border, load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        line = app.screen.query_one(Hint)
        for word in ("hold", "keys"):
            await pilot.click(Hint, offset=(line.render_line(0).text.index(word), 0))
        assert isinstance(app.screen, HelpScreen)
    assert border.pressed == ["F_HOLD"]


async def test_click_between_the_parts_does_nothing_and_on_a_message_takes_it_away() -> None:
    border = Border()
    app = PhoneApp(border, load_skin("plain"), blinking=False)
    async with app.run_test(size=(80, 24)) as pilot:
        line = app.screen.query_one(Hint)
        await pilot.click(Hint, offset=(0, 0))
        await pilot.press("ctrl+c")
        assert line.alert
        await pilot.click(Hint, offset=(5, 0))
        assert not line.alert
    assert border.wishes == []


async def test_soft_keys_are_shown_by_keys_that_do_not_type_where_text_is_typed() -> None:
    border = Border(replace(CONTACTS, page=replace(CONTACTS.page, mode="abc")))
    async with PhoneApp(border, load_skin("plain"), blinking=False).run_test(size=(80, 24)) as pilot:
        assert pilot.app.screen.query_one(Hint).usual == (
            "type a name   Esc back   alt+q w e r = F1-F4   ctrl+p commands   ctrl+k keys   ctrl+q quit"
        )


async def test_too_small_a_terminal_is_said_until_it_is_large_enough() -> None:
    border = Border()
    app = PhoneApp(border, load_skin("plain"), blinking=False)
    async with app.run_test(size=(38, 10)) as pilot:
        await pilot.pause()
        line = app.screen.query_one(Hint)
        assert "too small" in line.render_line(0).text
        await pilot.press("5")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert "quit" in line.render_line(0).text
    assert border.pressed == ["5"]
