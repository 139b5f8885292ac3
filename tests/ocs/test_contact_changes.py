"""What wishes do to a contact list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.kit.xml import Markup
from snomtui.ocs.contact_changes import (
    ALWAYS_THERE,
    LONG_EXTENSION,
    MOST_CONTACTS,
    NAMELESS,
    NO_CONTACT,
    NO_GROUP,
    SAME_NAME,
    TOO_LONG,
    TOO_MANY_CONTACTS,
    TOO_MANY_GROUPS,
    WRONG_DELTA,
    changes,
)
from snomtui.ocs.contacts import ContactDelta, ContactList, Group, ListedContact, build_contact_list
from snomtui.ocs.diagnostics import Refusal
from snomtui.ocs.soap import (
    AddGroup,
    DeleteContact,
    DeleteGroup,
    ModifyGroup,
    Request,
    SetContact,
    build_soap,
    request_in,
    soap_body,
)

CLARA = ListedContact("sip:clara@ucc.test")
BERT = ListedContact("sip:bert@ucc.test", "Bert (Lager)", (1, 2))
DORA = ListedContact("sip:dora@ucc.test", "Dora", (1, 2))
THE_LIST = ContactList(7, (Group(1, "~"), Group(2, "Team Wedding")), (CLARA, BERT))


def run(contacts: ContactList, *requests: Request) -> ContactList:
    """The list after these wishes, each with the right number and sent over the wire."""
    for request in requests:
        steps = changes(contacts, request_in(soap_body(build_soap(replace(request, delta=contacts.delta)))))
        assert not isinstance(steps, Refusal), steps
        for step in steps:
            after = contacts.apply(step)
            assert after is not None
            contacts = after
    return contacts


def test_server_changes_the_list_as_asked() -> None:
    contacts = run(
        THE_LIST,
        SetContact(DORA, 0),
        SetContact(ListedContact(DORA.uri, "Dora Ost"), 0),
        AddGroup("VIP", 0),
        ModifyGroup(Group(3, "Chefs"), 0),
        DeleteContact("sip:clara@ucc.test", 0),
    )
    assert contacts.delta == 12 and contacts.groups[2] == Group(3, "Chefs")
    assert [each.name for each in contacts.contacts] == ["Bert (Lager)", "Dora Ost"]


def test_contact_moves_from_group_to_group_and_may_be_in_several() -> None:
    contacts = run(THE_LIST, AddGroup("<R & D>", 0), SetContact(replace(BERT, groups=(3, 2)), 0))
    assert contacts.find(BERT.uri) == replace(BERT, groups=(3, 2))
    contacts = run(contacts, DeleteGroup(3, 0), DeleteGroup(2, 0))
    assert contacts.find(BERT.uri) == replace(BERT, groups=(1,))
    assert contacts.groups == (Group(1, "~"),)


def test_group_is_emptied_before_it_goes() -> None:
    assert changes(THE_LIST, DeleteGroup(2, 7)) == (
        ContactDelta(8, 7, modified=(replace(BERT, groups=(1,)),)),
        ContactDelta(9, 8, deleted_groups=(2,)),
    )


def test_extension_survives_a_client_that_does_not_know_of_it() -> None:
    extension = Markup('<contactSettings xmlns="urn:x" tag="&lt;1&gt;">a &amp; b<y/>c</contactSettings>')
    contacts = run(THE_LIST, SetContact(replace(DORA, extension=extension), 0), SetContact(DORA, 0))
    assert contacts.find(DORA.uri) == replace(DORA, extension=extension)
    assert b"<contactExtension><contactSettings" in build_contact_list(contacts)


def test_client_that_asks_twice_for_a_group_gets_it_once() -> None:
    once = run(THE_LIST, AddGroup("VIP", 0), AddGroup("vip", 0))
    assert (once.delta, once.groups[2:]) == (9, (Group(3, "VIP"),))


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (SetContact(DORA, 6), WRONG_DELTA),
        (SetContact(DORA, 0), WRONG_DELTA),
        (SetContact(ListedContact(""), 7), NAMELESS),
        (SetContact(replace(DORA, groups=(2, 9)), 7), NO_GROUP),
        (SetContact(replace(DORA, name="x" * 257), 7), TOO_LONG),
        (SetContact(replace(DORA, uri="sip:" + "x" * 500), 7), TOO_LONG),
        (SetContact(replace(DORA, extension=Markup("<a/>" * 300)), 7), LONG_EXTENSION),
        (DeleteContact("sip:nobody@ucc.test", 7), NO_CONTACT),
        (AddGroup("", 7), NAMELESS),
        (AddGroup("x" * 257, 7), TOO_LONG),
        (ModifyGroup(Group(9, "x"), 7), NO_GROUP),
        (ModifyGroup(Group(1, "x"), 7), ALWAYS_THERE),
        (ModifyGroup(Group(2, "~"), 7), SAME_NAME),
        (DeleteGroup(9, 7), NO_GROUP),
        (DeleteGroup(1, 7), ALWAYS_THERE),
    ],
)
def test_server_refuses_what_does_not_fit_its_list(request_: Request, why: Refusal) -> None:
    assert changes(THE_LIST, request_) == why


def test_server_keeps_at_most_63_groups_and_fills_gaps() -> None:
    full = ContactList(1, tuple(Group(number, str(number)) for number in range(1, 64)))
    assert changes(full, AddGroup("one more", 1)) == TOO_MANY_GROUPS
    gap = run(full, DeleteGroup(17, 0), AddGroup("one more", 0))
    assert Group(17, "one more") in gap.groups


def test_server_keeps_at_most_a_thousand_contacts_but_changes_them() -> None:
    many = tuple(ListedContact(f"sip:u{number}@ucc.test") for number in range(MOST_CONTACTS))
    full = ContactList(1, contacts=many)
    assert changes(full, SetContact(replace(DORA, groups=(1,)), 1)) == TOO_MANY_CONTACTS
    assert run(full, SetContact(replace(many[3], name="U3"), 0)).contacts[3].name == "U3"


def test_server_keeps_no_list_that_nobody_could_read() -> None:
    contacts = THE_LIST
    for number in range(MOST_CONTACTS):
        wish = SetContact(ListedContact(f"sip:{number}{'x' * 440}@b", "<" * 256), contacts.delta)
        steps = changes(contacts, wish)
        if isinstance(steps, Refusal):
            break
        contacts = contacts.apply(steps[0]) or contacts
    assert steps == TOO_LONG
    assert 100 < len(contacts.contacts) < 400
