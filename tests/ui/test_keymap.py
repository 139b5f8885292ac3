"""Other keyboard keys from a file: what it may hold, and how its mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.cli import run
from snomtui.errors import SettingsError
from snomtui.skin import load
from snomtui.ui.app import PhoneApp
from snomtui.ui.help import HelpScreen
from snomtui.ui.hint import Hint
from snomtui.ui.keyboard import LINES, keys_of
from snomtui.ui.keymap import check, listed, read
from snomtui.ui.terminal import Terminal
from tests.ui.people import TALKING, Border


def test_keys_are_given_by_snoms_names_and_by_commands() -> None:
    changed, wrong = check({"F_HOLD": "f8, H", "redial": ["ctrl+r", "8"], "palette": "ctrl+space", "8": "", "P12": ""})
    assert wrong == []
    assert changed == {
        "key.F_HOLD": "f8,H",
        "key.REDIAL": "ctrl+r,8",
        "ui.palette": "ctrl+space",
        "key.8": "",
        "key.P12": "",
    }


def test_characters_are_written_as_they_are() -> None:
    assert check({"MUTE": "?, +, ctrl+#", "help": "f5", "SPEAKER": ","})[0]["key.MUTE"] == (
        "question_mark,plus,ctrl+number_sign"
    )
    assert check({"SPEAKER": ",", "VOLUME_DOWN": "<"})[0]["key.SPEAKER"] == "comma"


def test_key_that_is_given_is_taken_from_the_line_that_had_it() -> None:
    changed, wrong = check({"REDIAL": "f1"})
    assert wrong == [] and changed == {"key.REDIAL": "f1", "key.F1": "a,alt+q"}


@pytest.mark.parametrize(
    ("raw", "mistake"),
    [
        ({"REDAIL": "r"}, "REDAIL: there is no such key or command, did you mean 'REDIAL'?"),
        ({"REDIAL": "f8", "REC": "F8"}, "REC: 'F8' is already given to REDIAL"),
        ({"REDIAL": "ctrl+i"}, "REDIAL: 'ctrl+i' cannot be used: terminals send it as Tab"),
        ({"REDIAL": "ctrl+h"}, "REDIAL: 'ctrl+h' cannot be used: most terminals send it as Backspace"),
        ({"REDIAL": "ctrl+c"}, "REDIAL: 'ctrl+c' cannot be used: it tells how to leave"),
        ({"REDIAL": "ctrl+shift+r"}, "REDIAL: 'ctrl+shift+r' cannot be used: terminals do not tell it from"),
        ({"REDIAL": "shift+r"}, "REDIAL: 'shift+r' cannot be used: write the character that comes, such as 'R'"),
        ({"REDIAL": "pagedwn"}, "REDIAL: 'pagedwn' is no keyboard key, did you mean 'pagedown'?"),
        ({"REDIAL": 5}, "REDIAL: a text such as 'h, F8' or a list of them is expected, not 5"),
        ({"REDIAL": "h"}, "REDIAL: 'h' is the only key of F_HOLD: give F_HOLD another one, or ''"),
    ],
)
def test_mistake_is_named_with_what_would_be_right(raw: dict[str, object], mistake: str) -> None:
    _, wrong = check(raw)
    assert len(wrong) == 1 and wrong[0].startswith(mistake)


def test_file_and_line_of_every_mistake_are_named(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('# mine\nF_HOLD = "f8"\n"REC" = "F8"\nREDAIL = "r"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        read(file)
    lines = str(told.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [f"{file}:3", f"{file}:4"]


@pytest.mark.parametrize("text", ["F_HOLD = ", b"\xff\xfe"])
def test_file_that_is_no_toml_is_named(tmp_path: Path, text: str | bytes) -> None:
    file = tmp_path / "keys.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError, match=r"keys\.toml"):
        read(file)


def test_list_shows_what_is_in_force(tmp_path: Path) -> None:
    file = tmp_path / "keys.toml"
    file.write_text('F_HOLD = "F8"', encoding="utf-8")
    assert dict(listed(file))["F_HOLD"] == "F8" and dict(listed(file))["REDIAL"] == "r"


def test_every_line_can_be_named_in_the_file_by_its_own_keys() -> None:
    changed, wrong = check({name: line.keys.split(",") for name, line in LINES.items() if name != "BACKSPACE"})
    assert wrong == []
    assert all(keys_of(name, changed) == line.keys for name, line in LINES.items())


async def test_other_keys_work_and_stand_in_the_bottom_line_and_in_the_help() -> None:
    border = Border(TALKING)
    changed = check({"F_HOLD": "f8, 8", "8": "", "help": "f9"})[0]
    app = PhoneApp(border, load("plain"), blinking=False, terminal=Terminal(keys=changed))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f8", "8", "h")
        assert "8 hold" in app.screen.query_one(Hint).usual
        await pilot.press("f9")
        assert isinstance(app.screen, HelpScreen) and "F8  8  Hold" in app.screen.text().plain
    assert border.pressed == ["F_HOLD", "F_HOLD"]


def test_command_lists_the_keys_and_ends_with_2_at_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "keys.toml"
    file.write_text('F_HOLD = "f8"', encoding="utf-8")
    assert run(["keys", "list"]) == run(["keys", "check", str(file)]) == 0
    assert "F_HOLD        h\n" in capsys.readouterr().out
    file.write_text('F_HOLT = "f8"', encoding="utf-8")
    assert run(["keys", "check", str(file)]) == 2
    assert "keys.toml:1: F_HOLT: there is no such key or command, did you mean 'F_HOLD'?" in capsys.readouterr().err
