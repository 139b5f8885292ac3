"""Pages to pick from: menu, presence, call lists, identities, information, help, contacts; and the number entry."""

from __future__ import annotations

import pytest

from snomtui.phone.history import Record
from snomtui.phone.intents import Go, Select
from snomtui.phone.pages.kinds import KINDS
from snomtui.phone.snapshot import Page
from snomtui.presence import Availability, Contact
from snomtui.skin import Shape
from tests.line.peer import silent
from tests.phone.bench import SHAPE, Bench

ANNA = Contact("sip:anna@example.org", "Anna Lindner", ("+4930111", "+4917222"), watched=False)
BERT = Contact("sip:bert@example.org", "Bert Kowalski", ("+4930333",), watched=False)
TEAM = (BERT, ANNA)
SHAPES = [SHAPE, Shape("snom320", 1, 23, 4, 12), Shape("snom870", 12, 48, 0, 0), Shape("odd", 3, 10, 4, 4)]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: str(shape.model))
@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_page_fits_every_display_and_takes_every_key(name: str, shape: Shape) -> None:
    records = [Record("missed", "", str(n), 1_795_300_000.0 + n) for n in range(20)]
    people = [Contact(f"sip:u{n}@example.org", f"User {n}", watched=False) for n in range(20)]
    bench = Bench(contacts=people, records=records, shape=shape)
    bench.do(Go(f"{name}:{people[3].uri}" if name == "contact" else name))
    keys = ["DOWN", "UP", "5", "TEXT:a", "RIGHT", "VOLUME_UP", "MUTE", "HELP", "BACKSPACE", "*", "DND", "P12", "LEFT"]
    for key in [*keys, *["DOWN"] * 25, *["UP"] * 7]:
        check(bench.page, shape)
        bench.press(key)
    check(bench.page, shape)
    bench.press("CANCEL", "CANCEL", "CANCEL", "CANCEL")
    check(bench.page, shape)


def check(page: Page, shape: Shape) -> None:
    """What holds for each page."""
    assert len(page.rows) <= max(1, shape.rows)
    assert len(page.softkeys) == 4
    assert page.above >= 0 and page.below >= 0
    if page.cursor is not None:
        assert 0 <= page.cursor < len(page.rows)


def test_menu_is_picked_from() -> None:
    bench = Bench()
    bench.press("MENU")
    assert (bench.page.title, bench.page.cursor) == ("Menu", 0)
    bench.press("UP")
    assert bench.page.rows[bench.page.cursor or 0].text == "9 Sign in"
    assert bench.page.above + len(bench.page.rows) + bench.page.below == 9
    bench.press("2", "ENTER")
    assert bench.page.title == "Call features"
    at = next(n for n, item in enumerate(bench.rows) if item.strip().startswith("3"))
    bench.do(Select(at))
    assert bench.page.cursor == at
    bench.press("CANCEL", "8", "ENTER")
    assert bench.page.title == "Lists"
    bench.press("CANCEL", "CANCEL")
    assert bench.page.name == "idle"


def test_click_marks_a_row_and_ok_takes_it() -> None:
    bench = Bench()
    bench.press("MENU")
    bench.do(Select(2))
    assert bench.page.cursor == 2
    bench.press("ENTER")
    assert bench.page.title == "Identity"


def test_presence_page_marks_the_choice() -> None:
    bench = Bench()
    bench.press("F_PRESENCE")
    assert [(row.text, row.right) for row in bench.page.rows][:2] == [("Available", "chosen"), ("Busy", "")]
    assert bench.page.rows[-1].text == "Appear offline"
    bench.press("2", "ENTER", "F_PRESENCE")
    assert bench.page.rows[1].right == "chosen"


def test_information_page_tells_what_doctors_ask() -> None:
    bench = Bench()
    bench.press("SNOM")
    shown = {row.text: row.right for row in bench.page.rows}
    assert shown["Registration"] == "registered"
    assert shown["Transport"] == "tcp"
    assert shown["Authentication"] == "none"
    assert shown["Expires"] == "600 s"


def test_call_list_shows_time_today_and_date_before() -> None:
    now = 1_795_400_000.0
    records = [Record("received", "Anna", "1", now - 200_000), Record("received", "", "2", now - 60, 1, 61)]
    bench = Bench(records=records)
    bench.press("LEFT")
    assert bench.rows == ["2", "Anna"]
    assert bench.page.rows[0].right.endswith("1:01")
    assert bench.page.rows[1].right.count(".") == 2


def test_ok_on_the_idle_page_shows_dialled_calls() -> None:
    bench = Bench(records=[Record("dialed", "", "123", 1.0)])
    bench.peer.rules["INVITE"] = silent
    bench.press("ENTER")
    assert bench.page.title == "Dialled calls"
    bench.press("ENTER")
    assert bench.peer.last("INVITE").target.user == "123"


def test_contacts_are_sorted_and_dialled() -> None:
    bench = Bench(contacts=TEAM)
    bench.peer.rules["INVITE"] = silent
    bench.press("DIRECTORY")
    assert bench.page.title == "Contacts (2)"
    assert bench.rows == ["Anna Lindner", "Bert Kowalski"]
    bench.press("DOWN", "ENTER")
    assert bench.peer.last("INVITE").uri == "sip:bert@example.org"


def test_contact_with_several_numbers_shows_its_card() -> None:
    bench = Bench(contacts=TEAM)
    bench.peer.rules["INVITE"] = silent
    bench.press("DIRECTORY", "ENTER")
    assert bench.page.title == "Anna Lindner"
    assert bench.rows == ["sip:anna@example.org", "+4930111", "+4917222"]
    bench.press("DOWN", "ENTER")
    assert bench.peer.last("INVITE").target.user == "+4930111"


def test_letter_narrows_the_contacts() -> None:
    bench = Bench(contacts=[Contact(f"sip:{n}@x", n, watched=False) for n in ("Anna", "Bert", "Bo", "Clara")])
    bench.press("DIRECTORY", "TEXT:b")
    assert bench.rows == ["Bert", "Bo"]
    bench.press("TEXT:O")
    assert bench.rows == ["Bo"]


def test_card_of_a_contact_that_left_the_list_says_so() -> None:
    bench = Bench()
    bench.do(Go("contact:sip:gone@x"))
    assert bench.rows == ["No longer in the list"]
    bench.press("ENTER")
    assert bench.page.name == "idle"


def test_number_is_typed_corrected_and_dialled() -> None:
    bench = Bench()
    bench.peer.rules["INVITE"] = silent
    bench.press("1", "2", "3", "BACKSPACE", "*", "#")
    assert (bench.page.title, bench.page.entry) == ("Enter number", "12*#")
    bench.press("ENTER")
    assert bench.peer.last("INVITE").target.user is not None
    assert bench.peer.last("INVITE").uri.startswith("sip:12*%23@")
    assert bench.page.name == "call"


def test_last_digit_that_is_deleted_leaves_the_entry() -> None:
    bench = Bench()
    bench.press("1", "BACKSPACE", "BACKSPACE")
    assert bench.page.name == "idle"


def test_empty_entry_is_not_dialled() -> None:
    bench = Bench()
    bench.press("P1", "ENTER", "F1")
    assert bench.page.name == "entry"
    assert bench.peer.asked("INVITE") == []


def test_entry_guesses_contacts_and_dialled_numbers() -> None:
    bench = Bench(contacts=TEAM, records=[Record("dialed", "", "030999", 1.0)])
    bench.peer.rules["INVITE"] = silent
    bench.press("3", "0")
    assert bench.rows == ["Anna Lindner", "Bert Kowalski", "030999"]
    assert bench.page.cursor is None
    bench.press("DOWN", "DOWN")
    assert bench.page.cursor == 1
    bench.press("ENTER")
    assert bench.peer.last("INVITE").target.user == "+4930333"


def test_names_are_guessed_as_well() -> None:
    bench = Bench(contacts=TEAM)
    bench.write("kow")
    assert set(bench.rows) == {"Bert Kowalski"}
    bench.peer.rules["INVITE"] = silent
    bench.do(Select(1))  # nothing is marked, so a click dials
    assert bench.peer.last("INVITE").target.user == "bert"


def test_incoming_call_while_typing_comes_first_and_the_number_stays() -> None:
    bench = Bench()
    bench.press("1", "2")
    bench.ring()
    assert bench.page.name == "call"
    bench.press("CANCEL")
    bench.advance(1)
    assert (bench.page.name, bench.page.entry) == ("entry", "12")


def test_identities_are_chosen_from_a_list() -> None:
    more = {"user_name2": "anna", "user_host2": "example.org", "user_outbound2": "127.0.0.1:5060;transport=tcp"}
    bench = Bench(settings=more)
    bench.press("F_REGS")
    assert bench.rows == ["1: heiko@example.org", "2: anna@example.org"]
    bench.press("DOWN", "ENTER")
    assert bench.phone.settings.text("active_line") == "2"
    assert bench.page.rows[1].right == "active"


def test_idle_page_shows_presence_and_missed_calls() -> None:
    bench = Bench()
    assert bench.rows == ["Heiko Riedel"]
    assert bench.page.rows[0].presence is not Availability.UNKNOWN
    assert [key.label for key in bench.page.softkeys if key] == ["Contacts", "Calls", "Presence", "Menu"]
