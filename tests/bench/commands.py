"""Commands that start, do one thing, and end; and phones without a screen."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.counts import Counts
from tests.bench.programs import ROOT, SNOMTUI, environment, resident, wall
from tests.bench.table import Figure


def commands(counts: Counts) -> Iterator[Figure]:
    """`--help` beside a Python that does nothing, and the demo without a screen."""
    bare, help = list[float](), list[float]()
    for turn in range(counts.starts + 1):
        took = wall((sys.executable, "-c", "pass")), wall((*SNOMTUI, "--help"))
        if turn:
            bare.append(took[0])
            help.append(took[1])
    reference = Figure("python that does nothing", tuple(bare), digits=0)
    yield reference
    yield Figure("snomtui --help", tuple(help), "ms", reference.median, "that", 0)
    runs = [_headless_demo() for _ in range(counts.starts + 1)][1:]
    yield Figure("demo --headless: start to registered", tuple(run[0] for run in runs), digits=0)
    yield Figure("demo --headless: resident memory", tuple(run[1] for run in runs), "MiB", digits=0)


def _headless_demo() -> tuple[float, float]:
    """Milliseconds until `registered`, and MiB one second later."""
    begin = time.perf_counter()
    command = (*SNOMTUI, "demo", "--headless", "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0")
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        cwd=ROOT,
    )
    assert process.stdin and process.stdout
    try:
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "registration" and event["state"] == "registered":
                break
        took = time.perf_counter() - begin
        time.sleep(0.5)
        memory = resident(process.pid)
        process.communicate(b'{"do":"quit"}\n', timeout=10)
        return took * 1000, memory
    finally:
        process.kill()
        process.wait()
