"""A call through phones of many firmwares, and through what is no snom at all: once, and with clear words."""

from __future__ import annotations

from threading import Event

import pytest

from snomtui.cli import exit_code
from snomtui.errors import LocalError, Unreachable
from snomtui.remote.driving.client import NotASnom, Refused, Unanswered
from snomtui.remote.driving.dialling import Dialler
from snomtui.remote.driving.numbers import Rules
from tests.remote.driving.oddphones import FOUND, NOT_FOUND, OK, Odd, logged_in, odd, page

INDEX = page("200 OK", "<title>snom 370</title>", "Server: snom embedded")
LOGIN_PAGE = '<title>Router</title><form><input name="p" type="password"></form>'


def dial(phone: Odd, number: str = "5", user: str = "", **more: object) -> list[str]:
    """Dial, and return what was said aside."""
    notes: list[str] = []
    with Dialler(phone.url, user, "geheim" if user else "", 2.0, note=notes.append) as dialler:
        dialler.dial(number, **more)  # type: ignore[arg-type]
    return notes


@pytest.mark.parametrize(
    "answer",
    [
        FOUND,
        OK,
        page("200 OK", ""),
        page("303 See Other", "", "Location: http://127.0.0.1:1/index.htm"),
        page("302 Found", "", "Location: http://other.test/command.htm?number=5"),
        page("200 OK", "<title>snom 320</title> Dialled: 110. Yealink, password, blocked?" + " " * 5000),
        page("204 No Content", ""),
    ],
)
def test_phone_that_takes_the_call_is_asked_once(answer: bytes) -> None:
    with odd(lambda request: answer) as phone:
        assert dial(phone, "+49 30 12", outgoing="49301@voip.test") == []
        assert phone.lines == ["GET /command.htm?number=%2B493012&outgoing_uri=49301%40voip.test"]


@pytest.mark.parametrize("asks", ['Basic realm="snom"', 'Digest realm="snom", nonce="1", qop="auth"'])
def test_phone_with_a_login_and_a_redirect_gets_the_call_once(asks: str) -> None:
    with odd(logged_in(asks, FOUND, "Basic" if "Basic" in asks else 'username="me"')) as phone:
        assert dial(phone, user="me") == []
        assert phone.lines == ["GET /command.htm?number=5"] * 2
        assert sum(b"uthorization:" in request for request in phone.asked) == 1


def test_phone_that_wants_https_is_asked_there_once() -> None:
    with odd(lambda request: FOUND) as behind:
        moved = page("307 Temporary Redirect", "", f"Location: {behind.url}/command.htm?number=5")
        with odd(lambda request: moved) as front:
            dial(front)
            assert (front.dials(), behind.dials()) == (1, 1)


def test_firmware_that_hangs_up_after_a_dial_has_probably_dialled() -> None:
    with odd(lambda request: b"" if b"number=" in request else INDEX) as phone:
        assert dial(phone) == [
            f"127.0.0.1:{phone.port}: closed the connection without an answer, as some firmware does when it dials"
        ]
        assert phone.dials() == 1


@pytest.mark.parametrize("index", [b"", page("200 OK", "<title>Printer</title>"), NOT_FOUND])
def test_stranger_that_hangs_up_has_not_dialled(index: bytes) -> None:
    with odd(lambda request: b"" if b"number=" in request else index) as box:
        with pytest.raises(Unreachable, match="closed the connection") as said:
            dial(box)
        assert exit_code(said.value) == 3 and box.dials() == 1


def test_silence_after_a_dial_is_told_as_doubt_and_not_tried_again() -> None:
    told = Event()
    with odd(lambda request: b"" if told.wait(5) else OK) as phone, Dialler(phone.url, timeout=0.2) as dialler:
        with pytest.raises(Unanswered, match="no answer.*look at the phone before you dial again") as said:
            dialler.dial("5")
        told.set()
        assert phone.dials() == 1 and exit_code(said.value) == 3


def test_answer_that_breaks_off_leaves_doubt_too() -> None:
    with odd(lambda request: b"HTTP/1.1 200") as phone:
        with pytest.raises(Unanswered, match="look at the phone before you dial again"):
            dial(phone)
        assert phone.dials() == 1


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (NOT_FOUND, NotASnom, "no snom phone with remote control"),
        (page("405 Method Not Allowed", ""), NotASnom, "no snom phone"),
        (page("200 OK", LOGIN_PAGE), NotASnom, "a page that asks for a login; its first page is called 'Router'"),
        (page("200 OK", "<title>FRITZ!Box 7590</title>"), NotASnom, "says that it is FRITZ!Box"),
        (page("404 Not Found", "", "Server: Yealink SIP-T46S"), NotASnom, "no snom phone, it says that it is Yealink"),
        (page("302 Found", "", "Location: /login.cgi"), NotASnom, "no snom phone"),
        (page("200 OK", "<title>snom D865</title>"), NotASnom, "D865; phones of the D8xx series cannot be controlled"),
        (page("401 Unauthorized", "", 'WWW-Authenticate: Basic realm="D862"'), NotASnom, "D8xx"),
        (page("401 Unauthorized", "", 'WWW-Authenticate: Basic realm="snom"'), Refused, "a login is needed"),
        (page("403 Forbidden", ""), Refused, "this login may not do that"),
        (page("403 Forbidden", "<p>hidden tags</p>"), Refused, "no commands while hidden tags are on"),
        (page("200 OK", "Error: use_hidden_tags is on"), Refused, "switch them off"),
        (page("200 OK", "Web interface blocked for 1 minute"), Refused, "blocked.*a few minutes"),
        (page("503 Busy", "blocked", "Retry-After: 60"), Refused, "try again in 60 seconds"),
        (page("500 Oops", ""), Refused, r"\(answer 500\)"),
        (
            page("307 Elsewhere", "", "Location: http://192.0.2.9/command.htm"),
            Refused,
            "sends us to http://192.0.2.9/com",
        ),
        (page("503 Busy", "", "Retry-After: 7"), Refused, r"\(answer 503; it says: again in 7 seconds\)"),
        (page("302 Found", "", "Location: /index.htm", "X-Phone-Refusal: not registered"), Refused, "not registered"),
    ],
)
def test_refusals_are_told_in_words_and_nothing_is_dialled_again(
    answer: bytes, error: type[Exception], words: str
) -> None:
    with odd(lambda request: answer) as phone:
        with pytest.raises(error, match=words) as said:
            dial(phone)
        assert type(said.value) is error and exit_code(said.value) == 1  # type: ignore[arg-type]
        assert phone.dials() == 1


def test_wrong_login_is_told_as_such() -> None:
    with odd(logged_in('Basic realm="snom"', OK, "never")) as phone:
        with pytest.raises(Refused, match="wrong login"):
            dial(phone, user="me")
        assert phone.dials() == 2


def test_number_is_dialled_by_the_rules_of_the_phone() -> None:
    with odd(lambda request: OK) as phone, Dialler(phone.url) as dialler:
        assert dialler.dial("(030) 12 34 56", rules=Rules("49", prefix="0")) == "000493012" + "3456"
        assert phone.lines == ["GET /command.htm?number=0004930123456"]


@pytest.mark.parametrize("number", ["", " ", "tel:", "12\x00", "1" * 300])
def test_nothing_is_sent_for_what_is_no_number(number: str) -> None:
    with odd(lambda request: OK) as phone:
        with pytest.raises(LocalError):
            dial(phone, number)
        assert phone.asked == []
