"""Scripts of recordings: what may stand in them, and what is said of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from snomtui.recording.script import PATIENCE, Script, ScriptError, Step, read


def script(folder: Path, *lines: str) -> Script:
    """A script of these lines."""
    file = folder / "demo.script"
    file.write_text("\n".join(lines), "utf-8")
    return read(file)


def test_steps_are_read_in_their_order_and_comments_are_not(tmp_path: Path) -> None:
    found = script(
        tmp_path,
        "# a comment",
        "",
        'wait "Jan Dierich"',
        'wait "0:02" 5',
        "press b down enter",
        "type +49 30",
        'type "  blanks "',
        "key P1 F_HOLD",
        "dial Jan Dierich",
        "pause 1.5",
        "picture phone.svg",
    )
    assert found.steps == [
        Step(3, "wait", "Jan Dierich", seconds=PATIENCE),
        Step(4, "wait", "0:02", seconds=5),
        Step(5, "press", names=("b", "down", "enter")),
        Step(6, "type", "+49 30"),
        Step(7, "type", "  blanks "),
        Step(8, "key", names=("P1", "F_HOLD")),
        Step(9, "dial", "Jan Dierich"),
        Step(10, "pause", seconds=1.5),
        Step(11, "picture", "phone.svg"),
    ]


def test_scene_is_set_before_the_first_step(tmp_path: Path) -> None:
    lines = ("size 120 40", "clock 1970-01-02 00:00", "skin snom870", "language Deutsch", "seed 7", "title A call")
    found = script(tmp_path, *lines, "set time_24_format=off", "people who.toml")
    assert (found.size, found.start, found.skin.name, found.seed) == ((120, 40), 86400.0, "snom870", 7)
    assert found.settings == {"language": "Deutsch", "time_24_format": "off"}
    assert (found.title, found.people) == ("A call", tmp_path / "who.toml")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("frobnicate", "frobnicate: is not known, but size, clock, "),
        ("size 106", "size: must be columns and rows"),
        ("size 10 10", "size: must lie between 40 12 and 300 100"),
        ("clock noon", "clock: must be a day and a time"),
        ("skin none", "skin: no skin named 'none'"),
        ("language Klingon", "language: there is no language 'Klingon'"),
        ("set frobnicate=1", "set: unknown setting frobnicate"),
        ("set language", "set: must be NAME=VALUE"),
        ("seed x", "seed: must be a whole number"),
        ("wait Jan Dierich now", "wait: needs a text in quotation marks"),
        ('wait "Jan', "wait: a quotation mark is missing"),
        ('wait "Jan" soon', "wait: 'soon' must be seconds"),
        ("pause", "pause: needs seconds"),
        ("pause -1", "pause: '-1' must be seconds"),
        ("press", "press: needs keys of the keyboard"),
        ("dial", "dial: needs a number"),
        ("picture phone.gif", "picture: phone.gif must end in .svg or .png"),
    ],
)
def test_mistake_is_told_with_file_and_line(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(ScriptError) as caught:
        script(tmp_path, "# first", line)
    assert str(caught.value).startswith(f"{tmp_path / 'demo.script'}:2: {why}")


def test_scene_after_a_step_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r":2: skin: must stand before the first step, which is in line 1"):
        script(tmp_path, "pause 1", "skin snom370")


def test_script_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"none\.script: cannot be read: No such file"):
        read(tmp_path / "none.script")
