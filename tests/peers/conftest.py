"""Fixtures: a Kamailio, our phones at it, and strangers to talk to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.callers import Callers
from tests.peers.pbx import KAMAILIO, TABLES, Pbx
from tests.peers.sipehouse import SipeHouse, Sleeper, build, people_file


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


@pytest.fixture(scope="session")
def sipe_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The headless client on pidgin-sipe, built once."""
    return build(tmp_path_factory.mktemp("sipe"))


@pytest.fixture(scope="session")
def sleeper(sipe_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sleeper]:
    """A phone that nobody touches while other tests run, which takes a minute, and one who watches it."""
    made = SipeHouse(sipe_program, tmp_path_factory.mktemp("sleeper"), people=people_file("1"))
    heiko, jan, *_ = made.team()
    watcher, phone = made.signed_in(heiko), made.registered(jan, presence_timeout=1)
    watcher.comes(jan, "Available")
    yield Sleeper(jan, phone, watcher)
    made.close()


@pytest.fixture(scope="module")
def sipe_office(sipe_program: Path, tmp_path_factory: pytest.TempPathFactory, sleeper: Sleeper) -> Iterator[SipeHouse]:
    """An office as it is by itself, one for a whole file of tests; `sleeper` begins to sleep with the first of them."""
    made = SipeHouse(sipe_program, tmp_path_factory.mktemp("office"))
    yield made
    made.close()


@pytest.fixture
def house(sipe_office: SipeHouse) -> Iterator[SipeHouse]:
    """The office of this file; who came in for a test is sent home after it."""
    yield sipe_office
    sipe_office.go_home()
