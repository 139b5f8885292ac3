"""The menu and the pages of settings, as somebody uses them who has nothing but the keys of the phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from snomtui import language
from snomtui.phone.intents import Go, Press, Select, SetSetting
from snomtui.phone.model import Screen
from snomtui.phone.snapshot import Page
from snomtui.settings.registry import Kind, Setting, find, registry
from snomtui.skin import Shape
from tests.phone.bench import SHAPE, Bench

SMALL = [Shape("snom320", 1, 24, 4, 12), Shape("snom360", 4, 21, 4, 12), Shape("snom870", 10, 48, 0, 12)]
OWN_PAGES = {"identities": "active_line", "presence": "presence_state", "modes": "admin_mode"}
"""Settings that are changed on a page of their own."""
SAMPLES = {
    "user_outbound": "pbx.test:5061;transport=tls",
    "user_presence_buddy_list_uri": "sip:friends@pbx.test",
    "user_event_list_uri": "sip:lamps@pbx.test",
    "dns_server": "192.0.2.53",
    "utc_offset": "3600",
    "fkey": "speed 123",
    "sim_http_fault": "slow:1",
    "sim_est_url": "https://est.test",
    "sim_media_source": "echo",
    "sim_tls_pins": "ab" * 32,
    "sim_phone_context": "berlin.ucc.test",
}
"""What is typed where not any text will do."""


def all_names() -> set[str]:
    """Every setting that a person may change, by its full name."""
    return {
        f"{row.name}{index}"
        for row in registry().values()
        if row.permission != "&"
        for index in ([""] if row.first is None else range(row.first, (row.last or 0) + 1))
    }


def marked(bench: Bench) -> str:
    """What the row under the cursor opens, or the setting that it switches."""
    row = bench.page.rows[bench.page.cursor or 0]
    if isinstance(row.intent, SetSetting):
        return f"setting:{row.intent.name}"
    return row.intent.page if isinstance(row.intent, Go) else ""


def entries(bench: Bench) -> Iterator[str]:
    """The entries of the page on top, one after the other, each with the cursor on it."""
    count = bench.page.above + sum(row.intent is not None for row in bench.page.rows) + bench.page.below
    for _ in range(count):
        yield marked(bench)
        bench.press("DOWN")


def walk(bench: Bench) -> Iterator[str]:
    """Everything that the menu leads to, with the cursor on its entry."""
    for found in entries(bench):
        yield found
        if found.startswith("menu:"):
            depth = len(bench.phone.model.screens)
            bench.press("ENTER")
            assert bench.screen == Screen("menu", subject=found[5:])
            yield from walk(bench)
            bench.press("CANCEL")
            assert len(bench.phone.model.screens) == depth


def test_menu_leads_to_every_setting_that_one_may_change() -> None:
    bench = Bench()
    bench.press("MENU")
    found = [OWN_PAGES.get(each, each.removeprefix("setting:")) for each in walk(bench)]
    assert all_names() <= set(found)


def test_tree_has_the_order_of_the_real_one() -> None:
    bench = Bench()
    bench.press("MENU")
    assert bench.rows[:6] == [
        "1 Preferences",
        "2 Call features",
        "3 Identity",
        "4 Network",
        "5 Maintenance",
        "6 Information",
    ]
    bench.press("6", "ENTER", "2", "ENTER")
    assert bench.page.title == "System information"


def test_menu_key_begins_at_the_root_again() -> None:
    bench = Bench()
    bench.press("MENU", "5", "ENTER", "UP", "ENTER")
    assert bench.page.name == "confirm"
    bench.press("MENU")
    assert (bench.page.title, len(bench.phone.model.screens)) == ("Menu", 2)
    bench.press("CANCEL")
    assert bench.page.name == "idle"


def change(bench: Bench, setting: Setting, name: str) -> str:
    """Change the marked setting by keys alone; the value that it shall have then."""
    before = bench.phone.settings.text(name)
    bench.press("ENTER")
    if setting.kind is Kind.SWITCH:
        return "off" if before == "on" else "on"
    assert bench.screen.name == "setting" and bench.screen.subject == name
    if bench.page.entry is None:
        bench.press("DOWN", "ENTER")
        values = list(language.find_languages()) if name == "language" else list(setting.choices)
        return values[(values.index(before) + 1) % len(values)]
    wanted = SAMPLES.get(setting.name, str(setting.low + 1) if setting.kind is Kind.NUMBER else "x1")
    bench.press(*["BACKSPACE"] * len(bench.screen.entry))
    bench.press(*(wanted if setting.kind is Kind.NUMBER else (f"TEXT:{sign}" for sign in wanted)))
    bench.press("ENTER")
    return wanted


def test_every_setting_is_changed_by_keys_and_kept() -> None:
    bench = Bench()
    bench.press("MENU")
    changed: set[str] = set()
    for found in walk(bench):
        name = found.removeprefix("setting:")
        if found.startswith("setting:") and name not in changed:
            setting, index = find(name)
            if index in (None, setting.first):
                changed.add(name)
                wanted = change(bench, setting, name)
                assert bench.phone.settings.text(name) == wanted, name
                assert bench.kept[f"setting:{name}"] == wanted
                assert bench.screen.name == "menu"
    rows = registry().values()
    assert len(changed) == sum(row.permission != "&" and row.name not in OWN_PAGES.values() for row in rows)


def test_outgoing_identity_and_presence_have_pages_of_their_own() -> None:
    bench = Bench(settings={"user_name2": "second", "user_host2": "example.org"})
    bench.press("MENU", "3", "ENTER", "ENTER")
    assert bench.page.title == "Identities"
    bench.press("DOWN", "ENTER")
    assert bench.phone.settings.number("active_line") == 2
    bench.press("F_PRESENCE", "2", "ENTER")
    assert bench.phone.settings.text("presence_state") == "BUSY"


# -- one setting


def test_number_out_of_its_limits_is_refused_in_words_and_can_be_corrected() -> None:
    bench = Bench()
    bench.do(Go("setting:ringing_time"))
    assert (bench.page.title, bench.rows[0], bench.page.entry) == ("Ringing time", "5 to 600", "60")
    bench.press("0", "1")
    refusal = bench.do(Press("ENTER"))
    assert refusal is not None
    assert refusal.why == "ringing_time: must be a whole number from 5 to 600, not '6001'"
    shown = " ".join([*bench.rows, bench.snapshot.status])
    assert "Ringing time: must be a whole number from 5 to 600, not '6001'" in shown
    assert bench.screen.entry == "6001"
    bench.press("LEFT", "ENTER")
    assert bench.phone.settings.number("ringing_time") == 600


def test_text_that_does_not_fit_is_refused_in_the_language_of_the_display() -> None:
    bench = Bench(settings={"language": "Deutsch"})
    bench.do(Go("setting:user_outbound1"))
    bench.press(*["BACKSPACE"] * 60)
    bench.write("a b")
    assert bench.do(Press("ENTER")) is not None
    shown = " ".join([*bench.rows, bench.snapshot.status])
    assert "Outbound-Proxy: muss Rechner[:Port]" in shown and "nicht 'a b'" in shown


def test_secret_is_never_shown_and_goes_only_when_one_says_so() -> None:
    bench = Bench(settings={"http_pass": "geheim"})
    bench.do(Go("menu:web"))
    assert bench.page.rows[1].right == "********"
    bench.do(Go("setting:http_pass"))
    assert bench.page.entry == "" and bench.rows[0] == "A value is set; Delete takes it away"
    bench.press("ENTER")
    assert bench.phone.settings.text("http_pass") == "geheim"
    bench.do(Go("setting:http_pass"))
    bench.write("neu")
    assert bench.page.entry == "***"
    bench.press("ENTER")
    assert bench.phone.settings.text("http_pass") == "neu"
    bench.do(Go("setting:http_pass"))
    bench.press("F3")
    assert bench.phone.settings.text("http_pass") == ""


def test_present_choice_is_marked_and_the_help_stands_below() -> None:
    bench = Bench(settings={"call_waiting": "off"})
    bench.do(Go("setting:call_waiting"))
    assert (bench.page.cursor, bench.page.rows[3].text, bench.page.rows[3].right) == (3, "4 off", "chosen")
    assert bench.rows[4].startswith("Whether a second call may come in")


def test_help_of_the_marked_setting_stands_below_the_list_and_moves_nothing() -> None:
    bench = Bench()
    bench.do(Go("menu:features"))
    count = len(bench.page.rows)
    for _ in range(6):
        bench.press("DOWN")
        assert len(bench.page.rows) == count == SHAPE.rows
    name = marked(bench).removeprefix("setting:")
    helped = " ".join(row.text for row in bench.page.rows[-3:] if row.style == "dim").strip()
    assert helped and find(name)[0].help.startswith(helped)
    bench.press("HELP")
    assert bench.screen == Screen("explain", subject=name)
    assert f"Name: {name}" in bench.rows


def test_click_on_the_help_below_the_list_moves_nothing() -> None:
    bench = Bench()
    bench.do(Go("menu:features"))
    bench.press("3")
    cursor = bench.screen.cursor
    bench.do(Select(len(bench.page.rows) - 1))
    assert bench.screen.cursor == cursor


def test_setting_that_does_not_exist_has_a_page_that_says_so() -> None:
    bench = Bench()
    bench.do(Go("setting:nosuch"))
    assert bench.rows == ["No such setting"]
    bench.press("ENTER")
    bench.do(Go("explain:nosuch"))
    assert bench.rows == ["No such setting"]
    bench.do(Go("menu:nosuch"))
    assert bench.rows == ["Nothing here"]


def test_two_digits_are_the_number_of_one_entry() -> None:
    bench = Bench()
    bench.do(Go("menu:keys"))
    bench.press("1", "2")
    assert bench.page.rows[bench.page.cursor or 0].text == "12 P12"
    bench.advance(2)
    bench.press("3")
    assert bench.page.rows[bench.page.cursor or 0].text == " 3 P3"
    bench.press("9")  # there is no entry 39 that is meant: within a second it is
    assert bench.page.rows[bench.page.cursor or 0].text == "39 P39"


# -- language


def test_language_is_chosen_from_all_that_are_found_and_changes_the_display_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Nederlands.toml").write_text('"Menu" = "Keuzes"\n"Preferences" = "Voorkeuren"\n', encoding="utf-8")
    monkeypatch.setattr(language, "user_folder", lambda: tmp_path)
    language.load.cache_clear()
    bench = Bench()
    bench.press("MENU", "ENTER", "ENTER")
    assert bench.rows[:3] == ["1 English", "2 Deutsch", "3 Nederlands"]
    bench.press("2", "ENTER")
    assert (bench.page.title, bench.page.rows[0].text) == ("Grundeinstellungen", " 1 Sprache")
    assert bench.kept["setting:language"] == "Deutsch"
    bench.press("ENTER", "3", "ENTER", "CANCEL")
    assert (bench.page.title, bench.rows[0]) == ("Keuzes", "1 Voorkeuren")
    assert bench.rows[1] == "2 Call features"  # what the file does not have stays English
    language.load.cache_clear()


# -- small displays


@pytest.mark.parametrize("shape", SMALL, ids=lambda shape: str(shape.model))
def test_every_menu_fits_every_display(shape: Shape) -> None:
    bench = Bench(shape=shape)
    bench.press("MENU")
    for _ in walk(bench):
        check(bench.page, shape)


def check(page: Page, shape: Shape) -> None:
    """What holds for each page."""
    assert 1 <= len(page.rows) <= shape.rows
    assert page.cursor is not None and page.rows[page.cursor].intent is not None


def test_only_row_says_where_in_the_menu_one_is() -> None:
    bench = Bench(shape=SMALL[0])
    bench.press("MENU", "DOWN")
    assert bench.rows == ["2/9 Call features"]
    bench.press("ENTER", "3")
    assert bench.rows[0].startswith("3/")


def test_field_on_the_only_row_has_its_name_beside_it() -> None:
    bench = Bench(shape=SMALL[0])
    bench.do(Go("setting:ringing_time"))
    assert (bench.rows, bench.page.cursor, bench.page.entry) == (["Ringing time"], 0, "60")


def test_refusal_is_read_whole_on_the_only_row_and_the_field_is_there_again() -> None:
    bench = Bench(shape=SMALL[0])
    bench.do(Go("setting:ringing_time"))
    bench.press("0", "1")
    assert bench.do(Press("ENTER")) is not None
    read = [bench.rows[0]]
    while bench.page.below:
        bench.press("DOWN")
        read += bench.rows
    assert " ".join(read) == "Ringing time: must be a whole number from 5 to 600, not '6001'"
    bench.press("CANCEL", "LEFT")
    assert (bench.page.name, bench.page.entry) == ("setting", "600")
    bench.press("9")
    assert bench.do(Press("ENTER")) is not None
    assert bench.page.name == "notice"
    bench.advance(9)
    assert bench.page.name == "setting"
