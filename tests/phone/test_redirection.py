"""Redirection: which callers are sent elsewhere, and where to."""

from __future__ import annotations

import pytest

from snomtui.line.events import CallChanged
from snomtui.phone.intents import Go, Redirect, SetSetting, Transfer
from snomtui.phone.snapshot import Pattern
from snomtui.sip.message import Response
from tests.phone.bench import Bench
from tests.phone.pages.shapes import EACH, fits, phone, seen


def answer(bench: Bench) -> Response:
    """The last answer to a caller."""
    return bench.peer.responses[-1]


def moved_to(bench: Bench) -> str:
    """Where the last caller was sent."""
    assert answer(bench).status == 302
    return answer(bench).headers.get("Contact") or ""


def test_all_callers_are_sent_elsewhere_before_it_rings() -> None:
    bench = Bench(settings={"redirect_event": "all", "redirect_number": "4711"})
    bench.ring()
    assert moved_to(bench) == "<sip:4711@example.org;user=phone>"
    assert answer(bench).headers.get("Diversion") == "<sip:heiko@example.org>;reason=unconditional"
    assert bench.states == []
    assert bench.snapshot.page.name == "idle"


def test_redirected_call_is_told_and_stands_among_the_received_ones() -> None:
    bench = Bench(settings={"redirect_allways": "on", "redirect_number": "4711"})
    bench.ring()
    ended = bench.events(CallChanged)[-1]
    assert (ended.state, ended.cause, ended.code, ended.reason) == ("ended", "elsewhere", 302, "Redirected to 4711")
    assert bench.snapshot.status == "Redirected: Anna"
    assert [record.number for record in bench.phone.model.history.list("received")] == ["sip:anna@example.org"]
    assert bench.phone.model.missed == 0 and "call" in bench.kept
    bench.advance(9)
    assert bench.snapshot.status == "Forward All: 4711"


def test_number_goes_through_the_dial_plan() -> None:
    bench = Bench(
        settings={"redirect_allways": "on", "redirect_number": "0172 4711", "user_dp_str1": r"|^0(.*)|+49\1|"}
    )
    bench.ring()
    assert moved_to(bench) == "<sip:+491724711@example.org;user=phone>"


def test_redirection_of_all_counts_more_than_do_not_disturb() -> None:
    bench = Bench(settings={"redirect_allways": "on", "redirect_number": "4711", "dnd_mode": "on"})
    bench.ring()
    assert answer(bench).status == 302


@pytest.mark.parametrize("on", [{"redirect_event": "busy"}, {"redirect_on_busy": "on"}])
def test_caller_goes_elsewhere_instead_of_hearing_busy(on: dict[str, str]) -> None:
    bench = Bench(settings={**on, "redirect_busy_number": "4712", "call_waiting": "off"})
    bench.ring("in-1")
    assert answer(bench).status == 180
    bench.press("CANCEL")
    bench.talk()
    bench.ring("in-2")
    assert moved_to(bench) == "<sip:4712@example.org;user=phone>"
    assert "user-busy" in (answer(bench).headers.get("Diversion") or "")


def test_caller_whom_nobody_answers_goes_elsewhere_after_the_time() -> None:
    bench = Bench(settings={"redirect_event": "time", "redirect_time_number": "4713", "redirect_time": "20"})
    bench.ring()
    bench.advance(19)
    assert bench.states == ["offered"] and answer(bench).status == 180
    bench.advance(2)
    assert moved_to(bench) == "<sip:4713@example.org;user=phone>"
    assert "no-answer" in (answer(bench).headers.get("Diversion") or "")
    assert bench.states == [] and bench.phone.model.missed == 0
    assert [record.which for record in bench.phone.model.history.list("received")] == ["received"]


def test_answered_call_stays_when_the_time_is_over() -> None:
    bench = Bench(settings={"redirect_event": "time", "redirect_number": "4713", "redirect_time": "5"})
    bench.ring()
    bench.press("ENTER")
    bench.advance(6)
    assert 302 not in bench.peer.answers("INVITE")


def test_redirection_that_is_switched_off_while_it_rings_does_nothing() -> None:
    bench = Bench(settings={"redirect_on_timeout": "on", "redirect_number": "4713", "redirect_time": "5"})
    bench.ring()
    bench.do(Redirect("time", on=False))
    bench.advance(6)
    assert bench.states == ["offered"]


@pytest.mark.parametrize("to", ["", "heiko@example.org", "sip:heiko@example.org:5060;user=phone", "a b"])
def test_target_that_leads_nowhere_or_back_to_us_lets_it_ring_here(to: str) -> None:
    bench = Bench(settings={"redirect_allways": "on", "redirect_number": to})
    bench.ring()
    assert answer(bench).status == 180


def test_caller_who_rings_here_is_forwarded_by_hand() -> None:
    bench = Bench()
    bench.ring()
    bench.press("F3", "4", "2", "ENTER")
    assert moved_to(bench) == "<sip:42@example.org;user=phone>"
    assert "deflection" in (answer(bench).headers.get("Diversion") or "")
    assert bench.snapshot.status == "Redirected: Anna"
    bench.advance(1)
    assert bench.page.name == "idle"


def test_call_is_not_forwarded_to_what_is_no_address() -> None:
    bench = Bench()
    bench.ring()
    refusal = bench.do(Transfer("a b"))
    assert refusal is not None and "neither a number" in refusal.why
    assert bench.states == ["offered"]


# -- settings and keys


def test_older_name_and_newer_ones_agree() -> None:
    bench = Bench(settings={"redirect_event": "all", "redirect_number": "1", "redirect_on_busy": "on"})
    assert bench.do(SetSetting("redirect_event", "time")) is None
    assert not bench.phone.settings.on("redirect_on_busy")
    assert bench.do(Redirect("time", on=False)) is None
    assert bench.phone.settings.text("redirect_event") == "none"
    assert bench.kept["setting:redirect_event"] == "none"


def test_wish_without_a_target_is_refused() -> None:
    bench = Bench()
    refusal = bench.do(Redirect("all", on=True))
    assert refusal is not None and refusal.why == "Say first where calls shall go"
    for nowhere in ("heiko@example.org", "http://example.org", "Bob <sip:bob@example.org>"):
        refusal = bench.do(Redirect("all", to=nowhere, on=True))
        assert refusal is not None and refusal.why == f"Calls cannot go to {nowhere!r}"
        assert not bench.phone.settings.on("redirect_allways") and bench.snapshot.status != f"Forward All: {nowhere}"
    refusal = bench.do(Redirect("sundays", to="1"))
    assert refusal is not None and "all, busy, time" in refusal.why


def test_redirect_key_switches_its_target_on_and_off_and_is_lit_meanwhile() -> None:
    bench = Bench(settings={"fkey4": "redirect 4711", "fkey5": "redirect <sip:bob@example.org>"})
    bench.press("P5")
    assert bench.snapshot.leds["P5"].pattern is Pattern.ON and "P6" not in bench.snapshot.leds
    assert bench.snapshot.status == "Forward All: 4711"
    bench.press("P6")
    assert bench.snapshot.leds["P6"].pattern is Pattern.ON and "P5" not in bench.snapshot.leds
    bench.press("P6")
    assert "P6" not in bench.snapshot.leds
    bench.ring()
    assert answer(bench).status == 180


def test_status_line_tells_every_kind() -> None:
    bench = Bench(settings={"redirect_on_busy": "on", "redirect_on_timeout": "on", "redirect_number": "4711"})
    assert bench.snapshot.status == "Forward when busy: 4711"
    assert "Forward after timeout: 4711" in bench.rows


# -- the page


def test_page_asks_for_a_number_and_switches_on() -> None:
    bench = Bench()
    bench.press("F_REDIRECT")
    assert bench.page.title == "Redirection"
    assert [row.text for row in bench.page.rows] == ["All calls", "When busy", "No answer", "Answer within"]
    bench.press("ENTER", "4", "7", "1", "1", "ENTER")
    assert (bench.page.name, bench.page.rows[0].right) == ("redirection", "4711")
    bench.ring()
    assert moved_to(bench) == "<sip:4711@example.org;user=phone>"
    bench.press("ENTER")
    assert bench.page.rows[0].right == "off"


def test_page_changes_a_number() -> None:
    bench = Bench(settings={"redirect_on_busy": "on", "redirect_busy_number": "1"})
    assert bench.do(Go("redirection")) is None
    bench.press("DOWN", "F2")
    assert (bench.page.name, bench.page.entry) == ("redirect_to", "1")
    bench.press("BACKSPACE", "2", "F1")
    assert bench.page.rows[1].right == "2"
    assert bench.phone.settings.text("redirect_busy_number") == "2"


def test_page_leads_to_the_time() -> None:
    bench = Bench()
    assert bench.do(Go("redirection")) is None
    bench.press("UP", "ENTER")
    assert bench.page.name == "setting"


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_page_fits_every_display_and_says_where_calls_go(shape: str, language: str) -> None:
    bench = phone(shape, language, redirect_on_busy="on", redirect_number="+491724711")
    bench.press("F_REDIRECT", "DOWN")
    fits(bench, shape)
    assert "+491724711" in seen(bench)
    assert ("When busy" if language == "English" else "Bei besetzt") in seen(bench)
    bench.press("F2")
    fits(bench, shape)
    assert bench.page.entry == "+491724711"
