"""`python -m tests.bench [--quick] [GROUP ...]`: measure, and print a table."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator

from tests.bench.commands import commands
from tests.bench.counts import FULL, QUICK, Counts
from tests.bench.crowd import company
from tests.bench.dialling import dials
from tests.bench.engine import rates
from tests.bench.fleet import registrations
from tests.bench.flood import flooded
from tests.bench.growth import grown
from tests.bench.screen import at_rest, first_paint
from tests.bench.table import Figure, machine, table

GROUPS: dict[str, Callable[[Counts], Iterator[Figure]]] = {
    "paint": first_paint,
    "rest": at_rest,
    "flood": flooded,
    "commands": commands,
    "dial": dials,
    "engine": rates,
    "growth": grown,
    "fleet": registrations,
    "crowd": company,
}


def main(arguments: list[str]) -> int:
    """Measure what is asked for, by default everything; less than two minutes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast snomtui is on this machine.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: about 30 seconds")
    parser.add_argument("group", nargs="*", choices=[*GROUPS, []], help="only these: %(choices)s", metavar="GROUP")
    given = parser.parse_args(arguments)
    begin = time.monotonic()
    found = list[Figure]()
    for name in given.group or GROUPS:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        found += GROUPS[name](QUICK if given.quick else FULL)
    print(f"{machine()}\n\n{table(found)}\n\n{time.monotonic() - begin:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
