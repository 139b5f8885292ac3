"""The sign-in form and the page for a transfer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from snomtui.phone.intents import Go, Press, Select
from snomtui.skin import Shape
from tests.line.peer import Peer, registered, says
from tests.line.server.test_registration import digest_door
from tests.phone.bench import Bench, Keep
from tests.phone.pages.shapes import phone

SERVER = "127.0.0.1:5060;transport=tcp"


def filled(bench: Bench, *texts: str) -> None:
    """Type into the four fields, with Tab between them."""
    for number, text in enumerate(texts):
        if number:
            bench.press("TEXT:\t")
        bench.write(text)


def test_form_that_is_typed_on_a_keyboard_signs_in() -> None:
    bench = Bench(Peer(REGISTER=digest_door()), bare=True)
    assert bench.page.title == "Sign in, line 1"
    filled(bench, "heiko@example.org", "heiko", "secret", SERVER)
    assert bench.page.rows[2].text == "Password: ******"
    bench.press("ENTER")
    bench.advance(1)
    assert bench.page.name == "idle"
    assert bench.snapshot.identities[0].state == "registered"
    assert bench.kept["setting:user_name1"] == "heiko"


def test_form_that_is_typed_with_the_digit_keys_signs_in() -> None:
    bench = Bench(bare=True)
    # heiko@example.org: 44 33 444 55 666 | 1 five times is @ | ...
    for key, times in [("4", 2), ("3", 2), ("4", 3), ("5", 2), ("6", 3), ("1", 5)]:
        bench.press(*[key] * times)
        bench.advance(1.1)
    assert bench.page.entry == "heiko@"
    for key, times in [("3", 2), ("9", 2), ("2", 1), ("6", 1), ("7", 1), ("5", 3), ("3", 2), ("1", 1), ("6", 3)]:
        bench.press(*[key] * times)
        bench.advance(1.1)
    for key, times in [("7", 3), ("4", 1)]:
        bench.press(*[key] * times)
        bench.advance(1.1)
    assert bench.page.entry == "heiko@example.org"
    bench.press("UP")
    bench.write(SERVER)
    bench.press("F1")
    bench.advance(1)
    assert bench.snapshot.identities[0].state == "registered"


def test_modes_change_what_the_digit_keys_type() -> None:
    bench = Bench(bare=True)
    assert bench.page.mode == "abc"
    bench.press("2", "F2", "2", "F2", "2")
    assert bench.page.mode == "123"
    assert bench.page.entry == "aA2"
    bench.press("BACKSPACE", "LEFT")
    assert bench.page.entry == "a"


def test_key_that_is_pressed_again_late_begins_a_new_letter() -> None:
    bench = Bench(bare=True)
    bench.press("2")
    bench.advance(1.5)
    bench.press("2", "2")
    assert bench.page.entry == "ab"


def test_password_is_never_shown() -> None:
    bench = Bench(bare=True)
    filled(bench, "a@b", "", "geheim")
    assert bench.page.entry == "******"
    bench.press("DOWN")
    assert "geheim" not in repr(bench.snapshot)


def test_address_that_is_none_is_refused_in_words_and_can_be_mended() -> None:
    bench = Bench(bare=True)
    bench.write("heiko")
    refusal = bench.do(Press("F1"))
    assert refusal is not None and refusal.why == "Address must be user@domain"
    assert bench.page.name == "sign_in"
    assert bench.page.cursor == 0
    assert "Address must be user@domain" in bench.snapshot.status
    bench.write("@example.org")  # what is typed now is no refusal any more
    bench.press("UP")
    bench.write(SERVER)
    bench.press("F1")
    bench.advance(1)
    assert bench.snapshot.identities[0].state == "registered"


def test_server_that_is_none_is_refused_and_the_form_stays() -> None:
    bench = Bench(bare=True)
    filled(bench, "heiko@example.org", "", "", "not a server")
    refusal = bench.do(Press("ENTER"))
    assert refusal is not None
    assert "user_outbound1" in refusal.why
    assert bench.page.name == "sign_in"


def test_domain_in_the_login_means_ocs() -> None:
    bench = Bench(bare=True)
    filled(bench, "heiko@ucc.de", "UCC\\heiko", "x", SERVER)
    bench.press("ENTER")
    assert bench.phone.settings.text("user_server_type1") == "ocs"


def test_login_without_a_domain_gets_a_field_for_it() -> None:
    bench = Bench(bare=True)
    filled(bench, "heiko@ucc.de", "heiko")
    assert bench.page.softkeys[2] is not None and bench.page.softkeys[2].label == "Domain"
    bench.press("F3")
    assert bench.rows == ["Address: heiko@ucc.de", "Login: heiko", "Domain: ", "Password: ", "Server: "]
    filled(bench, "UCC", "x", SERVER)
    bench.press("ENTER")
    assert bench.phone.settings.text("user_pname1") == "UCC\\heiko"
    assert bench.phone.settings.text("user_server_type1") == "ocs"
    assert bench.phone.settings.text("user_pass1") == "x"


@pytest.mark.parametrize("login", ["UCC\\heiko", "heiko@ucc.de", ""])
def test_login_with_a_domain_is_asked_for_no_other(login: str) -> None:
    bench = Bench(bare=True)
    filled(bench, "heiko@ucc.de", login)
    assert bench.page.softkeys[2] is not None and bench.page.softkeys[2].label == "Next"


def test_ocs_account_whose_login_has_no_domain_is_asked_for_it() -> None:
    bench = Bench(settings={"user_server_type1": "ocs"})
    bench.do(Go("sign_in"))
    assert bench.rows[2] == "Domain: "


@pytest.mark.parametrize("shape", ["snom320", "snom360", "snom370"])
def test_every_display_says_somewhere_in_full_why_a_login_was_refused(shape: str) -> None:
    bench = phone(shape, "Deutsch", Peer(REGISTER=digest_door(password="new")))
    bench.press("MENU", "6", "ENTER", "2", "ENTER")
    rows = {}
    for _ in range(40):
        rows[bench.page.above + (bench.page.cursor or 0)] = bench.page.rows[bench.page.cursor or 0].text
        bench.press("DOWN")
    words = " ".join(text.partition(" ")[2] if shape == "snom320" else text for _, text in sorted(rows.items()))
    assert "Anmeldung abgelehnt: Name oder Passwort falsch" in words


def test_reason_for_which_the_form_has_no_room_ends_in_dots() -> None:
    bench = phone("snom370", "English", Peer(REGISTER=digest_door(password="new")))
    bench.phone.model.identities[1] = replace(bench.phone.model.identities[1], reason="so many words " * 20)
    bench.do(Go("sign_in"))
    assert len(bench.page.rows) == 8 and bench.page.rows[-1].text.endswith("...")


def test_form_and_idle_page_say_why_the_last_sign_in_was_refused_and_what_can_be_done() -> None:
    bench = Bench(Peer(REGISTER=digest_door(password="new")))
    shown = " ".join(bench.rows)
    assert "The login was refused" in shown and "Menu, Sign in: check login and password" in shown
    bench.do(Go("sign_in"))
    assert bench.rows[4].startswith("The login was refused")
    assert bench.page.rows[4].style == "alert"


@pytest.mark.parametrize(
    ("status", "way_out"),
    [(403, "check address and login"), (404, "check address and login"), (480, "")],
)
def test_idle_page_says_the_way_out_where_a_phone_can_know_it(status: int, way_out: str) -> None:
    bench = Bench(Peer(REGISTER=says(status)))
    assert [row for row in bench.rows if row.startswith("Menu")] == ([f"Menu, Sign in: {way_out}"] if way_out else [])


def test_form_shows_what_is_known_but_not_the_password() -> None:
    bench = Bench()
    bench.do(Go("sign_in"))
    assert bench.rows == [
        "Address: heiko@example.org",
        "Login: heiko",
        "Password: ",
        f"Server: {SERVER}",
    ]
    bench.press("F1")  # an empty password leaves the old one
    assert bench.phone.settings.text("user_pass1") == "secret"


def test_click_on_a_field_goes_there() -> None:
    bench = Bench(bare=True)
    bench.write("a")
    bench.do(Select(2))
    bench.write("p")
    assert bench.rows[0] == "Address: a"
    assert bench.rows[2] == "Password: *"


def test_form_on_a_small_display_shows_the_field_that_is_typed() -> None:
    bench = Bench(bare=True, shape=Shape("snom320", 2, 23, 4, 12))
    for number in range(4):
        assert bench.page.cursor is not None
        assert bench.page.cursor < len(bench.page.rows)
        assert bench.page.rows[bench.page.cursor].text.startswith(("Address", "Login", "Password", "Server")[number])
        bench.press("DOWN")


def test_form_can_be_left() -> None:
    bench = Bench()
    bench.do(Go("sign_in"))
    bench.press("CANCEL")
    assert bench.page.name == "idle"


def test_password_is_kept_for_the_next_start_only_as_a_setting() -> None:
    bench = Bench(bare=True)
    filled(bench, "heiko@example.org", "", "secret", SERVER)
    bench.press("ENTER")
    assert [keep.name for keep in bench.done(Keep) if "secret" in keep.value] == ["setting:user_pass1"]


def test_sign_in_again_with_another_password() -> None:
    bench = Bench(Peer(REGISTER=digest_door(password="new")))
    assert bench.snapshot.identities[0].state == "refused"
    bench.do(Go("sign_in"))
    bench.do(Select(2))
    bench.write("new")
    bench.press("F1")
    bench.advance(3)
    assert bench.snapshot.identities[0].state == "registered"


def test_empty_transfer_is_not_sent() -> None:
    bench = Bench(Peer(REGISTER=registered))
    bench.talk()
    bench.press("TRANSFER", "ENTER")
    assert bench.page.name == "transfer"
    assert bench.page.title.startswith("Transfer")
    bench.press("5", "F2", "2", "BACKSPACE", "BACKSPACE", "CANCEL")
    assert bench.page.name == "call"


def test_transfer_page_leaves_with_its_call() -> None:
    bench = Bench()
    bench.talk()
    bench.press("TRANSFER")
    bye = bench.peer.make(
        "BYE",
        to=bench.peer.last("ACK").headers.get("From") or "",
        caller=bench.peer.last("ACK").headers.get("To") or "",
        call_id=bench.peer.last("ACK").call_id,
    )
    bench.tell(bye)
    bench.advance(5)
    assert bench.page.name == "idle"
