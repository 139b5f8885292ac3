"""The window is closed under a running phone."""

from __future__ import annotations

import pytest

from tests.bench.screen import DEMO, is_registered
from tests.bench.terminal import Terminal


@pytest.mark.timeout(60)
def test_a_phone_whose_terminal_is_gone_signs_off_and_ends() -> None:
    with Terminal(DEMO) as terminal:
        terminal.until(is_registered)
        terminal.vanish()
        assert terminal.ends(within=10.0)
