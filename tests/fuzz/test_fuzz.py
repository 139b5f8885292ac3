"""Every fuzz target takes its own seeds, and some seconds of fuzzing find nothing."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.limits import LONGEST, stretched, timed

TARGETS = ("message", "token", "line")
SECONDS = 15
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", TARGETS)
def test_target_takes_its_seeds_and_damaged_copies_of_them(name: str) -> None:
    target = importlib.import_module(f"tests.fuzz.fuzz_{name}")
    dice = Random(4)
    seeds = list(target.seeds())
    assert len(seeds) > 5
    for seed in seeds:
        target.one(seed)
        for _ in range(3):
            at, length = dice.randrange(len(seed)), dice.randrange(1, 9)
            target.one(seed[:at] + dice.randbytes(dice.randrange(9)) + seed[at + length :])


@pytest.mark.peer
@pytest.mark.parametrize("name", TARGETS)
def test_some_seconds_of_fuzzing_find_nothing(name: str, tmp_path: Path) -> None:
    python = os.environ.get("FUZZ_PY", sys.executable)
    if subprocess.run([python, "-c", "import atheris"], capture_output=True).returncode:
        pytest.skip("FUZZ_PY names no interpreter with atheris (extra `fuzz`)")
    command = [python, "-m", "tests.fuzz", name, "--seconds", str(SECONDS), "--corpus", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr[-6000:]
    assert "stat::number_of_executed_units" in done.stderr


def test_input_that_takes_too_long_is_found() -> None:
    def busy(data: bytes) -> None:
        end = time.process_time() + len(data) * LONGEST
        while time.process_time() < end:
            pass

    timed(busy)(b"")
    with pytest.raises(AssertionError, match="2 bytes took"):
        timed(busy)(b"12")


def test_stretching_repeats_one_piece() -> None:
    assert stretched(b"abcdef", 2, 1, 12) == b"ab" + b"cd" * 3 + b"cdef"
