"""`snomtui qa run` and `snomtui qa record`."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Mapping
from functools import partial

from snomtui.errors import LocalError
from snomtui.qa.driven import Demo, Driven, Running
from snomtui.qa.junit import junit
from snomtui.qa.lab import Lab
from snomtui.qa.player import Result, play
from snomtui.qa.script import QaScript, check, read
from snomtui.recording.play import keep


def run(given: argparse.Namespace, password: Callable[[], str]) -> int:
    """Run scripts, and say what became of each test; 0 = all as it should be, 1 = not. Raises `LocalError`."""
    logging.getLogger().addHandler(logging.NullHandler())
    values = _values(given.var)
    scripts = [read(file, values) for file in given.files]
    for script in scripts:
        check(script)
    if given.junit_xml:
        keep(given.junit_xml, b"")  # what cannot be written is told now, not after an hour
    results: list[Result] = []
    with Lab() as lab:
        for script in scripts:
            driven = _driven(given, lab, script, password)
            for section in script.sections:
                results.append(play(script, section, driven, given.timeout))
                print(line_of(results[-1]), flush=True)
    failed = [one for one in results if one.failure]
    for one in failed:
        print(f"\n{report_of(one)}")
    if given.junit_xml:
        keep(given.junit_xml, junit(results))
    took = sum(one.seconds for one in results)
    print(f"\n{len(results) - len(failed)} passed, {len(failed)} failed in {took:.1f} s")
    return 1 if failed else 0


def _driven(given: argparse.Namespace, lab: Lab, script: QaScript, password: Callable[[], str]) -> Callable[[], Driven]:
    if not given.phone:
        return partial(Demo, lab, script)
    return partial(Running, given.phone, given.user, password())


def _values(texts: list[str]) -> Mapping[str, str]:
    """All of `--var NAME=VALUE`; raises `LocalError`."""
    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise LocalError(f"--var {text}: must be NAME=VALUE")
        found[name.strip()] = value
    return found


def line_of(result: Result) -> str:
    """One test in a line."""
    word = "FAILED" if result.failure else "ok"
    return f"{word:6} {result.script.path}: {result.section.name} ({result.seconds:.2f} s)"


def report_of(result: Result) -> str:
    """Why a test failed: where, what was expected, and what was seen."""
    assert result.failure is not None
    failure = result.failure
    return f"{result.where}: {failure.expected}\n  {failure.seen}"
