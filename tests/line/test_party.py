"""The other side of a call, as people know it."""

from __future__ import annotations

import pytest

from snomtui.line.party import Party, spoken
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, respond
from tests.line.peer import Peer


@pytest.mark.parametrize(
    ("dialled", "said"),
    [
        ("+4930123456", "+4930123456"),
        ("*21#", "*21#"),
        ("bob", "bob"),
        ("bob@ucc.de", "bob@ucc.de"),
        ("sip:bob@ucc.de", "bob@ucc.de"),
        ("SIPS:Bob@ucc.de;transport=tls?subject=x", "Bob@ucc.de"),
        ("sip:+4930;phone-context=de@ucc.de:5061;user=phone", "+4930;phone-context=de@ucc.de:5061"),
        ("sip:ucc.de", "ucc.de"),
        ("tel:+4930;ext=7", "+4930"),
        ("sip:;", "sip:;"),
        ("", ""),
    ],
)
def test_number_is_as_short_as_a_person_says_it(dialled: str, said: str) -> None:
    assert spoken(dialled) == said


def call(*headers: Item, caller: str = '"Anna" <sip:anna@example.org>;tag=1') -> Request:
    """Somebody calls."""
    return Peer().make("INVITE", *headers, caller=caller)


def test_dialled_party_keeps_its_whole_address() -> None:
    party = Party.dialled("sip:bob@ucc.de;transport=tls", "sip:bob@ucc.de;transport=tls")
    assert party == Party("sip:bob@ucc.de;transport=tls", "", "bob@ucc.de")


@pytest.mark.parametrize(
    ("caller", "party"),
    [
        ('"Anna" <sip:anna@example.org>;tag=1', Party("sip:anna@example.org", "Anna", "anna")),
        ("<sip:+4930@example.org>;tag=1", Party("sip:+4930@example.org", "", "+4930")),
        ("<sip:gateway.example.org>;tag=1", Party("sip:gateway.example.org", "", "gateway.example.org")),
    ],
)
def test_caller_is_known_by_from(caller: str, party: Party) -> None:
    assert Party.calling(call(caller=caller)) == party


def test_asserted_identity_counts_more_than_from() -> None:
    asserted = ("P-Asserted-Identity", '"Anna Lindner" <sip:anna@example.org>, <tel:+49301>')
    assert Party.calling(call(asserted)) == Party("sip:anna@example.org", "Anna Lindner", "+49301")


@pytest.mark.parametrize("value", ['"" <sip:x@y>', "<sip:x@y>", '"open', "", "tel:+49"])
def test_asserted_identity_without_a_name_or_number_changes_nothing(value: str) -> None:
    assert Party.calling(call(("P-Asserted-Identity", value))) == Party("sip:anna@example.org", "Anna", "anna")


def test_name_comes_with_the_answer_and_number_stays() -> None:
    party = Party.dialled("sip:bob@ucc.de", "+49302")
    request = Peer().make("INVITE", to='"Bob" <sip:bob@ucc.de>')
    assert party.answering(respond(request, 200, tag="x")) == Party("sip:bob@ucc.de", "Bob", "+49302")
    named = respond(request, 200, tag="x", headers=[("P-Asserted-Identity", '"Robert" <sip:bob@ucc.de>')])
    assert party.answering(named).name == "Robert"
    unnamed = respond(Peer().make("INVITE", to="<sip:bob@ucc.de>"), 200, tag="x")
    assert Party("sip:bob@ucc.de", "Bob", "1").answering(unnamed).name == "Bob"
