"""curl controls a phone at the simulated front end by CSTA over HTTP."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone.csta.programs import enveloped, fault, request, said, text
from tests.phones import Program

pytestmark = pytest.mark.peer

LOGIN = ("me", "hush")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[Program, str]]:
    """A demo that may be controlled, and its web server."""
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    command: list[str | Path] = [sys.executable, "-m", "snomtui", "demo", "--headless", "--http", "127.0.0.1:0"]
    command += [
        "--state-dir",
        tmp_path,
        "--listen",
        "tls:127.0.0.1:0",
        "--set",
        "csta_control=on",
        "--set",
        "dnd_mode=on",
    ]
    command += ["--set", f"http_user={LOGIN[0]}", "--set", f"http_pass={LOGIN[1]}", "--set", "http_scheme=on"]
    with Program("demo", command) as program:
        url = program.first("ready")["http"]
        program.expect("registration", state="registered")
        yield program, url


def curl(url: str, body: bytes, *more: str) -> bytes:
    """What curl gets for one request."""
    words = ["curl", "-s", "--digest", "-u", ":".join(LOGIN), "-H", "Content-Type: text/xml", "--data-binary", "@-"]
    ran = subprocess.run([*words, *more, f"{url}/csta"], input=body, capture_output=True, timeout=20, check=True)
    return ran.stdout


def test_curl_makes_holds_takes_back_and_ends_a_call(demo: tuple[Program, str]) -> None:
    phone, url = demo
    assert text(curl(url, request("RequestSystemStatus")), "systemStatus") == "normal"
    made = curl(url, request("MakeCall", "<callingDevice/><calledDirectoryNumber>+4930123456</calledDirectoryNumber>"))
    number = text(made, "callingDevice", "callID")
    phone.expect("call", state="talking")
    held = curl(url, enveloped("HoldCall", f"<csta:callToBeHeld>{number}</csta:callToBeHeld>"))
    assert said(held) == "HoldCallResponse"
    phone.expect("call", state="holding")
    assert b"hold</localConnectionState>" in curl(url, request("SnapshotDevice", "<snapshotObject/>"))
    curl(url, request("RetrieveCall", f"<callToBeRetrieved><callID>{number}</callID></callToBeRetrieved>"))
    phone.expect("call", state="talking")
    curl(url, request("ClearConnection", f"<connectionToBeCleared><callID>{number}</callID></connectionToBeCleared>"))
    phone.expect("call", state="ended", cause="local")
    done = [each["did"][0]["do"] for each in phone.told("command") if each["did"]]
    assert done == ["dial", "hold", "resume", "hangup"]
    again = curl(url, request("ClearConnection", f"<connectionToBeCleared>{number}</connectionToBeCleared>"))
    assert fault(again) == "operation:invalidConnectionID"


def test_curl_with_a_wrong_password_controls_nothing(demo: tuple[Program, str]) -> None:
    phone, url = demo
    body = request("MakeCall", "<calledDirectoryNumber>+4930123456</calledDirectoryNumber>")
    assert curl(url, body, "-u", "me:guess", "-o", "/dev/null", "-w", "%{http_code}") == b"401"
    assert phone.told("call") == []
