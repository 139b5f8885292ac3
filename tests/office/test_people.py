"""The people file."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.errors import PeopleError
from snomtui.office.people import Behaviour, People

HEAD = 'domain = "ucc.test"\n'


def test_the_default_people_cover_all_behaviours() -> None:
    people = People.default()
    assert {each.behaviour for each in people.persons} == set(Behaviour)
    heiko = people.find("sip:heiko.riedel@UCC.de")
    assert heiko is not None
    assert (heiko.uri, people.netbios, people.server) == ("sip:Heiko.Riedel@ucc.de", "UCC", "sip.ucc.de")
    assert all(people.find(each) for each in heiko.contacts)
    jan = people.by_number("+4930123456")
    assert jan is not None and jan.behaviour is Behaviour.ANSWERS


def test_the_example_of_the_manual_is_read(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text(
        """
        domain = "ucc.test"          # SIP domain
        netbios = "UCC"              # Windows domain
        [[person]]
        uri = "sip:heiko.riedel@ucc.test"
        login = "heiko.riedel"
        password = "..."
        name = "Heiko Riedel"
        numbers = ["+49301234567"]
        contacts = ["sip:jan@ucc.test", "sip:anna@ucc.test"]
        behaviour = "answers"
        """
    )
    people = People.load(path)
    (heiko,) = people.persons
    assert heiko.contacts == ("sip:jan@ucc.test", "sip:anna@ucc.test")
    assert heiko.password.reveal() == "..."
    assert people.server == "sip.ucc.test"


@pytest.mark.parametrize(
    ("user", "domain"),
    [("heiko", "UCC"), ("HEIKO", "ucc"), ("heiko", "ucc.test"), ("heiko", ""), ("heiko@ucc.test", ""), ("hr", "UCC")],
)
def test_an_account_is_found_in_every_spelling(user: str, domain: str) -> None:
    people = People.parse(HEAD + '[[person]]\nuri = "sip:heiko@ucc.test"\nlogin = "hr"\npassword = "x"')
    assert people.account(user, domain) is people.persons[0]
    assert people.account("heiko", "OTHER") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "house.toml: domain is missing"),
        ("domain = 5", "house.toml: domain: a text in quotes is wanted"),
        (HEAD + "colour = 1", "house.toml: colour is not known"),
        (HEAD + "[[person]]\nname = 'x'", "house.toml: person 1: uri is missing"),
        (HEAD + "[[person]]\nuri = 'heiko'", "house.toml: person 1: uri: 'heiko'"),
        (HEAD + "[[person]]\nuri = 'sip:a@other.test'", "house.toml: person 1: uri: sip:a@other.test is not in the"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nage = 5", "house.toml: person 1: age is not known"),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\n[[person]]\nuri = 'sip:A@ucc.test'",
            "house.toml: person 2: sip:a@ucc.test is already taken by house.toml: person 1",
        ),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nbehaviour = 'sings'",
            "person 1: behaviour: 'sings': one of answers busy rings rejects wanders calls",
        ),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nnumbers = ['12']", "person 1: numbers: '12': wanted is a number"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\ncontacts = 'b'", "person 1: contacts: a list of texts is wanted"),
        (HEAD + "person = 3", "person: wanted is [[person]]"),
        (HEAD + "[[person", "house.toml: "),
    ],
)
def test_a_mistake_is_named_with_file_and_key(text: str, why: str) -> None:
    with pytest.raises(PeopleError) as raised:
        People.parse(text, "house.toml")
    assert why in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="nobody.toml: cannot be read"):
        People.load(tmp_path / "nobody.toml")


def test_a_person_never_shows_a_password() -> None:
    people = People.parse(HEAD + '[[person]]\nuri = "sip:heiko@ucc.test"\npassword = "geheim"')
    assert "geheim" not in repr(people.persons)
