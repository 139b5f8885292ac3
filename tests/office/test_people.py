"""The people file."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.errors import PeopleError
from snomtui.office.outside import Beyond
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
        (HEAD + "colour = 1", "house.toml: colour is not known; there are domain netbios server person gateway"),
        (HEAD + "[[person]]\nname = 'x'", "house.toml:2: person 1: uri is missing"),
        (HEAD + "[[person]]\nuri = 'heiko'", "house.toml:2: person 1: uri: 'heiko'"),
        (HEAD + "[[person]]\nuri = 'sip:a@other.test'", "house.toml:2: person 1: uri: sip:a@other.test is not in the"),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nage = 5",
            "house.toml:2: person 1: age is not known; there are uri numbers mobile login",
        ),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\n[[person]]\nuri = 'sip:A@ucc.test'",
            "house.toml:4: person 2: sip:a@ucc.test is already taken by house.toml:2: person 1",
        ),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nbehaviour = 'sings'",
            "person 1: behaviour: 'sings': must be one of answers busy rings rejects wanders calls",
        ),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nnumbers = ['12']", "person 1: numbers: '12': wanted is a number"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\ncontacts = 'b'", "person 1: contacts: a list of texts is wanted"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nvoicemail = 'desk 5'", "person 1: voicemail: 'desk 5'"),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nvoicemail = '12'",
            "person 1: voicemail: '12': wanted is a number",
        ),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\npool = 'sip.b'", "person 1: pool: 'sip.b': wanted is host:port"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nrings = 0", "person 1: rings: a number of seconds from 1 to"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nrings = '9'", "person 1: rings: a number of seconds from 1 to"),
        (HEAD + "[[gateway]]\nname = 'x'", "house.toml:2: gateway 1: number is missing"),
        (HEAD + "[[gateway]]\nnumber = '0891'", "house.toml:2: gateway 1: number: '0891': wanted is a number such as"),
        (HEAD + "[[gateway]]\nnumber = '+4*9'", "house.toml:2: gateway 1: number: '+4*9': wanted is a number such as"),
        (
            HEAD + "[[gateway]]\nnumber = '+491'\nbehaviour = 'sings'",
            "house.toml:2: gateway 1: behaviour: 'sings': must be one of answers busy rings rejects announcement",
        ),
        (HEAD + "[[gateway]]\nnumber = '+491'\ncolour = 'x'", "house.toml:2: gateway 1: colour is not known"),
        (
            HEAD + "[[gateway]]\nnumber = '+491'\n[[gateway]]\nnumber = '+49-1'",
            "house.toml:4: gateway 2: number: +491 is already taken by house.toml:2: gateway 1",
        ),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nnumbers = ['+491']\n[[gateway]]\nnumber = '+491'",
            "house.toml:5: gateway 1: number: +491 is already taken by sip:a@ucc.test",
        ),
        ("domain = 'sip:ucc.test'", "house.toml: domain: 'sip:ucc.test': wanted is a name such as ucc.test"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\nmobile = '12'", "person 1: mobile: '12': wanted is a number"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\ngroups = ['x']", "person 1: groups: a table of at most 60 names"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\ngroups = {'~' = []}", "groups: '~' is no name for a group"),
        (HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\ngroups = {A = 'b'}", "groups: A: a list of texts is wanted"),
        (
            HEAD + "[[person]]\nuri = 'sip:a@ucc.test'\ngroups = {A = ['b']}",
            "groups: A: 'b': wanted is sip:user@domain",
        ),
        (HEAD + "person = [{uri = 'sip:b@c'}]", "house.toml: person 1: uri: sip:b@c is not in the domain ucc.test"),
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


def test_people_have_voice_mail_and_a_pool_and_a_time_to_ring() -> None:
    text = (
        HEAD
        + """
    [[person]]
    uri = "sip:a@ucc.test"
    numbers = ["tel:+49 30 555-00;ext=12"]
    voicemail = "tel:+49-30-599"
    rings = 12
    pool = "pool2.ucc.test:5061"
    [[person]]
    uri = "sip:b@ucc.test"
    voicemail = "sip:a@ucc.test"
    """
    )
    a, b = People.parse(text).persons
    assert (a.numbers, a.voicemail, a.rings, a.pool) == (
        ("+493055500;ext=12",),
        "+4930599",
        12.0,
        "pool2.ucc.test:5061",
    )
    assert (b.voicemail, b.rings, b.pool) == ("sip:a@ucc.test", 20.0, "")


@pytest.mark.parametrize(
    ("number", "entry"), [("+49891", "+49891"), ("+4989123", "+4989*"), ("+4930123", "+49*"), ("+3312345", "+*")]
)
def test_the_entry_of_the_gateway_that_fits_best_counts(number: str, entry: str) -> None:
    text = HEAD + "".join(f'[[gateway]]\nnumber = "{each}"\n' for each in ("*", "+49*", "+49 89*", "+49891"))
    found = People.parse(text).beyond(number)
    assert found is not None and found.number == entry


def test_without_any_entry_every_number_answers_but_those_that_are_too_short() -> None:
    people = People.parse(HEAD)
    found = people.beyond("+4930123")
    assert found is not None and found.behaviour is Beyond.ANSWERS
    assert people.beyond("+493012") is None


def test_a_number_that_no_entry_covers_is_nobodys() -> None:
    people = People.parse(HEAD + '[[gateway]]\nnumber = "+4989*"\nname = "Munich"\nbehaviour = "busy"')
    assert people.beyond("+493012345") is None
    party = people.party("+49891234")
    assert party.identity == '"Munich" <sip:+49891234@ucc.test;user=phone>, <tel:+49891234>'
    assert (party.outside, party.scripted) == (True, False)
    assert people.gateway[0].behaviour is Beyond.BUSY


def test_the_default_people_show_what_the_gateway_can_do() -> None:
    people = People.default()
    assert {each.behaviour for each in people.gateway} == set(Beyond) - {Beyond.CALLS, Beyond.REJECTS}
    assert any(each.voicemail for each in people.persons)


def test_a_person_has_groups_and_a_mobile_number() -> None:
    text = """
    [[person]]
    uri = "sip:a@ucc.test"
    numbers = ["+49301"]
    mobile = "+49 172 1"
    contacts = ["sip:b@ucc.test"]
    [person.groups]
    Sales = ["sip:B@ucc.test", "c@ucc.test"]
    Colleagues = ["sip:d@ucc.test"]
    """
    people = People.parse(HEAD + text)
    (a,) = people.persons
    assert (a.numbers, a.mobile) == (("+49301", "+491721"), "+491721")
    assert people.by_number("+491721") is a
    assert a.groups == (("Sales", ("sip:B@ucc.test", "sip:c@ucc.test")), ("Colleagues", ("sip:d@ucc.test",)))
