"""Scripts of QA: what may stand in them, what becomes of variables, and what is said of a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from snomtui.qa.script import QaScript, check, read
from snomtui.recording.script import ScriptError


def script(folder: Path, *lines: str, values: Mapping[str, str] | None = None) -> QaScript:
    """A script of these lines, read."""
    file = folder / "demo.qa"
    file.write_text("\n".join(lines), "utf-8")
    found = read(file, values or {}, {"SNOMTUI_QA_SHELL": "from the shell"})
    check(found)
    return found


@pytest.mark.parametrize(
    ("line", "text", "fields"),
    [
        ("http GET /command.htm?number=1 -> 302", "/command.htm?number=1", {"method": "GET", "status": "302"}),
        (
            'http POST /x type a/b body "c d" -> none /y',
            "/x",
            {"method": "POST", "type": "a/b", "body": "c d", "status": "none", "location": "/y"},
        ),
        ("set vol_speaker=5", "5", {"name": "vol_speaker"}),
        ('person "Jan Dierich" calls', "Jan Dierich", {}),
        ("person Jan calls heiko", "Jan", {"whom": "heiko"}),
        ("fault slow off", "slow", {"how": "off"}),
        ("expect call talking", "call", {"state": "talking"}),
        (
            'expect call incoming from "Jan D" offered',
            "call",
            {"direction": "in", "who": "Jan D", "state": "offered"},
        ),
        ('expect display shows "Connected"', "display", {"text": "Connected"}),
        ("expect led P1 fast red", "led", {"key": "P1", "pattern": "fast", "color": "red"}),
        (
            "expect registration 2 refused code=403",
            "registration",
            {"identity": "2", "state": "refused", "code": "403"},
        ),
        ("expect presence Jan BUSY within 5s", "presence", {"who": "Jan", "availability": "BUSY"}),
        ('expect command target="*number=*" status=302', "command", {"target": "*number=*", "status": "302"}),
        ("expect action http://*/x?a=b status=200", "action", {"url": "http://*/x?a=b", "status": "200"}),
    ],
)
def test_step_is_read_as_it_is_meant(tmp_path: Path, line: str, text: str, fields: Mapping[str, str]) -> None:
    step = script(tmp_path, "key 1", line).steps[1]
    assert (step.text, dict(step.fields)) == (text, fields)
    assert step.seconds == (5.0 if "within" in line else -1.0 if step.do == "expect" else 0.0)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("expct call", "expct: is not known, but size, clock"),
        ("http FETCH /x", "http: must be such as GET /command.htm"),
        ("http GET command.htm", "http: must be such as GET /command.htm"),
        ("http GET /x -> yes", "http: -> needs the status of the answer"),
        ("http GET /x cookie y", "http: 'cookie' is not known behind the target"),
        ("expect", "expect: must be one of registration, call"),
        ("expect cal talking", "expect: must be one of registration, call"),
        ("expect call incoming Jan offered", "expect: call needs STATE, with incoming"),
        ("expect call taking", "expect: call needs STATE"),
        ("expect led P1", "expect: led needs KEY PATTERN"),
        ("expect display", "expect: display needs a text"),
        ("expect call talking within soon", "expect: 'soon' must be seconds"),
        ("person Jan dances", 'person: must be "NAME" calls'),
        ("fault sloww", "fault: fault sloww: there are only lost-answer"),
        ("do hangup", "do: not JSON"),
        ('do {"do": "hangpu"}', "do: unknown do 'hangpu', known are dial"),
        ("test", "test: needs a name"),
        ("within x", "within: 'x' must be seconds"),
        ("let 1=2", "let: must be NAME=VALUE"),
        ("policy x", "policy: --policy x: must be NAME=VALUE"),
        ("set frobnicate=1", "set: unknown setting frobnicate"),
        ('test "x', "test: a quotation mark is missing"),
    ],
)
def test_mistake_is_told_with_file_and_line(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(ScriptError) as caught:
        script(tmp_path, "# first", line)
    assert str(caught.value).startswith(f"{tmp_path / 'demo.qa'}:2: {why}")


def test_variable_has_the_value_that_is_given_first(tmp_path: Path) -> None:
    lines = ("let who=Jan", "let shell", "let keys = 1 2 3", "dial ${who}s $shell $mac", "key $keys F1")
    dial, key = script(tmp_path, *lines).steps
    assert (dial.text, key.names) == ("Jans from the shell $mac", ("1", "2", "3", "F1"))
    assert script(tmp_path, *lines, values={"who": "Anna"}).steps[0].text == "Annas from the shell $mac"


def test_variable_without_a_value_and_one_that_is_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="let http_pass: give it with --var http_pass=VALUE or SNOMTUI_QA_HTTP_PASS"):
        script(tmp_path, "let http_pass", "key 1")
    with pytest.raises(ScriptError, match="there is no variable whom; there are who"):
        script(tmp_path, "let who=x", "key 1", values={"whom": "y"})


def test_secret_setting_is_filled_in_and_checked(tmp_path: Path) -> None:
    found = script(tmp_path, "let shell", "set http_pass=$shell", "key 1")
    assert found.settings == {"http_pass": "from the shell"}
    with pytest.raises(ScriptError, match="set: vol_speaker: must be a whole number"):
        script(tmp_path, "let shell", "set vol_speaker=$shell", "key 1")


def test_what_stands_before_the_first_test_is_done_at_the_start_of_each(tmp_path: Path) -> None:
    found = script(tmp_path, "set http_user=x", "key 1", 'test "a b"', "key 2", 'test "c"', "set http_user=y")
    assert [(one.name, one.line, len(one.steps)) for one in found.sections] == [("a b", 3, 2), ("c", 5, 2)]
    assert found.settings == {"http_user": "x"} and found.sections[1].steps[1].do == "set"
    assert [one.name for one in script(tmp_path, "key 1").sections] == ["demo"]


def test_script_without_a_step_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="there is no step in it, such as: http GET"):
        script(tmp_path, "# nothing")
