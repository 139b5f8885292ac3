"""What a phone remembers over restarts: settings made on it, and its call lists. One JSON file of the user's."""

from __future__ import annotations

import json
import os
from pathlib import Path

from snomtui.errors import SettingsError

CALLS = 300
"""How many calls are kept."""


class Store:
    """The file `phone.json` in the state folder; readable by its owner only, because passwords are in it."""

    def __init__(self, folder: Path) -> None:
        """Reads the file; raises `SettingsError` if it is not what this program wrote."""
        self.path = folder / "phone.json"
        self.settings: dict[str, str] = {}
        self.calls: list[str] = []
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            self.settings = {str(k): str(v) for k, v in kept["settings"].items()}
            self.calls = [str(c) for c in kept["calls"]]
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise SettingsError(f"{self.path}: cannot be read ({error}); move it away to start afresh") from None

    def keep(self, name: str, value: str) -> None:
        """Remember a value under the name the phone gave it: `setting:NAME`, `call` or `clear:LIST`."""
        kind, _, which = name.partition(":")
        if kind == "setting":
            self.settings[which] = value
        elif kind == "call":
            self.calls = [*self.calls, value][-CALLS:]
        elif kind == "clear":
            self.calls = [c for c in self.calls if json.loads(c).get("which") != which]
        self._write()

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"settings": self.settings, "calls": self.calls}, file, indent=1)
        fresh.replace(self.path)
