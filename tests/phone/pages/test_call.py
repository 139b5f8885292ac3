"""The page of a call in each state, on each display, in both languages."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Conference, Dial, HangUp, Hold, Select, Transfer
from snomtui.sip.message import Request, Response, respond
from tests.line.callers import sdp_of
from tests.line.peer import Rule, accepted, ringing, says, sdp, silent
from tests.phone.bench import Bench
from tests.phone.pages.shapes import EACH, fits, labels, phone, seen

ANNA, BOB = "sip:anna@example.org", "sip:bob@example.org"


def agreeing(request: Request) -> Response:
    """Somebody who agrees to everything."""
    direction = {"sendonly": "recvonly", "inactive": "inactive"}.get(sdp_of(request), "sendrecv")
    return accepted(request, tag=f"of-{request.call_id[:6]}", body=sdp(direction))


def called(shape: str, language: str, rule: Rule, uri: str = ANNA, /, **settings: str) -> Bench:
    """A phone that has called somebody who answers by this rule."""
    bench = phone(shape, language, **settings)
    bench.peer.rules |= {"INVITE": rule, "REFER": says(202)}
    assert bench.do(Dial(uri)) is None
    return bench


def said(bench: Bench, shape: str, language: str, english: str, german: str) -> None:
    """The display says this in its language, and everything on it fits."""
    fits(bench, shape)
    assert (english if language == "English" else german).casefold() in " ".join(seen(bench).split()).casefold()


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_call_that_is_made_is_shown_from_dialling_to_ringing(shape: str, language: str) -> None:
    bench = called(shape, language, silent)
    said(bench, shape, language, "Calling", "Rufaufbau")
    assert "Anna Lindner" in seen(bench)
    bench.tell(ringing(bench.peer.last("INVITE")))
    said(bench, shape, language, "Ringing", "Klingelt")
    assert "Anna Lindner" in seen(bench)
    assert labels(bench)[:3] == ["", "", ""] and labels(bench)[3]


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_caller_is_shown_while_it_rings(shape: str, language: str) -> None:
    bench = phone(shape, language)
    bench.peer.invite(("Diversion", '"Bob" <sip:bob@example.org>;reason=unconditional'))
    bench.wire.settle()
    said(bench, shape, language, "rings here" if shape == "snom320" else "Incoming call", "Anruf")
    assert "Anna" in seen(bench)
    if shape != "snom320":
        said(bench, shape, language, "Redirected by Bob", "Umgeleitet von Bob")
        said(bench, shape, language, "To: heiko", "An: heiko")


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_call_that_is_up_shows_name_and_duration(shape: str, language: str) -> None:
    bench = called(shape, language, agreeing)
    bench.advance(67)
    fits(bench, shape)
    assert "Anna Lindner" in seen(bench) and "1:07" in seen(bench)
    if shape != "snom320":
        said(bench, shape, language, "Connected", "Verbunden")
    assert bench.do(Hold()) is None
    said(bench, shape, language, "on hold", "gehalten")


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_one_who_holds_us_is_named(shape: str, language: str) -> None:
    bench = called(shape, language, agreeing)
    asked = bench.peer.last("INVITE")
    tag = f"of-{asked.call_id[:6]}"
    reinvite = bench.peer.make(
        "INVITE",
        ("Contact", "<sip:anna@127.0.0.1:5060;transport=tcp>"),
        to=asked.headers.get("From") or "",
        caller=f"<{ANNA}>;tag={tag}",
        call_id=asked.call_id,
        body=("application/sdp", sdp("sendonly")),
    )
    bench.tell(reinvite)
    assert bench.states == ["held"]
    said(bench, shape, language, "held", "hält" if shape in ("snom320", "snom360") else "gehalten")
    assert "Anna Lindner" in seen(bench)


@pytest.mark.parametrize(("shape", "language"), EACH)
@pytest.mark.parametrize(
    ("code", "english", "german"),
    [
        (486, "Line is busy", "Besetzt"),
        (480, "Not reachable", "Nicht erreichbar"),
        (404, "Unknown number", "Nummer unbekannt"),
        (603, "Declined", "Abgewiesen"),
        (488, "No common codec", "Kein gemeinsamer Codec"),
        (403, "Not allowed", "Nicht erlaubt"),
        (503, "Service not available", "Dienst nicht verfügbar"),
        (408, "No answer", "Keine Antwort"),
    ],
)
def test_reason_of_an_end_is_told_in_words_with_its_code(
    shape: str, language: str, code: int, english: str, german: str
) -> None:
    bench = called(shape, language, says(code))
    assert bench.states == ["ended"]
    said(bench, shape, language, english, german)
    assert str(code) in seen(bench) or len(bench.rows[0]) > 20
    assert labels(bench)[0] and labels(bench)[3] == "OK"


def test_servers_own_words_are_shown_where_there_are_none_of_ours() -> None:
    bench = called("snom370", "English", says(418, reason="I am a teapot"))
    assert "I am a teapot (418)" in bench.rows


def test_what_a_server_adds_stands_below_our_words() -> None:
    warning = ("Warning", '399 pbx "Ask Anna for the key"')
    bench = called("snom370", "Deutsch", lambda r: respond(r, 403, tag="x", headers=[warning]))
    assert bench.rows[2:4] == ["Nicht erlaubt (403)", "Ask Anna for the key"]


def test_one_who_hangs_up_and_one_who_gives_up_are_told_apart() -> None:
    bench = called("snom370", "English", agreeing)
    asked = bench.peer.last("INVITE")
    bye = bench.peer.make(
        "BYE",
        to=asked.headers.get("From") or "",
        caller=f"<{ANNA}>;tag=of-{asked.call_id[:6]}",
        call_id=asked.call_id,
    )
    bench.tell(bye)
    assert "The other side hung up" in bench.rows


def test_call_that_failed_is_dialled_again_with_one_key() -> None:
    bench = called("snom370", "English", says(486))
    bench.peer.rules["INVITE"] = silent
    bench.press("F1")
    assert bench.states == ["dialling"]
    assert len(bench.peer.asked("INVITE")) == 2


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        ("full_contact", ["Anna Lindner", "anna@example.org"]),
        ("display_name", ["Anna Lindner", "From: heiko@example.org"]),
        ("display_number", ["+4930123456", "From: heiko@example.org"]),
        ("display_name_number", ["Anna Lindner", "+4930123456"]),
    ],
)
def test_people_are_shown_as_the_setting_says(method: str, rows: list[str]) -> None:
    uri = ANNA if method == "full_contact" else "+4930123456"
    assert called("snom370", "English", silent, uri, display_method=method).rows[:2] == rows


def test_status_of_the_server_is_shown_in_the_title_if_wanted() -> None:
    bench = called("snom370", "English", silent, show_call_status="on")
    bench.tell(ringing(bench.peer.last("INVITE")))
    assert bench.page.title == "Ringing: 180 Ringing"


# -- several calls


def two(shape: str, language: str) -> Bench:
    """Bob on hold, Anna on the phone."""
    bench = called(shape, language, agreeing, BOB)
    bench.advance(5)
    assert bench.do(Dial(ANNA)) is None
    assert bench.states == ["holding", "talking"]
    return bench


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_second_caller_is_seen_beside_the_call_that_is_up(shape: str, language: str) -> None:
    bench = called(shape, language, agreeing, BOB)
    bench.ring()
    fits(bench, shape)
    assert "Anna" in seen(bench)
    assert ("2/2" if shape == "snom320" else "P1 Bob") in seen(bench)
    bench.press("UP")
    fits(bench, shape)
    assert "Bob" in seen(bench)
    if shape != "snom320":
        said(bench, shape, language, "rings here", "Anruf")
    bench.press("DOWN", "F4")
    assert bench.states[0] == "talking"
    assert 486 in bench.peer.answers("INVITE")


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_call_on_hold_is_listed_and_swapped_by_a_click(shape: str, language: str) -> None:
    bench = two(shape, language)
    fits(bench, shape)
    if shape == "snom320":
        assert bench.rows == ["2/2 Anna Lindner"]
        bench.press("UP")
    else:
        said(bench, shape, language, "on hold", "gehalten")
        at = next(n for n, row in enumerate(bench.page.rows) if row.text.startswith("P1"))
        assert bench.do(Select(at)) is None
    assert "Bob" in bench.rows[0]
    bench.press("F1")
    assert bench.states == ["talking", "holding"]


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_conference_shows_all_members_and_is_parted_again(shape: str, language: str) -> None:
    bench = two(shape, language)
    bench.press("F2")
    assert all(call.conference for call in bench.calls)
    fits(bench, shape)
    if shape == "snom320":
        assert "Anna" in bench.rows[0] and ("Conf" if language == "English" else "Konf") in bench.rows[0]
    else:
        said(bench, shape, language, "Conference", "Konferenz")
        assert "Anna" in seen(bench) and "Bob" in seen(bench)
        assert [row.mark for row in bench.page.rows] == ["registered", "outgoing"]
        assert all(row.right for row in bench.page.rows)
    bench.press("F2")
    assert bench.states == ["holding", "talking"]


def test_conference_is_ended_as_a_whole_by_its_soft_key() -> None:
    bench = two("snom370", "English")
    assert bench.do(Conference()) is None
    bench.press("F4")
    bench.advance(1)
    assert bench.states == []


def test_third_call_beside_a_conference_can_join_it() -> None:
    bench = two("snom370", "English")
    assert bench.do(Conference()) is None
    assert bench.do(Dial("sip:clara@example.org")) is None
    assert labels(bench)[1] == "Conf."
    bench.press("F2")
    assert [call.conference for call in bench.calls] == [True, True, True]


def test_keys_of_a_deed_stay_in_their_places_in_every_state() -> None:
    bench = called("snom370", "English", silent)
    last = [labels(bench)[3]]
    bench.tell(ringing(bench.peer.last("INVITE")))
    last.append(labels(bench)[3])
    bench.do(HangUp())
    bench.advance(1)
    bench.ring()
    last.append(labels(bench)[3])
    bench.press("ENTER")
    last.append(labels(bench)[3])
    assert last[:3] == ["Cancel", "Cancel", "Deny"]


# -- what happens to the call


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_transfer_is_told_while_it_lasts_and_when_it_worked(shape: str, language: str) -> None:
    bench = called(shape, language, agreeing)
    assert bench.do(Transfer("4711")) is None
    fits(bench, shape)
    assert "4711" in seen(bench)
    told(bench, "SIP/2.0 200 OK")
    notice = "was transferred to 4711" if language == "English" else "wurde weitergeleitet an 4711"
    assert notice in " ".join(seen(bench).split())


def told(bench: Bench, text: str) -> None:
    """The other side tells how the transfer went."""
    asked = bench.peer.last("INVITE")
    notify = bench.peer.make(
        "NOTIFY",
        ("Event", "refer"),
        ("Subscription-State", "terminated"),
        to=asked.headers.get("From") or "",
        caller=f"<{ANNA}>;tag=of-{asked.call_id[:6]}",
        call_id=asked.call_id,
        body=("message/sipfrag", text.encode()),
    )
    bench.tell(notify)


@pytest.mark.parametrize(("language", "words"), [("English", "Line is busy (486)"), ("Deutsch", "Besetzt (486)")])
def test_transfer_that_failed_says_why_and_the_call_goes_on(language: str, words: str) -> None:
    bench = called("snom370", language, agreeing)
    assert bench.do(Transfer("4711")) is None
    told(bench, "SIP/2.0 486 Busy Here")
    assert words in " ".join([bench.snapshot.status, *bench.rows])
    assert bench.states == ["talking"]
    assert "4711" not in " ".join(bench.rows)


def test_microphone_that_is_off_is_told() -> None:
    for shape, words in (("snom370", "Microphone is off"), ("snom320", "muted")):
        bench = called(shape, "English", agreeing)
        bench.press("MUTE")
        assert words in seen(bench)


def test_tones_that_were_sent_are_shown() -> None:
    for shape in ("snom370", "snom320"):
        bench = called(shape, "English", agreeing)
        bench.press("4", "2", "#")
        assert "42#" in seen(bench)
