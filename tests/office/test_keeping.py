"""What is written of a person, and what is read of it again."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.kit.box import Log
from snomtui.kit.xml import Markup
from snomtui.ocs.categories import Category, Note, Opaque
from snomtui.ocs.contacts import ContactList, Group, ListedContact, parse_contact_list
from snomtui.ocs.roaming import Container, Member
from snomtui.ocs.state import USER, State
from snomtui.office.keeping import Kept, read, write
from snomtui.office.people import People
from tests.office.house import QUIET, House
from tests.office.test_contacts import EVENT

HEIKO, JULIA = People.parse(QUIET).persons
KEPT = Kept(
    ContactList(
        9,
        (Group(1, "~"), Group(2, '<"&'), Group(5, "Küche")),
        (ListedContact("sip:ida@ucc.de", "Ida\nB", (2, 5), False, Markup('<x xmlns="urn:y">1</x>')),),
    ),
    (Container(32000, 3, (Member("user", "ida@ucc.de"),)), Container(200, 1, (Member("sameEnterprise"),))),
    (
        Category("state", 0x20000000, 2, 4, 1000.0, "static", State(USER, 6500, manual=True)),
        Category("note", 0, 200, 2, 1000.5, "static", Note("a <b>")),
        Category("routing", 0, 1, 1, 7.0, "static", Opaque(Markup('<routing xmlns="urn:r"><a b="&lt;"/></routing>'))),
    ),
    ("julia.falk@ucc.de",),
)


def test_what_is_written_is_read_again() -> None:
    assert read(write(HEIKO, KEPT)) == KEPT


def broken() -> list[str]:
    good = json.loads(write(HEIKO, KEPT))
    return [
        "",
        "{",
        "[]",
        "17",
        "null",
        '{"contacts": 1, "self": 2}',
        "[" * 100_000,
        json.dumps(good | {"self": "<roamingData/>"}),
        json.dumps(good | {"self": good["self"][:-5]}),
        json.dumps(good | {"contacts": "<contactList/>"}),
        json.dumps(good | {"contacts": "\ud800"}),
        json.dumps({"contacts": good["contacts"]}),
    ]


@pytest.mark.parametrize("text", broken())
def test_a_broken_document_costs_one_log_line_and_one_person_starts_afresh(text: str) -> None:
    kept = {f"person:{HEIKO.aor}": text, f"person:{JULIA.aor}": write(JULIA, KEPT), "person:nobody": text, "x": text}
    house = House(kept=kept)
    lines = [each.text for each in house.wire.outputs[house.office] if isinstance(each, Log)]
    assert len(lines) == 1 and lines[0].startswith("person:sip:heiko.riedel@ucc.de: what was kept cannot be read")
    deltas = []
    for client in (house.signed_in(), house.signed_in("Julia.Falk", epid="00041399ff")):
        client.subscribe(EVENT, house.now)
        house.settle()
        deltas.append(parse_contact_list(client.last("SUBSCRIBE").body).delta)
    assert deltas == [1, 9]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for each in (text, json.dumps({"contacts": text, "self": text})):
        with contextlib.suppress(ValueError):
            read(each)
