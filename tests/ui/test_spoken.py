"""The display in plain lines, for a screen reader."""

from __future__ import annotations

import json
from dataclasses import replace

from snomtui.phone.snapshot import Page, Row
from snomtui.presence import Availability
from snomtui.ui.spoken import spoken
from tests.ui.people import ENTERING, IDLE, keys


def test_idle_phone_is_read_line_by_line_with_presence_in_words() -> None:
    told = json.loads(spoken(IDLE))
    assert told["lines"][:2] == ["Heiko Riedel", "heiko.riedel@ucc.de, Available"]
    assert "Missed: 1" in told["lines"] and "F4: Menu" in told["lines"]
    assert told["now"] is None and told["language"] == "en"


def test_line_under_the_cursor_is_known_by_its_number() -> None:
    page = Page("list", "Contacts", (Row("Jan"), Row("Eva", presence=Availability.AWAY)), keys("Dial"), cursor=1)
    told = json.loads(spoken(replace(IDLE, page=page)))
    assert told["lines"][told["now"]] == "Eva, Away"
    assert told["title"] == "Contacts"


def test_german_phone_speaks_german() -> None:
    told = json.loads(spoken(replace(IDLE, language="Deutsch")))
    assert told["lines"][1] == "heiko.riedel@ucc.de, Verfügbar" and told["language"] == "de"


def test_typed_number_is_read() -> None:
    assert "+4930123" in json.loads(spoken(ENTERING))["lines"]
