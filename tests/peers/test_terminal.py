"""The phone in a real terminal: tmux types and looks, as somebody would who has never seen it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
PATIENCE = 30.0
"""Seconds; a machine that runs other tests at the same time is slow."""


class Terminal:
    """One tmux session of its own."""

    def __init__(self, socket: Path, width: int, height: int, command: str) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", "/dev/null"]
        # A test runner may say how wide its own screen is; the session has a width of its own.
        command = f"env -u COLUMNS -u LINES TERM=xterm-256color {command}"
        self._run("new-session", "-d", "-x", str(width), "-y", str(height), command)

    def _run(self, *words: str) -> str:
        done = subprocess.run([*self._tmux, *words], capture_output=True, text=True, timeout=20, check=True)
        return done.stdout

    def screen(self) -> str:
        """What is to be read now."""
        return self._run("capture-pane", "-p")

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        for key in keys:
            self._run("send-keys", key)

    def sees(self, pattern: str) -> str:
        """Wait until the screen shows something."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            shown = self.screen()
            if re.search(pattern, shown):
                return shown
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} never came:\n{shown}")

    def buffer(self) -> str:
        """What was copied last; empty = nothing yet."""
        words = [*self._tmux, "show-buffer"]
        return subprocess.run(words, capture_output=True, text=True, timeout=20, check=False).stdout

    def close(self) -> None:
        """End the session, whatever runs in it."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, timeout=20, check=False)


@pytest.fixture(params=[(80, 24), (110, 36)], ids=["80x24", "110x36"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A demo with a seed, so that nobody calls at the wrong moment."""
    yield from quiet_demo(tmp_path, *request.param)


def quiet_demo(folder: Path, width: int, height: int) -> Iterator[Terminal]:
    """A demo in tmux, without colleagues who call, until the test is over."""
    command = f"{sys.executable} -m snomtui demo --http 127.0.0.1:0 --listen tls:127.0.0.1:0 --people {PEOPLE}"
    made = Terminal(folder / "tmux", width, height, command)
    yield made
    made.close()


PEOPLE = Path(__file__).with_name("quiet.toml")


def test_newcomer_calls_a_colleague_by_what_the_screen_says(terminal: Terminal) -> None:
    first = terminal.sees(r"Heiko Riedel +Available")
    assert "Contacts" in first and "? keys" in first and "q quit" in first
    terminal.type("a")  # the soft key Contacts, as the bottom line says
    terminal.sees(r"Jan +Available")
    terminal.type("Enter")
    terminal.sees(r"Connected")
    terminal.sees(r"Jan +0:0[1-9]")
    terminal.type("h")
    terminal.sees(r"On hold")
    terminal.type("h")
    terminal.sees(r"Connected")
    terminal.type("Escape")
    terminal.sees(r"Available")


def test_newcomer_dials_a_number_and_finds_it_in_the_call_list(terminal: Terminal) -> None:
    terminal.sees(r"Heiko Riedel +Available")
    terminal.type("+", *"49305", "BSpace", "5")
    terminal.sees(r"\+49305")
    terminal.type("Enter")
    terminal.sees(r"(Not Found|not found|does not exist|404)")
    terminal.type("Escape")
    terminal.sees(r"Heiko Riedel +Available")  # at once, Escape and s would be alt+s
    terminal.type("s")
    terminal.sees(r"Dialled calls +1")


def test_newcomer_chooses_a_presence(terminal: Terminal) -> None:
    terminal.sees(r"Heiko Riedel +Available")
    terminal.type("d")
    terminal.sees(r"Do not disturb")
    terminal.type("Down", "Enter")
    terminal.sees(r"Heiko Riedel +Busy")


def test_help_shows_every_key_and_quit_leaves_a_clean_terminal(terminal: Terminal) -> None:
    terminal.sees(r"Heiko Riedel +Available")
    terminal.type("?")
    terminal.sees(r"F1 +a +alt\+q +Contacts")
    terminal.type("Escape")
    terminal.sees(r"Heiko Riedel +Available")
    terminal.type("C-c")
    terminal.sees(r"q / ctrl\+q quits")
    terminal.type("q")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            terminal.screen()
        except subprocess.CalledProcessError:
            return  # the program has ended, and with it the session
        time.sleep(0.1)
    raise AssertionError("q did not quit")


def test_y_fills_the_buffer_of_tmux_though_tmux_takes_no_clipboard_from_programs_by_default(
    terminal: Terminal,
) -> None:
    terminal.sees(r"Heiko Riedel +Available")
    terminal.type("y")
    terminal.sees(r"Copied: Heiko\.Riedel@ucc\.test|Copied: heiko\.riedel@ucc\.test")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if "riedel@ucc.test" in terminal.buffer().lower():
            return
        time.sleep(0.05)
    raise AssertionError("nothing came into the buffer")


def test_stopped_phone_gives_the_shell_back_and_is_drawn_whole_when_it_goes_on(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "tmux", 80, 24, "bash --norc -i")
    command = f"{sys.executable} -m snomtui demo --http 127.0.0.1:0 --listen tls:127.0.0.1:0 --people {PEOPLE}"
    try:
        terminal.type(command, "Enter")
        terminal.sees(r"Heiko Riedel +Available")
        before = terminal.screen()
        terminal.type("C-z")
        terminal.sees(r"Stopped")
        terminal.type("clear; fg", "Enter")
        terminal.sees(r"Heiko Riedel +Available")
        terminal.sees(r"Redial")
        assert len(terminal.screen().split()) == len(before.split())
    finally:
        terminal.close()
