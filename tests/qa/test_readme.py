"""The examples in the README section on testing do what is said of them."""

from __future__ import annotations

import re
from pathlib import Path

from snomtui.cli import run
from tests.test_testing import pytest_of_others
from tests.test_walls import ROOT


def example(language: str) -> str:
    """The example in this language, from the section on testing."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## Testing remote control\n")[2].partition("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


def test_script_in_the_readme_passes(tmp_path: Path) -> None:
    (tmp_path / "call.qa").write_text(example("qa"), "utf-8")
    assert run(["qa", "run", str(tmp_path / "call.qa")]) == 0


def test_pytest_example_in_the_readme_passes(tmp_path: Path) -> None:
    ran = pytest_of_others(tmp_path, example("python"))
    assert ran.returncode == 0 and "1 passed" in ran.stdout, ran.stdout
