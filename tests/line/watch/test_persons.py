"""The presence of persons, one by one or as a list."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from snomtui.line.events import ContactsChanged, PresenceChanged
from snomtui.presence import Availability, Presence
from snomtui.simple.pidf import build_pidf
from tests.line.notifiers import ANNA, PIDF, seen_as, told, watching
from tests.line.peer import Bench
from tests.simple.lists import RELATED, member, related, rlmi

BERT = "sip:bert@example.org"


def listing() -> Bench:
    """A line whose server keeps the contacts."""
    return watching(user_presence_buddy_list_uri1="sip:friends@example.org")


def part(cid: str, availability: Availability) -> tuple[str, str, bytes]:
    """One part with somebody's presence."""
    return cid, PIDF, build_pidf("sip:x@example.org", Presence(availability), "t")


def tell(bench: Bench, cseq: int, body: bytes, kind: str = RELATED) -> None:
    """The server tells something."""
    bench.tell(told(bench.peer.last("SUBSCRIBE"), cseq=cseq, body=(kind, body)))


def seen(bench: Bench) -> list[tuple[str, str, Availability]]:
    """Who was seen how, in order."""
    return [(event.uri, event.name, event.presence.availability) for event in bench.box.of(PresenceChanged)]


def test_single_contact_is_told_under_its_own_name() -> None:
    bench = watching()
    bench.tell(told(bench.peer.last("SUBSCRIBE"), cseq=5, body=seen_as(Availability.AWAY)))
    assert seen(bench) == [(ANNA.uri, "Anna", Availability.AWAY)]


def test_list_is_asked_for_in_one_subscription() -> None:
    (request,) = listing().peer.asked("SUBSCRIBE")
    assert (request.uri, request.headers.get("Supported")) == ("sip:friends@example.org", "eventlist")
    assert request.headers.get("Accept") == "application/pidf+xml, application/rlmi+xml, multipart/related"


def test_list_tells_who_is_on_it_and_how_they_are() -> None:
    bench = listing()
    root = rlmi(member(ANNA.uri, "1@h", "Anna Karenina"), member(BERT, name="Bert"), version=0)
    tell(bench, 2, related(root, part("1@h", Availability.BUSY)))
    contacts = bench.box.of(ContactsChanged)[-1].contacts
    assert [(contact.uri, contact.name) for contact in contacts] == [(ANNA.uri, "Anna Karenina"), (BERT, "Bert")]
    assert seen(bench) == [(ANNA.uri, "Anna Karenina", Availability.BUSY)]


def test_change_tells_only_who_changed() -> None:
    bench = listing()
    tell(bench, 2, related(rlmi(member(ANNA.uri, name="Anna"), member(BERT, name="Bert"), version=0)))
    change = rlmi(member(BERT, "b@h"), version=1, full=False)
    tell(bench, 3, related(change, part("b@h", Availability.DND)))
    assert seen(bench) == [(BERT, "Bert", Availability.DND)]
    assert len(bench.box.of(ContactsChanged)) == 1
    tell(bench, 4, related(rlmi(member(BERT, state="terminated"), version=2, full=False)))
    assert seen(bench)[-1] == (BERT, "Bert", Availability.UNKNOWN)


def test_list_that_goes_backwards_is_not_used() -> None:
    bench = listing()
    tell(bench, 2, related(rlmi(member(BERT, "b@h"), version=5), part("b@h", Availability.BUSY)))
    tell(bench, 3, related(rlmi(member(BERT, "b@h"), version=4), part("b@h", Availability.AWAY)))
    assert [state for *_, state in seen(bench)] == [Availability.BUSY]
    tell(bench, 4, related(rlmi(member(BERT, "b@h"), version=9, full=False), part("b@h", Availability.AWAY)))
    assert [state for *_, state in seen(bench)] == [Availability.BUSY, Availability.AWAY]
    assert len(bench.peer.asked("SUBSCRIBE")) == 2


def test_member_that_cannot_be_read_costs_itself_only() -> None:
    bench = listing()
    root = rlmi(member(ANNA.uri, "1@h"), member(BERT, "2@h"), member("mailto:x@y", "3@h"))
    tell(bench, 2, related(root, ("1@h", PIDF, b"<odd"), part("2@h", Availability.BUSY)))
    assert [uri for uri, *_ in seen(bench)] == [BERT]
    assert any(f"Presence of {ANNA.uri} dropped" in line for line in bench.log)


@given(st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_any_bytes_are_answered_and_cost_a_log_line_at_most(data: bytes) -> None:
    bench = listing()
    tell(bench, 2, data or b" ")
    tell(bench, 3, related(rlmi(member(BERT, "1@h")), ("1@h", PIDF, data)))
    assert bench.peer.answers("NOTIFY") == [200, 200, 200]
    assert bench.registration.state == "registered"
