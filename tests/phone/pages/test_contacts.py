"""The contact list, the card, and the questions about a contact."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import AddContact, Go, Intent, Press, Refusal, RemoveContact, Search, Select
from snomtui.presence import WORDS, Availability, Contact, Presence
from snomtui.skin import Shape
from tests.line.peer import silent
from tests.phone.bench import SHAPE, Bench
from tests.phone.pages.shapes import labels

ANNA = Contact("sip:anna@example.org", "Anna", ("+4930111", "+4917222"), ("Team",), kinds=("work", "mobile"))
BERT = Contact("sip:bert@example.org", "Bert", groups=("Friends", "Team"))
CLARA = Contact("sip:clara@example.org", "Clara", groups=("Friends",))
GROUPS = ("Friends", "Team")


def with_groups(shape: Shape = SHAPE) -> Bench:
    """A phone whose server keeps a contact list; its page is open."""
    bench = Bench(shape=shape)
    bench.phone.model.enlist(1, (ANNA, BERT, CLARA), GROUPS)
    bench.peer.rules["INVITE"] = silent
    bench.press("DIRECTORY")
    return bench


def marked(bench: Bench) -> str:
    """The row under the cursor."""
    assert bench.page.cursor is not None
    return bench.page.rows[bench.page.cursor].text


def test_groups_have_headings_with_who_is_there_and_the_cursor_is_on_the_first_contact() -> None:
    bench = with_groups()
    bench.phone.model.saw("sip:bert@example.org", Presence(Availability.AWAY))
    bench.do(Go("idle"))
    bench.press("DIRECTORY")
    assert bench.rows == ["- Friends (1/2)", "Bert", "Clara", "- Team (1/2)", "Anna", "Bert"]
    assert marked(bench) == "Bert"
    assert [bench.page.rows[n].right for n in (1, 2)] == ["Away", "Unknown"]


def test_ok_and_left_and_right_close_and_open_a_group() -> None:
    bench = with_groups()
    bench.press("LEFT")
    assert marked(bench) == "- Friends (0/2)"
    bench.press("LEFT")
    assert bench.rows == ["+ Friends (0/2)", "- Team (0/2)", "Anna", "Bert"]
    bench.press("DOWN", "ENTER")
    assert bench.rows == ["+ Friends (0/2)", "+ Team (0/2)"]
    bench.press("RIGHT")
    assert bench.rows == ["+ Friends (0/2)", "- Team (0/2)", "Anna", "Bert"]
    bench.press("RIGHT")
    assert marked(bench) == "Anna"
    bench.press("RIGHT")
    assert bench.page.title == "Anna"


def test_closed_groups_stay_closed_when_the_page_is_opened_again() -> None:
    bench = with_groups()
    bench.press("LEFT", "LEFT", "LEFT")
    assert bench.page.name == "idle"
    bench.press("DIRECTORY")
    assert bench.rows[0] == "+ Friends (0/2)" and marked(bench) == "Anna"


def test_all_groups_are_closed_and_opened_at_once() -> None:
    bench = with_groups()
    bench.press("F4", "UP", "ENTER")
    assert bench.rows == ["+ Friends (0/2)", "+ Team (0/2)"]
    bench.press("F4", "UP", "UP", "ENTER")
    assert len(bench.rows) == 6


def test_groups_are_closed_from_elsewhere_without_a_page_being_opened() -> None:
    bench = with_groups()
    bench.do(Go("idle"))
    bench.do(Go("foldall"))
    bench.do(Go("fold:nonsense"))
    assert bench.page.name == "idle" and bench.phone.model.folded == frozenset(GROUPS)


def test_nobody_who_fits_is_looked_for_in_the_address_book() -> None:
    bench = with_groups()
    bench.write("zoe")
    assert bench.do(Press("ENTER")) == Refusal("This server has no address book")
    assert (bench.page.name, bench.page.entry) == ("search", "zoe")


def test_second_click_on_a_heading_closes_it() -> None:
    bench = with_groups()
    bench.do(Select(0))
    row = bench.page.rows[0]
    assert row.intent is not None
    bench.do(row.intent)
    assert bench.rows[0] == "+ Friends (0/2)"


def test_soft_keys_say_what_they_do_on_a_person_on_a_heading_and_on_nobody() -> None:
    bench = with_groups()
    assert labels(bench) == ["Dial", "Details", "Presence", "More"]
    bench.press("UP")
    assert labels(bench) == ["Close", "", "Presence", "More"]
    bench.press("F1")
    assert marked(bench) == "+ Friends (0/2)" and labels(bench)[0] == "Open"
    bench.press("F2")
    assert marked(bench) == "+ Friends (0/2)"
    bench.write("zzz")
    assert labels(bench)[:2] == ["Search", ""]
    assert bench.do(Press("F1")) == Refusal("This server has no address book")
    assert (bench.page.name, bench.page.entry) == ("search", "zzz")


def test_letters_narrow_the_list_and_cancel_shows_it_whole_again() -> None:
    bench = with_groups()
    assert (bench.page.entry, bench.page.mode) == (None, "abc")
    bench.write("b")
    assert (bench.rows, bench.page.entry, bench.page.title) == (["Bert"], "b", "Contacts (1)")
    bench.write("x")
    assert bench.rows == ["Nobody fits; OK asks the address book"]
    bench.press("BACKSPACE")
    assert bench.rows == ["Bert"]
    bench.press("CANCEL")
    assert len(bench.rows) == 6 and bench.page.name == "contacts"
    bench.press("CANCEL")
    assert bench.page.name == "idle"


def test_digit_keys_narrow_the_list_by_their_letters() -> None:
    bench = with_groups()
    bench.press("2", "2", "2")  # a, b, c
    assert (bench.rows, bench.page.entry) == (["Clara"], "c")
    bench.press("ENTER")
    assert bench.peer.last("INVITE").uri == "sip:clara@example.org"


def test_contact_with_several_numbers_asks_which() -> None:
    bench = with_groups()
    bench.write("anna")
    bench.press("ENTER")
    assert [(row.text, row.right) for row in bench.page.rows][:3] == [
        ("sip:anna@example.org", "SIP"),
        ("+4930111", "work"),
        ("+4917222", "mobile"),
    ]
    assert bench.rows[3:] == ["Unknown", "In Team"]
    bench.press("3", "ENTER")
    assert bench.peer.last("INVITE").uri == "sip:+4917222@example.org;user=phone"


@pytest.mark.parametrize("availability", list(Availability))
def test_every_state_has_its_word_and_mark_in_the_list_and_on_the_card(availability: Availability) -> None:
    bench = with_groups()
    bench.phone.model.saw(CLARA.uri, Presence(availability, note="In the warehouse"))
    bench.write("clara")
    assert [(row.presence, row.right) for row in bench.page.rows] == [(availability, WORDS[availability])]
    bench.press("RIGHT")
    assert bench.rows[1:3] == [WORDS[availability], "In the warehouse"]
    assert bench.page.rows[1].presence is availability


@pytest.mark.parametrize("shape", [SHAPE, Shape("snom320", 1, 23, 4, 12), Shape("odd", 3, 10, 4, 4)])
def test_card_leaves_room_for_a_number_on_every_display(shape: Shape) -> None:
    bench = with_groups(shape)
    bench.phone.model.saw(ANNA.uri, Presence(Availability.BUSY, note="Quarter end"))
    bench.do(Go(f"contact:{ANNA.uri}"))
    for _ in range(4):
        assert marked(bench) in (ANNA.uri, *ANNA.numbers) and len(bench.rows) <= shape.rows
        bench.press("DOWN")


# -- changing the list


def test_contact_is_removed_only_after_a_yes() -> None:
    bench = with_groups()
    bench.press("F2", "F3")
    assert bench.page.title == "Remove Bert?" and marked(bench).startswith("No")
    bench.press("ENTER")
    assert bench.page.title == "Bert"
    bench.press("F3", "DOWN")
    assert bench.do(Press("ENTER")) == Refusal("Bert cannot be removed: This server keeps no contact list")
    assert bench.page.title == "Remove Bert?"


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (AddContact("eva@example.org"), "Cannot be added: This server keeps no contact list"),
        (AddContact("no address"), "'no address' is no address such as user@domain"),
        (AddContact("eva@example.org", group="a\nb"), "A name must be one line of text"),
        (RemoveContact("sip:dora@example.org"), "Dora stands in this phone's own directory: delete the entry there"),
        (RemoveContact("sip:eva@example.org"), "'sip:eva@example.org' is not in the contact list"),
        (Search("eva"), "This server has no address book"),
        (Search("  "), "Nothing to search for"),
    ],
)
def test_account_without_a_server_list_says_why_nothing_can_be_changed(intent: Intent, why: str) -> None:
    bench = Bench(contacts=[Contact("sip:dora@example.org", "Dora", watched=False)])
    refusal = bench.do(intent)
    assert refusal is not None and refusal.why == why


def test_phone_that_is_not_signed_in_says_so() -> None:
    bench = Bench(bare=True)
    refusal = bench.do(AddContact("eva@example.org"))
    assert refusal is not None and refusal.why == "Cannot be added: No identity is set up: sign in first"


def test_groups_to_choose_from_are_those_in_which_the_contact_is_not_yet() -> None:
    bench = with_groups()
    bench.do(Go(f"add:{CLARA.uri}"))
    assert bench.rows == ["Other contacts", "Team"]
    bench.write("New")
    assert bench.rows == ["To the new group New"]
    bench.press("LEFT", "LEFT", "LEFT", "LEFT")
    assert bench.page.name == "contacts"


def test_pages_about_somebody_who_left_the_list_say_so_and_can_be_left() -> None:
    bench = Bench()
    for name in ("contact", "remove", "add"):
        bench.do(Go(f"{name}:sip:gone@x"))
        assert bench.rows == ["No longer in the list"]
        bench.press("ENTER")
        assert bench.page.name == "idle"


def test_only_row_has_the_name_and_its_place_in_the_list() -> None:
    anna = Contact("sip:anna@example.org", "Anna Lindner")
    bert = Contact("tel:+4930333", "Bert", ("+4930333",), watched=False)
    bench = Bench(contacts=[anna, bert], shape=Shape("snom320", 1, 24, 4, 12))
    bench.press("DIRECTORY")
    assert [(row.text, row.right) for row in bench.page.rows] == [("Anna Lindner", "1/2")]
    bench.press("DOWN")
    assert bench.rows == ["2/2 Bert"]
    bench.press("F_PRESENCE")
    assert [(row.text, row.right) for row in bench.page.rows] == [("1/6 Available", "chosen")]
    bench.press("DOWN")
    assert [(row.text, row.right) for row in bench.page.rows] == [("Busy", "2/6")]
