"""What a real snom is asked for: keys, settings, or nothing at all."""

from __future__ import annotations

import pytest

from snomtui.phone import intents as want
from snomtui.phone.intents import Intent
from snomtui.presence import Availability
from snomtui.remote.driving import realsnom
from snomtui.remote.driving.client import Unanswered
from snomtui.remote.driving.driver import Remote
from snomtui.remote.driving.realsnom import Cannot
from tests.remote.driving.oddphones import FOUND, NOT_FOUND, OK, odd, page

KEY = "GET /command.htm?key="
SAVE = "settings=save&store_settings=save&"


@pytest.mark.parametrize(
    ("wish", "line", "form"),
    [
        (want.Answer(), f"{KEY}ENTER", ""),
        (want.HangUp(), f"{KEY}CANCEL", ""),
        (want.HangUp(every=True), "GET /command.htm?RELEASE_ALL_CALLS", ""),
        (want.Hold(), f"{KEY}F_HOLD", ""),
        (want.Resume(), f"{KEY}F_HOLD", ""),
        (want.Transfer("030*#"), f"{KEY}TRANSFER%3B0%3B3%3B0%3B%2A%3B%23%3BENTER", ""),
        (want.Conference(), f"{KEY}F_CONFERENCE", ""),
        (want.Dtmf("12#"), "GET /command.htm?key_dtmf=12%23", ""),
        (want.Register(2), "GET /command.htm?REREGISTER=2", ""),
        (want.LogOff(None), "GET /command.htm?LOGOFFALL", ""),
        (want.LogOff(3), "GET /command.htm?LOGOFFLINE=3", ""),
        (want.Redirect("all", True, "030"), "POST /dummy.htm", f"{SAVE}redirect_event=all&redirect_number=030"),
        (want.Redirect("busy", True), "POST /dummy.htm", f"{SAVE}redirect_event=busy"),
        (want.Redirect("time", False), "POST /dummy.htm", f"{SAVE}redirect_event=none"),
        (want.SetSetting("http_pass", "ge=&heim"), "POST /dummy.htm", f"{SAVE}http_pass=ge%3D%26heim"),
    ],
)
def test_real_snom_gets_keys_and_settings(wish: Intent, line: str, form: str) -> None:
    with odd(lambda request: NOT_FOUND if b"/api/" in request else OK) as phone, Remote(phone.url) as remote:
        remote.do(wish)
        assert phone.lines == ["GET /api/v1/phone", line]
        assert phone.asked[1].partition(b"\r\n\r\n")[2].decode() == form


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (want.SetPresence(Availability.BUSY), "takes no presence over HTTP"),
        (want.Write("030", "hello"), "no instant messages"),
        (want.Conference(on=False), "no key that parts a conference"),
        (want.Transfer("+4930"), "has keys for|has more than digits"),
        (want.Redirect("all"), "say on or off"),
    ],
)
def test_what_a_real_snom_cannot_is_told_plainly(wish: Intent, words: str) -> None:
    with odd(lambda request: NOT_FOUND if b"/api/" in request else OK) as phone, Remote(phone.url) as remote:
        with pytest.raises(Cannot, match=words):
            remote.do(wish)
        with pytest.raises(Cannot, match="press its line key"):
            remote.swap()
        assert phone.lines == ["GET /api/v1/phone"] * len(phone.lines)


def test_restart_is_followed_to_its_page_but_not_to_another_host() -> None:
    def behave(request: bytes) -> bytes:
        if b" /advanced_update.htm" in request:
            return page("302 Found", "", "Location: /reboot.htm")
        away = page("302 Found", "", "Location: http://other.test/x")
        return NOT_FOUND if b"/api/" in request else away

    with odd(behave) as phone, Remote(phone.url) as remote:
        remote.do(want.Reboot())
        assert phone.lines[1:] == ["GET /advanced_update.htm?reboot=Reboot", "GET /reboot.htm"]


def test_note_says_what_was_really_done() -> None:
    notes: list[str] = []
    with odd(lambda request: NOT_FOUND if b"/api/" in request else FOUND) as phone:
        with Remote(phone.url, note=notes.append) as remote:
            remote.do(want.Hold())
        assert notes == [f"127.0.0.1:{phone.port}: a snom has one key for hold and resume; it was pressed"]


def test_settings_are_saved_together() -> None:
    assert realsnom.settings({"a": "1", "b": "x y"}).form == f"{SAVE}a=1&b=x%20y"


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 2"])
def test_key_without_an_answer_leaves_doubt_and_is_pressed_once(answer: bytes) -> None:
    with odd(lambda request: NOT_FOUND if b"/api/" in request else answer) as phone, Remote(phone.url) as remote:
        with pytest.raises(Unanswered, match="look at the phone before you do it again"):
            remote.do(want.Hold())
        assert phone.lines == ["GET /api/v1/phone", f"{KEY}F_HOLD"]
