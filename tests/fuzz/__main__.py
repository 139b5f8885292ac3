"""`python -m tests.fuzz TARGET [--seconds N] [--corpus DIR]`: fuzz one target; status 0 if nothing was found."""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

import atheris

TARGETS = ("message", "token", "line")
LONGEST_INPUT = 8192


def main(arguments: list[str]) -> None:
    """Fuzz; libFuzzer itself ends the process, and leaves the input that broke something in the corpus folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Feed a target with ever new bytes.")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60, help="how long; default %(default)s")
    parser.add_argument("--corpus", type=Path, help="folder to start from and to keep what was learned")
    given = parser.parse_args(arguments)
    with atheris.instrument_imports(include=["snomtui"]):
        target = importlib.import_module(f"tests.fuzz.fuzz_{given.target}")
        limits = importlib.import_module("tests.fuzz.limits")
    with tempfile.TemporaryDirectory() as folder:
        corpus = given.corpus or Path(folder)
        corpus.mkdir(parents=True, exist_ok=True)
        for at, seed in enumerate(target.seeds()):
            (corpus / f"seed-{at}").write_bytes(seed)
        options = [f"-max_total_time={given.seconds}", f"-max_len={LONGEST_INPUT}", "-timeout=20", "-rss_limit_mb=1024"]
        options += ["-print_final_stats=1", "-close_fd_mask=0", f"-artifact_prefix={corpus}/"]
        atheris.Setup([sys.argv[0], *options, str(corpus)], limits.timed(target.one))
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
