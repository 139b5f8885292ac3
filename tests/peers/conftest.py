"""Fixtures: a Kamailio, our phones at it, and strangers to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.callers import Callers
from tests.peers.pbx import KAMAILIO, TABLES, Pbx


@pytest.fixture
def pbx(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pbx]:
    """A fresh Kamailio; a test may ask for options of its configuration by indirect parameters."""
    if not (KAMAILIO.exists() and TABLES.exists()):
        pytest.skip("kamailio with kamailio-sqlite-modules is not installed")
    folder = tmp_path / "kamailio"
    folder.mkdir()
    made = Pbx(folder, getattr(request, "param", ()))
    yield made
    made.stop()


@pytest.fixture
def callers(pbx: Pbx, tmp_path: Path) -> Iterator[Callers]:
    """Makes phones and strangers at the Kamailio, and ends them."""
    made = Callers(pbx, tmp_path)
    yield made
    made.stop()
