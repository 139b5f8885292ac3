"""The setup pages in a real Chromium, click by click, at a phone that is registered and really dials."""

from __future__ import annotations

import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import PATIENCE, Chromium, Tab
from tests.programs import Program, sets

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]
PEOPLE = Path(__file__).with_name("quiet.toml")
LOGIN = ("heiko", "Snom2009")


class Visitor:
    """A person at the pages of the phone, with a mouse and a keyboard."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    def finds(self, script: str) -> Any:
        """The value of a script as soon as it is true, whatever page is being loaded meanwhile."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                found = self.tab.evaluate(script)
            except AssertionError:  # the page was left just now
                found = None
            if found:
                return found
            assert time.monotonic() < end, f"{script} never came true at {self.tab.evaluate('document.body.innerText')}"
            time.sleep(0.05)

    def click(self, text: str) -> None:
        """Click a link, button or heading of a folded part that reads just this."""
        self._click_on(
            "[...document.querySelectorAll('a, button, summary')]"
            f".find((e) => e.innerText.trim() === {json.dumps(text)})"
        )

    def click_field(self, name: str) -> None:
        """Click into a field."""
        self._click_on(f"document.getElementsByName({json.dumps(name)})[0]")

    def _click_on(self, element: str) -> None:
        self.finds(f"document.readyState === 'complete' && {element}?.checkVisibility()")
        x, y = self.finds(
            # What gets the focus when a page opens may still scroll it: measured after the next picture.
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {"
            f" const e = {element}; e.scrollIntoView({{ block: 'center' }});"
            " const b = e.getBoundingClientRect(); done([b.x + b.width / 2, b.y + b.height / 2]); })))"
        )
        self.tab.click_at(x, y)

    def write(self, name: str, text: str) -> None:
        """Click into a field, take out what stands there and type this."""
        self.click_field(name)
        self.tab.evaluate("document.activeElement.select()")
        self.tab.press("Backspace", 8)
        self.tab.order("Input.insertText", text=text)

    def choose(self, name: str, letters: str) -> None:
        """Go to a list by keyboard and type what the choice begins with."""
        self.finds(
            f"(() => {{ const e = document.getElementsByName({json.dumps(name)})[0]; e?.focus(); return !!e; }})()"
        )
        for letter in letters:
            self.tab.press(letter, ord(letter.upper()))

    def reads(self, text: str) -> None:
        """Wait until this can be read on the page."""
        self.finds(f"document.readyState === 'complete' && document.body.innerText.includes({json.dumps(text)})")

    def is_at(self, heading: str) -> None:
        """Wait for the page with this heading."""
        self.finds(
            f"document.readyState === 'complete' && document.querySelector('h1')?.innerText === {json.dumps(heading)}"
        )


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests of this file."""
    made = Chromium(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture
def phone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    """A phone with its front end, registered; a test may ask for settings by indirect parameters."""
    words = ["demo", "--headless", "--people", str(PEOPLE), "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0"]
    with Program(*words, "--state-dir", str(tmp_path / "state"), *getattr(request, "param", ())) as made:
        made.wait("registration", state="registered")
        yield made
        made.quit()


def web(phone: Program) -> str:
    """The address of its web server."""
    return str(phone.wait("ready")["http"])


def asked_without_login(url: str) -> int:
    """The status of a request that no login goes with, and that follows nothing."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *told: Any) -> None:
            """Do not go where the answer leads."""

    try:
        with urllib.request.build_opener(Stay).open(url, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.parametrize(
    "phone",
    [sets(http_user=LOGIN[0], http_pass=LOGIN[1]), sets(http_user=LOGIN[0], http_pass=LOGIN[1], http_scheme="on")],
    indirect=True, ids=["basic", "digest"],
)  # fmt: skip
def test_login_is_cleared_as_the_article_says_and_then_a_stranger_dials(chromium: Chromium, phone: Program) -> None:
    dial = f"{web(phone)}/command.htm?number=%2B4930123456"
    assert asked_without_login(dial) == 401
    person = Visitor(chromium.tab(web(phone), login=LOGIN))
    person.click("Advanced")
    person.is_at("Advanced")
    person.click("QoS/Security")
    person.finds("document.getElementById('http_user')?.value === 'heiko'")
    person.finds("document.getElementById('http_pass').value === '********'")
    person.write("http_user", "")
    person.write("http_pass", "")
    assert asked_without_login(dial) == 401, "nothing holds before Save"
    since = phone.mark()
    person.click("Save")
    person.reads("Saved.")
    assert asked_without_login(dial) == 302
    phone.wait("call", since, state="talking", direction="out")
    assert not [each for each in person.tab.said if not each.startswith("[DOM]")]  # advice, no error
    person.tab.close()


def test_function_key_that_was_set_by_clicks_dials(chromium: Chromium, phone: Program) -> None:
    person = Visitor(chromium.tab(web(phone)))
    person.click("Function Keys")
    person.is_at("Function Keys")
    person.choose("fkey_type4", "Speed")
    person.write("fkey_number4", "+4930123456")
    person.write("fkey_label4", "Hot line")
    person.click("Save")
    person.reads("Saved.")
    assert phone.do("snapshot")["labels"]["P5"] == "Hot line"
    since = phone.mark()
    phone.do("press", keys="P5")
    phone.wait("call", since, state="talking", direction="out")
    person.tab.close()


def test_identity_is_switched_off_and_on_again_by_clicks(chromium: Chromium, phone: Program) -> None:
    person = Visitor(chromium.tab(web(phone)))
    person.click("Identity 1")
    person.reads("registered")
    since = phone.mark()
    person.choose("user_active1", "of")
    person.click("Save")
    person.reads("Saved.")
    phone.wait("registration", since, identity=1, state="off")
    since = phone.mark()
    person.choose("user_active1", "on")
    person.write("user_realname1", "Heiko R.")
    person.click("Save")
    phone.wait("registration", since, identity=1, state="registered")
    assert phone.do("snapshot")["identities"][0]["name"] == "Heiko R."
    person.tab.close()


def test_mistake_is_told_in_front_and_leads_to_its_field_by_keyboard(chromium: Chromium, phone: Program) -> None:
    person = Visitor(chromium.tab(f"{web(phone)}/advanced_sip.htm"))
    person.write("max_forwards", "many")
    person.tab.press("Enter", 13)
    person.reads("Nothing was saved")
    assert person.tab.evaluate("document.activeElement.getAttribute('role')") == "alert"
    person.tab.press("Tab", 9)
    person.tab.press("Enter", 13)
    person.finds("document.activeElement.id === 'max_forwards' && document.activeElement.value === 'many'")
    person.tab.close()


@pytest.mark.parametrize("phone", [sets(web_language="Deutsch", language="Deutsch")], indirect=True)
def test_speed_dial_of_a_german_phone_is_set_and_dialled_on_the_page_and_on_the_phone(
    chromium: Chromium, phone: Program
) -> None:
    person = Visitor(chromium.tab(web(phone)))
    person.click("Kurzwahl")
    person.write("speed7", "+4930123456")
    person.click("Sichern")
    since = phone.mark()
    person.click("+4930123456 wählen")
    phone.wait("call", since, state="talking", direction="out")
    phone.do("hangup")
    phone.wait("call", since, state="ended")
    since = phone.mark()
    phone.do("press", keys="7;ENTER")
    phone.wait("call", since, state="talking", direction="out")
    person.tab.close()
