"""What became of scripts, as JUnit XML, the form that CI systems read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from snomtui.qa.player import Result

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, 2.2)."""


def junit(results: Sequence[Result]) -> bytes:
    """One `testsuite` a script, one `testcase` a test."""
    top = ElementTree.Element("testsuites", _counts(results), name="snomtui qa")
    for path, group in groupby(results, key=lambda one: one.script.path):
        cases = list(group)
        suite = ElementTree.SubElement(top, "testsuite", _counts(cases), name=_fit(str(path)))
        for one in cases:
            case = ElementTree.SubElement(suite, "testcase", name=_fit(one.section.name), classname=_fit(path.stem))
            case.set("time", f"{one.seconds:.3f}")
            case.set("file", _fit(str(path)))
            case.set("line", str(one.section.line))
            if one.failure:
                failure = ElementTree.SubElement(
                    case, "failure", message=_fit(one.failure.expected), type="expectation"
                )
                failure.text = _fit(f"{one.where}: {one.failure.expected}\n{one.failure.seen}")
    ElementTree.indent(top)
    whole: str = ElementTree.tostring(top, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{whole}\n'.encode()


def _counts(results: Sequence[Result]) -> dict[str, str]:
    failed = sum(one.failure is not None for one in results)
    took = sum(one.seconds for one in results)
    return {"tests": str(len(results)), "failures": str(failed), "errors": "0", "skipped": "0", "time": f"{took:.3f}"}


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
