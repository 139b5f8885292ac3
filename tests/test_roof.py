"""What `snomtui phone` makes of settings, files and servers that are right or wrong."""

from __future__ import annotations

import contextlib
import re
import shlex
import signal
import socket
import stat
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from snomtui.cli import run
from tests.programs import HEIKO, ROOT, Program, environment, obey_interrupts, sets
from tests.programs import run as run_program

HOST = "127.0.0.1"
Said = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def office() -> Iterator[Program]:
    with Program("office", "--headless", "--listen", "tcp:127.0.0.1:0", "--listen", "tls:127.0.0.1:0") as program:
        program.wait("ready")
        yield program
        assert program.quit() == 0


@pytest.fixture
def phone(office: Program, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts a phone at the front end; settings given here win over the right ones."""
    started: list[Program] = []

    def start(*arguments: str, **settings: str) -> Program:
        values = HEIKO | {"user_outbound1": f"{office.events[0]['tcp']};transport=tcp"} | settings
        web = () if "--http" in arguments else ("--http", "off")
        state = ("--state-dir", str(tmp_path))
        started.append(Program("phone", "--headless", *web, *state, *sets(**values), *arguments))
        return started[-1]

    yield start
    for program in started:
        with program:
            if program.process.poll() is None:
                assert program.quit() == 0


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def test_office_whose_usual_ports_are_taken_says_how_to_take_others(capsys: Said) -> None:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # whoever else has it serves as well
            sock.bind((HOST, 5061))
            sock.listen()
        assert run(["office", "--headless", "--status", "off"]) == 2
    told = capsys.readouterr().err
    assert told.endswith("taken by another program (free ones: --listen tls:127.0.0.1:0 --listen tcp:127.0.0.1:0)\n")


# -- servers


def test_phone_with_the_right_settings_registers(phone: Callable[..., Program]) -> None:
    done = phone().wait("registration", state="registered")
    assert (done["auth"], done["transport"], done["aor"]) == ("ntlmv2", "tcp", "Heiko.Riedel@ucc.de")


@pytest.mark.parametrize(
    "settings",
    [
        {"user_pass1": "Winter1999!"},
        {"user_pass1": ""},
        {"user_pname1": "UCC\\nobody"},
        {"user_pname1": "OTHER\\Heiko.Riedel"},
    ],
    ids=["wrong password", "no password", "unknown user", "wrong domain"],
)
def test_wrong_login_is_refused_and_tried_again_in_five_minutes(
    phone: Callable[..., Program], settings: dict[str, str]
) -> None:
    program = phone(**settings)
    refused = program.wait("registration", state="refused")
    assert (refused["code"], refused["retry_in"]) == (401, 300) and refused["reason"]
    program.logs("Registrar Heiko.Riedel@ucc.de refused with code 401")
    program.logs("Will try to reregister in 300 seconds")
    said = str(program.events) + str(program.log)
    assert "Winter1999!" not in said and "Sommer2009!" not in said


@pytest.mark.parametrize(
    ("outbound", "reason"),
    [
        (f"{HOST}:9;transport=tcp", "Nobody listens at 127.0.0.1:9"),
        (f"{HOST}:9;transport=tls", "Nobody listens at 127.0.0.1:9"),
        ("sip.x.invalid:5061;transport=tls", "The name sip.x.invalid does not resolve"),
    ],
)
def test_server_that_cannot_be_reached_is_told_in_words(
    phone: Callable[..., Program], outbound: str, reason: str
) -> None:
    program = phone(user_outbound1=outbound)
    waiting = program.wait("registration", state="waiting")
    assert waiting["reason"] == reason and 0 < waiting["retry_in"] <= 300
    program.logs(reason)
    program.logs("Will try to reregister in")


def test_server_that_nobody_vouches_for_is_not_trusted(phone: Callable[..., Program], office: Program) -> None:
    where = office.events[0]["tls"]
    program = phone(user_outbound1=f"{where};transport=tls")
    waiting = program.wait("registration", state="waiting")
    assert waiting["reason"].startswith(f"The certificate of {where} is not trusted (")
    assert waiting["reason"].endswith("); sim_tls_ca_file names further authorities")
    program.logs(f"The certificate of {where} is not trusted")


def test_certificate_is_accepted_once_and_remembered(phone: Callable[..., Program], office: Program) -> None:
    where = office.events[0]["tls"]
    program = phone(user_outbound1=f"{where};transport=tls")
    asked = program.wait("certificate", server=where)
    assert asked["identity"] == 1 and asked["problem"] == "nobody we trust vouches for it"
    assert program.do("accept_certificate", fingerprint=asked["fingerprint"])["ok"]
    assert program.wait("registration", state="registered")["transport"] == "tls"
    again = phone(user_outbound1=f"{where};transport=tls")
    assert again.wait("registration", state="registered")["transport"] == "tls"


def test_old_tls_is_announced_with_what_it_gives_up(phone: Callable[..., Program]) -> None:
    phone(sim_tls_minimum="1.0").logs("sim_tls_minimum is 1.0: TLS 1.0 and 1.1, SHA-1 signatures and short keys")


def test_taken_sip_port_is_told_with_its_setting(phone: Callable[..., Program]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]
        program = phone(
            user_outbound1=f"{HOST}:9;transport=udp", network_id_port=str(port), user_server_type1="default"
        )
        waiting = program.wait("registration", state="waiting")
        reason = f"The local SIP port {port} is taken by another program (network_id_port)"
        assert waiting["reason"] == reason and 0 < waiting["retry_in"] <= 300
        program.logs(reason)


def test_taken_web_port_costs_the_web_server_only(phone: Callable[..., Program]) -> None:
    with socket.create_server((HOST, 0)) as taken:
        where = f"{HOST}:{taken.getsockname()[1]}"
        program = phone("--http", where)
        assert program.wait("ready")["http"] is None
        error = program.wait("error")
        assert error["what"] == "http" and where in error["why"]
        program.logs(error["why"])
        program.wait("registration", state="registered")


def test_wrong_setting_inside_an_address_is_an_error_that_names_it(phone: Callable[..., Program]) -> None:
    program = phone(user_host1="ucc.de/x")
    error = program.wait("error")
    assert "user_host1" in error["why"]
    assert program.do("snapshot")["event"] == "snapshot"


# -- settings


def test_later_settings_win_and_set_wins_over_files(tmp_path: Path) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text('user_name1 = "one"\nuser_host1 = "a.invalid"\nuser_realname1 = "One"\n')
    second.write_text('\ufeffuser_name1 = "two"\nuser_realname1 = "Two"\n')
    files = ("--settings", str(first), "--settings", str(second))
    more = ("--http", "off", "--state-dir", str(tmp_path), *sets(user_realname1="x"), *sets(user_realname1="Three"))
    with Program("phone", "--headless", *files, *more) as program:
        identity = program.do("snapshot")["identities"][0]
        assert (identity["aor"], identity["name"]) == ("two@a.invalid", "Three")
        assert program.quit() == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'http_user = "a"\nuser_nam1 = "x"\n', "FILE:2: unknown setting user_nam1, did you mean user_name1?"),
        (b'\nuser_expiry1 = "soon"\n', "FILE:2: user_expiry1: must be a whole number from 15 to 2000000, not 'soon'"),
        (b"user_name1 = [1]\n", "FILE:1: user_name1: must be text, a whole number or true/false, not list"),
        (b"user_name1 = heiko\n", "FILE:1: not TOML: Invalid value (at line 1, column 14)"),
        (b"\xff\xfe", "FILE: cannot be read: "),
        (None, "FILE: cannot be read: No such file or directory"),
    ],
    ids=["unknown name", "wrong value", "wrong type", "not TOML", "not text", "missing"],
)
@pytest.mark.parametrize("command", ["phone", "demo"])
def test_wrong_settings_file_ends_with_2_and_names_file_line_and_key(
    tmp_path: Path, text: bytes | None, words: str, command: str, capsys: Said
) -> None:
    file = tmp_path / "my.toml"
    if text is not None:
        file.write_bytes(text)
    assert run([command, "--headless", "--settings", str(file), "--state-dir", str(tmp_path / "state")]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("snomtui: " + words.replace("FILE", str(file)))
    assert told.err.count("\n") == 1 and not (tmp_path / "state").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "user_nam1=x"], "--set: unknown setting user_nam1, did you mean user_name1?"),
        (["--set", "user_name1"], "--set user_name1: must be NAME=VALUE"),
        (["--set", "sim_password_file1=/nowhere/secret"], "--set sim_password_file1: /nowhere/secret: No such file"),
        (["--set", "user_outbound1=sip.ucc.de:port"], "--set user_outbound1: must be host[:port][;transport=udp, tcp"),
        (["--set", "fkey0=banana"], "--set fkey0: must be line, dest <sip:...>"),
        (["--set", "sim_media_source=wav:/nowhere/a.wav"], "--set sim_media_source: /nowhere/a.wav: No such file"),
        (["--http", "8080"], "--http 8080: must be HOST:PORT or off"),
        (["--http", "127.0.0.1:\u00b2"], "--http 127.0.0.1:\u00b2: must be HOST:PORT or off"),
        (["--http", "127.0.0.1:70000"], "--http 127.0.0.1:70000: must be HOST:PORT or off"),
        (["--model", "snom999"], "snom999"),
        (["--log-file", "/nowhere/log"], "--log-file /nowhere/log: No such file or directory"),
    ],
)
def test_wrong_option_ends_with_2_and_one_line(tmp_path: Path, arguments: list[str], words: str, capsys: Said) -> None:
    assert run(["phone", "--headless", "--state-dir", str(tmp_path), *arguments]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert words in told.err and told.err.startswith("snomtui: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--listen", "udp:127.0.0.1:0"], "--listen udp:127.0.0.1:0: must be tls:HOST:PORT or tcp:HOST:PORT"),
        (["--listen", "tcp:192.0.2.1:5060"], "Cannot listen at 192.0.2.1:5060: this machine does not have that"),
        (
            ["--people", "/nowhere/people.toml"],
            "--people /nowhere/people.toml: cannot be read: No such file or directory\n",
        ),
        (["--fault", "banana"], "snomtui: --fault banana: there are only lost-answer, "),
        (
            ["--state-dir", "/dev/null", "--listen", "tcp:127.0.0.1:0"],
            "snomtui: /dev/null cannot be used: it is no folder\n",
        ),
        (["--policy", "kerberos"], "--policy kerberos: must be NAME=VALUE\n"),
        (["--policy", "lan_manager_level=9"], "--policy lan_manager_level=9: must be one of 0, 1, 2, 3, 4, 5\n"),
        (["--policy", "banana=1"], "--policy banana: there are only lan_manager_level, "),
        (["--status", "8090"], "--status 8090: must be HOST:PORT or off\n"),
        (["--listen", "tcp:127.0.0.1:0", "--status", "192.0.2.1:0"], "this machine does not have that address"),
    ],
)
def test_wrong_option_of_the_office_ends_with_2_and_one_line(arguments: list[str], words: str, capsys: Said) -> None:
    assert run(["office", "--headless", *arguments]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1) and words in told.err


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('sim_password_file1 = "no.txt"', "sim_password_file1: {folder}/no.txt: No such file or directory"),
        ('sim_media_source = "wav:no.wav"', "sim_media_source: {folder}/no.wav: No such file or directory"),
        ('sim_media_source = "wav:my.toml"', "sim_media_source: {folder}/my.toml: "),
    ],
)
def test_file_that_a_settings_file_names_in_vain_ends_with_2_and_both_names(
    tmp_path: Path, line: str, words: str, capsys: Said
) -> None:
    file = tmp_path / "my.toml"
    file.write_text(f"log_level = 5\n{line}\n")
    assert run(["phone", "--headless", "--settings", str(file), "--state-dir", str(tmp_path / "state")]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"snomtui: {file}:2: {words.format(folder=tmp_path)}") and told.err.count("\n") == 1


def test_sound_beside_the_settings_file_is_played(phone: Callable[..., Program], tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(16000))
    (tmp_path / "my.toml").write_text('sim_media_source = "wav:a.wav"\n')
    program = phone("--settings", str(tmp_path / "my.toml"))
    program.wait("registration", state="registered")
    assert not program.do("set", name="sim_media_source", value="music")["ok"]
    assert program.do("dial", number="+4930123456")["ok"]
    assert program.wait("media")["sent"] > 0


# -- no screen, no secrets


@pytest.mark.parametrize("command", [["phone"], ["demo"], ["demo", "--fault", "banana"]])
def test_screen_without_a_terminal_ends_with_2_before_anything_is_drawn(command: list[str], tmp_path: Path) -> None:
    ran = run_program(*command, "--state-dir", str(tmp_path))
    words = "--fault banana: there are only" if "banana" in command else "no terminal here: use --headless\n"
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"snomtui: {words}") and ran.stderr.count("\n") == 1


def said_by_office(*options: str) -> list[str]:
    """What an office on a screen prints until it is complete."""
    with subprocess.Popen(
        [sys.executable, "-m", "snomtui", "office", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=environment(),
        preexec_fn=obey_interrupts,
    ) as process:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "SNOMTUI_PASSWORD" in line or "Nobody can sign in" in line or len(lines) > 20:
                process.send_signal(signal.SIGINT)
                break
        lines += process.stdout.read().splitlines()
        assert process.wait(15) == 130
    return lines


def invited(lines: list[str]) -> list[str]:
    """The words of the line that can be copied."""
    return shlex.split(next(line for line in lines if line.startswith("SNOMTUI_PASSWORD=")))


def test_office_prints_a_line_with_which_a_phone_signs_in(tmp_path: Path) -> None:
    with Program("office", "--headless", "--listen", "tcp:127.0.0.1:0") as front:
        port = front.wait("ready")["tcp"].rpartition(":")[2]
        assert front.quit() == 0
    lines = said_by_office("--listen", f"tcp:127.0.0.1:{port}")
    password, program, command, *options = invited(lines)
    assert (password, program, command) == ("SNOMTUI_PASSWORD=Sommer2009!", "snomtui", "phone")
    assert not any("TLS" in line for line in lines)
    assert any(re.fullmatch(r"Status page at http://127\.0\.0\.1:\d+", line) for line in lines)
    with Program("office", "--headless", "--listen", f"tcp:127.0.0.1:{port}") as front:
        front.wait("ready")
        more = ("--headless", "--http", "off", "--state-dir", str(tmp_path))
        with Program("phone", *options, *more, SNOMTUI_PASSWORD="Sommer2009!") as phone:
            phone.wait("registration", state="registered")
            assert phone.quit() == 0
        assert front.quit() == 0


def test_office_does_not_print_the_passwords_of_real_people(tmp_path: Path) -> None:
    people = tmp_path / "people.toml"
    people.write_text('domain = "x.test"\n[[person]]\nuri = "sip:ann@x.test"\npassword = "geheim"\n')
    ca = tmp_path / "ca.pem"
    tls = ("--listen", "tls:0.0.0.0:0", "--ca-file", str(ca))
    lines = said_by_office("--people", str(people), *tls)
    words = invited(lines)
    assert words[0] == "SNOMTUI_PASSWORD=PASSWORD" and "geheim" not in str(lines)
    assert {"user_name1=ann", "user_host1=x.test", "user_pname1=X\\ann", f"sim_tls_ca_file={ca}"} <= set(words)
    assert any(word.startswith("user_outbound1=127.0.0.1:") and word.endswith(";transport=tls") for word in words)


def test_office_where_nobody_can_sign_in_says_so(tmp_path: Path) -> None:
    people = tmp_path / "people.toml"
    people.write_text('domain = "x.test"\n[[person]]\nuri = "sip:ann@x.test"\n')
    last = said_by_office("--people", str(people), "--listen", "tcp:127.0.0.1:0")[-1]
    assert last == "Nobody can sign in: nobody in the people file has a password."


@pytest.mark.parametrize("named", [True, False])
def test_office_prints_what_tls_needs(named: bool, tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    listen = ("--listen", "tcp:127.0.0.1:0", "--listen", "tls:127.0.0.1:0")
    last = said_by_office(*listen, *(("--ca-file", str(ca)) if named else ()))[-1]
    assert last.endswith(f"--set sim_tls_ca_file={ca}" if named else "--set sim_tls_ca_file=FILE")
    assert last.startswith("With TLS: ") and ("--ca-file FILE" in last) is not named


# -- passwords


def test_password_comes_from_a_file_beside_the_settings_file(phone: Callable[..., Program], tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"Sommer2009!\r\nsecond line\r\n")
    (tmp_path / "my.toml").write_text('sim_password_file1 = "secret.txt"\n')
    program = phone("--settings", str(tmp_path / "my.toml"), user_pass1="")
    program.wait("registration", state="registered")


def test_password_comes_from_the_environment(office: Program, tmp_path: Path) -> None:
    values = HEIKO | {"user_pass1": "", "user_outbound1": f"{office.events[0]['tcp']};transport=tcp"}
    options = ("--http", "off", "--state-dir", str(tmp_path), *sets(**values))
    with Program("phone", "--headless", *options, SNOMTUI_PASSWORD="Sommer2009!") as program:
        program.wait("registration", state="registered")
        assert program.quit() == 0
    assert "Sommer" not in (tmp_path / "phone.json").read_text()


# -- memory


def test_phone_remembers_settings_and_calls_in_a_file_of_its_owner(
    phone: Callable[..., Program], tmp_path: Path
) -> None:
    program = phone()
    program.wait("registration", state="registered")
    assert program.do("set", name="user_realname1", value="Heiko R.")["ok"]
    program.wait("registration", program.mark(), state="registered")
    assert program.do("dial", number="sip:Bert.Kowalski@ucc.de")["ok"]
    program.wait("call", state="ended", code=486)
    assert program.quit() == 0
    kept = tmp_path / "phone.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = phone()
    identity = again.do("snapshot")["identities"][0]
    assert identity["name"] == "Heiko R."
    assert again.do("go", page="calls:dialed")["ok"]
    assert "Bert Kowalski" in str(again.do("snapshot")["display"])


def test_demo_remembers_settings_but_not_who_signs_in(tmp_path: Path) -> None:
    options = ("--headless", "--http", "off", "--listen", "tcp:127.0.0.1:0", "--state-dir", str(tmp_path))
    with Program("demo", *options) as program:
        program.wait("registration", state="registered")
        assert program.do("set", name="user_realname1", value="Heiko R.")["ok"]
        assert program.do("set", name="user_pass1", value="wrong")["ok"]
        program.wait("registration", state="refused")
        assert program.quit() == 0
    with Program("demo", *options) as program:
        assert program.wait("registration", state="registered")
        assert program.do("snapshot")["identities"][0]["name"] == "Heiko R."
        assert program.quit() == 0


def test_memory_that_cannot_be_read_ends_with_2_and_its_name(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "phone.json").write_text("{")
    assert run(["phone", "--headless", "--http", "off", "--state-dir", str(tmp_path)]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith(f"snomtui: {tmp_path / 'phone.json'}: cannot be read")


def test_memory_that_cannot_be_written_is_an_error_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "state").symlink_to(tmp_path / "nowhere" / "deep")
    with Program("phone", "--headless", "--http", "off", "--state-dir", str(tmp_path / "state")) as program:
        program.wait("ready")
        assert program.do("set", name="vol_ringer", value=3)["ok"]
        error = program.wait("error")
        assert error["what"] == "store" and "phone.json cannot be written" in error["why"]
        assert program.quit() == 0


def test_office_remembers_its_certificates(tmp_path: Path) -> None:
    state = ("--headless", "--listen", "tls:127.0.0.1:0", "--state-dir", str(tmp_path))
    authorities = []
    for name in ("first.pem", "second.pem"):
        ca = tmp_path / name
        with Program("office", *state, "--ca-file", str(ca)) as front:
            front.wait("ready")
            assert front.quit() == 0
        authorities.append(ca.read_text())
    assert authorities[0] == authorities[1] == (tmp_path / "authority.pem").read_text()


def test_contact_list_outlives_the_front_end(phone: Callable[..., Program], tmp_path: Path) -> None:
    listen = ("--headless", "--listen", "tcp:127.0.0.1:0", "--state-dir", str(tmp_path / "office"))
    stranger = "sip:Stranger@else.test"
    for attempt in range(2):
        with Program("office", *listen) as front:
            program = phone(user_outbound1=f"{front.wait('ready')['tcp']};transport=tcp")
            count = program.wait("contacts")["count"]
            if attempt == 0:
                since = program.mark()
                assert program.do("add_contact", uri=stranger, name="Stranger")["ok"]
                program.wait("contacts", since, count=count + 1)
            assert stranger.lower() in [each["uri"].lower() for each in program.do("snapshot")["contacts"]]
            assert program.quit() == 0 and front.quit() == 0


@pytest.mark.parametrize("command", ["office", "demo"])
def test_broken_memory_of_the_front_end_ends_with_2_and_is_left_alone(
    tmp_path: Path, command: str, capsys: Said
) -> None:
    folder = tmp_path / "office" if command == "demo" else tmp_path
    file = folder / "person" / "sip%3Aheiko.riedel@ucc.de.json"
    file.parent.mkdir(parents=True)
    file.write_text("{")
    listen = ("--listen", "tcp:127.0.0.1:0", "--status", "off")
    assert run([command, "--headless", "--state-dir", str(tmp_path), *listen]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"snomtui: {file}: cannot be read (") and told.err.count("\n") == 1
    assert file.read_text() == "{"
