"""The idle page: what each model shows, and what its keys do."""

from __future__ import annotations

import pytest

from snomtui.line.events import OwnPresenceChanged
from snomtui.phone import ears
from snomtui.phone.intents import Go, Press, SetSetting
from snomtui.phone.pages.face import across, clock_face
from snomtui.phone.snapshot import INK
from snomtui.presence import Availability, Presence
from tests.line.peer import Peer, says
from tests.phone.bench import Bench
from tests.phone.pages.shapes import EACH, fits, labels, phone, seen

SECOND = {"user_name2": "zweite", "user_host2": "example.org", "user_outbound2": "127.0.0.1:5060;transport=tcp"}


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_name_and_time_are_on_every_display(shape: str, language: str) -> None:
    bench = phone(shape, language)
    fits(bench, shape)
    assert "Heiko Riedel" in seen(bench)
    assert bench.snapshot.clock == "02:13"
    assert ("02:13" in bench.page.rows[0].right) is (shape == "snom320")


def test_own_text_takes_the_place_of_the_name() -> None:
    bench = phone("snom370", user_idle_text1="Room 12")
    assert bench.rows[0] == "Room 12"


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_what_is_wrong_is_on_every_display(shape: str, language: str) -> None:
    bench = phone(shape, language, Peer(REGISTER=says(403)))
    fits(bench, shape)
    assert "NR" in seen(bench)
    if shape != "snom320":
        whole = " ".join(seen(bench).split())
        assert ("Menu, Sign in: check address and login" in whole) is (language == "English")
        assert ("Anmelden" in whole) is (language == "Deutsch")


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_everything_at_once_still_fits(shape: str, language: str) -> None:
    bench = phone(shape, language, dnd_mode="on", redirect_event="all", redirect_number="+491724711", **SECOND)
    bench.phone.model.missed = 3
    bench.do(SetSetting("vol_ringer", "5"))
    fits(bench, shape)
    assert ("DND active!" if language == "English" else "DND aktiv!") in seen(bench)
    if shape != "snom320":
        assert "+491724711" in seen(bench)
        assert ("Missed: 3" if language == "English" else "Verpasst: 3") in seen(bench)


def test_outgoing_identity_is_marked_among_several() -> None:
    bench = phone("snom360", **SECOND)
    assert [row.mark for row in bench.page.rows] == ["outgoing", "registered"]
    bench.press("DOWN")
    assert [row.mark for row in bench.page.rows] == ["registered", "outgoing"]
    bench.press("UP")
    assert bench.snapshot.identities[0].active


def test_identity_that_is_not_registered_is_marked() -> None:
    bench = phone("snom370", "English", Peer(REGISTER=says(403)))
    assert bench.page.rows[0].mark == "unregistered"


def test_presence_is_told_as_a_word_beside_or_below_the_name() -> None:
    for shape, place in (("snom370", (0, "right")), ("snom360", (1, "text"))):
        bench = phone(shape, "Deutsch")
        ears.hear(bench.phone.model, OwnPresenceChanged(1, Presence(Availability.BUSY, note="Umbau")), bench.now)
        bench.do(Press("CANCEL"))
        assert getattr(bench.page.rows[place[0]], place[1]) == "Beschäftigt"
        assert "Umbau" in seen(bench)


# -- the clock with hands


def test_narrow_display_has_a_clock_with_hands_beside_the_rows() -> None:
    picture = phone("snom360").page.picture
    assert picture is not None and picture.place == "right"
    assert len(picture.rows[0]) == 9 and len(picture.rows) == 10
    smaller = phone("snom360", user_realname1="Heiko von Riedel").page.picture
    assert smaller is not None and len(smaller.rows[0]) == 7
    assert phone("snom370").page.picture is None and phone("snom320").page.picture is None


def test_clock_gives_way_when_there_is_something_to_say() -> None:
    assert phone("snom360", "English", Peer(REGISTER=says(403))).page.picture is None


@pytest.mark.parametrize(("hour", "minute", "lit"), [(3, 0, (4, 1)), (9, 30, (4, 6)), (12, 15, (6, 4))])
def test_hands_show_the_time(hour: int, minute: int, lit: tuple[int, int]) -> None:
    rows = clock_face(hour, minute, across(5)).rows
    x, y = lit
    assert rows[y][x] == INK and {len(row) for row in rows} == {9} and len(rows) == 10


def test_display_of_three_rows_has_no_room_for_a_clock() -> None:
    assert (across(3), across(4), across(20)) == (0, 7, 15)


# -- keys


def test_soft_keys_are_those_of_the_settings() -> None:
    bench = phone(
        "snom370", gui_fkey1="F_REGS", gui_fkey2="keyevent F_REDIRECT", gui_fkey3="none", gui_fkey4="speed 110"
    )
    assert labels(bench) == ["Lines", "Redirect", "", "110"]
    bench.press("F2")
    assert bench.page.name == "redirection"


@pytest.mark.parametrize(("shape", "language"), EACH)
def test_soft_keys_fit_with_their_usual_meanings(shape: str, language: str) -> None:
    bench = phone(shape, language)
    fits(bench, shape)
    assert [key.intent for key in bench.page.softkeys if key] == [
        Go("contacts"),
        Go("call_lists"),
        Go("presence"),
        Go("menu"),
    ]


@pytest.mark.parametrize(
    ("key", "page"), [("ENTER", "Dialled calls"), ("LEFT", "Received calls"), ("RIGHT", "Missed calls")]
)
def test_disc_opens_the_call_lists(key: str, page: str) -> None:
    bench = phone("snom370")
    bench.press(key)
    assert bench.page.title.startswith(page)


def test_disc_does_what_settings_say() -> None:
    bench = phone("snom370", idle_ok_key_action="keyevent F_SETTINGS", idle_left_key_action="")
    bench.press("LEFT")
    assert bench.page.name == "idle"
    bench.press("ENTER")
    assert bench.page.name == "menu"


@pytest.mark.parametrize("action", ["keyevent F_UP", "keyevent F1", "keyevent P3", "keyevent F_NOSUCH"])
def test_key_that_could_stand_for_itself_does_nothing(action: str) -> None:
    bench = Bench(settings={"idle_up_key_action": action, "gui_fkey1": action})
    bench.press("UP", "F1")
    assert bench.page.name == "idle"
