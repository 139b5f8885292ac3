"""The page where a number is typed: modes, guesses, dialling by itself."""

from __future__ import annotations

import pytest

from snomtui.phone.history import Record
from snomtui.phone.intents import Select
from snomtui.sip.message import Request
from tests.line.peer import silent
from tests.phone.bench import PLAIN, Bench
from tests.phone.pages.shapes import EACH, PEOPLE, fits, labels, phone, seen


def invited(bench: Bench) -> str:
    """Whom the phone has called last."""
    request: Request = bench.peer.last("INVITE")
    return request.to.uri.user


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_number_guesses_and_a_marked_one_are_on_every_display(shape: str, language: str) -> None:
    bench = phone(shape, language)
    bench.press("3", "0")
    fits(bench, shape)
    assert (bench.page.entry, bench.page.mode) == ("30", "123")
    assert ("Anna Lindner" in seen(bench)) is (shape != "snom320")
    bench.press("DOWN", "DOWN")
    fits(bench, shape)
    assert "+4930123457" in seen(bench)
    assert bench.page.rows[bench.page.cursor or 0].right == "+4930123457"


def test_guesses_come_from_contacts_and_from_all_call_lists() -> None:
    records = [
        Record("missed", "", "+4930555", 1.0),
        Record("received", "Clara", "+4930666", 2.0),
        Record("dialed", "", "+4930777", 3.0),
        Record("received", "", "+4930777", 3.0),
    ]
    bench = Bench(contacts=PEOPLE, records=records, settings=PLAIN)
    bench.press("3", "0")
    assert bench.rows == ["Anna Lindner", "Bob Alexander von Humboldt", "+4930777", "Clara", "+4930555"]


def test_number_is_guessed_without_its_trunk_zero_and_by_the_dial_plan() -> None:
    assert "Anna Lindner" in typed("030123456").rows
    assert "Anna Lindner" in typed("00493012345", user_dp_str1=r"|^00(.*)|+\1|").rows
    assert typed("00493012345").rows == []


def typed(digits: str, **settings: str) -> Bench:
    """A phone on which these digits were typed."""
    bench = phone("snom370", **settings)
    bench.press(*digits)
    return bench


def test_people_are_found_by_letters_without_accents() -> None:
    bench = phone("snom370")
    bench.write("humb")
    assert bench.page.mode == "abc"
    assert bench.rows[0] == "Bob Alexander von Humboldt"


@pytest.mark.parametrize("settings", [{"guess_number": "off"}, {"guess_start_length": "4"}])
def test_guessing_begins_when_settings_say(settings: dict[str, str]) -> None:
    assert typed("301", **settings).rows == []


def test_guess_that_is_clicked_is_dialled() -> None:
    bench = typed("30")
    bench.peer.rules["INVITE"] = silent
    assert bench.do(Select(1)) is None
    assert invited(bench) == "+4930123457"


def test_typing_on_leaves_the_marked_guess() -> None:
    bench = typed("30")
    bench.press("DOWN", "1")
    assert (bench.page.entry, bench.page.cursor) == ("301", None)


def test_mode_of_the_keypad_is_that_of_the_setting() -> None:
    bench = typed("2", edit_alpha_mode="abc")
    assert (bench.page.entry, bench.page.mode) == ("a", "abc")
    bench.press("F2")
    assert bench.page.mode == "ABC"


def test_addresses_cannot_be_typed_where_they_are_blocked() -> None:
    bench = phone("snom370", block_url_dialing="on")
    bench.write("1a2")
    assert bench.page.entry == "12"
    assert labels(bench)[1] == ""


def test_empty_entry_offers_to_redial() -> None:
    bench = Bench(records=[Record("dialed", "Bob", "+4930777", 3.0)])
    bench.peer.rules["INVITE"] = silent
    bench.press("OFFHOOK")
    assert labels(bench)[0] == "Redial"
    bench.press("F1")
    assert invited(bench) == "+4930777"


# -- dialling by itself


def test_number_dials_itself_when_nothing_more_is_typed() -> None:
    bench = phone("snom370", auto_dial="5")
    bench.peer.rules["INVITE"] = silent
    bench.press("4", "7")
    bench.advance(4)
    bench.press("1")
    bench.advance(4)
    assert bench.peer.asked("INVITE") == []
    bench.advance(2)
    assert invited(bench) == "471"


@pytest.mark.parametrize("keys", [("4", "CANCEL"), ("4", "BACKSPACE"), ("4", "F2", "2")])
def test_number_that_is_not_there_any_more_dials_nothing(keys: tuple[str, ...]) -> None:
    bench = phone("snom370", auto_dial="2")
    bench.press(*keys)
    bench.advance(5)
    assert bench.peer.asked("INVITE") == []


def test_number_never_dials_itself_as_long_as_nobody_wants_that() -> None:
    bench = phone("snom370")
    bench.press("4", "7")
    bench.advance(60)
    assert bench.peer.asked("INVITE") == []
