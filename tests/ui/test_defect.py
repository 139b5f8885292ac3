"""A defect of our own in a terminal: the program ends in good order and says so in one line."""

from __future__ import annotations

import sys

from tests.bench.screen import is_registered
from tests.bench.terminal import Terminal

BROKEN = """
import sys
from snomtui.__main__ import main
from snomtui.ui.front import PhoneScreen

def broken(self):
    secret = "Sommer2009!"
    raise ValueError("this must not happen")

PhoneScreen.action_prefix = broken
sys.argv = ["snomtui", "demo", "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0"]
main()
"""


def test_defect_ends_the_phone_with_one_line_and_no_stack() -> None:
    with Terminal((sys.executable, "-c", BROKEN)) as terminal:
        terminal.until(is_registered)
        terminal.press("p")
        terminal.until(lambda text: "a defect of this program" in text)
        assert "ValueError('this must not happen')" in terminal.text.replace("\n", "")
        assert "Traceback" not in terminal.text and "Sommer2009" not in terminal.text
