"""`snomtui qa record`: a phone in the terminal, or one that runs elsewhere, with a recorder beside it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from snomtui.errors import SnomtuiError
from snomtui.given import settings_of
from snomtui.phone.snapshot import Page
from snomtui.qa.recorder import Recorder
from snomtui.qa.telling import Names
from snomtui.recording.play import keep

if TYPE_CHECKING:
    from snomtui.frontend import FrontEnd
    from snomtui.house import Telephone
    from snomtui.office.people import People

EVERY = 0.3
"""Seconds after which what is new stands in the file."""
_OWN = ("sim_mac", "utc_offset")
"""Settings that a phone has by itself."""


class Recording:
    """One session that is written down."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.file: Path = given.file
        self._given = given
        self._recorder: Recorder | None = None
        self._later: asyncio.TimerHandle | None = None
        keep(self.file, b"# nothing has been recorded yet\n")  # what cannot be written is told before anything starts

    @property
    def own(self) -> dict[str, str]:
        """The settings that were given."""
        return {name: value for name, value in settings_of(self._given, {})[0].items() if name not in _OWN}

    def follow(self, telephone: Telephone, front: FrontEnd | None) -> None:
        """Write down what happens here; to be called where the phone lives, before it starts."""
        values = self.own if front else {n: v for n, v in telephone.settings.items() if n not in _OWN}
        names = names_of(front.office.people, telephone) if front else Names()
        loop = asyncio.get_running_loop()
        self._recorder = Recorder(
            head_of(values, self._given, front is not None),
            lambda: telephone.snapshot().page,
            loop.call_soon,
            names,
        )
        self._recorder.changed = lambda: self._changed(loop)
        telephone.asked = self._recorder.asked
        telephone.listen_events(self._recorder.hear)

    def end(self) -> None:
        """The session is over: how a phone is switched off belongs to no script."""
        if self._recorder:
            self._recorder.over = True

    def _changed(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._later is None:
            self._later = loop.call_later(EVERY, self._write)

    def _write(self) -> None:
        self._later = None
        with contextlib.suppress(SnomtuiError):  # told at the start and at the end; a display is drawn now
            self.save()

    def save(self) -> None:
        """Write the file; raises `ScriptError`."""
        if self._recorder:
            keep(self.file, self._recorder.text().encode("utf-8", "replace"))

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Whatever happens, the file is written at the end."""
        try:
            yield
        finally:
            self.save()
            print(f"Recorded: {self.file}. Run it with: snomtui qa run {self.file}", file=sys.stderr)


def head_of(values: dict[str, str], given: argparse.Namespace, demo: bool) -> Iterable[str]:
    """The scene: settings, skin, people, and what the front end is like."""
    from snomtui.phone.intents import is_secret

    yield f"# A session recorded by: snomtui qa record {given.file.name}"
    if given.model != "snom370":
        yield f"skin {given.model}"
    if demo and given.people:
        yield f"people {given.people.resolve()}"
    if demo:
        yield from (f"fault {name}" for name in given.fault)
        yield from (f"policy {text}" for text in given.policy)
    for name, value in values.items():
        if value and is_secret(name):
            yield f"let {name}"
            yield f"set {name}=${name}"
        else:
            yield f"set {name}={value}"


def names_of(people: People, telephone: Telephone) -> Names:
    """Who is who at a simulated front end."""
    from snomtui.office.people import Behaviour

    restless = frozenset(each.aor for each in people.persons if each.behaviour is Behaviour.WANDERS)
    settings = telephone.settings
    keys = {f"P{n + 1}" for n in range(12) if any(f"<{aor}>" in settings.text("fkey", n).lower() for aor in restless)}
    return Names(
        {each.aor: each.label for each in people.persons},
        {each.aor: each.label for each in people.persons if each.scripted},
        restless,
        frozenset(keys),
    )


def from_afar(given: argparse.Namespace, password: Callable[[], str]) -> int:
    """`--phone URL`: what a running phone tells; keys that are pressed at it are not told. Until Ctrl+C."""
    from snomtui.remote.driving.driver import Remote

    recorder = Recorder(
        [f"# Recorded from {given.phone}: keys that were pressed there by hand are not in it"],
        lambda: Page("idle"),
        lambda later: None,
        Names(),
    )
    keep(given.file, recorder.text().encode())
    print(f"Recording {given.phone} into {given.file}. Ctrl+C ends.", file=sys.stderr)
    try:
        with Remote(given.phone, given.user, password()) as remote:
            for event in remote.watch():
                recorder.hear(event)
                keep(given.file, recorder.text().encode("utf-8", "replace"))
    except KeyboardInterrupt:
        print(f"Recorded: {given.file}", file=sys.stderr)
    return 0
