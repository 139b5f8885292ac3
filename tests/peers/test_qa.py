"""A session in a real terminal is recorded and runs as a test; what it is made to expect otherwise is named."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phones import ROOT, until

pytestmark = [
    pytest.mark.peer,
    pytest.mark.skipif(not (shutil.which("tmux") and shutil.which("curl")), reason="tmux or curl is not installed"),
]
SESSION = "snomtui-qa-test"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tmux(*words: str) -> str:
    """One command of a tmux server of our own."""
    return subprocess.run(["tmux", "-L", SESSION, *words], capture_output=True, text=True, check=True).stdout


def keys(*names: str) -> None:
    """Press keys in the terminal."""
    tmux("send-keys", "-t", SESSION, *names)


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Path]:
    """A script: curl dials, a person holds and hangs up, a form sets a password."""
    script, url = tmp_path / "call.qa", f"http://127.0.0.1:{free_port()}"
    words = [sys.executable, "-m", "snomtui", "qa", "record", str(script), "--http", url[7:], "--https", "off"]
    tmux("new-session", "-d", "-s", SESSION, "-x", "110", "-y", "40", "-c", str(ROOT), shlex.join(words))
    try:

        def has(*parts: str) -> bool:
            return all(part in script.read_text("utf-8") for part in parts) if script.exists() else False

        def curl(*more: str) -> bool:
            return subprocess.run(["curl", "-s", "-o", "/dev/null", *more]).returncode == 0

        until(lambda: curl(url + "/info.htm"), what="the web server")
        until(lambda: "Available" in tmux("capture-pane", "-p", "-t", SESSION), what="registered")
        curl(f"{url}/command.htm?number=%2B4930123456")
        until(lambda: has("talking"), what="the call in the script")
        keys("h")
        until(lambda: has("key F_HOLD", "On hold"), what="the hold in the script")
        keys("Escape")
        until(lambda: has("ended cause=local"), what="the end in the script")
        curl("-d", "settings=save&http_pass=hush", f"{url}/dummy.htm")
        until(lambda: has("POST /dummy.htm"), what="the form in the script")
        keys("q")
        until(lambda: not re.search(SESSION, lines_of_sessions()), what="the end of the session")
    finally:
        subprocess.run(["tmux", "-L", SESSION, "kill-server"], capture_output=True)
    yield script


def lines_of_sessions() -> str:
    """The sessions that there still are."""
    ran = subprocess.run(["tmux", "-L", SESSION, "list-sessions"], capture_output=True, text=True)
    return ran.stdout


def ran(script: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a user does."""
    command = [sys.executable, "-m", "snomtui", "qa", "run", str(script), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_recorded_session_runs_again_and_a_broken_expectation_is_named(recorded: Path) -> None:
    text = recorded.read_text("utf-8")
    assert "hush" not in text and "http_pass=${http_pass}" in text
    again = ran(recorded, "--var", "http_pass=hush")
    assert again.returncode == 0, text + again.stdout + again.stderr
    recorded.write_text(text.replace('expect display "On hold"', 'expect display "On fire" within 0.5s'), "utf-8")
    line = next(n for n, each in enumerate(recorded.read_text("utf-8").splitlines(), 1) if "On fire" in each)
    broken = ran(recorded, "--var", "http_pass=hush")
    assert broken.returncode == 1
    assert f'{recorded}:{line}: expect display "On fire" within 0.5s' in broken.stdout
    assert "key F_HOLD" in broken.stdout and "title=On hold" in broken.stdout
