"""Searching the address book of a front end."""

from __future__ import annotations

import pytest

from snomtui.line.events import Found
from snomtui.ocs.directory import Entry, build_found, search_in
from snomtui.ocs.soap import SOAP_TYPE, soap_body
from snomtui.sip.message import Request, Response, respond
from tests.line.frontend import FrontEnd, serviced, signed_in
from tests.line.peer import Bench, in_turn, says, silent

SOAP = SOAP_TYPE.lower()
DORA = Entry("sip:dora@ucc.test", "Dora Ost", "tel:+49305551;ext=2")


def finding(*entries: Entry, more: bool = False) -> FrontEnd:
    """A front end whose address book has these people, whatever is searched for."""
    front = FrontEnd()
    front.services[SOAP] = lambda request: answer(request, *entries, more=more)
    return front


def answer(request: Request, *entries: Entry, more: bool = False) -> Response:
    """What was found."""
    return respond(request, 200, tag="s", body=(SOAP_TYPE, build_found(entries, more)))


def search(bench: Bench, text: str) -> str:
    """Search, and let it be said."""
    why = bench.line.search(text, bench.now)
    bench.settle()
    return why


def found(bench: Bench) -> Found:
    """What was found last."""
    return bench.box.of(Found)[-1]


def test_people_are_found_with_their_numbers() -> None:
    bench, _ = signed_in(front=finding(DORA, Entry("sip:dirk@ucc.test"), more=True))
    assert search(bench, "  d   o ") == ""
    told = found(bench)
    assert (told.identity, told.text, told.more, told.why) == (1, "d o", True, "")
    assert [(each.uri, each.name, each.numbers) for each in told.people] == [
        ("sip:dora@ucc.test", "Dora Ost", ("+49305551",)),
        ("sip:dirk@ucc.test", "", ()),
    ]
    (request,) = serviced(bench, SOAP_TYPE)
    assert request.uri == "sip:ucc.test"
    assert search_in(soap_body(request.body)).most == 50


def test_nobody_is_an_answer_too() -> None:
    bench, _ = signed_in(front=finding())
    assert search(bench, "x") == ""
    assert (found(bench).people, found(bench).why) == ((), "")


def test_newest_search_wins_and_the_first_is_never_told() -> None:
    front = finding(DORA)
    front.services[SOAP] = in_turn(silent, lambda request: answer(request, DORA))
    bench, _ = signed_in(front=front)
    for text in ("d", "do", "dor"):
        assert search(bench, text) == ""
    (first,) = serviced(bench, SOAP_TYPE)
    bench.tell(answer(first))
    assert len(serviced(bench, SOAP_TYPE)) == 2
    assert [(told.text, len(told.people)) for told in bench.box.of(Found)] == [("dor", 1)]


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_refusal_ends_the_search_with_the_reason(status: int) -> None:
    front = FrontEnd()
    front.services[SOAP] = says(status, ("ms-diagnostics", '2500;reason="No address book";source="x"'))
    bench, _ = signed_in(front=front)
    assert search(bench, "x") == ""
    assert found(bench).why == f"No address book ({status})"


@pytest.mark.parametrize("body", [b"", b"<x", b"<Envelope/>", b"\x00", b"<!DOCTYPE a><a/>"])
def test_answer_that_cannot_be_read_ends_the_search(body: bytes) -> None:
    front = FrontEnd()
    front.services[SOAP] = lambda request: respond(request, 200, tag="s", body=(SOAP_TYPE, body))
    bench, _ = signed_in(front=front)
    assert search(bench, "x") == ""
    assert found(bench).why and found(bench).people == ()


def test_answer_that_is_too_long_is_cut() -> None:
    bench, _ = signed_in(front=finding(*(Entry(f"sip:p{n}@ucc.test") for n in range(80))))
    assert search(bench, "p") == ""
    assert (len(found(bench).people), found(bench).more) == (50, True)


def test_server_that_does_not_answer_or_goes_away_ends_the_search() -> None:
    front = FrontEnd()
    front.services[SOAP] = silent
    bench, _ = signed_in(front=front)
    assert search(bench, "x") == ""
    bench.advance(40)
    assert found(bench).why
    assert search(bench, "y") == ""
    bench.wire.cut(bench.box)
    bench.settle()
    assert found(bench).text == "y" and found(bench).why
    assert len(bench.box.of(Found)) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 101])
def test_what_cannot_be_searched_for_is_refused_at_once(text: str) -> None:
    bench, _ = signed_in()
    assert search(bench, text)
    assert serviced(bench, SOAP_TYPE) == []
