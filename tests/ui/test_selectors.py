"""Names in a skin's style sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.skin import Sheet, find_skins, load
from snomtui.ui.selectors import misnamed

PATH = Path("mine.tcss")


@pytest.mark.parametrize("name", find_skins())
def test_shipped_style_sheets_name_what_is_there(name: str) -> None:
    assert [wrong for sheet in load(name).sheets for wrong in misnamed(sheet)] == []


def test_name_that_nothing_has_is_told_with_line_and_the_right_one() -> None:
    text = (
        "/* a\nKeyKap */\nKeyCap { color: #fff000; }\nKeyKap.-digt,\n#key-REDAIL > .keycap--fase:hover { color: red; }"
    )
    assert misnamed(Sheet(PATH, text)) == [
        "mine.tcss:4: KeyKap: nothing on the phone is named so, did you mean 'KeyCap'?",
        "mine.tcss:4: .-digt: nothing on the phone is named so, did you mean '.-digit'?",
        "mine.tcss:5: #key-REDAIL: nothing on the phone is named so, did you mean '#key-REDIAL'?",
        "mine.tcss:5: .keycap--fase: nothing on the phone is named so, did you mean '.keycap--face'?",
    ]


@pytest.mark.parametrize("text", ["#key-star > .keycap--face { }", "#lamp-P54 { }", "#paper-3 { }", "Zebra { }"])
def test_keys_leds_labels_and_what_is_like_nothing_are_let_pass(text: str) -> None:
    assert misnamed(Sheet(PATH, text)) == []
