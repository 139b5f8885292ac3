"""The phone's own directory on the display: written, changed, dialled and deleted with the keys of the phone."""

from __future__ import annotations

from snomtui.phone.history import Record
from snomtui.phone.intents import Go, Press, Select
from snomtui.presence import Contact
from snomtui.skin import Shape
from tests.line.peer import silent
from tests.phone.bench import Bench

ANNA = Contact("sip:anna@example.org", "Anna Lindner", ("+4930111",), watched=False, type="Friends")
BERT = Contact("tel:+4930333", "Bert", ("+4930333", "+4917222", "+4917333"), watched=False)


def test_entries_are_sorted_and_dialled() -> None:
    bench = Bench(contacts=[BERT, ANNA])
    bench.peer.rules["INVITE"] = silent
    bench.press("F_ADR_BOOK")
    assert bench.page.title == "Directory (2)"
    assert [(row.text, row.right) for row in bench.page.rows] == [("Anna Lindner", "Friends"), ("Bert", "+4930333")]
    bench.press("2", "ENTER")
    assert bench.peer.last("INVITE").target.user == "+4930333"


def test_new_entry_is_written_with_its_type_and_kept() -> None:
    bench = Bench()
    bench.press("F_ADR_BOOK")
    assert bench.rows == ["No entries"]
    bench.press("F3")
    assert bench.page.title == "New entry"
    bench.write("Clara")
    bench.press("ENTER", "0", "3", "0", "ENTER", "ENTER", "ENTER", "RIGHT", "RIGHT")
    assert bench.rows[-2:] == ["Address: ", "Type: Deny"]
    bench.press("F1")
    assert [(row.text, row.right) for row in bench.page.rows] == [("Clara", "Deny")]
    assert '"name": "Clara"' in bench.kept["entry:tel:030"]


def test_click_on_a_field_of_the_form_goes_there() -> None:
    bench = Bench(contacts=[ANNA])
    bench.press("F_ADR_BOOK", "F2")
    bench.do(Select(3))
    assert (bench.screen.cursor, bench.page.entry) == (3, "anna@example.org")
    bench.do(Select(4))
    bench.press("F2", "F1")
    assert bench.phone.model.directory[0].type == "Family"


def test_entry_is_changed_and_keeps_what_the_form_does_not_show() -> None:
    bench = Bench(contacts=[BERT])
    bench.press("F_ADR_BOOK", "F2")
    assert bench.rows[:2] == ["Name: Bert", "Number: +4930333"]
    bench.write("a")
    bench.press("F1")
    changed = bench.phone.model.directory[0]
    assert (changed.name, changed.numbers) == ("Berta", ("+4930333", "+4917222", "+4917333"))
    assert bench.page.name == "directory"


def test_entry_is_deleted_after_a_question_and_its_form_is_left() -> None:
    bench = Bench(contacts=[ANNA, BERT])
    bench.press("F_ADR_BOOK", "F2", "F3")
    assert bench.page.title == "Delete this entry?"
    bench.press("ENTER")
    assert (bench.page.name, len(bench.phone.model.directory)) == ("entry_form", 2)
    bench.press("F3", "2", "ENTER")
    assert (bench.page.name, bench.rows) == ("directory", ["Bert"])
    assert bench.kept["entry:sip:anna@example.org"] == ""
    bench.press("BACKSPACE", "F1")
    assert bench.rows == ["No entries"]


def test_form_says_what_is_wrong_and_stays() -> None:
    bench = Bench(contacts=[ANNA])
    bench.do(Go("entry_form"))
    bench.write("Nobody")
    refusal = bench.do(Press("F1"))
    assert refusal is not None and refusal.why == "An entry needs a number or an address"
    assert (bench.page.name, bench.screen.fields[0]) == ("entry_form", "") and bench.screen.entry == "Nobody"
    bench.press("DOWN", "DOWN", "DOWN")
    bench.write("anna@example.org")
    refusal = bench.do(Press("F1"))
    assert refusal is not None and refusal.why == "anna@example.org is in the directory already"


def test_caller_is_taken_over_from_a_call_list() -> None:
    bench = Bench(records=[Record("missed", "Eva", "sip:eva@example.org", 1.0)])
    bench.press("RIGHT", "RIGHT", "F2")
    assert [row.text for row in bench.page.rows if row.text.startswith(("Name", "Address"))] == [
        "Name: Eva",
        "Address: eva@example.org",
    ]
    bench.press("F1", "F_ADR_BOOK")
    assert bench.rows == ["Eva"]


def test_one_row_shows_one_field_with_its_name() -> None:
    bench = Bench(contacts=[ANNA], shape=Shape("snom320", 1, 24, 4, 12))
    bench.press("F_ADR_BOOK")
    assert bench.rows == ["1/1 Anna Lindner"]
    bench.press("F2")
    assert (bench.rows, bench.page.entry) == (["Name"], "Anna Lindner")
    bench.press("UP")
    assert (bench.rows, bench.page.entry) == (["Type: Friends"], None)


def test_friend_of_the_directory_is_edited_from_the_contact_card() -> None:
    bench = Bench(contacts=[ANNA])
    bench.do(Go("contact:sip:anna@example.org"))
    assert "Friends" in bench.rows
    bench.press("F3")
    assert bench.page.title == "Edit entry"
