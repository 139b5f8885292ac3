"""Questions before something is lost, and the wishes behind them."""

from __future__ import annotations

from snomtui.phone.history import Record
from snomtui.phone.intents import Go
from snomtui.phone.snapshot import Led, Pattern
from snomtui.presence import Contact
from snomtui.skin import Shape
from tests.phone.bench import Bench

BOB = Contact("sip:bob@example.org", "Bob", watched=False)


def test_reset_takes_everything_but_what_simulates_the_world() -> None:
    bench = Bench(
        contacts=[BOB],
        records=[Record("missed", "", "1", 1.0)],
        settings={"language": "Deutsch", "sim_firmware": "8.1"},
    )
    model = bench.phone.model
    model.warned, model.browser.variables["who"], model.browser.lights["P5"] = True, "Anna", Led("red", Pattern.ON)
    bench.do(Go("menu:maintenance"))
    bench.press("UP")
    assert bench.page.rows[bench.page.cursor or 0].text.endswith("Zurücksetzen")
    bench.press("ENTER", "2", "ENTER")
    assert bench.page.title == "Sign in, line 1"
    settings = bench.phone.settings
    assert (settings.text("language"), settings.text("user_name1"), settings.text("sim_firmware")) == (
        "English",
        "",
        "8.1",
    )
    assert bench.snapshot.identities == () and bench.phone.model.directory == ()
    assert bench.phone.model.history.list("missed") == []
    assert bench.kept["reset"] == ""
    assert not model.warned and not model.browser.variables and "P5" not in bench.snapshot.leds


def test_nothing_happens_without_a_yes() -> None:
    bench = Bench()
    for question in ("reset", "reboot", "log_off_all", "log_off/1", "clear/all"):
        bench.do(Go(f"confirm:{question}"))
        assert bench.rows[:2] == ["No", "Yes"]
        bench.press("ENTER")
    bench.do(Go("confirm:reset"))
    bench.press("F4")
    assert bench.page.name == "idle" and bench.snapshot.identities[0].state == "registered"


def test_line_is_logged_off_after_a_yes() -> None:
    bench = Bench()
    bench.press("MENU", "3", "ENTER", "4", "ENTER")
    assert bench.page.title == "Log off line 1?"
    bench.press("F1")
    assert bench.peer.last("REGISTER").expires == 0
    assert bench.page.title == "Identity"


def test_only_row_shows_question_and_answer() -> None:
    bench = Bench(shape=Shape("snom320", 1, 24, 4, 12))
    bench.do(Go("confirm:reboot"))
    assert bench.rows == ["Reboot? No"]
    bench.press("DOWN")
    assert bench.rows == ["Reboot? Yes"]


def test_question_that_nobody_asks_has_no_answer() -> None:
    bench = Bench()
    bench.do(Go("confirm:nonsense"))
    assert bench.rows == ["Nothing here"]
    bench.press("F1", "CANCEL")
    assert bench.page.name == "idle"
