"""The selected text, by stand-ins for the programs that tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.errors import LocalError
from snomtui.remote.driving import selection


def program(folder: Path, name: str, script: str) -> None:
    """A program of that name in a folder of programs."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "variable"), [("wl-paste", "WAYLAND_DISPLAY"), ("xclip", "DISPLAY"), ("xsel", "DISPLAY"), ("tmux", "TMUX")]
)
def test_selection_is_told_by_the_program_that_fits(tmp_path: Path, name: str, variable: str) -> None:
    program(tmp_path, name, 'printf "030 12345 %s" "$1"')
    text = selection.selected({"PATH": str(tmp_path), variable: "x"})
    assert text.startswith("030 12345 ")
    with pytest.raises(LocalError, match="install wl-clipboard"):
        selection.selected({"PATH": str(tmp_path)})


def test_program_without_a_selection_gives_way_to_the_next(tmp_path: Path) -> None:
    program(tmp_path, "wl-paste", "exit 1")
    program(tmp_path, "xsel", "echo 4711")
    both = {"PATH": str(tmp_path), "WAYLAND_DISPLAY": "x", "DISPLAY": ":0"}
    assert selection.selected(both) == "4711\n"
    program(tmp_path, "xsel", "true")
    with pytest.raises(LocalError, match=r"nothing is selected \(wl-paste, xsel had no text\)"):
        selection.selected(both)


def test_one_number_is_chosen_and_several_are_listed() -> None:
    assert selection.chosen("Tel. (030) 12 34 5, 24 hours") == "(030) 12 34 5"
    with pytest.raises(LocalError, match="no phone number"):
        selection.chosen("nothing here")
    with pytest.raises(LocalError, match=r"(?s)several numbers.*1  030 12345.*2  040 12345"):
        selection.chosen("030 12345, 040 12345")
