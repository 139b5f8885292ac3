"""The HTTP door of a real phone, fuzzed by what it says of itself in openapi.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.phones import Program

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
REST = 45
"""Seconds for the start of the phone and of schemathesis, and for their ends."""
NEVER_ENDS = ("--exclude-path", "/api/v1/events")
"""tests/remote/test_server.py reads the stream."""


def fuzzed(url: str, seconds: int, *more: str, folder: Path) -> None:
    """Let schemathesis loose on a phone; fails with what it found."""
    asked: list[str | Path] = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        HERE / "schemathesis.toml",
        "run",
    ]
    asked += [f"{url}/openapi.json", "--max-time", str(seconds), "--request-timeout", "5", "--no-color", *more]
    asked += ["--seed", "1"] if os.environ.get("CI") else []
    hooks = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.http_hooks", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(asked, cwd=folder, env=hooks, capture_output=True, text=True, timeout=seconds + REST)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    assert "API Operations" in ran.stdout


@pytest.mark.timeout(60 + 3 * REST)
def test_phone_answers_schemathesis_as_its_document_says(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "snomtui", "demo", "--headless", "--http", "127.0.0.1:0", "--seed", "1"]
    with Program("demo", [*command, "--state-dir", tmp_path], ROOT) as demo:
        ready = demo.first("ready")
        accounts = ("--include-path-regex", "accounts", "--tls-verify", "false")  # these answer over HTTPS only
        fuzzed(ready["https"], 10, *accounts, folder=tmp_path)
        fuzzed(ready["http"], 45, *NEVER_ENDS, folder=tmp_path)
        with urlopen(f"{ready['http']}/api/v1/phone", timeout=2) as answer:
            assert json.load(answer)["model"]
        assert not [told for told in demo.told("error") if told["what"] == "http"]
