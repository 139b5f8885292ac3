"""The desk in a real terminal: a newcomer watches a sign-in and a call, and saves what was said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from snomtui.trace.decode import records_in
from tests.peers.test_terminal import Terminal, quiet_demo

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]


@pytest.fixture(params=[(80, 24), (150, 45)], ids=["80x24", "150x45"])
def terminal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    """A demo without colleagues who call."""
    yield from quiet_demo(tmp_path, *request.param)


def test_newcomer_watches_the_handshake_and_a_call_and_saves_both(terminal: Terminal, tmp_path: Path) -> None:
    terminal.sees(r"Heiko Riedel +Available")
    terminal.type("w")
    shown = terminal.sees(r"\[Trace\]")
    if "to the desk" in shown:
        terminal.type("Tab")
    terminal.sees(r"▸ \[Trace\]")
    terminal.type("/", *"ntlm", "Enter", "Home")
    terminal.sees(r" 1/3 +\[x\]")
    terminal.sees(r"asks for an NTLM")
    terminal.sees(r"REGISTER, NTLM AUTHENTICATE")
    terminal.type("Escape")
    terminal.sees(r" \d+/[12]\d +\[x\]")  # all messages again
    terminal.type("Tab")
    terminal.sees(r"Heiko Riedel +Available")
    terminal.type("a")
    terminal.sees(r"Jan +Available")
    terminal.type("Enter")
    terminal.sees(r"Connected")
    if "[Trace]" not in terminal.screen():
        terminal.type("w")
    else:
        terminal.type("Tab")
    terminal.sees(r"▸ \[Trace\]")
    terminal.sees(r"INVITE")
    file = tmp_path / "call.pcap"
    terminal.type("S")
    terminal.sees(r"Save as")
    terminal.type("C-u", str(file), "Enter")
    terminal.sees(r"Saved: ")
    starts = [one.start for one in records_in(file.read_bytes())]
    assert starts[0].startswith("REGISTER ") and any(start.startswith("INVITE ") for start in starts)
    terminal.type("L")
    terminal.sees(r"Registered at registrar|Send Packet|Received")
