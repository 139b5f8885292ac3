"""The command `decode`, as a person types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from snomtui.trace.pcapout import pcap
from tests.programs import ROOT, environment, run
from tests.trace.samples import CHALLENGE, conversation


def test_person_reads_a_capture(tmp_path: Path) -> None:
    file = tmp_path / "a.pcap"
    file.write_bytes(pcap(conversation()))
    ran = run("decode", str(file), COLUMNS="120")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "6 messages in 2 dialogs" in ran.stdout and "asks for an NTLM challenge" in ran.stdout


def test_person_pipes_a_token() -> None:
    for arguments in (["decode"], ["decode", "-"]):
        ran = subprocess.run(
            [sys.executable, "-m", "snomtui", *arguments],
            input=CHALLENGE.hex().encode(),
            capture_output=True,
            timeout=30,
            cwd=ROOT,
            env=environment(),
        )
        assert ran.returncode == 0 and b"server challenge" in ran.stdout


def test_wrong_file_is_named_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("hello", encoding="utf-8")
    ran = run("decode", str(file))
    assert ran.returncode == 2 and str(file) in ran.stderr and ran.stderr.count("\n") == 1
    missing = run("decode", str(tmp_path / "nobody"))
    assert missing.returncode == 2 and "No such file" in missing.stderr
    folder = run("decode", str(tmp_path))
    assert folder.returncode == 2 and "directory" in folder.stderr


def test_closed_stdin_is_said_in_words() -> None:
    command = f"exec {sys.executable} -m snomtui decode - <&-"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, timeout=30, cwd=ROOT, env=environment())
    assert (ran.returncode, ran.stderr) == (2, b"snomtui: stdin: is closed\n")
