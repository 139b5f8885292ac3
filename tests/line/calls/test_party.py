"""The other side of a call, as people know it."""

from __future__ import annotations

import pytest

from snomtui.line.calls.party import ANONYMOUS, Party, spoken
from snomtui.sip.headers import Item
from snomtui.sip.message import Request, respond
from tests.line.callers import SDP, answered, bench, inside, talking
from tests.line.peer import Peer, accepted, ringing, sdp


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


@pytest.mark.parametrize("value", ["nonsense <", '"open', ""])
def test_asserted_identity_that_cannot_be_read_changes_nothing(value: str) -> None:
    assert Party.calling(call(("P-Asserted-Identity", value))) == Party("sip:anna@example.org", "Anna", "anna")


def test_asserted_identity_without_a_name_leaves_the_name_of_from() -> None:
    party = Party.calling(call(("P-Asserted-Identity", "<sip:+49301@example.org>")))
    assert party == Party("sip:+49301@example.org", "Anna", "+49301")
    assert Party.calling(call(("P-Asserted-Identity", "tel:+49301"))) == Party("tel:+49301", "Anna", "+49301")


@pytest.mark.parametrize("host", ["anonymous.invalid", "example.org"])
def test_anonymous_caller_is_shown_as_one(host: str) -> None:
    assert Party.calling(call(caller=f'"Mallory" <sip:anonymous@{host}>;tag=1')) == ANONYMOUS


def test_anonymous_caller_whom_the_server_names_is_known() -> None:
    asserted = ("P-Asserted-Identity", '"Anna" <sip:anna@example.org>')
    party = Party.calling(call(asserted, caller='"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1'))
    assert party == Party("sip:anna@example.org", "Anna", "anna")


@pytest.mark.parametrize("privacy", ["id", "user", "header;critical"])
def test_caller_who_asks_for_privacy_is_anonymous_whatever_else_is_said(privacy: str) -> None:
    asserted = ("P-Asserted-Identity", '"Anna" <sip:anna@example.org>')
    assert Party.calling(call(asserted, ("Privacy", privacy))) == ANONYMOUS


def test_anonymous_caller_may_have_been_sent_on_by_somebody() -> None:
    party = Party.calling(call(("Diversion", "<sip:bob@ucc.de>"), ("Privacy", "id")))
    assert (party.name, party.diverted_by) == ("Anonymous", "bob")


def test_name_comes_with_the_answer_and_number_stays() -> None:
    party = Party.dialled("sip:bob@ucc.de", "+49302")
    request = Peer().make("INVITE", to='"Bob" <sip:bob@ucc.de>')
    assert party.answering(respond(request, 200, tag="x")) == Party("sip:bob@ucc.de", "Bob", "+49302")
    named = respond(request, 200, tag="x", headers=[("P-Asserted-Identity", '"Robert" <sip:bob@ucc.de>')])
    assert party.answering(named).name == "Robert"
    unnamed = respond(Peer().make("INVITE", to="<sip:bob@ucc.de>"), 200, tag="x")
    assert Party("sip:bob@ucc.de", "Bob", "1").answering(unnamed).name == "Bob"


def test_number_that_answers_for_another_one_is_shown() -> None:
    party = Party.dialled("sip:100@ucc.de", "100")
    answer = respond(call(), 200, headers=[("P-Asserted-Identity", '"Support" <sip:200@ucc.de>')])
    assert party.answering(answer) == Party("sip:200@ucc.de", "Support", "200")


def test_party_that_wants_to_be_hidden_changes_nothing() -> None:
    party = Party.dialled("sip:100@ucc.de", "100")
    hidden = [("P-Asserted-Identity", '"Support" <sip:200@ucc.de>'), ("Privacy", "id")]
    assert party.answering(respond(Peer().make("INVITE", to="<sip:100@ucc.de>"), 200, headers=hidden)) == party
    assert party.connected(call(*hidden)) == party


def test_other_person_in_a_call_that_is_up_takes_the_place_of_the_first() -> None:
    party = Party("sip:anna@ucc.de", "Anna", "anna")
    assert party.connected(call()) == party
    assert party.connected(call(("P-Asserted-Identity", "<sip:bob@ucc.de>"))) == Party("sip:bob@ucc.de", "", "bob")
    assert party.connected(call(("P-Asserted-Identity", '"Anna L." <sip:ANNA@ucc.de>'))).name == "Anna L."


# -- in a call


def test_one_who_rings_is_named_before_the_answer() -> None:
    one = bench()
    one.peer.rules["INVITE"] = lambda request: ringing(request, "callee", ("P-Asserted-Identity", '"Bob" <sip:b@x>'))
    one.dial()
    assert (one.call().state, one.call().remote_name) == ("ringing", "Bob")


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_call_that_a_pbx_passes_on_shows_who_is_there_now(method: str) -> None:
    one, invite = answered()
    assert (one.call().remote_name, one.call().number) == ("Anna", "anna")
    clara = ("P-Asserted-Identity", '"Clara" <sip:+49303@example.org>')
    one.tell(inside(one, method, invite, cseq=5, headers=(clara,), body=(SDP, sdp())))
    assert one.peer.answers(method)[-1] == 200
    told = one.call()
    assert (told.state, told.remote, told.remote_name) == ("talking", "sip:+49303@example.org", "Clara")
    assert told.number == "+49303"


def test_answer_to_our_re_invite_may_name_somebody_else() -> None:
    one = talking()
    one.peer.rules["INVITE"] = lambda request: accepted(request, body=sdp("recvonly")).with_(
        "Remote-Party-ID", '"Clara" <sip:clara@example.org>;party=called'
    )
    call_up = one.line.calls.find("1-1")
    assert call_up is not None
    call_up.hold(one.now)
    one.settle()
    assert (one.call().state, one.call().remote_name) == ("holding", "Clara")
