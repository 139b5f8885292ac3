"""The key table and key sequences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.phone.intents import Press
from snomtui.remote.keys import LONGEST, NAMES, BadKeys, presses, sequence

KEYS = st.sampled_from(sorted(NAMES - {"F_R"}) + ["P1", "P12", "EK0", "EK41"])
PRESSES = st.builds(Press, KEYS, st.integers(0, LONGEST), st.integers(0, LONGEST))


@given(st.lists(PRESSES, min_size=1))
def test_reader_reads_what_the_writer_wrote(keys: list[Press]) -> None:
    assert presses(sequence(keys)) == tuple(keys)


def test_functions_that_open_a_page_are_keys() -> None:
    assert presses("F_SECURITY;f_adr_book;F_NEXT_ID") == (Press("F_SECURITY"), Press("F_ADR_BOOK"), Press("F_NEXT_ID"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ENTER", (Press("ENTER"),)),
        ("p5", (Press("P5"),)),
        ("F_R", (Press("F_HOLD"),)),
        ("1;2; # ;*", (Press("1"), Press("2"), Press("#"), Press("*"))),
        ("P1,2000", (Press("P1", 2000),)),
        ("ENTER,,1000;CANCEL", (Press("ENTER", 0, 1000), Press("CANCEL"))),
        ("P1,500,;P2;", (Press("P1", 500), Press("P2"))),
        ("CANCEL=", (Press("CANCEL"),)),
        ("VOLUME_DOWN ", (Press("VOLUME_DOWN"),)),
        ("1+2 3", (Press("1"), Press("2"), Press("3"))),
        ("*21#", (Press("*"), Press("2"), Press("1"), Press("#"))),
        ("%23;%2A", (Press("#"), Press("*"))),
        ("ENTER, ,+1000;1", (Press("ENTER", 0, 1000), Press("1"))),
        ("hold;OK", (Press("F_HOLD"), Press("ENTER"))),
    ],
)
def test_reader_understands_sequences_with_times(text: str, wanted: tuple[Press, ...]) -> None:
    assert presses(text) == wanted


@pytest.mark.parametrize(
    "text", ["", ";", "BANANA", "P0", "P100", "EK128", "1;BANANA", "1,x", "1,-5", "1,1,1,1", "1,999999", "1,٣", "12x"]
)
def test_reader_refuses_what_is_no_key(text: str) -> None:
    with pytest.raises(BadKeys):
        presses(text)


@given(st.text())
def test_reader_raises_nothing_else_for_garbage(text: str) -> None:
    try:
        assert presses(text)
    except BadKeys as error:
        assert str(error).isprintable()


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ("BANANA", "keys are 0 to 9"),
        ("ENTR", "did you mean ENTER"),
        ("F_HOLDD", "did you mean F_HOLD"),
        ("P0", "P1 to"),
    ],
)
def test_unknown_key_is_answered_with_keys_that_there_are(given_: str, said: str) -> None:
    with pytest.raises(BadKeys, match=f"unknown key '{given_}'.*{said}"):
        presses(given_)
