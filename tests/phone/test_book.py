"""The book of all contacts: groups, who is there, searching, and names for numbers."""

from __future__ import annotations

from time import perf_counter

import pytest

from snomtui.phone.book import Book, Section
from snomtui.phone.dialplan import normal
from snomtui.presence import OTHER_CONTACTS, Availability, Contact

ANNA = Contact("sip:anna@ucc.de", "Anna Lindner", ("+49 (30) 111",), groups=("Team", "Friends"))
BERT = Contact("sip:bert@ucc.de", "Bert Müller", groups=(OTHER_CONTACTS,))
CARLA = Contact("sip:carla@ucc.de", "carla", ("0171/22",))
ROSTER = {1: ((BERT, ANNA), ("Friends", OTHER_CONTACTS, "Team", "Nobody"))}


def shown(book: Book, folded: str = "", wanted: str = "") -> list[str]:
    """The rows of a listing, headings with a colon."""
    entries = book.listing(frozenset(folded.split()), wanted)
    return [f"{each.name}:" if isinstance(each, Section) else each.label for each in entries]


def counts(book: Book) -> dict[str, int]:
    """How many of each group are there."""
    return {each.name: book.online(each) for each in book.sections}


def test_groups_stand_in_the_servers_order_and_a_contact_in_each_of_its_groups() -> None:
    assert shown(Book(ROSTER)) == [
        *("Friends:", "Anna Lindner", "Other contacts:", "Bert Müller", "Team:", "Anna Lindner", "Nobody:"),
    ]


def test_folded_group_shows_its_heading_only() -> None:
    assert shown(Book(ROSTER), folded="Team Friends") == [
        *("Friends:", "Other contacts:", "Bert Müller", "Team:", "Nobody:"),
    ]


def test_list_in_which_nothing_is_to_be_told_apart_has_no_headings() -> None:
    assert shown(Book({1: ((BERT,), (OTHER_CONTACTS,))}, [CARLA])) == ["Bert Müller", "carla"]
    assert shown(Book({}, [CARLA])) == ["carla"]


def test_own_directory_stands_among_the_other_contacts() -> None:
    assert shown(Book(ROSTER, [CARLA]))[2:5] == ["Other contacts:", "Bert Müller", "carla"]
    team = {1: ((ANNA,), ("Team", "Friends"))}
    assert shown(Book(team, [CARLA])) == [
        "Team:",
        "Anna Lindner",
        "Friends:",
        "Anna Lindner",
        "Other contacts:",
        "carla",
    ]


def test_own_entry_completes_what_the_server_does_not_say() -> None:
    own = Contact("sip:bert@ucc.de", "Berti", ("+49302",), kinds=("mobile",))
    found = Book(ROSTER, [own]).find("SIP:Bert@UCC.de;transport=tls".replace("SIP", "sip"))
    assert found is not None
    assert (found.name, found.numbers, found.kinds, found.groups) == (
        "Bert Müller",
        ("+49302",),
        ("mobile",),
        (OTHER_CONTACTS,),
    )


def test_who_is_there_is_counted_in_every_group() -> None:
    book = Book(ROSTER)
    assert counts(book) == {"Friends": 0, OTHER_CONTACTS: 0, "Team": 0, "Nobody": 0}
    for availability in (Availability.AWAY, Availability.BUSY):
        book.saw("sip:anna@ucc.de", availability)
    book.saw("sip:stranger@ucc.de", Availability.BUSY)
    assert counts(book) == {"Friends": 1, OTHER_CONTACTS: 0, "Team": 1, "Nobody": 0}
    book.saw("sip:anna@ucc.de", Availability.OFFLINE)
    assert counts(book)["Team"] == 0


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("a", ["Anna Lindner"]),
        ("LIND", ["Anna Lindner"]),
        ("anna l", ["Anna Lindner"]),
        ("nna", []),
        ("mull", ["Bert Müller"]),
        ("MÜ", ["Bert Müller"]),
        ("bert@ucc", ["Bert Müller"]),
        ("+4930 1", ["Anna Lindner"]),
        ("0171", ["carla"]),
        (" ", ["Anna Lindner", "Bert Müller", "carla"]),
        ("x", []),
    ],
)
def test_search_finds_the_beginning_of_each_word_and_number(wanted: str, found: list[str]) -> None:
    rows = [row for row in shown(Book(ROSTER, [CARLA]), wanted=wanted) if not row.endswith(":")]
    assert list(dict.fromkeys(rows)) == found or (wanted == " " and set(rows) == set(found))


@pytest.mark.parametrize(
    ("caller", "name"),
    [
        ("sip:anna@ucc.de;epid=1", "Anna Lindner"),
        ("sip:+4930111@ucc.de;user=phone", "Anna Lindner"),
        ("tel:+49-30-111", "Anna Lindner"),
        ("030111", "Anna Lindner"),
        ("sip:017122@pbx", "carla"),
        ("sip:+4917122@ucc.de", "carla"),
        ("sip:nobody@ucc.de", ""),
        ("", ""),
    ],
)
def test_caller_has_the_name_of_the_contact_however_the_number_is_written(caller: str, name: str) -> None:
    book = Book(ROSTER, [CARLA])
    assert book.name_of(caller, lambda number: normal(number, r"|^0([1-9].*)$|+49\1|")) == name


def test_list_knows_by_which_identity_somebody_is_kept() -> None:
    book = Book({2: ROSTER[1]}, [CARLA])
    assert (book.lister("anna@ucc.de"), book.lister("sip:carla@ucc.de")) == (2, None)


def test_thousand_contacts_cost_nothing_while_nothing_changes() -> None:
    many = tuple(Contact(f"sip:u{n}@x", f"User {n:04}", groups=(f"G{n % 9}",)) for n in range(1000))
    book = Book({1: (many, tuple(f"G{n}" for n in range(9)))})
    first = book.listing(frozenset(), "")
    begun = perf_counter()
    for n in range(10_000):
        book.saw(f"sip:u{n % 1000}@x", Availability.BUSY if n % 2 else Availability.OFFLINE)
        assert book.listing(frozenset(), "") is first
    assert perf_counter() - begun < 2  # a listing made anew each time would take minutes
