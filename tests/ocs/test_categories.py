"""Category documents and roaming self."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snomtui.errors import MalformedXml
from snomtui.kit.xml import Markup
from snomtui.ocs.categories import (
    Category,
    ContactCard,
    Note,
    Opaque,
    Phone,
    build_categories,
    parse_categories,
    presence_of,
)
from snomtui.ocs.moments import moment, stamp
from snomtui.ocs.roaming import (
    Container,
    Member,
    OwnLine,
    Subscriber,
    build_roaming_list,
    build_roaming_self,
    build_set_container_members,
    build_set_subscribers,
    lines_of,
    parse_roaming_list,
    parse_roaming_self,
    parse_set_container_members,
    parse_set_subscribers,
    user_properties,
    versions_of,
)
from snomtui.ocs.state import AGGREGATE, State
from snomtui.presence import Availability, Presence
from tests.ocs.samples import CLARA, ROAMING_SELF, same

NASTY = '<&">\n]]> </note><x/>'


def test_phone_reads_what_is_known_of_a_contact() -> None:
    uri, categories = parse_categories(CLARA.encode())
    assert uri == "sip:clara@ucc.test"
    assert presence_of(categories) == Presence(Availability.IN_A_CALL, "on-the-phone", "am Platz")
    (card,) = (each.body for each in categories if isinstance(each.body, ContactCard))
    assert card == ContactCard("Clara Nord", "clara@ucc.test", (Phone("tel:+493055512", "030 555 12"),))
    assert card.phones[0].number == "+493055512"


def test_server_builds_the_same_categories_again() -> None:
    uri, categories = parse_categories(CLARA.encode())
    assert same(build_categories(uri, categories), CLARA)


def test_phone_keeps_what_a_change_does_not_mention() -> None:
    before = Presence(Availability.BUSY, "", "am Platz")
    state = Category("state", 1, body=State(AGGREGATE, 15500))
    assert presence_of([state], before) == Presence(Availability.AWAY, "", "am Platz")
    assert presence_of([Category("note", 0, body=Note("weg"))], before) == Presence(Availability.BUSY, "", "weg")
    assert presence_of([Category("note")], before) == Presence(Availability.BUSY, "", "")
    assert presence_of([Category("state")], before) == Presence(Availability.UNKNOWN, "", "am Platz")
    assert presence_of([], before) == before


def test_phone_believes_the_aggregate_and_the_latest_note() -> None:
    categories = [
        Category("state", 1, 2, publish_time=1.0, body=State(AGGREGATE, 6500)),
        Category("state", 2, 2, publish_time=9.0, body=State("machineState", 3500)),
        Category("note", 0, 200, publish_time=9.0, body=Note("new")),
        Category("note", 0, 300, publish_time=1.0, body=Note("old")),
    ]
    assert presence_of(categories) == Presence(Availability.BUSY, "", "new")


@pytest.mark.parametrize(
    "data",
    [b"<roamingData/>", b"", b"<categories", b"<!DOCTYPE categories><categories/>"],
)
def test_phone_refuses_another_document(data: bytes) -> None:
    with pytest.raises(MalformedXml):
        parse_categories(data)


def test_phone_survives_a_document_full_of_holes() -> None:
    text = (
        '<categories><category/><category name="state" instance="x" version="-3"><state/></category><z/></categories>'
    )
    uri, (first, second) = parse_categories(text.encode())
    assert (uri, first.key, second.version) == ("", ("", 0, 0), None)
    assert presence_of((first, second)) == Presence()


@given(st.binary(max_size=200))
def test_phone_raises_only_malformed_xml_for_any_bytes(data: bytes) -> None:
    wrapped = b'<categories uri="a"><category name="state">' + data + b"</category></categories>"
    for each in (data, wrapped):
        with contextlib.suppress(MalformedXml):
            parse_categories(each)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_names_and_notes_cannot_break_out(text: str) -> None:
    text = (text + NASTY).strip()
    categories = (
        Category("note", 0, body=Note(text)),
        Category("contactCard", 0, body=ContactCard(text, text, (Phone("tel:+1", text, text),))),
        Category("state", 1, body=State(AGGREGATE, 6500, device=text)),
    )
    assert parse_categories(build_categories(text, categories)) == (text, categories)


def test_empty_note_is_written_without_a_body() -> None:
    assert "<body" not in Note(" ").xml()
    assert "<body" in Note("x", "OOF", (("startTime", "2009-10-27T18:00:00Z"),)).xml()


def test_server_hands_foreign_categories_on_word_for_word() -> None:
    text = (
        '<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:a@b">'
        '<category name="calendarData" instance="7" container="300" version="1" expireType="static" extra="e">'
        '<calendarData xmlns="http://schemas.microsoft.com/2006/09/sip/calendarData" mailboxID="a@b">'
        '<WorkingHours xmlns="http://schemas.microsoft.com/exchange/services/2006/types"><Bias>-60</Bias>'
        "</WorkingHours></calendarData></category></categories>"
    )
    uri, categories = parse_categories(text.encode())
    assert isinstance(categories[0].body, Opaque)
    assert same(build_categories(uri, categories), text)


def test_phone_reads_its_own_roaming_data() -> None:
    own = parse_roaming_self(ROAMING_SELF.encode())
    assert own.uri == "sip:heiko@ucc.test" and own.categories is not None and len(own.categories) == 3
    assert versions_of(own.categories)["state", 536870912, 2] == 3
    assert presence_of(own.categories).availability is Availability.BUSY
    assert lines_of(own.categories) == (OwnLine("tel:+493055501"),)
    assert own.containers is not None and own.containers[3] == Container(200, 1, (Member("sameEnterprise"),))
    assert own.subscribers == (Subscriber("dora@ucc.test", "Dora Ost", False, "sameEnterprise"),)
    assert own.categories[1].publish_time == moment("2009-10-27T18:43:31Z")


def test_server_builds_the_same_roaming_data_again() -> None:
    own = parse_roaming_self(ROAMING_SELF.encode())
    assert same(build_roaming_self(own.uri, own.categories, own.containers, own.subscribers), ROAMING_SELF)


def test_later_roaming_data_holds_the_changed_part_only() -> None:
    own = parse_roaming_self(build_roaming_self("sip:a@b", subscribers=[Subscriber("x@y", 'Q "<&', True)]))
    assert (own.categories, own.containers) == (None, None)
    assert own.subscribers == (Subscriber("x@y", 'Q "<&', True),)


def test_server_tells_that_a_category_is_empty_now() -> None:
    data = build_roaming_self("sip:a@b", [Category("note"), Category("note", container=200)])
    assert b'<category name="note"/><category name="note" container="200"/>' in data
    own = parse_roaming_self(data)
    assert own.categories is not None and versions_of(own.categories) == {}


def test_own_lines_travel_both_ways() -> None:
    lines = (OwnLine("tel:+493055501"), OwnLine("tel:73124;phone-context=dialstring", "Rcc", "sip:rcc@gw.ucc.test"))
    data = build_categories("sip:a@b", [Category("userProperties", 0, 1, body=user_properties(lines))])
    assert lines_of(parse_categories(data)[1]) == lines
    assert lines_of([Category("userProperties", body=Opaque(Markup("<userProperties/>")))]) == ()


def test_client_asks_for_three_parts() -> None:
    expected = (
        '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self"><roaming type="categories"/>'
        '<roaming type="containers"/><roaming type="subscribers"/></roamingList>'
    )
    assert build_roaming_list() == expected.encode()
    assert parse_roaming_list(expected.encode()) == ("categories", "containers", "subscribers")


def test_client_acknowledges_a_subscriber() -> None:
    expected = (
        '<setSubscribers xmlns="http://schemas.microsoft.com/2006/09/sip/presence-subscribers">'
        '<subscriber user="dora@ucc.test" acknowledged="true"/></setSubscribers>'
    )
    subscriber = Subscriber("dora@ucc.test", acknowledged=True)
    assert build_set_subscribers([subscriber]) == expected.encode()
    assert parse_set_subscribers(expected.encode()) == (subscriber,)


def test_client_adds_a_member_to_a_container() -> None:
    expected = (
        '<setContainerMembers xmlns="http://schemas.microsoft.com/2006/09/sip/container-management">'
        '<container id="300" version="0"><member action="add" type="user" value="clara@ucc.test"/></container>'
        "</setContainerMembers>"
    )
    container = Container(300, 0, (Member("user", "clara@ucc.test", "add"),))
    assert build_set_container_members([container]) == expected.encode()
    assert parse_set_container_members(expected.encode()) == (container,)


def test_moments_are_read_in_every_spelling_and_written_in_one() -> None:
    assert stamp(1256668801.22) == "2009-10-27T18:40:01.220"
    for text in ("2009-10-27T18:40:01.22", "2009-10-27T18:40:01.2200000Z", "2009-10-27T20:40:01.220+02:00"):
        assert moment(text) == pytest.approx(1256668801.22)
    for wrong in ("yesterday", None, "9999-99-99", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"):
        assert moment(wrong) is None
