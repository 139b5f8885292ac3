"""What `snomtui skins` tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.cli import run

Said = pytest.CaptureFixture[str]
ALL = ["plain", "snom320", "snom360", "snom370", "snom820", "snom821", "snom870"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a user's skins are."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "snomtui" / "skins"
    folder.mkdir(parents=True)
    return folder


def test_list_names_every_skin_and_where_own_ones_belong(home: Path, capsys: Said) -> None:
    (home / "mine.toml").write_text('base = "snom370"\ntitle = "my phone"', "utf-8")
    (home / "worse.toml").write_text("title = 1", "utf-8")
    assert run(["skins", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [*ALL, "mine", "worse"]
    assert "my phone" in lines[7] and str(home / "mine.toml") in lines[7]
    assert "mistakes" in lines[8] and f"{home / 'worse.toml'}:1: " in lines[8]
    assert str(home) in lines[-1]
    assert run(["skins"]) == 0 and capsys.readouterr().out.splitlines() == lines


def test_show_tells_model_faces_and_files_and_draws_it(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    assert run(["skins", "show", "snom360"]) == 0
    said = capsys.readouterr().out
    assert "snom360: 4 rows of 21 characters, 4 soft keys, 12 programmable keys" in said
    assert "full 100x32, compact 80x23" in said and "42 keys" in said
    assert "skins/snom360/skin.toml" in said and "common/snom3xx.tcss" in said
    assert "24 x 8" in said and "2 ABC" in said and max(map(len, said.split("\n\n", 1)[1].splitlines())) <= 80


def test_check_finds_nothing_in_what_ships(home: Path, capsys: Said) -> None:
    assert run(["skins", "check"]) == 0
    assert capsys.readouterr().out == "All skins: nothing is wrong\n"
    assert run(["skins", "check", "snom820", "plain"]) == 0


@pytest.mark.parametrize("as_folder", [True, False])
def test_check_names_file_line_key_and_what_would_be_right(tmp_path: Path, capsys: Said, as_folder: bool) -> None:
    file = tmp_path / "mine" / "skin.toml"
    file.parent.mkdir()
    file.write_text('base = "snom370"\n\n[faces.full.at]\nREDIALL = [55, 18, 10, 2]\n1 = [23, 23, 10, 2]\n', "utf-8")
    assert run(["skins", "check", str(file.parent if as_folder else file)]) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"{file}:4: faces.full.at.REDIALL: unknown name, did you mean 'REDIAL'?",
        f"{file}:5: faces.full.at.1: lies on 2; one of the two could not be used",
    ]


def test_check_reads_the_style_sheet_too(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "mine.toml").write_text('base = "snom370"', "utf-8")
    sheet = tmp_path / "mine.tcss"
    sheet.write_text("Display { color: red; }\nDisplay { colour: red; }\nLamp { width: 3zz; }", "utf-8")
    for file in ("mine.toml", "mine.tcss"):
        assert run(["skins", "check", str(tmp_path / file)]) == 2
        first, second = capsys.readouterr().out.splitlines()
        assert first.startswith(f"{sheet}:2: ") and "'colour'" in first and "'color'" in first
        assert second.startswith(f"{sheet}:3: ") and "width" in second


@pytest.mark.parametrize("words", [["check", "nosuch"], ["show", "nosuch"], ["show", "/nosuch.toml"], ["dance"]])
def test_skin_or_word_that_is_not_there_ends_with_2(words: list[str], capsys: Said) -> None:
    assert run(["skins", *words]) == 2
    said = capsys.readouterr()
    assert "no skin" in said.out + said.err or "invalid choice" in said.err


def test_phone_with_an_unknown_skin_ends_with_2(capsys: Said) -> None:
    assert run(["phone", "--model", "nosuch", "--headless"]) == 2
    assert "there are: plain, snom320" in capsys.readouterr().err
