"""What the environment tells of a terminal, and what its owner wants."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from snomtui.errors import SettingsError
from snomtui.ui.terminal import Terminal, seen_in, wanted

UTF8 = {"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}


def test_usual_terminal_can_do_everything() -> None:
    assert seen_in(UTF8) == Terminal(title=True)


@pytest.mark.parametrize(
    ("environ", "charset"),
    [
        (UTF8, "full"),
        ({"TERM": "xterm-16color"}, "full"),
        ({**UTF8, "LC_ALL": "C"}, "ascii"),
        ({**UTF8, "LC_CTYPE": "de_DE.ISO-8859-1"}, "ascii"),
        ({**UTF8, "LC_ALL": "", "LC_CTYPE": "C.UTF-8"}, "full"),
        ({**UTF8, "TERM": "vt100"}, "ascii"),
        ({**UTF8, "TERM": "dumb"}, "ascii"),
        ({**UTF8, "TERM": "linux"}, "console"),
        ({}, "ascii"),
    ],
)
def test_characters_are_those_of_locale_and_terminal(environ: dict[str, str], charset: str) -> None:
    assert seen_in(environ).charset == charset


@pytest.mark.parametrize(
    ("environ", "colors"),
    [(UTF8, True), ({**UTF8, "NO_COLOR": "1"}, False), ({**UTF8, "NO_COLOR": ""}, True), ({"TERM": "vt220"}, False)],
)
def test_colours_are_left_out_where_nobody_wants_or_has_them(environ: dict[str, str], colors: bool) -> None:
    assert seen_in(environ).colors is colors


@pytest.mark.parametrize(
    ("told", "light"),
    [("0;15", True), ("15;0", False), ("0;default;15", True), ("15;8", False), ("", None), ("x;y", None)],
)
def test_ground_is_light_as_the_terminal_says(told: str, light: bool | None) -> None:
    assert seen_in({**UTF8, "COLORFGBG": told}).light is light


@pytest.mark.parametrize(("kind", "title"), [("screen-256color", True), ("linux", False), ("vt100", False)])
def test_title_is_written_only_where_it_does_not_end_up_on_the_screen(kind: str, title: bool) -> None:
    assert seen_in({"TERM": kind}).title is title


def test_multiplexer_is_noticed() -> None:
    inside = [seen_in({**UTF8, name: "x"}).inside for name in ("TMUX", "STY", "OTHER")]
    assert inside == ["tmux", "screen", ""]


def test_owner_adds_theme_bell_and_keys(tmp_path: Path) -> None:
    keys = tmp_path / "keys.toml"
    keys.write_text('REC = "f8"', encoding="utf-8")
    made = wanted(UTF8, "light", True, keys)
    assert (made.theme, made.bell, made.keys, made.title) == ("light", True, {"key.REC": "f8"}, True)


def test_file_of_keys_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"mine\.toml: cannot be read"):
        wanted(UTF8, "auto", False, tmp_path / "mine.toml")


def test_keys_of_the_configuration_folder_count_by_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert wanted(UTF8, "auto", False, None).keys == {}
    (tmp_path / "snomtui").mkdir()
    (tmp_path / "snomtui" / "keys.toml").write_text('REC = "f8"', encoding="utf-8")
    assert wanted(UTF8, "auto", False, None).keys == {"key.REC": "f8"}


@pytest.mark.parametrize(
    ("locale", "charset"),
    [({"LANG": "C"}, "ascii"), ({"LC_ALL": "C"}, "ascii"), ({"LC_CTYPE": "C.UTF-8"}, "full"), ({}, "full")],
)
def test_utf8_that_python_itself_has_set_is_not_believed(locale: dict[str, str], charset: str) -> None:
    code = "import os\nfrom snomtui.ui.terminal import wanted\nprint(wanted(os.environ, 'auto', False, None).charset)"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, "TERM": "xterm", **locale},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.strip() == charset, ran.stderr
