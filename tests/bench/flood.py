"""The display while a thousand contacts change a thousand times a second."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from types import TracebackType

from tests.bench.counts import Counts
from tests.bench.listserver import LIST, MARKED
from tests.bench.programs import ROOT, SNOMTUI, environment, processor
from tests.bench.table import Figure
from tests.bench.terminal import Terminal

DISPLAY_AIM, KEY_AIM = 100.0, 50.0
"""Milliseconds until a change is on the display, and until a key is answered."""
WORDS = ("Away", "Busy")


class ListServer:
    """The restless presence server as a process of its own; a context manager."""

    def __init__(self, contacts: int, changes: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.listserver", str(contacts), str(changes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            cwd=ROOT,
            text=True,
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def __enter__(self) -> ListServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()

    def order(self, text: str) -> float:
        """Give an order; returns the moment."""
        assert self._process.stdin
        moment = time.perf_counter()
        self._process.stdin.write(text + "\n")
        self._process.stdin.flush()
        return moment


def flooded(counts: Counts) -> Iterator[Figure]:
    """A change until it is seen, a key until it is answered, and the processor, in the flood and without it."""
    contacts, changes = counts.restless
    with tempfile.TemporaryDirectory() as folder, ListServer(contacts, changes) as server:
        command = (*SNOMTUI, "phone", "--http", "off", "--state-dir", folder, *_settings(server.port))
        with Terminal(command) as terminal:
            terminal.until(lambda text: "Alice" in text and "Available" in text)
            terminal.press("b")
            terminal.until(lambda text: f"Person {MARKED:04}" in text)
            terminal.rest(1.0)
            quiet = tuple(_keyed(terminal) for _ in range(counts.keys))
            server.order("flood")
            terminal.rest(1.0)
            seen = tuple(_seen(terminal, server, turn) for turn in range(counts.keys))
            keyed = tuple(_keyed(terminal) for _ in range(counts.keys))
            before, begin = processor(terminal.pid), time.perf_counter()
            terminal.rest(counts.idle)
            share = (processor(terminal.pid) - before) / (time.perf_counter() - begin)
            terminal.quit()
    rate = f"{contacts:,} contacts, {changes:,} changes/s"
    reference = Figure(f"{contacts:,} contacts at rest: key press to updated screen", quiet)
    yield reference
    yield Figure(f"{rate}: change to display", seen, target=DISPLAY_AIM, most=True)
    yield Figure(f"{rate}: key press to updated screen", keyed, target=KEY_AIM, most=True)
    yield Figure(f"{rate}: processor, of one core", (share * 100,), "%", digits=0)


def _settings(port: int) -> Iterator[str]:
    values = {"user_realname1": "Alice", "user_name1": "alice", "user_host1": "pbx.test"}
    values |= {"user_outbound1": f"127.0.0.1:{port};transport=tcp", "user_presence_buddy_list_uri1": LIST}
    for name, value in values.items():
        yield from ("--set", f"{name}={value}")


def _seen(terminal: Terminal, server: ListServer, turn: int) -> float:
    """One person changes; until the display says so, in milliseconds."""
    word = WORDS[turn % 2]
    begin = server.order(f"mark {MARKED} {word.lower()}")
    took = terminal.until(lambda text: word in _line(text, f"Person {MARKED:04}")) - begin
    terminal.rest(0.1 + turn % 7 / 100)
    return took * 1000


def _keyed(terminal: Terminal) -> float:
    """The cursor goes down; until it stands there, in milliseconds."""
    before = _line(terminal.text, "▸")[:30]
    begin = terminal.press("\x1b[B")
    took = terminal.until(lambda text: _line(text, "▸")[:30] not in ("", before)) - begin
    terminal.press("\x1b[A")
    terminal.until(lambda text: _line(text, "▸")[:30] == before)
    terminal.rest(0.1)
    return took * 1000


def _line(text: str, part: str) -> str:
    """The display's part of the line with `part`, from there on."""
    line = next((line for line in text.splitlines() if part in line), "")
    return line[line.find(part) :][:40]
