"""`snomtui record SCRIPT`: plays a script with a demo that needs neither network nor time."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from snomtui.office.people import People
from snomtui.opening import people_of
from snomtui.recording.play import Player, keep, written
from snomtui.recording.script import read
from snomtui.settings.registry import Settings

FIXED = {"user_outbound1": "sip.recording.test:5061;transport=tls", "utc_offset": "0", "timezone": ""}
"""What is the same in every recording, wherever it is made; there is no network in it."""


def record(given: argparse.Namespace, demo: Callable[[People], dict[str, str]]) -> int:
    """Play it and write what was asked for; `demo` knows the settings of a demo. Raises `LocalError`."""
    script = read(given.script)
    people = people_of(script.people)
    player = Player(script, people, Settings(demo(people) | FIXED | script.settings))
    with in_utc():
        last = asyncio.run(player.play())
    if given.cast:
        keep(given.cast, player.cast.text().encode())
    written({file: last for file in (given.svg, given.png) if file}, script.title)
    print(f"{given.script}: {len(script.steps)} steps, {player.cast.length:.1f} seconds")
    return 0


@contextmanager
def in_utc() -> Iterator[None]:
    """Log and trace show the time of this machine: while a recording is made, that is UTC, as its display shows."""
    before = os.environ.get("TZ")
    _zone("UTC")
    try:
        yield
    finally:
        _zone(before)


def _zone(name: str | None) -> None:
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    if hasattr(time, "tzset"):  # not everywhere
        time.tzset()
