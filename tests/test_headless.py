"""The outward contract of `--headless`, kept by the real program with real sockets."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.programs import Object, Program, environment

DEMO = ("demo", "--headless", "--http", "127.0.0.1:0", "--listen", "tls:127.0.0.1:0")
JAN = "+4930123456"


@pytest.fixture(scope="module")
def demo() -> Iterator[Program]:
    with Program(*DEMO, "--listen", "tcp:127.0.0.1:0") as program:
        program.wait("registration", state="registered")
        yield program
        assert program.quit() == 0
        assert program.wait("registration", state="off")["identity"] == 1


def states(program: Program, call: str) -> list[str]:
    """The states of one call in their order."""
    return [each["state"] for each in program.events if each["event"] == "call" and each["id"] == call]


def talk(program: Program, **fields: object) -> Object:
    """Dial a colleague who answers; returns the call when it talks."""
    since = program.mark()
    assert program.do("dial", number=JAN, **fields)["ok"]
    return program.wait("call", since, state="talking")


# -- the life of a demo


def test_ready_comes_first_and_says_where_everything_is(demo: Program) -> None:
    ready = demo.events[0]
    assert (ready["event"], ready["model"]) == ("ready", "snom370")
    assert all(re.fullmatch(rf"{kind}://127\.0\.0\.1:\d+", ready[kind]) for kind in ("http", "https"))
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+", ready["office"][kind]) for kind in ("tls", "tcp"))
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", ready["office"]["status"])


def test_demo_registers_with_ntlmv2_over_tls(demo: Program) -> None:
    first, *_ = (each for each in demo.events if each["event"] == "registration")
    assert (first["state"], first["code"]) == ("registering", None)
    done = demo.wait("registration", state="registered")
    assert (done["auth"], done["transport"], done["code"], done["expires"]) == ("ntlmv2", "tls", 200, 900)
    assert (done["identity"], done["aor"], done["retry_in"]) == (1, "Heiko.Riedel@ucc.de", None)


def test_log_tells_the_sign_in_as_the_article_does(demo: Program) -> None:
    demo.logs("Registered at registrar")
    wanted = [
        r"\[8\].*: Send Packet REGISTER",
        r"\[3\].*: Challenge: Unknown scheme Kerberos",
        r'\[6\].*: Using user "Heiko\.Riedel" and domain "ucc" for NTLM authentication',
        r"\[2\].*: Registered at registrar as Heiko\.Riedel@ucc\.de \(Expires: 900 secs\)",
    ]
    at = -1
    for pattern in wanted:
        at = next(n for n, line in enumerate(demo.log) if n > at and re.fullmatch(pattern, line))
    demo.logs("[5]")
    assert any("sip::send_register: reregister timer for line 0 set to 300s" in line for line in demo.log)


@pytest.mark.parametrize(
    ("name", "availability"),
    [("Jan Dierich", "AVAILABLE"), ("Bert Kowalski", "IN_A_CALL"), ("Dora Ost", "DND"), ("Julia Falk", "OFFLINE")],
)
def test_colleagues_show_their_presence(demo: Program, name: str, availability: str) -> None:
    event = demo.wait("presence", name=name, availability=availability)
    assert event["uri"].startswith("sip:") and {"activity", "note"} <= set(event)


def test_call_goes_through_its_states_with_sound_and_presence(demo: Program) -> None:
    since = demo.mark()
    call = talk(demo)
    assert (call["direction"], call["identity"], call["number"], call["remote_name"]) == ("out", 1, JAN, "Jan Dierich")
    demo.wait("own_presence", since, availability="IN_A_CALL")
    demo.wait("presence", since, name="Jan Dierich", availability="IN_A_CALL")
    heard = demo.wait("media", since, id=call["id"])
    assert heard["received"] > 20 and heard["sent"] > 20 and heard["lost"] == 0 and heard["codec"] == "PCMA"
    since = demo.mark()
    assert demo.do("hangup")["ok"]
    ended = demo.wait("call", since, state="ended")
    assert (ended["id"], ended["cause"]) == (call["id"], "local")
    demo.wait("own_presence", since, availability="AVAILABLE")
    assert states(demo, call["id"]) == ["dialling", "ringing", "talking", "ended"]
    assert {"P1"} <= {each["key"] for each in demo.events if each["event"] == "led"}


def test_call_dialled_over_http_is_told_as_a_command(demo: Program) -> None:
    since = demo.mark()
    answer = httpx.get(f"{demo.events[0]['http']}/command.htm", params={"number": JAN}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/index.htm")
    command = demo.wait("command", since)
    assert (command["method"], command["status"]) == ("GET", 302)
    assert command["did"] == [{"do": "dial", "number": JAN}]
    call = demo.wait("call", since, state="talking")
    assert demo.do("hangup", call=call["id"])["ok"]
    demo.wait("call", since, state="ended")


@pytest.mark.parametrize(
    ("number", "code"), [("Bert.Kowalski@ucc.de", 486), ("Dora.Ost@ucc.de", 603), ("nobody@ucc.de", 404)]
)
def test_refused_call_says_with_which_code(demo: Program, number: str, code: int) -> None:
    since = demo.mark()
    assert demo.do("dial", number=f"sip:{number}")["ok"]
    ended = demo.wait("call", since, state="ended")
    assert (ended["code"], ended["remote"]) == (code, f"sip:{number}") and ended["reason"]


@pytest.mark.parametrize(
    ("line", "do", "why"),
    [
        ("{", None, "not JSON"),
        ("[]", None, ""),
        ('"dial"', None, ""),
        ("{}", None, ""),
        ('{"do": "fly"}', "fly", ""),
        ('{"do": 5}', 5, ""),
        ('{"do": "dial"}', "dial", 'needs "number"'),
        ('{"do": "dial", "number": ["1"]}', "dial", 'needs "number"'),
        ('{"do": "set", "name": "user_nam1", "value": "x"}', "set", "did you mean user_name1"),
        ('{"do": "set", "name": "user_expiry1", "value": "--5"}', "set", "must be a whole number"),
        ('{"do": "press", "keys": "BANANA"}', "press", "BANANA"),
        ("\udcff\udcfe", None, "not JSON"),
        ('{"do": "dial", "number": "' + "1" * 70_000 + '"}', None, "65536 bytes at most"),
        ("1" * 1_000_000, None, "65536 bytes at most"),
    ],
)
def test_malformed_line_is_answered_and_harms_nothing(demo: Program, line: str, do: object, why: str) -> None:
    since = demo.mark()
    demo.say(line)
    did = demo.wait("did", since)
    demo.do("snapshot")
    assert [each for each in demo.events[since:] if each["event"] == "did"] == [did]
    assert did["ok"] is False and did["do"] == do and why in did["why"] and did["why"]
    assert demo.do("snapshot")["event"] == "snapshot"


def test_empty_lines_are_passed_over(demo: Program) -> None:
    since = demo.mark()
    demo.say("\n\r\n   ")
    assert demo.do("set", name="vol_ringer", value=3) == demo.wait("did", since)


def test_snapshot_shows_the_whole_phone(demo: Program) -> None:
    whole = demo.do("snapshot")
    assert whole["identities"][0]["state"] == "registered" and len(whole["contacts"]) == 11
    assert "Sommer2009!" not in json.dumps(whole)


def test_display_is_told_as_text(demo: Program) -> None:
    event = demo.wait("display")
    assert {"title", "rows", "softkeys", "status"} <= set(event)


def test_password_is_nowhere_in_events_and_log(demo: Program) -> None:
    assert "Sommer2009!" not in "\n".join([*map(str, demo.events), *demo.log])


# -- the end


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130), (signal.SIGHUP, 0)])
def test_signal_ends_the_call_and_unregisters(number: signal.Signals, code: int) -> None:
    with Program(*DEMO[:2], "--http", "off", "--listen", "tls:127.0.0.1:0") as program:
        program.wait("registration", state="registered")
        call = talk(program)
        program.process.send_signal(number)
        assert program.end() == code
        assert program.wait("call", state="ended")["id"] == call["id"]
        assert program.wait("registration", state="off")
        assert "Traceback" not in "\n".join(program.log)


def test_signal_right_after_ready_is_obeyed_already() -> None:
    with Program("phone", "--headless", "--http", "off", "--state-dir", "/proc/at/all") as program:
        program.wait("ready")
        program.process.send_signal(signal.SIGTERM)
        assert program.end() == 0


def test_reader_who_goes_away_ends_the_program() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "snomtui", *DEMO],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout and process.stdin and process.stderr
        assert b'"ready"' in process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b'{"do": "snapshot"}\n')
        process.stdin.flush()
        log = process.stderr.read().decode()
        assert process.wait(15) == 0
        assert "Traceback" not in log and "BrokenPipe" not in log


def test_orders_may_come_from_a_file(tmp_path: Path) -> None:
    orders = tmp_path / "orders.jsonl"
    orders.write_text('{"do": "set", "name": "vol_ringer", "value": 3}\n{"do": "quit"}')
    with (
        orders.open() as file,
        Program("phone", "--headless", "--http", "off", "--state-dir", str(tmp_path), stdin=file) as program,
    ):
        assert program.end() == 0
        assert [each["do"] for each in program.events if each["event"] == "did"] == ["set", "quit"]


def test_end_of_stdin_alone_ends_nothing(tmp_path: Path) -> None:
    with Program(
        "phone", "--headless", "--http", "off", "--state-dir", str(tmp_path), stdin=subprocess.DEVNULL
    ) as program:
        program.wait("display")
        assert program.process.poll() is None
        program.process.terminate()
        assert program.end() == 0


# -- others


def test_firmware_8_1_is_refused_as_in_the_article() -> None:
    with Program("demo", "--headless", "--firmware", "8.1", "--http", "off", "--listen", "tls:127.0.0.1:0") as program:
        refused = program.wait("registration", state="refused")
        assert (refused["code"], refused["retry_in"], refused["auth"]) == (401, 300, "ntlmv1")
        assert "NTLMv1" in refused["reason"]
        program.logs("Will try to reregister")
        lines = [re.sub(r"\](\S+ \S+): ", "]", line) for line in program.log if line[1] in "236"]
        assert lines == [
            "[3]Challenge: Unknown scheme Kerberos",
            '[6]Using user "Heiko.Riedel" and domain "ucc" for NTLM authentication',
            "[3]Challenge: Unknown scheme Kerberos",
            "[6]gui_object::challenge_user: Challenge User but wrong state 16",
            "[2]Registrar Heiko.Riedel@ucc.de refused with code 401",
        ]
        assert re.fullmatch(r"\[5\]\S+ \S+: Will try to reregister in 300 seconds", program.log[-1])
        assert program.quit() == 0


def test_two_demos_live_side_by_side() -> None:
    ports = ("--http", "127.0.0.1:18095", "--listen", "tls:127.0.0.1:15061", "--listen", "tcp:127.0.0.1:15060")
    with Program("demo", "--headless", *ports) as one, Program("demo", "--headless", *ports) as other:
        for program in (one, other):
            program.wait("registration", state="registered")
        first, second = one.events[0], other.events[0]
        assert first["http"] != second["http"] and not set(first["office"].values()) & {
            where for where in second["office"].values() if where
        }
        assert [one.quit(), other.quit()] == [0, 0]


def test_office_alone_says_where_it_listens_and_knows_no_phones_words() -> None:
    with Program("office", "--headless", "--listen", "tcp:[::1]:0", "--listen", "tls:127.0.0.1:0") as office:
        ready = office.wait("ready")
        assert re.fullmatch(r"\[::1\]:\d+", ready["tcp"]) and re.fullmatch(r"127\.0\.0\.1:\d+", ready["tls"])
        assert httpx.get(f"{ready['status']}/api/v1/office", trust_env=False).json()["registrations"] == []
        did = office.do("dial", number="1")
        assert (did["ok"], bool(did["why"])) == (False, True)
        assert office.quit() == 0


def test_office_without_a_status_page_has_no_url() -> None:
    with Program("office", "--headless", "--listen", "tcp:127.0.0.1:0", "--status", "off") as office:
        assert office.wait("ready")["status"] is None
        assert office.quit() == 0


def test_office_obeys_orders_tells_decisions_and_answers_with_its_status() -> None:
    options = ("--policy", "lan_manager_level=0", "--policy", "kerberos=off", "--fault", "slow")
    with Program("office", "--headless", "--listen", "tcp:127.0.0.1:0", *options) as office:
        ready = office.wait("ready")
        told = office.do("snapshot")
        assert (told["policy"]["lan_manager_level"], told["policy"]["kerberos"], told["faults"]) == (0, False, ["slow"])
        assert told["tcp"] == ready["tcp"] and told["status"] == ready["status"]
        assert office.do("policy", name="lan_manager_level", value=5)["ok"]
        assert office.wait("journal", why="policy lan_manager_level is now 5")["user"] == ""
        assert office.do("fault", name="slow", on=False)["ok"] and office.do("restart")["ok"]
        told = office.do("snapshot")
        assert (told["policy"]["lan_manager_level"], told["faults"]) == (5, [])
        for wrong, why in (
            ({"do": "policy", "name": "lan_manager_level", "value": 9}, "lan_manager_level=9: must be one of 0"),
            ({"do": "policy", "name": "banana", "value": 1}, "policy banana: there are only lan_manager_level"),
            ({"do": "fault", "name": "rain"}, "fault rain: there are only lost-answer"),
            ({"do": "sign_out", "who": "x@y"}, "x@y is not signed in"),
        ):
            did = office.do(**wrong)
            assert (did["do"], did["ok"]) == (wrong["do"], False) and did["why"].startswith(why)
        assert office.quit() == 0


def test_demo_understands_the_words_of_phone_and_office(demo: Program) -> None:
    assert demo.do("fault", name="slow", on=True)["ok"]
    assert demo.do("fault", name="slow", on=False)["ok"]
    assert demo.do("set", name="vol_ringer", value=5)["ok"]
    did = demo.do("policy", name="signature_version", value=1)
    assert not did["ok"] and did["why"] == "signature_version=1: must be one of 2, 3, 4"


def test_phone_of_the_demo_comes_back_after_a_restart_of_the_front_end(demo: Program) -> None:
    since = demo.mark()
    assert demo.do("restart")["ok"]
    assert demo.wait("registration", since, state="registered")["code"] == 200
    demo.wait("contacts", since)


def test_refused_phone_stands_in_the_offices_journal_with_its_level() -> None:
    listen = ("--http", "off", "--listen", "tcp:127.0.0.1:0", "--status", "127.0.0.1:0")
    with Program("demo", "--headless", "--firmware", "8.1", *listen) as demo:
        demo.wait("registration", state="refused")
        status = demo.events[0]["office"]["status"]
        (refused,) = httpx.get(f"{status}/api/v1/office", trust_env=False).json()["refused"]
        assert refused["why"].startswith("NTLMv1 response refused by level 5") and refused["kind"] == "ntlmv1"
        order = {"do": "policy", "name": "lan_manager_level", "value": 3}
        assert httpx.post(f"{status}/api/v1/intents", json=order, trust_env=False).json()["ok"]
        assert demo.do("register", identity=1)["ok"]
        assert demo.wait("registration", state="registered")["auth"] == "ntlmv1"
        assert demo.quit() == 0
