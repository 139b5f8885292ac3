"""What a phone remembers over restarts: settings made on it, its call lists and its directory. One JSON file."""

from __future__ import annotations

import json
import os
from pathlib import Path

from snomtui.errors import SettingsError
from snomtui.settings.registry import Settings

CALLS = 300
"""How many calls are kept."""


class Store:
    """The file `phone.json` in the state folder; readable by its owner only, because passwords are in it."""

    def __init__(self, folder: Path) -> None:
        """Reads the file; raises `SettingsError` if it is not what this program wrote."""
        self.path = folder / "phone.json"
        self.settings: dict[str, str] = {}
        self.calls: list[str] = []
        self.entries: dict[str, str] = {}
        """What was changed in the phone's own directory, by URI; empty = deleted."""
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            self.settings = {str(k): str(v) for k, v in kept["settings"].items()}
            self.calls = [str(c) for c in kept["calls"] if _list_of(str(c)) is not None]
            self.entries = {str(k): str(v) for k, v in kept.get("entries", {}).items()}
            Settings(self.settings)
        except FileNotFoundError:
            pass
        except SettingsError as error:
            raise SettingsError(f"{self.path}: {error}; correct it, or move it away to start afresh") from None
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise SettingsError(f"{self.path}: cannot be read ({error}); move it away to start afresh") from None

    def keep(self, name: str, value: str) -> None:
        """Remember a value under the name the phone gave it.

        `setting:NAME`, `entry:URI` (of the directory), `call`, `clear:LIST`, `forget` (a call), `reset` (everything).
        Raises `OSError` if the file cannot be written.
        """
        kind, _, which = name.partition(":")
        if kind == "setting":
            self.settings[which] = value
        elif kind == "call":
            self.calls = [*self.calls, value][-CALLS:]
        elif kind == "clear":
            self.calls = [c for c in self.calls if _list_of(c) != which]
        elif kind == "forget" and value in self.calls:
            self.calls.remove(value)
        elif kind == "entry":
            self.entries[which] = value
        elif kind == "reset":
            self.settings = {name: kept for name, kept in self.settings.items() if name.startswith("sim_")}
            self.calls, self.entries = [], {}
        self._write()

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)  # it may have stood there before
            json.dump({"settings": self.settings, "calls": self.calls, "entries": self.entries}, file, indent=1)
        fresh.replace(self.path)


def _list_of(call: str) -> str | None:
    """The call list that an entry belongs to; None for what this program did not write."""
    try:
        return str(json.loads(call)["which"])
    except (ValueError, KeyError, TypeError):
        return None
