"""What calls do, in a word, in every language."""

from __future__ import annotations

import pytest

from snomtui.language import load
from snomtui.phone.words import state_word


@pytest.mark.parametrize("state", ["dialling", "ringing", "offered", "holding", "held", "ended"])
def test_reader_of_any_language_knows_what_a_call_does(state: str) -> None:
    english, german = (state_word(state, load(name).say) for name in ("English", "Deutsch"))
    assert english and german and english != german


def test_call_in_which_people_talk_needs_no_word() -> None:
    assert state_word("talking", load("English").say) == ""
