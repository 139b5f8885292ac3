"""The phone in a real Chromium: clicked, typed at, looked at by two tabs, left and found again."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import PATIENCE, Chromium, Tab
from tests.peers.test_terminal import Terminal
from tests.programs import ROOT, environment, obey_interrupts, sets

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed"),
]
PEOPLE = Path(__file__).with_name("quiet.toml")


class Browse:
    """`snomtui browse --demo` as it runs in somebody's shell."""

    def __init__(self, *arguments: str, listen: str = "127.0.0.1:0") -> None:
        words = ["browse", "--demo", "--people", str(PEOPLE), "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "snomtui", *words, "--listen", listen, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env=environment(),
            preexec_fn=obey_interrupts,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        try:
            self.url = self.said(r"The phone is at (http://\S+)")
            self.said("Ctrl\\+C (ends)")
        except AssertionError:
            self.process.kill()
            self.end()
            raise

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(line.rstrip() for line in self.process.stdout)

    def _now(self) -> str:
        return "\n".join(self.lines)

    def said(self, pattern: str) -> str:
        """What it has said, the part in brackets; fails after a while."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self._now())):
            assert time.monotonic() < end and self.process.poll() is None, f"no {pattern}:\n{self._now()}"
            time.sleep(0.02)
        return found[1]

    @property
    def port(self) -> int:
        """Where the page is."""
        return int(self.url.rstrip("/").rpartition(":")[2])

    def asked(self, url: str) -> Any:
        """The JSON at an address."""
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return json.load(answer)

    def registrations(self) -> int:
        """How many devices the front end knows."""
        page = self.said(r"status page: (http://\S+)")
        return len(self.asked(f"{page}/api/v1/office")["registrations"])

    def interrupt(self) -> int:
        """Ctrl+C in its shell; returns its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> int:
        """Wait for its end."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests of this file."""
    made = Chromium(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture
def browse(request: pytest.FixtureRequest) -> Iterator[Browse]:
    """A demo in the browser; a test may ask for options by indirect parameters."""
    made = Browse(*getattr(request, "param", ()))
    yield made
    if made.process.poll() is None:
        made.interrupt()


@pytest.fixture
def tab(chromium: Chromium, browse: Browse) -> Iterator[Tab]:
    """A tab with the phone, registered."""
    made = chromium.tab(browse.url)
    made.sees("Heiko Riedel")
    made.sees("Available")
    yield made
    made.close()


def test_whole_call_is_made_by_clicks_and_no_request_leaves_for_another_host(tab: Tab, browse: Browse) -> None:
    for digit in ("0", "3 DEF", "0", "1", "2 ABC", "3 DEF", "4 GHI", "5 JKL", "6 MNO"):
        tab.click_cap(digit)
    tab.sees("030123456")
    tab.click("✓")
    tab.sees("Connected")
    tab.sees("Jan")
    tab.click("✗")
    tab.waits("!document.getElementById('text').textContent.includes('Connected')")
    own = (browse.url, browse.url.replace("http", "ws"))
    assert all(address.startswith(own) for address in tab.asked), tab.asked
    assert any(address.startswith("ws") for address in tab.asked)
    assert not tab.said


def test_row_and_soft_key_of_the_display_are_clicked(tab: Tab) -> None:
    tab.click("Contacts")
    tab.sees("Jan")
    tab.click_text_in("Jan")
    tab.waits("document.querySelector('[aria-current]')?.textContent.startsWith('Jan')")
    tab.click("Details")
    tab.click_text_in("+4930123456")
    tab.click("Dial")
    tab.sees("Connected")
    tab.click("✗")
    tab.waits("!document.getElementById('text').textContent.includes('Connected')")


def test_keyboard_alone_dials_and_hangs_up(tab: Tab) -> None:
    for digit in "030123456":
        tab.press(digit, ord(digit))
    tab.press("Backspace", 8)
    tab.press("6", ord("6"))
    tab.sees("030123456")
    tab.press("Enter", 13)
    tab.sees("Connected")
    assert "Jan" in tab.waits("document.getElementById('now').textContent")
    tab.press("Escape", 27)
    tab.waits("!document.getElementById('text').textContent.includes('Connected')")


def test_two_tabs_of_different_sizes_show_the_same_phone_which_is_registered_once(
    chromium: Chromium, tab: Tab, browse: Browse
) -> None:
    other = chromium.tab(browse.url, 800, 480)
    other.sees("Heiko Riedel")
    tab.press("4", ord("4"))
    tab.press("2", ord("2"))
    other.sees("42")
    other.press("7", ord("7"))
    tab.sees("427")
    assert len(tab.screen().splitlines()) != len(other.screen().splitlines())
    assert browse.registrations() == 1
    other.close()
    tab.press("8", ord("8"))
    tab.sees("4278")


def test_window_that_changes_its_size_is_drawn_anew(tab: Tab) -> None:
    before = len(tab.screen().splitlines())
    tab.resize(500, 300)
    tab.waits(f"document.querySelectorAll('#text div').length !== {before}")
    tab.sees("Heiko Riedel")
    tab.resize(1280, 800)
    tab.waits(f"document.querySelectorAll('#text div').length === {before}")
    tab.sees("Redial")


def test_pasted_number_is_typed_and_the_row_is_copied(tab: Tab) -> None:
    tab.evaluate(
        "(() => { const data = new DataTransfer(); data.setData('text/plain', '+49 30 123456');"
        " document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data })); })()"
    )
    tab.sees("+4930123456")
    tab.evaluate("window.copied = ''; navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    tab.press("y", ord("Y"))
    assert tab.waits("window.copied") == "+4930123456"


def test_tab_that_was_closed_by_key_can_be_opened_again_and_the_phone_goes_on(tab: Tab, browse: Browse) -> None:
    tab.press("q", ord("Q"))
    tab.waits("!document.getElementById('note').hidden")
    assert "The phone goes on" in tab.evaluate("document.getElementById('note').textContent")
    assert browse.registrations() == 1
    tab.press("Enter", 13)  # the button has the focus
    tab.waits("document.getElementById('note').hidden")
    tab.sees("Heiko Riedel")


def test_lost_connection_is_told_and_found_again(chromium: Chromium) -> None:
    first = Browse()
    tab = chromium.tab(first.url)
    tab.sees("Available")
    assert first.interrupt() == 130
    tab.waits("!document.getElementById('note').hidden")
    assert "connection to the phone is lost" in tab.evaluate("document.getElementById('note').textContent")
    second = Browse(listen=f"127.0.0.1:{first.port}")
    tab.waits("document.getElementById('note').hidden")
    tab.sees("Available")
    second.interrupt()
    tab.close()


@pytest.mark.parametrize(
    "browse", [sets(http_user="heiko", http_pass="Snom"), sets(http_user="heiko", http_pass="Snom", http_scheme="on")],
    indirect=True, ids=["basic", "digest"],
)  # fmt: skip
def test_login_of_the_web_server_protects_the_phone(chromium: Chromium, browse: Browse) -> None:
    tab = chromium.tab(browse.url, login=("heiko", "Snom"))
    tab.sees("Available")
    tab.close()
    stranger = chromium.tab(browse.url.replace("127.0.0.1", "localhost"), login=("heiko", "wrong"))
    stranger.waits("document.readyState === 'complete'")
    assert not stranger.evaluate("document.getElementById('phone')")
    stranger.close()


@pytest.mark.parametrize("browse", [sets(language="Deutsch")], indirect=True)
def test_german_phone_has_a_german_page(chromium: Chromium, browse: Browse) -> None:
    tab = chromium.tab(browse.url)
    tab.sees("Verfügbar")
    assert tab.evaluate("document.documentElement.lang") == "de"
    assert tab.evaluate("document.getElementById('keyboard').ariaLabel").startswith("Tasten des Telefons")
    tab.close()


def test_own_web_server_of_the_phone_has_the_page_too(chromium: Chromium, browse: Browse) -> None:
    page = browse.said(r"The phone's web server: (http://\S+)")
    tab = chromium.tab(f"{page}/phone")
    tab.sees("Available")
    tab.press("5", ord("5"))
    beside = chromium.tab(browse.url)
    beside.sees("5▏")
    tab.close()
    beside.close()


def test_taken_port_moves_to_a_free_one_and_ctrl_c_signs_off(browse: Browse) -> None:
    other = Browse(listen=f"127.0.0.1:{browse.port}")
    assert f"(port {browse.port} is taken)" in other.lines[0]
    assert other.interrupt() == 130
    assert not any("Traceback" in line for line in other.lines)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_terminal_and_tab_show_the_same_phone_side_by_side(chromium: Chromium, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        http = f"127.0.0.1:{free.getsockname()[1]}"
    command = f"{sys.executable} -m snomtui demo --http {http} --listen tls:127.0.0.1:0 --people {PEOPLE}"
    terminal = Terminal(tmp_path / "tmux", 110, 36, command)
    terminal.sees(r"Heiko Riedel +Available")
    tab = chromium.tab(f"http://{http}/phone")
    tab.sees("Available")
    for digit in "0301":
        tab.press(digit, ord(digit))
    terminal.sees("0301")
    terminal.type("2")
    tab.sees("03012")
    terminal.type("q")
    tab.waits("!document.getElementById('note').hidden")
    tab.close()
    terminal.close()
