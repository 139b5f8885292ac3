"""What a person at the screen waits for, and what the phone uses while it does nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.counts import Counts
from tests.bench.programs import SNOMTUI, processor, resident
from tests.bench.table import Figure
from tests.bench.terminal import Terminal

DEMO = (*SNOMTUI, "demo", "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0")
QUIET = Path(__file__).with_name("quiet.toml")
PAINT_AIM = 1.3
"""So many times as long as an empty app may the first paint take."""
EMPTY = (sys.executable, "-m", "tests.bench.empty")


def first_paint(counts: Counts) -> Iterator[Figure]:
    """Start to the first picture and to the registered phone, in turns with the empty app."""
    empty, painted, registered = list[float](), list[float](), list[float]()
    for turn in range(counts.starts + 1):  # the first turn fills the byte code cache
        with Terminal(EMPTY) as terminal:
            word = terminal.until(lambda text: "painted" in text) - terminal.begun
        with Terminal(DEMO) as terminal:
            front = terminal.until(front_is_drawn) - terminal.begun
            usable = terminal.until(is_registered) - terminal.begun
            if turn == counts.starts:
                terminal.quit()
        if turn:
            empty.append(word * 1000)
            painted.append(front * 1000)
            registered.append(usable * 1000)
        else:
            warm = word * 1000, front * 1000, usable * 1000
    if not empty:
        empty, painted, registered = [warm[0]], [warm[1]], [warm[2]]
    reference = Figure("empty Textual app: start to first paint", tuple(empty), digits=0)
    yield reference
    beside = "the empty app"
    yield Figure("demo: start to first paint", tuple(painted), "ms", reference.median, beside, 0, PAINT_AIM, most=True)
    yield Figure("demo: start to registered, on the screen", tuple(registered), "ms", reference.median, beside, 0)


def at_rest(counts: Counts) -> Iterator[Figure]:
    """A key press until the screen shows it; memory; processor time of a phone that nobody touches."""
    with Terminal(DEMO) as terminal:
        terminal.until(is_registered)
        terminal.rest(2.0)
        before = processor(terminal.pid)
        terminal.rest(counts.idle)  # ends before the first colleague calls
        share = (processor(terminal.pid) - before) / counts.idle
        memory = resident(terminal.pid)
        terminal.quit()
    with Terminal((*DEMO, "--people", str(QUIET))) as terminal:
        terminal.until(is_registered)
        terminal.rest(1.0)
        pressed = tuple(_pressed(terminal, turn) for turn in range(counts.keys))
        terminal.quit()
    yield Figure("key press to updated screen", pressed)
    yield Figure("demo at rest: processor, of one core", (share * 100,), "%", digits=2)
    yield Figure("demo on the screen: resident memory", (memory,), "MiB", digits=0)


def _pressed(terminal: Terminal, turn: int) -> float:
    """Type a digit that stands nowhere on the display, in milliseconds; then back to the idle page."""
    digit = str(turn % 9 + 1)
    begin = terminal.press(digit)
    took = terminal.until(lambda text: f" {digit}▏" in text) - begin
    terminal.press("\x1b")
    terminal.until(is_registered)
    terminal.rest(0.1)  # longer than the pause between two drawings
    return took * 1000


def front_is_drawn(text: str) -> bool:
    """The keys at the bottom and the display's frame are on the screen: everything but what the phone has to say."""
    return "4 GHI" in text and "Speaker" in text and "q quit" in text


def is_registered(text: str) -> bool:
    """The own name and the own presence stand on the display."""
    return "Heiko Riedel" in text and "Available" in text
