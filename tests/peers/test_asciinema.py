"""A recording is played by asciinema itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pexpect
import pyte
import pytest

from snomtui.cli import run
from tests.recording.test_play import CALL, screen_of, written

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(shutil.which("asciinema") is None, reason="asciinema is not installed"),
]


def test_asciinema_plays_a_recording_to_the_screen_that_we_mean(tmp_path: Path) -> None:
    cast = tmp_path / "demo.cast"
    assert run(["record", str(written(tmp_path, CALL)), "--cast", str(cast)]) == 0
    # It wants a terminal of its own, even to print.
    child = pexpect.spawn("asciinema", ["cat", str(cast)], timeout=30, encoding="utf-8", dimensions=(34, 106))
    screen = pyte.Screen(106, 34)
    pyte.Stream(screen).feed(child.read())
    child.close()
    assert child.exitstatus == 0
    wanted = screen_of(cast.read_text("utf-8"))
    assert screen.display == wanted.display
    assert screen.buffer[10][20].bg == wanted.buffer[10][20].bg
