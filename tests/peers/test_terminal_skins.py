"""Each skin in a real terminal: a whole call by keys, told in the words of that skin's display."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.peers.test_terminal import PEOPLE, Terminal

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


@dataclass(frozen=True)
class Words:
    """What the display says (patterns)."""

    idle: str = r"Heiko Riedel +Available"
    typed: str = r"Enter number"
    connected: str = r"Connected"
    held: str = r"On hold"


GERMAN = Words(r"Heiko Riedel +Verfügbar", r"Nummer eingeben", r"Verbunden", r"Gehalten")
ONE_LINE = Words(r"Heiko Riedel +\d+:\d\d", r"\+4930123456", r"Jan +0:\d\d", r"Jan +on hold")
"""The snom 320 has neither a title nor room for a presence."""
NARROW = Words(r"● Available")
"""The snom 360 says it below the name."""
FACES = {
    "snom320": (110, 36, ONE_LINE),
    "snom360": (80, 24, NARROW),
    "snom370": (110, 36, Words()),
    "snom820": (110, 36, GERMAN),
    "snom821": (110, 36, Words()),
    "snom870": (120, 40, Words()),
    "plain": (80, 24, Words()),
}


@pytest.fixture(params=FACES)
def worn(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Terminal, Words]]:
    """A demo with this skin, and what its display says."""
    skin = str(request.param)
    width, height, words = FACES[skin]
    tongue = "Deutsch" if words is GERMAN else "English"
    command = (
        f"{sys.executable} -m snomtui demo --model {skin} --set language={tongue} "
        f"--http 127.0.0.1:0 --listen tls:127.0.0.1:0 --people {PEOPLE}"
    )
    made = Terminal(tmp_path / "tmux", width, height, command)
    yield made, words
    made.close()


def test_person_calls_holds_and_hangs_up_by_keys_on_each_skin(worn: tuple[Terminal, Words]) -> None:
    terminal, words = worn
    terminal.sees(words.idle)
    terminal.sees(r"\bJan\b")  # on the label of P5, in the words of the contact list: the phone is registered
    terminal.type("+", *"4930123456")
    terminal.sees(words.typed)
    terminal.type("Enter")
    terminal.sees(words.connected)
    terminal.type("h")
    terminal.sees(words.held)
    terminal.type("h")
    terminal.sees(words.connected)
    terminal.type("Escape")
    terminal.sees(words.idle)
    terminal.type("T")  # P5
    terminal.sees(words.connected)
    terminal.type("Escape")
    terminal.sees(words.idle)
