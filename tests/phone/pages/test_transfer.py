"""The page of a transfer on each display: numbers, guesses, the book, other calls; and forwarding what rings."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Select
from tests.phone.bench import Bench
from tests.phone.pages.shapes import EACH, fits, labels, phone, seen
from tests.phone.pages.test_call import ANNA, agreeing, called, two


def sent_to(bench: Bench) -> str:
    """Where the other side was sent."""
    return (bench.peer.last("REFER").headers.get("Refer-To") or "").strip("<>").partition("?")[0]


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_number_is_typed_and_the_page_says_who_is_transferred(shape: str, language: str) -> None:
    bench = called(shape, language, agreeing)
    bench.press("TRANSFER")
    fits(bench, shape)
    if shape != "snom320":
        german = "Weiterleiten" if shape == "snom360" else "Anna Lindner weiterleiten"
        assert bench.page.title == ("Transfer Anna Lindner" if language == "English" else german)
    bench.press("4", "7")
    fits(bench, shape)
    assert "47" in seen(bench)
    bench.press("F1")
    assert sent_to(bench) == "sip:47@example.org;user=phone"
    assert bench.page.name == "call"


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_guess_is_marked_and_taken(shape: str, language: str) -> None:
    bench = called(shape, language, agreeing)
    bench.press("TRANSFER", "3", "0", "DOWN", "DOWN")
    fits(bench, shape)
    assert "+4930123457" in seen(bench)
    bench.press("ENTER")
    assert sent_to(bench) == "sip:+4930123457@example.org;user=phone"


@pytest.mark.parametrize("marked", [False, True])
def test_guess_is_clicked(marked: bool) -> None:
    bench = called("snom370", "English", agreeing)
    bench.press("TRANSFER", "3", "0", *(["DOWN"] if marked else []))
    assert bench.do(Select(1)) is None
    if marked:
        assert bench.page.cursor == 1
        bench.press("ENTER")
    assert sent_to(bench) == "sip:+4930123457@example.org;user=phone"
    assert bench.page.name == "call"


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_somebody_from_the_book_is_chosen(shape: str, language: str) -> None:
    bench = called(shape, language, agreeing)
    bench.press("TRANSFER", "F3")
    fits(bench, shape)
    assert "Anna Lindner" in seen(bench)
    bench.write("bob")
    fits(bench, shape)
    assert "Bob" in seen(bench) and "Anna Lindner" not in bench.rows
    bench.press("CANCEL")
    assert (bench.page.name, bench.page.cursor) == ("transfer", None)
    bench.press("F3", "ENTER")
    assert sent_to(bench).startswith("sip:+4930123457")


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_other_call_is_offered(shape: str, language: str) -> None:
    bench = two(shape, language)
    bench.press("TRANSFER")
    fits(bench, shape)
    assert bench.rows == ["P1 Bob Alexander von Humboldt"] and bench.page.cursor == 0
    bench.press("ENTER")
    assert bench.peer.last("REFER").to.uri.user == "bob"
    assert sent_to(bench) == ANNA


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_caller_who_rings_is_forwarded_from_the_same_page(shape: str, language: str) -> None:
    bench = phone(shape, language)
    bench.ring()
    bench.press("F3")
    fits(bench, shape)
    if shape != "snom320":
        assert bench.page.title == ("Forward Anna" if language == "English" else "Anna umleiten")
    bench.press("3", "0", "DOWN", "ENTER")
    assert bench.peer.responses[-1].status == 302
    assert bench.page.name in ("call", "idle")


def test_page_closes_when_the_caller_gives_up() -> None:
    bench = phone("snom370")
    invite = bench.ring()
    bench.press("F3")
    cancel = type(invite)("CANCEL", invite.uri, invite.headers.with_("CSeq", "1 CANCEL").without("Content-Type"))
    bench.tell(cancel)
    bench.advance(1)
    assert bench.page.name == "idle"


def test_x_leaves_the_page_and_the_call_goes_on() -> None:
    bench = called("snom370", "English", agreeing)
    bench.press("TRANSFER", "CANCEL")
    assert (bench.page.name, bench.states) == ("call", ["talking"])
    assert labels(bench)[2] == "Transfer"
