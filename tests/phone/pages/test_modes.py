"""Administrator and user mode, as somebody changes them on the display."""

from __future__ import annotations

from snomtui.phone.intents import Administer, Go, Press, Reset, SetSetting
from tests.phone.bench import Bench


def typed(bench: Bench, password: str) -> str:
    """Type the password and OK; the refusal, if any."""
    bench.press(*password)
    refusal = bench.do(Press("ENTER"))
    return refusal.why if refusal else ""


def test_user_leaves_and_enters_administrator_mode_by_keys() -> None:
    bench = Bench()
    bench.do(Go("modes"))
    assert bench.rows == ["1 Administrator mode", "2 User mode"]
    bench.press("2", "ENTER")
    assert bench.phone.settings.text("admin_mode") == "off" and bench.kept["setting:admin_mode"] == "off"
    bench.do(Go("modes"))
    bench.press("1", "ENTER")
    assert bench.page.title == "Administrator password"
    assert typed(bench, "1234") == "Wrong administrator password"
    assert bench.page.entry == "****"
    bench.press(*["LEFT"] * 4)
    assert typed(bench, "0000") == ""
    assert bench.phone.settings.text("admin_mode") == "on" and bench.kept["setting:admin_mode"] == "on"
    assert bench.page.name == "modes"


def test_menu_shows_a_user_only_what_is_left_to_users() -> None:
    bench = Bench(settings={"admin_mode": "off"})
    bench.press("MENU")
    assert "Network" not in " ".join(bench.rows) and "1 Preferences" in bench.rows
    bench.do(Go("menu:web"))
    assert [row for row in bench.rows if "password" in row.lower()] == []
    bench.do(Go("menu:preferences"))
    assert any("Language" in row for row in bench.rows)


def test_user_changes_no_setting_of_the_administrator_and_resets_nothing() -> None:
    bench = Bench(settings={"admin_mode": "off"})
    for wish in (SetSetting("http_pass", "x"), SetSetting("admin_mode", "on"), Reset()):
        refusal = bench.do(wish)
        assert refusal is not None and "administrator mode only" in refusal.why
    assert bench.do(SetSetting("fkey0", "speed 1")) is None
    assert bench.do(Press("DND")) is None and bench.phone.settings.on("dnd_mode")


def test_guessing_on_the_display_must_wait() -> None:
    bench = Bench(settings={"admin_mode": "off"})
    for _ in range(4):
        refusal = bench.do(Administer("1"))
        assert refusal is not None and refusal.why == "Wrong administrator password"
    refusal = bench.do(Administer("0000"))
    assert refusal is not None and refusal.why == "Too many wrong passwords; wait 60 s"


def test_two_administrator_passwords_must_be_the_same() -> None:
    bench = Bench()
    assert bench.do(SetSetting("admin_mode_password", "12")) is None
    assert bench.phone.settings.text("admin_mode_password_confirm") == "12"
    refusal = bench.do(SetSetting("admin_mode_password_confirm", "13"))
    assert refusal is not None and refusal.why == "The two administrator passwords differ"


def test_nobody_reads_the_password_in_the_wish() -> None:
    assert "geheim" not in repr(Administer("geheim"))
