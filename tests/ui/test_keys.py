"""Keyboard and mouse become intents."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from textual import events

from snomtui.phone.intents import Dial, Press, Quit, Select
from snomtui.phone.snapshot import CallState, Snapshot
from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from snomtui.ui.display import Display
from snomtui.ui.help import HelpScreen, help_lines
from snomtui.ui.hint import Hint
from snomtui.ui.keyboard import AFTER_P, BINDINGS, COMMANDS, SHORTCUTS
from snomtui.ui.keycap import KeyCap, widget_id
from tests.ui.people import CONTACTS, ENTERING, IDLE, SIGN_IN, TALKING, Border

CALL = CallState("1-1", 1, "out", "sip:jan@ucc.de", "Jan", "+4930123456", "talking", shown=True)
WIDE, NARROW = (100, 34), (80, 24)


def app_with(border: Border, skin: str = "snom370") -> PhoneApp:
    """The app at a stand-in phone, without blinking."""
    return PhoneApp(border, load(skin), blinking=False)


@pytest.mark.parametrize(("skin", "size"), [("snom370", WIDE), ("plain", NARROW)])
async def test_mouse_reaches_every_key_of_the_model(skin: str, size: tuple[int, int]) -> None:
    border = Border()
    async with app_with(border, skin).run_test(size=size) as pilot:
        names = [key.name for key in load(skin).keys]
        for name in names:
            assert await pilot.click(f"#{widget_id('key', name)}"), name
        await pilot.pause()
    assert border.pressed == ["OFFHOOK" if name == "HANDSET" else name for name in names]


@pytest.mark.parametrize("skin", ["snom370", "plain"])
def test_keyboard_has_a_key_for_every_key_of_the_model(skin: str) -> None:
    known = {one.key for one in SHORTCUTS}
    assert {key.name for key in load(skin).keys} <= known


async def test_keyboard_key_presses_the_key_that_the_table_says() -> None:
    border = Border()
    pairs = [(key, one.key) for one in SHORTCUTS for key in one.keys.split(",")]
    async with app_with(border).run_test(size=NARROW) as pilot:
        await pilot.press(*(key for key, _ in pairs), "backspace")
    expected = ["OFFHOOK" if name == "HANDSET" else name for _, name in pairs]
    assert border.pressed == [*expected, "BACKSPACE"]


def test_no_keyboard_key_has_two_meanings() -> None:
    together = [one.keys for one in SHORTCUTS] + [one.keys for one in COMMANDS]
    keys = ",".join(together).split(",")
    assert len(keys) == len(set(keys))


def test_every_binding_has_an_id_of_its_own() -> None:
    ids = [getattr(one, "id", None) for one in BINDINGS]
    assert None not in ids and len(ids) == len(set(ids))


async def test_binding_can_be_given_another_key_by_its_id() -> None:
    border = Border()
    app = app_with(border)
    async with app.run_test() as pilot:
        app.set_keymap({"key.REDIAL": "w"})
        await pilot.press("w", "r")
    assert border.pressed == ["REDIAL"]


@pytest.mark.parametrize(("digit", "key"), AFTER_P.items())
async def test_p_and_a_digit_press_a_programmable_key(digit: str, key: str) -> None:
    border = Border()
    names = {"*": "asterisk", "#": "number_sign"}
    async with app_with(border).run_test() as pilot:
        await pilot.press("p", names.get(digit, digit), "5")
    assert border.pressed == [key, "5"]


async def test_another_key_after_p_means_what_it_always_means() -> None:
    border = Border()
    async with app_with(border).run_test() as pilot:
        await pilot.press("p", "h", "1")
    assert border.pressed == ["F_HOLD", "1"]


async def test_tab_goes_to_the_next_field_of_a_form() -> None:
    border = Border(SIGN_IN)
    async with app_with(border).run_test() as pilot:
        await pilot.press("a", "tab", "b", "shift+tab")
    assert border.pressed == ["TEXT:a", "DOWN", "TEXT:b", "UP"]


async def test_letters_are_text_where_the_page_takes_letters() -> None:
    border = Border(SIGN_IN)
    async with app_with(border).run_test() as pilot:
        await pilot.press("q", "R", "question_mark", "space", "at", "2", "p", "backspace", "enter", "f1", "down")
    assert border.pressed == [
        *(f"TEXT:{one}" for one in "qR? @2p"),
        "BACKSPACE",
        "ENTER",
        "F1",
        "DOWN",
    ]


async def test_digits_are_keys_and_plus_is_text_where_a_number_is_entered() -> None:
    border = Border(ENTERING)
    async with app_with(border).run_test() as pilot:
        await pilot.press("plus", "4", "9", "asterisk", "h")
    assert border.pressed == ["TEXT:+", "4", "9", "*", "F_HOLD"]


async def test_pasted_number_is_typed_without_its_blanks() -> None:
    border = Border()
    app = app_with(border)
    async with app.run_test() as pilot:
        from textual import events

        app.screen.post_message(events.Paste("+49 (30) 12-3\n"))
        await pilot.pause()
    assert border.pressed == ["TEXT:+", *"4930123"]


async def test_handset_lifts_and_is_replaced() -> None:
    border = Border()
    async with app_with(border).run_test(size=WIDE) as pilot:
        await pilot.press("o")
        border.show(replace(IDLE, handset="handset"))
        await pilot.pause(0.1)
        await pilot.press("o")
        await pilot.click("#key-HANDSET")
        await pilot.press("O", "l")
    assert border.pressed == ["OFFHOOK", "ONHOOK", "ONHOOK", "OFFHOOK", "ONHOOK"]


async def test_click_on_a_row_puts_the_cursor_there_and_on_the_cursor_row_is_ok() -> None:
    border = Border(CONTACTS)
    async with app_with(border).run_test(size=NARROW) as pilot:
        await pilot.click(Display, offset=(5, 1))
        await pilot.click(Display, offset=(5, 6))
    assert border.wishes == [Select(0), Dial("sip:jan@ucc.de")]


async def test_double_click_on_a_row_is_ok() -> None:
    border = Border(CONTACTS)
    async with app_with(border).run_test(size=NARROW) as pilot:
        await pilot.click(Display, offset=(5, 1), times=2)
    assert border.wishes == [Select(0), Dial("sip:ann@ucc.de")]


async def test_click_on_a_row_without_intent_is_the_ok_key() -> None:
    border = Border(replace(SIGN_IN, page=replace(SIGN_IN.page, cursor=1)))
    async with app_with(border).run_test(size=NARROW) as pilot:
        await pilot.click(Display, offset=(5, 2))
    assert border.wishes == [Press("ENTER")]


async def test_click_on_a_soft_key_label_presses_its_key() -> None:
    border = Border(TALKING)
    async with app_with(border).run_test(size=NARROW) as pilot:
        for x in (5, 15, 25, 35):
            await pilot.click(Display, offset=(x, 11))
    assert border.pressed == ["F1", "F2", "F3", "F4"]


async def test_letters_are_text_where_the_page_takes_them_though_nothing_is_typed_yet() -> None:
    border = Border(replace(CONTACTS, page=replace(CONTACTS.page, mode="abc")))
    app = app_with(border)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("j", "alt+q", "down")
        assert app.screen.query_one(Hint).usual.startswith("type a name")
        await pilot.press("ctrl+k")
        assert isinstance(app.screen, HelpScreen) and app.screen.page == "contacts"
    assert border.pressed == ["TEXT:j", "F1", "DOWN"]


async def test_wheel_moves_the_cursor() -> None:
    border = Border(CONTACTS)
    app = app_with(border)
    async with app.run_test(size=NARROW) as pilot:
        display = app.screen.query_one(Display)
        display.on_mouse_scroll_down()
        display.on_mouse_scroll_up()
        await pilot.pause()
    assert border.pressed == ["DOWN", "UP"]


async def test_mouse_button_held_long_is_a_long_press() -> None:
    border = Border()
    app = app_with(border)
    async with app.run_test(size=WIDE) as pilot:
        app.screen.query_one("#key-P2", KeyCap).post_message(KeyCap.Pressed("P2", 1500))
        await pilot.pause()
    assert border.wishes == [Press("P2", time=1500)]


async def test_refusal_is_shown_until_the_next_key_that_works() -> None:
    border = Border(refuses="No such identity.")
    app = app_with(border)
    async with app.run_test() as pilot:
        hint = app.screen.query_one(Hint)
        await pilot.press("r")
        assert hint.alert == "No such identity."
        border.refuses = ""
        await pilot.press("5")
        assert hint.alert == ""


@pytest.mark.parametrize("snapshot", [IDLE, SIGN_IN])
async def test_bottom_line_says_how_to_find_keys_and_how_to_leave(snapshot: Snapshot) -> None:
    app = app_with(Border(snapshot))
    async with app.run_test(size=NARROW):
        text = app.screen.query_one(Hint).render_line(0).text
        assert "keys" in text and "quit" in text


@pytest.mark.parametrize("key", ["question_mark", "ctrl+k", "f5"])
async def test_help_lists_the_keys_and_any_closing_key_takes_it_away(key: str) -> None:
    border = Border()
    app = app_with(border)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press(key)
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("5", "h")
        await pilot.press("escape")
        assert not isinstance(app.screen, HelpScreen)
    assert border.wishes == []


def test_help_names_every_key_of_the_phone_but_the_keypad_once() -> None:
    skin = load("snom370")
    titles = [title for _, title in help_lines(skin)]
    for key in skin.keys:
        if key.kind != "digit":
            assert titles.count(key.title or key.label) == 1, key


def test_help_leaves_out_what_the_model_does_not_have() -> None:
    skin = load("snom370")
    smaller = replace(skin, keys=tuple(key for key in skin.keys if key.name != "CONFERENCE"))
    assert "Conference" not in [title for _, title in help_lines(smaller)]


async def test_help_tells_the_web_pages_of_the_phone() -> None:
    places = [("The phone's web server", "http://127.0.0.1:8080")]
    app = PhoneApp(Border(), load("plain"), blinking=False, places=lambda: places)
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = re.sub("&#160;", " ", app.export_screenshot()).replace("&#x27;", "'")
        assert "The phone's web server: http://127.0.0.1:8080" in shown


async def test_y_copies_the_row_under_the_cursor() -> None:
    app = app_with(Border(CONTACTS))
    async with app.run_test() as pilot:
        await pilot.press("y")
        assert app.clipboard == "Jan Dierich"


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quit_key_lets_the_phone_sign_off_first(key: str) -> None:
    border, done = Border(), list[str]()

    async def sign_off() -> None:
        done.append("signed off")

    app = PhoneApp(border, load("snom370"), on_exit=sign_off, blinking=False)
    async with app.run_test() as pilot:
        await pilot.press(key)
        await pilot.pause()
    assert done == ["signed off"] and border.wishes == []


async def test_quit_without_a_hook_is_an_intent() -> None:
    border = Border()
    async with app_with(border).run_test() as pilot:
        await pilot.press("q")
        await pilot.pause()
    assert border.wishes == [Quit()]


async def test_ctrl_c_never_ends_a_call_but_tells_how_to_leave() -> None:
    border = Border(TALKING)
    app = app_with(border)
    async with app.run_test() as pilot:
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "quits" in app.screen.query_one(Hint).alert
        assert app.is_running
    assert border.wishes == []


@pytest.mark.parametrize("key", ["alt+q", "alt+w"])
async def test_alt_and_a_letter_is_a_soft_key_and_never_text(key: str) -> None:
    border = Border(SIGN_IN)
    async with app_with(border).run_test(size=WIDE) as pilot:
        app = pilot.app
        app.post_message(events.Key(key, key[-1]))
        await pilot.pause()
    assert border.pressed == [{"alt+q": "F1", "alt+w": "F2"}[key]]


@pytest.mark.parametrize(
    ("state", "words"), [("offered", "Enter answer"), ("talking", "Esc hang up"), ("ended", "Esc close")]
)
async def test_bottom_line_says_what_helps_in_a_call(state: str, words: str) -> None:
    calling = replace(TALKING, calls=(replace(CALL, state=state),))
    async with app_with(Border(calling)).run_test(size=NARROW) as pilot:
        assert words in pilot.app.screen.query_one(Hint).usual


async def test_number_of_the_call_is_copied() -> None:
    async with app_with(Border(replace(TALKING, calls=(CALL,)))).run_test(size=NARROW) as pilot:
        await pilot.press("y")
        assert pilot.app.clipboard == "+4930123456"
