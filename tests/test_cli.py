"""The command line: what it says, what it does to a phone, and its exit codes."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from snomtui import __version__
from snomtui.cli import parser, run
from tests.programs import HEIKO, ROOT, Program, environment, obey_interrupts, sets
from tests.programs import run as run_program

JAN = "+4930123456"
Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def demo() -> Iterator[Program]:
    options = ("--http", "127.0.0.1:0", "--listen", "tcp:127.0.0.1:0", "--set", "http_user=admin")
    with Program("demo", "--headless", *options, "--set", "http_pass=geheim") as program:
        program.wait("registration", state="registered")
        yield program
        assert program.quit() == 0


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOMTUI_PASSWORD", "geheim")


def at(demo: Program) -> list[str]:
    """The options that reach the demo's phone."""
    return ["--phone", demo.events[0]["http"], "--user", "admin"]


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


# -- words


def test_version_and_help_end_with_0(capsys: Said) -> None:
    assert (run(["--version"]), capsys.readouterr().out) == (0, f"snomtui {__version__}\n")
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in ("phone", "demo", "office", "dial", "press", "hangup", "answer", "status", "watch"):
        assert re.search(rf"^    {command} ", shown, re.MULTILINE)
        assert run([command, "-h"]) == 0
        assert capsys.readouterr().out.startswith(f"usage: snomtui {command}")


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["dial"], ["--log-level", "10"], ["demo", "--firmware", "9"], ["office", "--lan-manager-level", "6"]]
    + [["office", "--lan-manager-level", "x"], ["phone", "--policy", "kerberos=off"]],
)
def test_wrong_usage_ends_with_2(arguments: list[str], capsys: Said) -> None:
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("usage: snomtui")


@pytest.mark.parametrize(("command", "words"), [("office", "--nix"), ("demo", "again"), ("phone", "--policy x=y")])
def test_what_a_command_does_not_know_is_its_own_mistake(command: str, words: str, capsys: Said) -> None:
    assert run([command, *words.split()]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"usage: snomtui {command}")
    assert told.endswith(f"snomtui {command}: error: unrecognized arguments: {words}\n")


@pytest.mark.parametrize("option", ["--state-dir", "--people", "--ca-file", "--log-file"])
def test_file_without_a_name_is_refused_and_not_taken_for_this_folder(option: str, capsys: Said) -> None:
    assert run(["office", option, ""]) == 2
    assert capsys.readouterr().err.endswith(f"argument {option}: a name is wanted\n")


def test_option_in_front_of_a_command_is_not_lost() -> None:
    given = parser().parse_args(["--settings", "a.toml", "--http", "off", "demo", "--headless"])
    assert (given.settings, given.http, given.headless, given.model) == (["a.toml"], "off", True, "snom370")


def test_option_after_a_command_wins() -> None:
    given = parser().parse_args(["--http", "off", "phone", "--http", "127.0.0.1:0", "--settings", "b.toml"])
    assert (given.http, given.settings, given.set) == ("127.0.0.1:0", ["b.toml"], [])


def test_later_of_level_and_policy_wins() -> None:
    level, policy = ["--lan-manager-level", "3"], ["--policy", "lan_manager_level=4", "--policy", "digest=off"]
    assert parser().parse_args(["office", *level, *policy]).policy == ["lan_manager_level=3", *policy[1::2]]
    assert parser().parse_args(["demo", *policy, *level]).policy == [*policy[1::2], "lan_manager_level=3"]
    assert parser().parse_args(["office"]).policy == []


def test_no_command_means_phone() -> None:
    assert parser().parse_args([]).run is parser().parse_args(["phone"]).run


def test_module_and_script_are_the_same_program() -> None:
    assert run_program("--version").stdout == f"snomtui {__version__}\n"


def test_defect_is_told_in_one_line_and_with_debug_in_full(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    def fall(given: object) -> int:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("snomtui.opening.office", fall)
    assert run(["office"]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "ZeroDivisionError('on purpose')" in told
    with pytest.raises(ZeroDivisionError):
        run(["office", "--debug"])


def test_interrupted_command_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(given: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("snomtui.opening.office", interrupt)
    assert run(["office"]) == 130


# -- remote control


@pytest.mark.usefixtures("login")
def test_remote_control_leads_a_call_from_dial_to_hangup(demo: Program, capsys: Said) -> None:
    since = demo.mark()
    assert run(["dial", "+49 (0)30 123456", *at(demo)]) == 0
    assert demo.wait("call", since, state="talking")["number"] == JAN
    assert run(["status", *at(demo)]) == 0
    shown = capsys.readouterr().out
    assert "Heiko.Riedel@ucc.de" in shown and JAN in shown and "geheim" not in shown
    assert run(["status", "--json", *at(demo)]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert [call["state"] for call in whole["calls"]] == ["talking"]
    assert run(["hangup", *at(demo)]) == 0
    demo.wait("call", since, state="ended", cause="local")
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("login")
def test_keys_reach_the_phone_in_order(demo: Program) -> None:
    since = demo.mark()
    assert run(["press", "1;2;3", *at(demo)]) == 0
    command = demo.wait("command", since, status=200)
    assert command["did"] == [{"do": "press", "keys": "1;2;3"}]
    demo.wait("display", since, entry="123")
    assert run(["press", "CANCEL", *at(demo)]) == 0


@pytest.mark.usefixtures("login")
def test_incoming_call_is_answered_by_remote_control(demo: Program, tmp_path: Path) -> None:
    jan = HEIKO | {"user_name1": "Jan.Dierich", "user_pname1": "UCC\\Jan.Dierich", "user_pass1": "Winter2009!"}
    server = f"{demo.events[0]['office']['tcp']};transport=tcp"
    options = ("--http", "off", "--state-dir", str(tmp_path), *sets(**jan, user_outbound1=server))
    with Program("phone", "--headless", *options) as caller:
        caller.wait("registration", state="registered")
        since = demo.mark()
        assert caller.do("dial", number="sip:Heiko.Riedel@ucc.de")["ok"]
        call = demo.wait("call", since, state="offered")
        assert (call["direction"], call["remote"], call["remote_name"]) == (
            "in",
            "sip:Jan.Dierich@ucc.de",
            "Jan Dierich",
        )
        assert run(["answer", *at(demo)]) == 0
        demo.wait("call", since, state="talking", id=call["id"])
        caller.wait("call", state="talking")
        assert run(["hangup", "--all", *at(demo)]) == 0
        assert caller.wait("call", state="ended")["cause"] == "remote"
        assert caller.quit() == 0


def test_watching_shows_what_happens_as_json_lines(demo: Program) -> None:
    command = [sys.executable, "-m", "snomtui", "watch", *at(demo)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(SNOMTUI_PASSWORD="geheim"),
        preexec_fn=obey_interrupts,
    ) as watch:
        assert watch.stdout
        seen: list[str] = []
        reader = threading.Thread(target=lambda: seen.extend(islice(watch.stdout or (), 1)))
        reader.start()
        for key in ["5", "CANCEL"] * 50:  # until it listens
            demo.do("press", keys=key)
            reader.join(0.1)
            if not reader.is_alive():
                break
        demo.do("press", keys="CANCEL")
        watch.send_signal(signal.SIGINT)
        reader.join()
        watch.stdout.read()
        assert watch.wait(10) == 130
    event = json.loads(seen[0])
    assert event["event"] in ("display", "presence", "led") and event["at"] > 0


@pytest.mark.usefixtures("login")
@pytest.mark.parametrize(
    ("arguments", "words"), [(["press", "BANANA"], "BANANA"), (["press", ""], ""), (["dial", ""], "no number given")]
)
def test_command_that_makes_no_sense_ends_with_2(demo: Program, arguments: list[str], words: str, capsys: Said) -> None:
    assert run([*arguments, *at(demo)]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and words in told.err


def test_wrong_login_ends_with_1(demo: Program, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setenv("SNOMTUI_PASSWORD", "falsch")
    since = demo.mark()
    assert run(["dial", "5", *at(demo)]) == 1
    told = capsys.readouterr().err
    assert "wrong login" in told and told.count("\n") == 1 and "falsch" not in told
    assert "call" not in {each["event"] for each in demo.events[since:]}


def test_missing_login_ends_with_1(demo: Program, capsys: Said) -> None:
    assert run(["dial", "5", "--phone", demo.events[0]["http"]]) == 1
    assert "a login is needed" in capsys.readouterr().err


def test_user_without_a_password_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SNOMTUI_PASSWORD", raising=False)
    ran = run_program("dial", "5", "--user", "admin")
    assert (ran.returncode, ran.stdout) == (2, "") and "set SNOMTUI_PASSWORD" in ran.stderr


@pytest.mark.parametrize("command", [["dial", "5"], ["press", "5"], ["hangup"], ["answer"], ["status"], ["watch"]])
def test_nobody_there_ends_with_3(command: list[str], capsys: Said) -> None:
    where = f"127.0.0.1:{free_port()}"
    assert run([*command, "--phone", f"http://{where}"]) == 3
    told = capsys.readouterr()
    assert told.out == "" and told.err == f"snomtui: could not connect to {where}: Connection refused\n"


def test_phone_that_says_nothing_ends_with_3(capsys: Said) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        where = f"127.0.0.1:{mute.getsockname()[1]}"
        assert run(["hangup", "--phone", where, "--timeout", "0.1"]) == 3
    assert capsys.readouterr().err == f"snomtui: no answer from {where}\n"


@pytest.mark.parametrize("url", ["ftp://phone", "http://", "http://phone:port"])
def test_address_that_is_none_ends_with_2(url: str, capsys: Said) -> None:
    assert run(["hangup", "--phone", url]) == 2
    assert "is not the address of a phone" in capsys.readouterr().err
