"""Labels, keys, icons and calls on colour and touch displays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.language import load as language
from snomtui.phone.snapshot import Led, Pattern, Snapshot
from snomtui.skin import load
from snomtui.ui.lcd import draw
from snomtui.ui.side import call_word, led_mark
from tests.ui.people import CALL, CONTACTS, IDLE, TALKING

COLOR, TOUCH, MONO = load("snom820"), load("snom870"), load("snom370")
OTHER = replace(CALL, id="2", remote_name="Anna Lang", state="holding", shown=False)


def column(snapshot: Snapshot, width: int = 14) -> list[str]:
    """What the right column of the touch display says."""
    return ["".join(text for text, _ in line)[-width:] for line in draw(snapshot, TOUCH, 64, 16)]


def test_label_stands_at_the_right_edge_and_an_unused_key_shows_its_name() -> None:
    lines = [
        "".join(text for text, _ in line) for line in draw(replace(IDLE, labels={"P2": "Anna Lang"}), COLOR, 48, 14)
    ]
    assert lines[4].endswith("Anna Lang ") and lines[1].endswith(" P1 ")


def test_touch_keys_show_their_leds_as_shape_and_colour() -> None:
    leds = {"P1": Led("red", Pattern.ON), "P2": Led("green", Pattern.ON), "P3": Led("orange", Pattern.ON)}
    lines = column(replace(IDLE, leds=leds))
    assert [line[1] for line in lines[1:5]] == ["■", "●", "◔", "○"]
    assert lines[1].endswith("Line       ") and lines[5].strip() == "○ P5"


@pytest.mark.parametrize("pattern", [Pattern.SLOW, Pattern.MEDIUM, Pattern.FAST])
def test_blinking_led_changes_its_shape(pattern: Pattern) -> None:
    marks = {led_mark(Led("red", pattern), tick, TOUCH) for tick in range(16)}
    assert marks == {("◉", "led-red"), ("◌", "led-off")}


def test_led_of_one_colour_is_drawn_as_on_the_case() -> None:
    assert led_mark(Led("orange", Pattern.ON), 0, MONO) == ("●", "led-orange")


def test_calls_are_listed_above_the_keys_with_a_word_for_each() -> None:
    lines = column(replace(TALKING, calls=(CALL, OTHER)))
    assert [line.strip() for line in lines[1:5]] == ["▸ Jan Dierich", "rings here", "Anna Lang", "on hold"]


def test_call_that_goes_on_is_listed_while_another_page_is_open() -> None:
    assert "Jan Dierich" in column(replace(CONTACTS, calls=(CALL,)))[1]
    assert "Jan Dierich" not in column(replace(TALKING, calls=(CALL,)))[1]


@pytest.mark.parametrize("state", ["dialling", "ringing", "offered", "talking", "holding", "held", "ended"])
def test_every_state_of_a_call_has_a_word_in_both_languages(state: str) -> None:
    call = replace(CALL, state=state)
    assert call_word(call, language("English")) != call_word(call, language("Deutsch")) != ""


def test_conference_is_named() -> None:
    assert call_word(replace(CALL, state="talking", conference=True), language("English")) == "conference"


def test_icons_are_named_in_the_language_of_the_display() -> None:
    text = "\n".join("".join(one for one, _ in line) for line in draw(replace(IDLE, language="Deutsch"), TOUCH, 64, 16))
    assert "Wahlwdh." in text and "Redial" not in text
