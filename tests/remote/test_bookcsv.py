"""The directory as a table, out and in."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import SaveEntry
from snomtui.presence import Contact
from snomtui.remote import bookcsv

ANNA = Contact("sip:anna@ucc.test", 'Anna "A", Lindner', ("+49301", "302"), type="VIP")
TAXI = Contact("tel:+49304", "Taxi", ("+49304",))


def test_table_that_was_written_is_read_as_the_same_entries() -> None:
    text = bookcsv.written([ANNA, TAXI])
    assert text.splitlines()[0] == "name,numbers,address,type"
    assert bookcsv.read(text, {"sip:anna@ucc.test"}) == [
        (2, SaveEntry('Anna "A", Lindner', ("+49301", "302"), "anna@ucc.test", "VIP", "sip:anna@ucc.test")),
        (3, SaveEntry("Taxi", ("+49304",))),
    ]


def test_spreadsheet_runs_no_name_as_a_formula() -> None:
    evil = Contact("tel:1", "=cmd()", ("1",))
    text = bookcsv.written([evil])
    assert "\n=cmd" not in text and "'=cmd()" in text
    assert bookcsv.read(text)[0][1].name == "=cmd()"


def test_spreadsheets_own_commas_are_taken() -> None:
    assert bookcsv.read("\ufeffJan\t11\nAnna\t12\t\tdeny") == [
        (1, SaveEntry("Jan", ("11",))),
        (2, SaveEntry("Anna", ("12",), "", "Deny")),
    ]
    assert bookcsv.read("Jan;11") == [(1, SaveEntry("Jan", ("11",)))]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no entry in it; a line is name,numbers,address,type"),
        ("name,numbers\n", "no entry"),
        ("Jan,11\nAnna\n", "line 2: 1 fields"),
        ("Jan,11,a@b,VIP,x", "line 1: 5 fields"),
        ("Jan,,", "line 1: an entry needs a number or an address"),
        ("Jan,11\nBert,12,,Boss", "line 2: the types are VIP, Deny"),
        ('Jan,"11', "line 1: unexpected end of data"),
        ("x" * 256 + ",11", "line 1: a field is one line"),
        ("Jan,11\n" * 5001, "5001 entries; at most 5000"),
    ],
)
def test_mistake_is_told_with_its_line(text: str, why: str) -> None:
    with pytest.raises(bookcsv.BadBook, match=why):
        bookcsv.read(text)
