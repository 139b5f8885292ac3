"""The pytest plugin, as other people's tests use it: a folder of their own, pytest as a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_walls import HEAVY, loaded_after

THEIRS = """
import urllib.request
import pytest


def test_program_dials(phone, office):
    with urllib.request.urlopen(f"{phone.url}/command.htm?number=%2B4930123456"):
        pass
    call = phone.wait("call", state="talking", timeout=10)
    assert call["remote_name"] == "Jan Dierich" and "Jan Dierich" in office.people
    assert any(each["event"] == "command" and each["status"] == 302 for each in phone.events)
    phone.press("CANCEL")
    phone.wait("call", state="ended")
    assert phone.snapshot()["calls"] == [] or phone.snapshot()["calls"][0]["state"] == "ended"


def test_colleague_calls(phone, office):
    office.call("Anna Lindner", phone)
    phone.wait("call", state="offered", direction="in", remote_name="anna*")
    phone.wait("led", pattern="fast")
    phone.answer()
    phone.wait("call", state="talking")
    office.hang_up("Anna Lindner")
    phone.wait("call", state="ended")


def test_two_phones_talk(phones):
    one, two = phones(), phones()
    one.dial(two.address)
    two.wait("call", state="offered")
    two.answer()
    one.wait("call", state="talking")


@pytest.mark.snomtui_settings(http_user="me", http_pass="secret", sim_http_fault="500 once")
@pytest.mark.snomtui_model("snom870")
def test_phone_is_as_the_markers_say(phone):
    assert phone.snapshot()["model"] == "snom870" and phone.setting("http_user") == "me"
    assert phone.setting("web_language") == "Deutsch"
    phone.set("http_user", "you")
    assert phone.setting("http_user") == "you"


@pytest.mark.snomtui_people("who.toml")
def test_people_are_as_the_marker_says(phone, office):
    assert (phone.address, office.people) == ("olga@probe.test", ["Olga"])


@pytest.mark.snomtui_settings(user_name1="me", user_host1="127.0.0.1:9", user_outbound1="127.0.0.1:9;transport=tcp")
def test_phone_may_go_to_another_server(phone):
    phone.wait("registration", state="waiting")


def test_office_fails_on_purpose(phone, office):
    office.fault("503")
    phone.do("register", identity=1)
    phone.wait("registration", state="refused", code=503)
"""
FAILS = """
def test_nobody_calls(phone):
    phone.dial("+4930123456")
    phone.wait("call", state="offered", timeout=0.2)
"""
PEOPLE = 'domain = "probe.test"\n[[person]]\nuri = "sip:olga@probe.test"\nname = "Olga"\npassword = "x"\n'


def pytest_of_others(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a test file in a folder of its own."""
    (folder / "test_theirs.py").write_text(text, "utf-8")
    (folder / "who.toml").write_text(PEOPLE, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nsnomtui_settings =\n    web_language=Deutsch\n", "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--strict-markers",
        "-W",
        "error",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
    ]
    return subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, timeout=110)


def test_tests_of_other_people_have_phones(tmp_path: Path) -> None:
    ran = pytest_of_others(tmp_path, THEIRS)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "7 passed" in ran.stdout


def test_failure_tells_what_happened(tmp_path: Path) -> None:
    ran = pytest_of_others(tmp_path, FAILS)
    assert ran.returncode == 1
    assert "NotSeen: not within 0.2 s: call state='offered'" in ran.stdout
    assert "Events of the phone at http://127.0.0.1:" in ran.stdout and "state=dialling" in ran.stdout


@pytest.mark.parametrize("text", ["snomtui_settings =\n    nonsense", "snomtui_settings =\n    nonsense=1"])
def test_wrong_setting_in_an_ini_file_is_named(tmp_path: Path, text: str) -> None:
    ran = pytest_of_others(tmp_path, "def test_x(phone): pass\n")
    assert ran.returncode == 0, ran.stdout
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{text}\n", "utf-8")
    again = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path, capture_output=True, text=True
    )
    assert again.returncode != 0 and "nonsense" in again.stdout


def test_plugin_costs_those_who_do_not_use_it_nothing() -> None:
    loaded = loaded_after("import snomtui.testing")
    assert not loaded & (HEAVY - {"asyncio"} | {"msgspec"})
    assert {name for name in loaded if name.startswith("snomtui")} == {"snomtui", "snomtui.testing"}
