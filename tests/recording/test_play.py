"""`snomtui record`: the same script gives the same recording, and a terminal that plays it ends as it says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pyte
import pytest
from PIL import Image

from snomtui.cli import run

README = Path(__file__).parent.parent / "ui" / "readme.script"
CALL = """
size 106 34
clock 2009-10-27 18:42
wait "Available" 5
dial Jan Dierich
wait "Connected" 10
picture call.svg
pause 2
press h
wait "hold" 5
key CANCEL
pause 1
press +
type 4930
"""


def written(folder: Path, text: str) -> Path:
    """A script file."""
    file = folder / "demo.script"
    file.write_text(text, "utf-8")
    return file


def screen_of(cast: str) -> pyte.Screen:
    """A terminal that has played a recording."""
    head, *events = map(json.loads, cast.splitlines())
    screen = pyte.Screen(head["width"], head["height"])
    stream = pyte.Stream(screen)
    for _, _, data in events:
        stream.feed(data)
    return screen


def test_call_is_recorded_and_its_pictures_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cast, png = tmp_path / "demo.cast", tmp_path / "demo.png"
    assert run(["record", str(written(tmp_path, CALL)), "--cast", str(cast), "--png", str(png)]) == 0
    assert "11 steps" in capsys.readouterr().out
    said = " ".join(ElementTree.fromstring((tmp_path / "call.svg").read_bytes()).itertext())
    assert "Connected" in said and "Jan Dierich" in said and "18:42" in said
    shown = "\n".join(screen_of(cast.read_text("utf-8")).display)
    assert "+4930" in shown and "Enter number" in shown
    with Image.open(png) as drawn:
        assert drawn.size == (1060, 680)
    times = [json.loads(line)[0] for line in cast.read_text("utf-8").splitlines()[1:]]
    assert times == sorted(times) and len(times) > 8


def test_same_script_gives_the_same_recording_to_the_byte(tmp_path: Path) -> None:
    script, made = written(tmp_path, CALL), []
    for name in ("one", "two"):
        cast, svg = tmp_path / f"{name}.cast", tmp_path / f"{name}.svg"
        assert run(["record", str(script), "--cast", str(cast), "--svg", str(svg)]) == 0
        made.append((cast.read_bytes(), svg.read_bytes()))
    assert made[0] == made[1]


def test_blinking_leds_blink_in_the_recording(tmp_path: Path) -> None:
    cast = tmp_path / "ring.cast"
    assert run(["record", str(written(tmp_path, 'wait "+49301234506" 40\npause 2\n')), "--cast", str(cast)]) == 0
    events = [json.loads(line) for line in cast.read_text("utf-8").splitlines()[1:]]
    ringing = [at for at, _, data in events if "◉" in data or "◌" in data]
    assert len(ringing) >= 6


def test_language_skin_and_desk_are_recorded(tmp_path: Path) -> None:
    svg = tmp_path / "desk.svg"
    scene = 'size 150 36\nlanguage Deutsch\nskin snom821\nwait "Verfügbar"\npress w\npause 1\n'
    assert run(["record", str(written(tmp_path, scene)), "--svg", str(svg)]) == 0
    said = " ".join(ElementTree.fromstring(svg.read_bytes()).itertext())
    assert "REGISTER" in said and "Kontakte" in said and "821" in said


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (
            'wait "Nothing like it" 2',
            "wait: 'Nothing like it' was not on the screen within 2 seconds; the display says: ",
        ),
        ("press b nokey", "press: 'nokey' is no key"),
        ("key P99", "key: There is no key P99"),
        ("press q", "press: this has ended the phone"),
        ("picture none/phone.svg", "phone.svg: cannot be written: No such file or directory"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], step: str, why: str
) -> None:
    assert run(["record", str(written(tmp_path, f'wait "Available"\n{step}\n'))]) == 2
    told = capsys.readouterr().err
    assert why in told and told.count("\n") == 1
    assert "demo.script:2: " in told or "picture" in step


def test_log_shows_the_time_of_the_recording_wherever_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = tmp_path / "log.svg"
    script = written(tmp_path, 'size 150 36\nclock 2009-10-27 18:42\nwait "Available"\npress L\npause 1\n')
    for zone in ("Asia/Tokyo", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        assert run(["record", str(script), "--svg", str(svg)]) == 0
        assert "27/10/2009 18:42:0" in svg.read_text("utf-8")
        assert os.environ["TZ"] == zone


def test_script_of_the_readme_can_be_played(tmp_path: Path) -> None:
    text = (README.parent.parent.parent / "README.md").read_text("utf-8")
    script = text.partition("# one step a line\n")[2].partition("```")[0]
    assert run(["record", str(written(tmp_path, script))]) == 0
    assert "Anna Lindner" in (tmp_path / "contacts.svg").read_text("utf-8")


def test_readme_shows_what_the_command_makes(tmp_path: Path) -> None:
    """To make it anew: `snomtui record tests/ui/readme.script --svg tests/ui/phone.svg`."""
    made = tmp_path / "phone.svg"
    assert run(["record", str(README), "--svg", str(made)]) == 0
    assert made.read_text("utf-8") == README.with_name("phone.svg").read_text("utf-8")
