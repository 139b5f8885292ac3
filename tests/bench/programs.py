"""Starts programs as a user would, and looks at what they use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir

ROOT = Path(__file__).parents[2]
SNOMTUI = (sys.executable, "-m", "snomtui")
TICKS = os.sysconf("SC_CLK_TCK")


def environment() -> dict[str, str]:
    """A user's environment: byte code is kept, as it is from the second start on, and nothing of the user's is read."""
    cache = Path(gettempdir(), f"snomtui-bench-{os.getuid()}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SNOMTUI", "COVERAGE"))}
    return kept | {
        "PYTHONPYCACHEPREFIX": str(cache),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "XDG_STATE_HOME": str(cache / "state"),
    }


def wall(command: Sequence[str], expect: int = 0) -> float:
    """Milliseconds that a command takes; raises `AssertionError` if it ends with another exit code."""
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment(), cwd=ROOT, capture_output=True, timeout=30, check=False)
    took = time.perf_counter() - begin
    assert done.returncode == expect, f"{command} ended with {done.returncode}: {done.stderr.decode()[-300:]}"
    return took * 1000


def resident(pid: int) -> float:
    """Resident memory of a process, MiB."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def processor(pid: int) -> float:
    """Processor seconds that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
