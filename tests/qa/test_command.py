"""`snomtui qa run`: scripts on fresh demos, failures in words, results for CI systems, and the exit code."""

from __future__ import annotations

import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest

from snomtui.cli import run
from snomtui.qa.lab import Lab

GOOD = """
# What stands before the first test is done at the start of each.
set http_user=me
let secret
set http_pass=$secret
http GET /command.htm?key=CANCEL -> 200

test "a program dials"
http GET /command.htm?number=%2B4930123456 -> 302 /index.htm
expect call outgoing to "Jan Dierich" dialling
expect command target=*number=* status=302
expect call talking within 8s
expect display shows "Connected"
expect presence "Jan Dierich" IN_A_CALL
http POST /index.htm body "HANGUP=" -> 302
expect call ended cause=local

test "a colleague calls"
person "Anna Lindner" calls
expect call incoming from anna.lindner@ucc.de offered
expect led CALL fast
wait "Incoming call"
press enter
expect call with Anna* talking
person Anna hangs up
expect call ended

test "faults on purpose"
within 3s
do {"do": "set", "name": "sim_http_fault", "value": "500@info.htm once"}
http GET /info.htm -> 500
http GET /info.htm -> 200
set sim_http_fault=cut
http GET /info.htm -> none
fault slow
fault slow off
type "4"
key 9
expect display "Enter number"
"""
BAD = """
test "waits in vain"
dial Jan Dierich
expect call held within 0.3s
test "another answer"
http GET /command.htm?key=BANANA -> 200
test "refused"
key BANANA
test "good"
expect registration 1 registered
"""


def script(folder: Path, name: str, text: str) -> str:
    """A script file."""
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def test_good_script_passes_and_each_test_has_a_phone_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNOMTUI_QA_SECRET", "hush")
    code = run(["qa", "run", script(tmp_path, "good.qa", GOOD), "--junit-xml", str(tmp_path / "out.xml")])
    said = capsys.readouterr().out
    assert code == 0, said
    assert said.count("ok ") == 3 and "3 passed, 0 failed" in said and "hush" not in said
    suites = ElementTree.fromstring((tmp_path / "out.xml").read_bytes())
    assert (suites.tag, suites.get("tests"), suites.get("failures")) == ("testsuites", "3", "0")
    cases = suites.findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == ["a program dials", "a colleague calls", "faults on purpose"]
    assert all(float(case.get("time", "")) > 0 and case.get("classname") == "good" for case in cases)


def test_failure_names_line_what_was_expected_and_what_was_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = script(tmp_path, "bad.qa", BAD)
    assert run(["qa", "run", file, "--junit-xml", str(tmp_path / "out.xml")]) == 1
    said = capsys.readouterr().out
    assert f"{file}:4: expect call held within 0.3s\n  not within 0.3 s; since line 3, dial Jan Dierich:" in said
    assert "call identity=1 direction=out" in said and "state=dialling" in said
    assert f"{file}:6: http GET /command.htm?key=BANANA -> 200\n  -> 400 (" in said and "BANANA" in said
    assert f"{file}:8: key BANANA\n  There is no key BANANA" in said
    assert "1 passed, 3 failed" in said
    failures = ElementTree.fromstring((tmp_path / "out.xml").read_bytes()).findall("*/testcase/failure")
    assert len(failures) == 3 and failures[0].get("message") == "expect call held within 0.3s"
    assert "state=dialling" in str(failures[0].text)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["none.qa"], "none.qa: cannot be read: No such file"),
        (["a.qa", "--var", "x"], "--var x: must be NAME=VALUE"),
        (["a.qa", "--junit-xml", "no/such/folder.xml"], "no/such/folder.xml: cannot be written"),
        (["wrong.qa"], "wrong.qa:1: dance: is not known, but"),
    ],
)
def test_wrong_use_is_told_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, more: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    script(tmp_path, "a.qa", "key 1")
    script(tmp_path, "wrong.qa", "dance")
    assert run(["qa", "run", *more]) == 2
    assert why in capsys.readouterr().err


def test_script_runs_on_a_phone_that_is_there_already(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'test "x"\nhttp GET /command.htm?number=%2B4930123456 -> 302\nexpect call talking\nkey CANCEL\n'
    text += 'expect call ended\ntest "y"\nperson Anna calls\n'
    with Lab() as lab:
        phone = lab.office().phone()
        code = run(["qa", "run", script(tmp_path, "a.qa", text), "--phone", phone.url])
    said = capsys.readouterr().out
    assert code == 1 and "1 passed, 1 failed" in said
    assert "cannot be asked: leave --phone out" in said


def test_secret_in_a_step_that_fails_is_not_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "let pw=geheim\nhttp GET /dummy.htm?settings=save&http_pass=$pw -> 302\n"
    assert run(["qa", "run", script(tmp_path, "a.qa", text), "--junit-xml", str(tmp_path / "out.xml")]) == 1
    said = capsys.readouterr().out + (tmp_path / "out.xml").read_text("utf-8")
    assert "http_pass=" in said and "geheim" not in said


def test_tests_on_a_running_phone_leave_no_event_streams_behind(tmp_path: Path) -> None:
    steps = "http GET /command.htm?key=5 -> 200\nexpect command status=200\nkey CANCEL\n"
    file = script(tmp_path, "a.qa", "".join(f'test "{number}"\n{steps}' for number in range(6)))
    with Lab() as lab:
        phone = lab.office().phone()
        assert run(["qa", "run", file, "--phone", phone.url]) == 0
        listening = [each for each in threading.enumerate() if each.name == "snomtui-qa"]
        assert len(listening) < 6
        phone.set("vol_ringer", 3)


def test_phone_that_is_not_there_is_a_failure_of_each_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["qa", "run", script(tmp_path, "a.qa", "key 1"), "--phone", "http://127.0.0.1:9"]) == 1
    assert "a phone that works\n  could not connect to 127.0.0.1:9" in capsys.readouterr().out


def test_script_of_a_recording_runs_as_a_test() -> None:
    assert run(["qa", "run", str(Path(__file__).parent.parent / "ui" / "readme.script")]) == 0
