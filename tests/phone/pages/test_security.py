"""The warning that the web server has no password, and the page that explains it."""

from __future__ import annotations

import pytest

from snomtui.phone.intents import Go
from snomtui.skin import Shape
from tests.phone.bench import SHAPE, Bench

WARNING = "No web password!"


def served(url: str = "http://127.0.0.1:8080", shape: Shape = SHAPE, **settings: str) -> Bench:
    """A phone whose web server has started."""
    bench = Bench(settings=settings, shape=shape)
    bench.phone.serves(url)
    return bench


def test_open_web_server_is_told_on_the_idle_page_until_x_closes_it() -> None:
    bench = served()
    assert bench.snapshot.status == WARNING
    bench.press("MENU")
    assert bench.snapshot.status == ""
    bench.press("CANCEL")
    assert bench.snapshot.status == WARNING
    bench.press("CANCEL")
    assert bench.snapshot.status == ""


@pytest.mark.parametrize(
    "bench",
    [Bench(), served(http_pass="geheim"), served(ignore_security_warning="on")],
    ids=["no server", "password", "ignored"],
)
def test_nobody_is_warned_without_reason(bench: Bench) -> None:
    assert bench.snapshot.status == ""


@pytest.mark.parametrize(
    ("url", "who"),
    [
        ("http://127.0.0.1:8080", "Every program on this machine"),
        ("http://192.0.2.1:80", "Everybody in this network"),
    ],
)
def test_page_says_who_could_use_the_phone(url: str, who: str) -> None:
    bench = served(url)
    bench.press("MENU", "6", "ENTER", "3", "ENTER")
    text = " ".join(bench.rows)
    assert bench.page.title == "Security" and text.startswith("The web server has no password.") and who in text


def test_page_leads_to_user_and_password_and_ends_the_warning() -> None:
    bench = served()
    bench.do(Go("security"))
    bench.press("F3")
    assert bench.phone.settings.on("ignore_security_warning") and bench.snapshot.status == ""
    bench.press("F3", "F2")
    assert bench.page.title == "Web user"
    bench.press("CANCEL", "F1")
    bench.write("geheim")
    bench.press("ENTER")
    assert bench.rows[0].startswith("The web server asks for a password.")
    assert bench.page.softkeys[0] is None
    bench.press("CANCEL")
    assert bench.snapshot.status == ""


def test_page_scrolls_on_one_row_and_says_when_there_is_no_server() -> None:
    bench = served(shape=Shape("snom320", 1, 24, 4, 12))
    bench.do(Go("security"))
    read = []
    for _ in range(20):
        read += bench.rows
        bench.press("DOWN")
    assert read[0] == "The web server has no" and "server." in read[-1]
    off = Bench()
    off.do(Go("security"))
    assert off.rows == ["The web server is off."]
