"""Searching the directory at the office."""

from __future__ import annotations

import pytest

from snomtui.ocs.directory import Search, build_rows, build_search, parse_found
from snomtui.ocs.soap import SOAP_TYPE
from snomtui.office.people import People
from snomtui.presence import Contact
from snomtui.sip.message import Response
from tests.office.client import Client
from tests.office.house import QUIET, House


def ask(house: House, client: Client, body: bytes, target: str = "sip:ucc.de") -> Response:
    client.ask("SERVICE", target, house.now, body=(SOAP_TYPE, body))
    house.settle()
    return client.last("SERVICE")


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("heiko", ["Heiko Riedel"]),
        ("Rie", ["Heiko Riedel"]),
        ("julia falk", ["Julia Falk"]),
        ("Falk Julia", []),
        ("+49 30 12345", ["Heiko Riedel", "Julia Falk"]),
        ("01234511", ["Julia Falk"]),
        ("JULIA.FALK@UCC.DE", ["Julia Falk"]),
        ("eiko", []),
    ],
)
def test_a_search_finds_beginnings_of_names_addresses_and_numbers(typed: str, names: list[str]) -> None:
    house = House()
    found, more = parse_found(ask(house, house.signed_in(), build_search(typed)).body)
    assert ([each.name for each in found], more) == (names, False)


def test_whoever_is_found_comes_with_address_and_number() -> None:
    house = House()
    (found,), _ = parse_found(ask(house, house.signed_in(), build_search("Julia")).body)
    assert found == Contact("sip:julia.falk@ucc.de", "Julia Falk", ("+49301234511",))


def test_all_rows_must_fit_and_unknown_ones_fit_nobody() -> None:
    house = House()
    client = house.signed_in()
    for rows, count in (
        ((("givenName", "Julia"), ("sn", "Falk")), 1),
        ((("givenName", "Julia"), ("sn", "Riedel")), 0),
        ((("givenName", "Julia"), ("c", "DE")), 0),
        ((("mail", "julia"),), 1),
        ((("msRTCSIP-PrimaryUserAddress", "sip:julia.falk@ucc.de"),), 1),
    ):
        assert len(parse_found(ask(house, client, build_rows(Search(rows))).body)[0]) == count


def test_no_more_are_told_than_asked_for_and_it_is_said_that_there_are_more() -> None:
    house = House(people=People.default())
    client = house.signed_in()
    found, more = parse_found(ask(house, client, build_rows(Search((("displayName", "j"),), 1))).body)
    assert (len(found), more) == (1, True)


def test_a_search_may_be_sent_to_the_server_or_to_oneself() -> None:
    house = House()
    client = house.signed_in()
    for target in ("sip:sip.ucc.de", client.uri, "sip:ucc.de;transport=tcp"):
        assert len(parse_found(ask(house, client, build_search("Julia"), target).body)[0]) == 1
    assert ask(house, client, build_search("Julia"), "sip:elsewhere.test").status == 404


def test_a_thousand_people_are_searched_within_limits() -> None:
    many = "".join(f'[[person]]\nuri = "sip:p{at}@ucc.de"\nname = "P{at:04} Many"\n' for at in range(1000))
    house = House(people=People.parse(QUIET + many))
    found, more = parse_found(ask(house, house.signed_in(), build_search("Many", 5000)).body)
    assert (len(found), more) == (100, True)
