"""A person's folders of their own for each test, so that nobody's phone book is read or written."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable, folder in (("CONFIG", "config"), ("STATE", "state"), ("DATA", "data")):
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(tmp_path / folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("SNOMTUI_PHONE", "SNOMTUI_PASSWORD", "SNOMTUI_ACCOUNT_PASSWORD", "SNOMTUI_NEW_PASSWORD", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
